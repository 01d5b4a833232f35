"""The alert rules and the Grafana dashboard ask only for what the service says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from pipeline import telemetry
from pipeline.alerts.retry import AttemptClass
from pipeline.store.deliveries import DeliveryState
from pipeline.store.reports import _stages
from workers.health import LATE_AFTER
from workers.lifetime import Ending

HOME = Path(__file__).parents[2]
RULES = yaml.safe_load((HOME / "deploy/prometheus/wirewatch.rules.yaml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((HOME / "deploy/grafana/wirewatch.json").read_text("utf-8"))
SAMPLES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
ADDED = {"process", "job", "instance"}
"""Labels that /metrics and Prometheus add to each series."""


def said() -> dict[str, set[str]]:
    """Every series that /metrics can hold → its labels."""
    metrics = [one for one in vars(telemetry).values() if isinstance(one, MetricWrapperBase)]
    return {
        f"{metric._name}{end}": {*metric._labelnames, *(("le",) if end == "_bucket" else ())}
        for metric in metrics
        for end in SAMPLES[metric._type]
    }


def asked() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule["alert"], rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), list(asked()))
def test_every_series_exists_with_its_labels(where: str, expression: str) -> None:
    series = said()
    found = re.findall(r"(wirewatch_\w+)(?:\{([^}]*)\})?", expression)
    assert found or "up{" in expression, where
    names = {name for name, _ in found}
    assert names <= set(series), where
    labels = {label for name in names for label in series[name]} | ADDED
    selected = {label for _, inside in found for label in re.findall(r"(\w+)\s*[=!]~?", inside)}
    grouped = {label.strip() for inside in re.findall(r"by \(([^)]*)\)", expression) for label in inside.split(",")}
    assert selected <= labels, where
    assert grouped <= labels, where


@pytest.mark.parametrize(("where", "expression"), list(asked()))
def test_every_value_asked_for_is_one_that_is_said(where: str, expression: str) -> None:
    known = {
        "stage": set(_stages(0.0)),
        "wirewatch_deliveries_total": {*DeliveryState, *AttemptClass},
        "wirewatch_analyses_total": {*Ending},
        "wirewatch_polls_total": {"ok", "unchanged", "held"},
        "wirewatch_fetches_total": {"page", "full_text", "feed_only", "retrying", "postponed"},
    }
    for name, label, values in re.findall(r"(wirewatch_\w+)\{(\w+)[=!]~?\"([^\"]*)\"", expression):
        assert set(values.split("|")) <= known[label if label == "stage" else name], where


def test_the_rules_know_the_limits_of_readiness() -> None:
    limits = {
        match[1]: float(match[2])
        for rule in RULES
        if (match := re.search(r'wirewatch_past_due_seconds\{stage="(\w+)"\}\) > (\d+)', rule["expr"]))
    }
    assert LATE_AFTER.items() <= limits.items()


def test_every_counter_is_looked_at() -> None:
    everything = " ".join(expression for _, expression in asked())
    metrics = [one for one in vars(telemetry).values() if isinstance(one, MetricWrapperBase)]
    assert [metric._name for metric in metrics if metric._name not in everything] == []


def test_every_metric_is_counted_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in (HOME / "workers").rglob("*.py"))
    names = [name for name, one in vars(telemetry).items() if isinstance(one, MetricWrapperBase)]
    counted = re.findall(r"(\w+)(?:\.labels\([^\n]*\))?\.(?:inc|observe|set)\(", source)
    renamed = dict(re.findall(r"(\w+) as (\w+)", source))
    assert {name for name in names if name not in counted and renamed.get(name) not in counted} == set()


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + right, at["y"] + down) for right in range(at["w"]) for down in range(at["h"])}
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
