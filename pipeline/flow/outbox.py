"""How much may go to each endpoint right now? What a deliverer keeps in its head: rate, work under way, health.

Decides how many deliveries to claim; the ledger decides which. A claim is for seconds: what is claimed and not sent soon
is given back, so that a killed deliverer holds nothing for longer than its lease.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.alerts.endpoints import EndpointSpec
from pipeline.alerts.retry import Attempt, EndpointHealth, health_after, report_due
from pipeline.model import Duration, Instant
from pipeline.store.deliveries import EndpointState

AHEAD: Final = 8
"""Deliveries claimed for each one that may be under way: enough to keep a fast receiver busy between two claims."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxPolicy:
    """How the deliverer works through the outbox."""

    idle: Duration = 0.4
    """Seconds between two looks while nothing is due: the most that an alert waits for its first attempt."""
    batch: int = 200
    """Deliveries claimed at once."""
    spare: Duration = 8.0
    """Seconds that a lease is longer than the longest attempt: what a claimed delivery may wait for its turn."""
    gather: Duration = 0.005
    """Seconds that finished attempts are gathered for, to be written in one transaction."""
    chores: Duration = 5.0
    """Seconds between two looks for digests and failing endpoints."""


class Line:
    """One endpoint, as the deliverer sees it."""

    def __init__(self, spec: EndpointSpec, now: Instant) -> None:
        """A healthy one with nothing under way."""
        self.spec = spec
        self.health = EndpointHealth()
        self.held = 0
        """Claimed and not yet recorded."""
        self._tokens = self._burst
        self._filled_at = now

    @property
    def _burst(self) -> float:
        return max(1.0, self.spec.per_second or 0.0)

    def room(self, now: Instant) -> int:
        """How many more may be claimed at ``now``."""
        health = self.health
        if not self.spec.enabled or health.disabled is not None or (health.open_until is not None and now < health.open_until):
            return 0
        if health.failures >= self.spec.breaker.failures:
            return max(0, 1 - self.held)  # one goes ahead and tries
        most = self.spec.concurrency * (1 if health.failures else AHEAD)
        free = min(most - self.held, self._allowed(now))
        # below half of the room it is not worth a transaction: the next claim then takes many at once
        return free if free > 0 and self.held <= most // 2 else 0

    def _allowed(self, now: Instant) -> int:
        rate = self.spec.per_second
        if rate is None:
            return self.spec.concurrency * AHEAD
        self._tokens = min(self._burst, self._tokens + rate * max(0.0, now - self._filled_at))
        self._filled_at = now
        return int(self._tokens)

    def took(self, count: int) -> None:
        """So many were claimed."""
        self.held += count
        self._tokens -= count

    def is_open(self, now: Instant) -> bool:
        """Whether a claimed delivery may still be sent."""
        return self.health.disabled is None and (self.health.open_until is None or now >= self.health.open_until)


class Board:
    """All endpoints of the configuration."""

    def __init__(self, endpoints: Iterable[EndpointSpec], now: Instant) -> None:
        """With nothing under way; ``learn`` tells how they are."""
        self.lines: Mapping[str, Line] = {spec.id: Line(spec, now) for spec in endpoints}
        self._strangers: frozenset[str] = frozenset()

    def learn(self, states: Iterable[EndpointState]) -> None:
        """Take over what the ledger knows, such as what another deliverer or a person did."""
        strangers = set()
        for state in states:
            line = self.lines.get(state.id)
            if line is None:
                strangers.add(state.id)
            else:
                line.health = read_health(state)
        self._strangers = frozenset(strangers)

    def room(self, now: Instant) -> dict[str, int]:
        """How many deliveries to claim for each endpoint; none for those that left the configuration."""
        return {**dict.fromkeys(self._strangers, 0), **{ident: line.room(now) for ident, line in self.lines.items()}}

    def finished(self, endpoint: str, attempt: Attempt, now: Instant) -> bool:
        """An attempt ended. Returns whether the endpoint's health changed and wants to be written."""
        line = self.lines[endpoint]
        before = line.health
        line.health = health_after(before, attempt, breaker=line.spec.breaker, failing=line.spec.failing, now=now)
        return line.health != before

    def to_report(self, now: Instant) -> list[Line]:
        """Endpoints of which people should be told that they do not recover."""
        return [line for line in self.lines.values() if report_due(line.health, line.spec.failing, now)]

    def reported(self, line: Line) -> None:
        """People were told."""
        line.health = replace(line.health, reports=line.health.reports + 1)


def read_health(state: EndpointState) -> EndpointHealth:
    """The endpoint's health as the ledger keeps it."""
    return EndpointHealth(
        failures=state.failures,
        failing_since=state.failing_since,
        open_until=state.parked_until,
        pause=float(state.breaker.get("pause", 0.0)) if state.breaker else 0.0,
        reports=state.reported,
        disabled=(state.reason or "disabled") if state.state == "disabled" else None,
    )


def write_health(health: EndpointHealth, *, now: Instant) -> dict[str, Any]:
    """The fields of the endpoint's row."""
    state = "disabled" if health.disabled is not None else "parked" if health.open_until is not None else "active"
    changes: dict[str, Any] = {
        "state": state,
        "reason": health.disabled or "",
        "failures": health.failures,
        "failing_since": health.failing_since,
        "parked_until": health.open_until,
        "reported": health.reports,
        "breaker": {"pause": health.pause},
    }
    return changes if health.failures else {**changes, "last_success": now}
