"""Which messages are due at which endpoint, and how did it go? The outbox, its log of attempts, and the endpoints' state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, Update, exists, func, or_, select, update

from pipeline.model import Instant
from pipeline.store import ids
from pipeline.store.endpoints import Endpoints
from pipeline.store.sending import (
    AttemptRecord,
    DeliveryForSend,
    DeliveryState,
    DigestItem,
    EndpointState,
    MessageRecord,
    ReplayFilter,
)
from pipeline.store.sql import MOST_DUE, Rows, chunks, fields, free, instant, the, these, upsert, write_many
from pipeline.store.tables import alerts, attempts, deliveries, digests, endpoints, messages

__all__: Final = [
    "AttemptRecord",
    "Deliveries",
    "DeliveryForSend",
    "DeliveryState",
    "DigestItem",
    "EndpointState",
    "MessageRecord",
    "ReplayFilter",
]


def _oldest(*, retry: bool) -> Any:
    mine = deliveries.c.endpoint == endpoints.c.id, deliveries.c.retry.is_(retry), deliveries.c.next_at.is_not(None)
    return select(func.min(deliveries.c.next_at)).where(*mine).scalar_subquery()


_FIRST, _AGAIN = _oldest(retry=False), _oldest(retry=True)
READY: Final = (
    select(endpoints.c.id)
    .where(endpoints.c.enabled.is_(True), endpoints.c.state != "disabled")
    .where(endpoints.c.parked_until.is_(None) | (endpoints.c.parked_until <= the("now")))
    .where((the("now") >= _FIRST) | (the("now") >= _AGAIN))
    .order_by(func.coalesce(_FIRST, _AGAIN))
)
"""Endpoints that may be sent to and have something due, the longest-waiting first."""
_EARLIER = deliveries.alias("earlier")
_BEFORE = exists().where(
    _EARLIER.c.endpoint == deliveries.c.endpoint,
    _EARLIER.c.story_id == deliveries.c.story_id,
    _EARLIER.c.seq < deliveries.c.seq,
    _EARLIER.c.next_at.is_not(None),
)
DUE: Final = (
    select(deliveries.c.id, deliveries.c.next_at)
    .where(deliveries.c.endpoint == the("at_endpoint"), deliveries.c.retry == the("again"), deliveries.c.next_at <= the("now"), ~_BEFORE)
    .order_by(deliveries.c.next_at, deliveries.c.seq)
    .limit(MOST_DUE)
)
"""What a claim takes at one endpoint: of first attempts, or ``again`` of retries."""
_USABLE: Final = select(endpoints.c.id).where(endpoints.c.state != "disabled", endpoints.c.enabled.is_(True))
_NEXT: Final = select(func.min(deliveries.c.next_at)).where(deliveries.c.next_at.is_not(None), deliveries.c.endpoint.in_(_USABLE))
_HOLD: Final = (
    update(deliveries)
    .where(deliveries.c.id.in_(these("picked")), deliveries.c.next_at.is_not(None))
    .values(lease_owner=the("owner"), lease_until=the("until"), next_at=the("until"))
    .returning(deliveries.c.id)
)
_TAKEN: Final = (
    select(deliveries, messages.c.type, messages.c.body, messages.c.test, messages.c.alert_id, messages.c.entity)
    .join(messages, messages.c.id == deliveries.c.message_id)
    .where(deliveries.c.id.in_(these("taken")))
)


@cache
def _due(dialect: str) -> Select[Any]:
    return free(dialect, DUE)


def _claim(dialect: str, connection: Connection, given: dict[str, Any], owner: str, until: Instant) -> tuple[DeliveryForSend, ...]:
    due_at = {row.id: row.next_at for row in connection.execute(_due(dialect), given)}
    rows: list[Any] = []
    for part in chunks(list(due_at)):
        taken = connection.scalars(_HOLD, {"picked": part, "owner": owner, "until": until}).all()
        rows += connection.execute(_TAKEN, {"taken": taken})
    rows.sort(key=lambda row: (due_at[row.id], row.seq))
    return tuple(fields(DeliveryForSend, row, next_at=due_at[row.id], body=bytes(row.body)) for row in rows)


class Deliveries(Endpoints):
    """The outbox."""

    def claim_due(
        self, now: Instant, owner: str, lease: float, limit: int, caps: Mapping[str, int] | None = None
    ) -> Sequence[DeliveryForSend]:
        """Up to ``limit`` due deliveries, first attempts before retries, never two of one story at one endpoint.

        ``caps`` says how many more each endpoint may have in flight; one that is absent has no cap of its own. Endpoints
        that are parked or disabled are left alone, and so is a message while an earlier one of its story waits.
        """
        taken: tuple[DeliveryForSend, ...] = ()
        with self._db.write() as connection:
            for row in connection.execute(READY, {"now": now}).all():
                most = min(limit - len(taken), (caps or {}).get(row.id, limit))
                for retry in (False, True):
                    if most > 0:
                        given = {"at_endpoint": row.id, "again": retry, "now": now, "most": most}
                        claimed = _claim(self._db.dialect, connection, given, owner, now + lease)
                        most -= len(claimed)
                        taken += claimed
        return taken

    def next_due_at(self) -> Instant | None:
        """When the next delivery wants to go out, whether or not its endpoint is parked; None where none waits."""
        with self._db.read() as connection:
            return instant(connection.scalar(_NEXT))

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


def _delivery(message: str, endpoint: str, story: str | None, route: str, now: Instant) -> dict[str, Any]:
    ident = ids.delivery_id(message, endpoint)
    return {"id": ident, "message_id": message, "endpoint": endpoint, "story_id": story, "route": route, "next_at": now, "created_at": now}


@cache
def _move(*, owned: bool) -> Update:
    mine = [deliveries.c.id == the("delivery"), deliveries.c.next_at.is_not(None)]
    held = [*mine, deliveries.c.lease_owner == the("owner")] if owned else mine
    values = {"state": the("now_is"), "reason": the("why"), "next_at": the("again_at"), "done_at": the("ended_at"), "retry": True}
    counted = {"attempts": deliveries.c.attempts + the("counted")}
    return update(deliveries).where(*held).values(values | counted | {"lease_owner": None, "lease_until": None})


_NUMBER: Final = select(func.count() + 1).where(attempts.c.delivery_id == the("delivery")).scalar_subquery()
_WHERE: Final = select(deliveries.c.endpoint).where(deliveries.c.id == the("delivery")).scalar_subquery()
_LOG: Final = attempts.insert().values(
    delivery_id=the("delivery"),
    n=_NUMBER,
    endpoint=_WHERE,
    at=the("now"),
    outcome=the("how"),
    status=the("answered"),
    error=the("said"),
    seconds=the("took"),
    detail=the("details"),
)


def _record(connection: Connection, record: AttemptRecord) -> int:
    final = record.state is not DeliveryState.WAITING
    given = {
        "delivery": record.delivery_id,
        "now_is": str(record.state),
        "why": "" if record.state is DeliveryState.DELIVERED else record.outcome,
        "again_at": None if final else record.next_at,
        "ended_at": record.at if final else None,
        "counted": int(record.counted),
    }
    owned = {"owner": record.owner} if record.owner is not None else {}
    moved = connection.execute(_move(owned=bool(owned)), given | owned).rowcount
    tried = {"delivery": record.delivery_id, "now": record.at, "how": record.outcome, "answered": record.status}
    connection.execute(_LOG, tried | {"said": record.error, "took": record.seconds, "details": dict(record.detail)})
    return moved


def _replayable(wanted: ReplayFilter) -> Select[Any]:
    query = select(deliveries).join(messages, messages.c.id == deliveries.c.message_id)
    kept = func.length(messages.c.body) > 0  # a purge empties what it may not quote
    query = query.where(deliveries.c.next_at.is_(None), kept).order_by(deliveries.c.seq)
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
