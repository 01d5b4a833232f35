"""docs/webhook.md says what the code does: its example, its schedule, its classes of failure."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

from jsonschema import Draft202012Validator

from pipeline.alerts import payload, sample, signature
from pipeline.alerts.retry import HINTS, SCHEDULE
from pipeline.alerts.schema import alert_schema

DOCUMENT = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_is_what_is_sent() -> None:
    example = json.loads(block("json"))
    assert example == json.loads(payload.encode(payload.alert(sample.alert(now=1_800_000_000.0))))
    Draft202012Validator(alert_schema()).validate(example)


def test_the_python_example_runs() -> None:
    space: dict[str, object] = {}
    exec(compile(block("python"), "docs/webhook.md", "exec"), space)
    body, secret = b'{"type":"test.ping"}', "whsec_" + "QUJD" * 8
    headers = signature.headers([secret], ident="no_1", sent=int(time.time()), body=body)
    assert space["receive"](body, headers, secret) == {"type": "test.ping"}  # type: ignore[operator]


def test_the_schedule_is_the_one_that_is_kept() -> None:
    row = next(line for line in DOCUMENT.splitlines() if "tries again after" in line)
    units = {"s": 1, "m": 60, "h": 3600}
    waits = [int(number) * units[unit] for number, unit in re.findall(r"(\d+) ([smh])\b", row)]
    assert waits == list(SCHEDULE[1:])


def test_every_class_of_failure_is_listed_with_its_fix() -> None:
    for outcome, hint in HINTS.items():
        assert not hint or f"| `{outcome}` | {hint} |" in DOCUMENT


def test_every_type_is_listed() -> None:
    for kind in alert_schema()["oneOf"]:
        assert f"`{kind['title']}`" in DOCUMENT
