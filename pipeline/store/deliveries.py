"""Which messages are due at which endpoint, and how did it go? The outbox, its log of attempts, and the endpoints' state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select, update

from pipeline.model import Instant
from pipeline.store import ids
from pipeline.store.engine import Database
from pipeline.store.sql import Rows, chunks, due, fields, instant, upsert, write_many
from pipeline.store.tables import alerts, attempts, deliveries, digests, endpoints, messages


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


class Deliveries:
    """The outbox."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def claim_due(
        self, now: Instant, owner: str, lease: float, limit: int, caps: Mapping[str, int] | None = None
    ) -> Sequence[DeliveryForSend]:
        """Up to ``limit`` due deliveries, first attempts before retries, never two of one story at one endpoint.

        ``caps`` says how many more each endpoint may have in flight; one that is absent has no cap of its own. Endpoints
        that are parked or disabled are left alone, and so is a message while an earlier one of its story waits.
        """
        taken: tuple[DeliveryForSend, ...] = ()
        with self._db.write() as connection:
            for row in connection.execute(self.ready_query(now)).all():
                most = min(limit - len(taken), (caps or {}).get(row.id, limit))
                for retry in (False, True):
                    if most > 0:
                        claimed = self._claim(connection, self.due_query(row.id, now, most, retry=retry), owner, now + lease)
                        most -= len(claimed)
                        taken += claimed
        return taken

    @staticmethod
    def ready_query(now: Instant) -> Select[tuple[str]]:
        """Endpoints that may be sent to and have something due, the longest-waiting first."""
        first = select(func.min(deliveries.c.next_at)).where(deliveries.c.endpoint == endpoints.c.id, deliveries.c.next_at.is_not(None))
        oldest = [first.where(deliveries.c.retry.is_(retry)).scalar_subquery() for retry in (False, True)]
        usable = endpoints.c.enabled.is_(True), endpoints.c.state != "disabled"
        open_now = *usable, or_(endpoints.c.parked_until.is_(None), endpoints.c.parked_until <= now)
        return select(endpoints.c.id).where(*open_now, or_(*[at <= now for at in oldest])).order_by(func.coalesce(*oldest))

    @staticmethod
    def due_query(endpoint: str, now: Instant, limit: int, *, retry: bool) -> Select[tuple[str]]:
        """The ids that ``claim_due`` would take at one endpoint."""
        earlier = deliveries.alias("earlier")
        same = earlier.c.endpoint == deliveries.c.endpoint, earlier.c.story_id == deliveries.c.story_id
        before = exists().where(*same, earlier.c.seq < deliveries.c.seq, earlier.c.next_at.is_not(None))
        mine = deliveries.c.endpoint == endpoint, deliveries.c.retry.is_(retry), deliveries.c.next_at <= now
        return select(deliveries.c.id).where(*mine, ~before).order_by(deliveries.c.next_at, deliveries.c.seq).limit(limit)

    def _claim(self, connection: Connection, query: Select[tuple[str]], owner: str, until: Instant) -> tuple[DeliveryForSend, ...]:
        due_at = {row.id: row.next_at for row in connection.execute(due(self._db, query.add_columns(deliveries.c.next_at)))}
        taken: list[str] = []
        for part in chunks(list(due_at)):
            claim = update(deliveries).where(deliveries.c.id.in_(part), deliveries.c.next_at.is_not(None))
            held = claim.values(lease_owner=owner, lease_until=until, next_at=until)
            taken += connection.scalars(held.returning(deliveries.c.id)).all()
        what = (messages.c.type, messages.c.body, messages.c.test, messages.c.alert_id, messages.c.entity)
        rows: list[Any] = []
        for part in chunks(taken):
            joined = select(deliveries, *what).join(messages, messages.c.id == deliveries.c.message_id)
            rows += connection.execute(joined.where(deliveries.c.id.in_(part)))
        rows.sort(key=lambda row: (due_at[row.id], row.seq))
        return tuple(fields(DeliveryForSend, row, next_at=due_at[row.id], body=bytes(row.body)) for row in rows)

    def next_due_at(self) -> Instant | None:
        """When the next delivery wants to go out, whether or not its endpoint is parked; None where none waits."""
        waiting = select(func.min(deliveries.c.next_at)).where(deliveries.c.next_at.is_not(None))
        usable = select(endpoints.c.id).where(endpoints.c.state != "disabled", endpoints.c.enabled.is_(True))
        with self._db.read() as connection:
            return instant(connection.scalar(waiting.where(deliveries.c.endpoint.in_(usable))))

    def record_attempts(self, batch: Sequence[AttemptRecord]) -> int:
        """Log attempts and move their deliveries on, in one transaction. Returns how many deliveries were still the owner's."""
        moved = 0
        with self._db.write() as connection:
            for record in batch:
                moved += _record(connection, record)
        return moved

    def postpone(self, delivery_ids: Sequence[str], at: Instant) -> None:
        """Give deliveries back untried until ``at``: the endpoint is parked or over its rate. Costs no attempt."""
        with self._db.write() as connection:
            for part in chunks(delivery_ids):
                waiting = deliveries.c.id.in_(part), deliveries.c.next_at.is_not(None)
                connection.execute(update(deliveries).where(*waiting).values(next_at=at, lease_owner=None, lease_until=None))

    def release(self, owner: str, now: Instant) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many deliveries."""
        with self._db.write() as connection:
            held = deliveries.c.lease_owner == owner, deliveries.c.next_at.is_not(None)
            return connection.execute(update(deliveries).where(*held).values(lease_owner=None, lease_until=None, next_at=now)).rowcount

    def add_message(self, message: MessageRecord, *, digested: Sequence[int] = ()) -> tuple[str, ...]:
        """Put a message that is no alert into the outbox; ``digested`` are the digest items that it carries.

        Idempotent by the message's id. Returns the ids of its deliveries.
        """
        row = {name: getattr(message, name) for name in ("id", "type", "body", "created_at", "test", "entity", "story_id")}
        rows = [_delivery(message.id, endpoint, message.story_id, message.route, message.created_at) for endpoint in message.endpoints]
        with self._db.write() as connection:
            write_many(connection, upsert(self._db.dialect, messages, keys=("id",)), [row])
            write_many(connection, upsert(self._db.dialect, deliveries, keys=("id",)), rows)
            for part in chunks(digested):
                connection.execute(update(digests).where(digests.c.seq.in_(part)).values(message_id=message.id))
        return tuple(each["id"] for each in rows)

    def digest_due(self, now: Instant, limit: int = 1000) -> Sequence[DigestItem]:
        """Alerts whose digest is due and that no digest carries yet, the oldest first."""
        waiting = digests.c.message_id.is_(None), digests.c.due_at <= now
        joined = select(digests, messages.c.body).join(messages, messages.c.id == digests.c.alert_id)
        with self._db.read() as connection:
            rows = connection.execute(joined.where(*waiting).order_by(digests.c.due_at, digests.c.seq).limit(limit))
            return [fields(DigestItem, row, body=bytes(row.body)) for row in rows]

    def list(
        self,
        *,
        endpoint: str | None = None,
        state: DeliveryState | None = None,
        since: Instant | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Rows:
        """Deliveries, the newest first, with their message's type and the alert's title; page on with ``seq`` as ``before``."""
        what = (messages.c.type, messages.c.alert_id, messages.c.entity, messages.c.test, alerts.c.title)
        joined = deliveries.join(messages, messages.c.id == deliveries.c.message_id).outerjoin(alerts, alerts.c.id == messages.c.alert_id)
        query = select(deliveries, *what).select_from(joined).order_by(deliveries.c.seq.desc()).limit(limit)
        if endpoint is not None:
            query = query.where(deliveries.c.endpoint == endpoint)
        if state is not None:
            query = query.where(deliveries.c.state == str(state))
        if since is not None:
            query = query.where(deliveries.c.created_at >= since)
        if before is not None:
            query = query.where(deliveries.c.seq < before)
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def attempts(self, delivery_id: str) -> Rows:
        """Everything that was tried, in order: ``{"n", "at", "outcome", "status", "error", "seconds", "detail" …}``."""
        with self._db.read() as connection:
            query = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.seq)
            return [dict(row._mapping) for row in connection.execute(query)]

    def replay(self, wanted: ReplayFilter, now: Instant, *, dry_run: bool = False, new_id: bool = False) -> Sequence[str]:
        """Send final deliveries once more, in their old order. Returns the ids of what is (or would be) sent.

        With ``new_id`` each is a new message, so that a receiver that drops known ids takes it again.
        """
        with self._db.write() as connection:
            rows = connection.execute(_replayable(wanted)).all()
            if dry_run:
                return [row.id for row in rows]
            return [self._again(connection, row, now, new_id=new_id) for row in rows]

    def _again(self, connection: Connection, row: Any, now: Instant, *, new_id: bool) -> str:
        if not new_id:
            again = {
                "state": "waiting",
                "reason": "replayed",
                "route": "replay",
                "attempts": 0,
                "retry": False,
                "next_at": now,
                "done_at": None,
            }
            connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(**again))
            return str(row.id)
        message = connection.execute(select(messages).where(messages.c.id == row.message_id)).one()
        fresh = ids.derive("al", row.message_id, "replay", repr(now))
        connection.execute(upsert(self._db.dialect, messages, keys=("id",)), [dict(message._mapping) | {"id": fresh, "created_at": now}])
        sent = _delivery(fresh, row.endpoint, row.story_id, "replay", now)
        write_many(connection, upsert(self._db.dialect, deliveries, keys=("id",)), [sent])
        return str(sent["id"])

    def cancel(self, delivery_ids: Sequence[str], *, reason: str, now: Instant) -> int:
        """Stop deliveries that still wait. Returns how many."""
        count = 0
        with self._db.write() as connection:
            for part in chunks(delivery_ids):
                waiting = deliveries.c.id.in_(part), deliveries.c.next_at.is_not(None)
                final = {"state": "cancelled", "reason": reason, "done_at": now, "next_at": None, "lease_owner": None, "lease_until": None}
                count += connection.execute(update(deliveries).where(*waiting).values(**final)).rowcount
        return count

    def sync_endpoints(self, kinds: Mapping[str, str], now: Instant) -> None:
        """Make the endpoints those of the configuration, id → kind. One that left it keeps its row and is not sent to."""
        with self._db.write() as connection:
            rows = [{"id": ident, "kind": kind, "since": now, "enabled": True} for ident, kind in kinds.items()]
            write_many(connection, upsert(self._db.dialect, endpoints, keys=("id",), update=("kind", "enabled")), rows)
            connection.execute(update(endpoints).where(endpoints.c.id.not_in(list(kinds))).values(enabled=False))

    def endpoint(self, ident: str) -> EndpointState | None:
        """One endpoint's state."""
        return next((state for state in self.endpoints() if state.id == ident), None)

    def endpoints(self) -> Sequence[EndpointState]:
        """Every endpoint's state."""
        with self._db.read() as connection:
            return [fields(EndpointState, row) for row in connection.execute(select(endpoints).order_by(endpoints.c.id))]

    def set_endpoint(self, ident: str, **changes: Any) -> bool:
        """Change fields of ``EndpointState`` (breaker, state, reason …) by name. False where the endpoint is unknown."""
        with self._db.write() as connection:
            return connection.execute(update(endpoints).where(endpoints.c.id == ident).values(**changes)).rowcount == 1


