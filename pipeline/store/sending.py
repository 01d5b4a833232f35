"""What passes between the outbox and whoever sends: deliveries, attempts, messages, endpoints, replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pipeline.model import Instant


class DeliveryState(StrEnum):
    """Where a delivery is. The last three are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryForSend:
    """A claimed delivery with the bytes to send."""

    id: str
    seq: int
    endpoint: str
    message_id: str
    """The ``webhook-id``."""
    type: str
    body: bytes
    test: bool
    alert_id: str | None
    story_id: str | None
    entity: str | None
    route: str
    """``first``, ``replay``, ``digest``, ``test`` or ``notice``."""
    attempts: int
    """Attempts made so far."""
    created_at: Instant
    next_at: Instant
    """When it was due."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptRecord:
    """How one attempt went, and what becomes of the delivery."""

    delivery_id: str
    owner: str | None
    at: Instant
    outcome: str
    """``delivered`` or the stable class of the failure."""
    state: DeliveryState
    next_at: Instant | None = None
    """When to try again, where it is still ``waiting``."""
    status: int | None = None
    error: str = ""
    seconds: float | None = None
    counted: bool = True
    """False where the attempt costs none of the schedule's tries (429 with Retry-After, a parked endpoint)."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Timings, the reply's beginning, the fix hint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointState:
    """How an endpoint is doing."""

    id: str
    kind: str
    enabled: bool
    """In the configuration."""
    state: str
    """``active``, ``parked`` (the breaker is open) or ``disabled``."""
    reason: str
    since: Instant
    parked_until: Instant | None
    failures: int
    """In a row."""
    failing_since: Instant | None
    reported: int
    """How many of the reports (1 h, 1 d, 3 d) were sent."""
    last_success: Instant | None
    breaker: Mapping[str, Any]
    """What the breaker keeps for itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRecord:
    """A message that is no alert: a digest, a test, a notice about a source or an endpoint."""

    id: str
    """The ``webhook-id``."""
    type: str
    body: bytes
    created_at: Instant
    endpoints: tuple[str, ...]
    route: str
    """``digest``, ``test`` or ``notice``."""
    test: bool = False
    entity: str | None = None
    story_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestItem:
    """An alert that waits for a digest."""

    seq: int
    endpoint: str
    digest: str
    alert_id: str
    reason: str
    due_at: Instant
    body: bytes
    """The alert's own payload."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplayFilter:
    """Which messages to send once more. Everything given must hold."""

    endpoint: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    entity: str | None = None
    state: DeliveryState | None = None
    ids: tuple[str, ...] = ()
    """Delivery, message or alert ids."""
