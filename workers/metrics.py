"""How do the counters of many processes become one answer to /metrics?

Each process leaves its own, as text, in Redis every few seconds; whoever answers puts them side by side under the label
``process``. A process that starts again begins at zero in its own series, which is what Prometheus expects. Nothing is
lost with Redis but a few seconds of counting.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector, CollectorRegistry

from pipeline.broker.jobs import Broker
from pipeline.errors import BrokerError
from pipeline.telemetry import REGISTRY, log

EVERY: Final = 5.0
"""Seconds between two publications."""
_KEPT: Final = 30
"""Seconds after which the counters of a silent process are gone."""


def published_as(roles: Iterable[str]) -> str:
    """What a process of these roles calls itself under the label ``process``: the same after each restart."""
    return f"{'+'.join(sorted(roles))}@{socket.gethostname()}"


def own() -> str:
    """This process's counters as text."""
    return generate_latest(REGISTRY).decode()


class Publisher:
    """Leaves this process's counters, and ``also`` those of its child, under their names."""

    def __init__(self, broker: Broker, name: str, *, also: Callable[[], Mapping[str, str]] | None = None) -> None:
        self._broker = broker
        self._name = name
        self._also = also or dict
        self._due = 0.0

    def when_due(self) -> None:
        """Publish if it is time; a Redis out of reach is for others to complain about."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY
            self.publish()

    def publish(self) -> None:
        """Publish now."""
        try:
            for name, text in {self._name: own(), **self._also()}.items():
                if text:
                    self._broker.publish_metrics(name, text, seconds=_KEPT)
        except BrokerError as error:
            log("metrics").debug("not_published", error=str(error))


class _Together(Collector):
    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def collect(self) -> list[Metric]:
        """Families of the same name as one, each sample with its process."""
        families: dict[str, Metric] = {}
        for process, text in self._texts.items():
            for found in text_string_to_metric_families(text):
                family = families.setdefault(found.name, Metric(found.name, found.documentation, found.type))
                for sample in found.samples:
                    if not sample.name.endswith("_created"):
                        family.samples.append(sample._replace(labels={**sample.labels, "process": process}))
        return list(families.values())


def together(texts: Mapping[str, str]) -> bytes:
    """The counters of several processes, by name, as one text in the format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Together(texts))
    return generate_latest(registry)
