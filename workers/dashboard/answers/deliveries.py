"""What was sent where, how did it go, and what waits?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from pipeline.store.deliveries import DeliveryState, EndpointState
from pipeline.store.listings import Row
from workers.dashboard.answers.shared import Choice, Limit, Moment, When, after_seq, by_seq, cut
from workers.dashboard.board import DAY, Board, MissingError

WINDOW: Final = DAY
"""Seconds over which success and times of an endpoint are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryQuery:
    """Which deliveries."""

    endpoint: Choice = None
    state: DeliveryState | None = None
    """waiting, delivered, failed or cancelled."""
    since: When = None
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Limit = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointLine:
    """A receiver and how it is doing."""

    id: str
    kind: str
    host: str
    """The address's host; the whole address may hold a token."""
    enabled: bool
    """In the configuration."""
    state: str
    """active, parked (the breaker is open) or disabled."""
    reason: str
    since: Moment
    parked_until: Moment | None
    failures: int
    """In a row."""
    failing_since: Moment | None
    last_success: Moment | None
    attempts: int
    """Of the last 24 hours."""
    delivered: int
    """Of those attempts."""
    p50: float | None
    """Seconds."""
    p95: float | None
    waiting: int
    """Deliveries in its queue."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """One message to one endpoint."""

    id: str
    message_id: str
    """The ``webhook-id``."""
    endpoint: str
    type: str
    title: str
    alert_id: str | None
    entity: str | None
    test: bool
    route: str
    """first, replay, digest, test or notice."""
    state: str
    reason: str
    attempts: int
    next_at: Moment | None
    created_at: Moment
    done_at: Moment | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryList:
    """Every endpoint, and a page of deliveries, the newest first."""

    endpoints: tuple[EndpointLine, ...]
    items: tuple[DeliveryLine, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptLine:
    """One try."""

    n: int
    at: Moment
    outcome: str
    status: int | None
    error: str
    seconds: float | None
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryDetail:
    """One delivery with every try."""

    delivery: DeliveryLine
    attempts: tuple[AttemptLine, ...]


def delivery_list(board: Board, asked: DeliveryQuery) -> DeliveryList:
    """Endpoints and deliveries."""
    rows = board.store.deliveries.list(
        endpoint=asked.endpoint, state=asked.state, since=asked.since, before=after_seq(asked.cursor), limit=asked.limit + 1
    )
    shown, more = cut(rows, asked.limit, by_seq)
    return DeliveryList(
        endpoints=endpoint_lines(board),
        items=tuple(_delivery(row) for row in shown),
        next=more,
    )


def endpoint_lines(board: Board) -> tuple[EndpointLine, ...]:
    """Every endpoint that is configured or has a queue."""
    counted = {row["endpoint"]: row for row in board.store.reports.endpoints(board.now() - WINDOW)}
    return tuple(_endpoint(board, state, counted.get(state.id, {})) for state in board.store.deliveries.endpoints())


def _endpoint(board: Board, state: EndpointState, counted: Row) -> EndpointLine:
    spec = board.configuration.endpoint(state.id)
    names = ("id", "kind", "enabled", "state", "reason", "since", "parked_until", "failures", "failing_since", "last_success")
    return EndpointLine(
        **{name: getattr(state, name) for name in names},
        host=(urlsplit(spec.url).hostname or "") if spec else "",
        attempts=counted.get("attempts", 0),
        delivered=counted.get("delivered", 0),
        p50=counted.get("p50"),
        p95=counted.get("p95"),
        waiting=counted.get("waiting", 0),
    )


def _delivery(row: Row) -> DeliveryLine:
    names = ("id", "message_id", "endpoint", "type", "alert_id", "entity", "test", "route", "state", "reason", "attempts")
    times = ("next_at", "created_at", "done_at")
    return DeliveryLine(**{name: row[name] for name in (*names, *times)}, title=row["title"] or row["type"])


def delivery_detail(board: Board, delivery_id: str) -> DeliveryDetail:
    """One delivery with every try.

    Raises:
        MissingError: there is none of that id.
    """
    row = board.listings.delivery(delivery_id)
    if row is None:
        raise MissingError(f"there is no delivery {delivery_id}")
    names = ("n", "at", "outcome", "status", "error", "seconds")
    tried = tuple(
        AttemptLine(**{name: each[name] for name in names}, detail=each["detail"] or {})
        for each in board.store.deliveries.attempts(delivery_id)
    )
    return DeliveryDetail(delivery=_delivery(row), attempts=tried)
