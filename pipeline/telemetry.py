"""What the service says about itself: one structured event for each unit of work, and the counters behind /metrics.

Stages never import this; flow and the edges do. Names of metrics are listed here and nowhere else, so that the alert
rules and the dashboard can be checked against them.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Final, Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()
SECRET_KEYS: Final = frozenset({"secret", "authorization", "token", "password", "signature", "cookie", "redis_url", "database_url"})

polls = Counter("wirewatch_polls", "Feed polls by outcome.", ["outcome"], registry=REGISTRY)
entries_seen = Counter("wirewatch_entries", "New entries seen in feeds.", registry=REGISTRY)
feed_lag = Histogram(
    "wirewatch_feed_lag_seconds",
    "Published to seen.",
    registry=REGISTRY,
    buckets=(30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400),
)
fetches = Counter("wirewatch_fetches", "Article fetches by outcome.", ["outcome"], registry=REGISTRY)
analyses = Counter("wirewatch_analyses", "Pages analysed by outcome.", ["outcome"], registry=REGISTRY)
stage_seconds = Histogram(
    "wirewatch_stage_seconds",
    "CPU-bound work by stage.",
    ["stage"],
    registry=REGISTRY,
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
alerts = Counter("wirewatch_alerts", "Alerts decided, by tier.", ["tier"], registry=REGISTRY)
suppressed = Counter("wirewatch_suppressed", "Alerts kept quiet, by reason.", ["reason"], registry=REGISTRY)
deliveries = Counter("wirewatch_deliveries", "Delivery attempts by outcome.", ["endpoint", "outcome"], registry=REGISTRY)
delivery_seconds = Histogram("wirewatch_delivery_seconds", "Time of one delivery attempt.", ["endpoint"], registry=REGISTRY)
backlog = Gauge("wirewatch_backlog", "Rows waiting, by stage.", ["stage"], registry=REGISTRY)
past_due = Gauge(
    "wirewatch_past_due_seconds", "Age of the oldest row that should have been handled by now, by stage.", ["stage"], registry=REGISTRY
)
degraded = Gauge("wirewatch_degraded", "1 for each thing that works less well than it should.", ["what"], registry=REGISTRY)


def _redact(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in event:
        if key.lower() in SECRET_KEYS:
            event[key] = "[redacted]"
    return event


def configure(style: Literal["json", "human"], level: str = "info") -> None:
    """Send every event to standard error, as JSON lines or as text for a person. Call once, at the start of a process."""
    logging.basicConfig(stream=sys.stderr, level="WARNING", format="%(name)s: %(message)s", force=True)  # libraries chat below that
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def log(component: str) -> Any:
    """A logger whose events carry ``component``. ``log("poll").info("feed_polled", feed=…, outcome=…)``."""
    return structlog.get_logger(component=component)


# Until a process says otherwise: warnings only, and never on standard output, where commands print their answers.
structlog.configure(
    logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    wrapper_class=structlog.make_filtering_bound_logger("warning"),
)