def _delivery(message: str, endpoint: str, story: str | None, route: str, now: Instant) -> dict[str, Any]:
    ident = ids.delivery_id(message, endpoint)
    return {"id": ident, "message_id": message, "endpoint": endpoint, "story_id": story, "route": route, "next_at": now, "created_at": now}


def _record(connection: Connection, record: AttemptRecord) -> int:
    mine = [deliveries.c.id == record.delivery_id, deliveries.c.next_at.is_not(None)]
    if record.owner is not None:
        mine.append(deliveries.c.lease_owner == record.owner)
    final = record.state is not DeliveryState.WAITING
    values = {
        "state": str(record.state),
        "reason": "" if record.state is DeliveryState.DELIVERED else record.outcome,
        "next_at": None if final else record.next_at,
        "done_at": record.at if final else None,
        "attempts": deliveries.c.attempts + int(record.counted),
        "retry": True,
        "lease_owner": None,
        "lease_until": None,
    }
    moved = connection.execute(update(deliveries).where(and_(*mine)).values(**values)).rowcount
    number = select(func.count()).where(attempts.c.delivery_id == record.delivery_id).scalar_subquery() + 1
    endpoint = select(deliveries.c.endpoint).where(deliveries.c.id == record.delivery_id).scalar_subquery()
    row = {"delivery_id": record.delivery_id, "n": number, "endpoint": endpoint, "detail": dict(record.detail)}
    plain = {name: getattr(record, name) for name in ("at", "outcome", "status", "error", "seconds")}
    connection.execute(attempts.insert().values(**row, **plain))
    return moved


def _replayable(wanted: ReplayFilter) -> Select[Any]:
    query = select(deliveries).join(messages, messages.c.id == deliveries.c.message_id)
    query = query.where(deliveries.c.next_at.is_(None)).order_by(deliveries.c.seq)
    if wanted.endpoint is not None:
        query = query.where(deliveries.c.endpoint == wanted.endpoint)
    if wanted.since is not None:
        query = query.where(deliveries.c.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(deliveries.c.created_at < wanted.until)
    if wanted.entity is not None:
        query = query.where(messages.c.entity == wanted.entity)
    if wanted.state is not None:
        query = query.where(deliveries.c.state == str(wanted.state))
    if wanted.ids:
        named = list(wanted.ids)
        query = query.where(or_(deliveries.c.id.in_(named), deliveries.c.message_id.in_(named), messages.c.alert_id.in_(named)))
    return query
