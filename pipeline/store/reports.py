"""How is the service doing? What the dashboard, the metrics, ``doctor`` and ``/readyz`` ask the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, func, select, update

from pipeline.model import Instant, Lane
from pipeline.store.engine import Database
from pipeline.store.sql import fields, upsert
from pipeline.store.tables import (
    alerts,
    attempts,
    deliveries,
    digests,
    endpoints,
    entries,
    feeds,
    heartbeats,
    meta,
    pages,
    revisions,
    suppressions,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """Rows that wait at one stage."""

    stage: str
    """``poll``, ``collect``, ``analyse_hot``, ``analyse_cold``, ``deliver`` or ``digest``."""
    waiting: int
    """All that wait, due or not."""
    due: int
    past_due: float
    """Seconds since the oldest that is due became so; 0 where none is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heartbeat:
    """A process that said it is alive."""

    process: str
    """Unique name, such as ``analyser@host:pid``."""
    role: str
    host: str
    pid: int
    version: str
    started_at: Instant
    at: Instant
    state: Mapping[str, Any] = field(default_factory=dict)


class Reports:
    """Questions over all tables, and the rows that processes keep about themselves."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def backlog(self, now: Instant) -> list[Backlog]:
        """What waits at each stage and how long it has been due, in the order of an article's life."""
        with self._db.read() as connection:
            return [_backlog(stage, connection.execute(query).one(), now) for stage, query in _stages(now).items()]

    def totals(self, since: Instant = 0.0) -> dict[str, int]:
        """Counts since then: ``feeds``, ``entries``, ``pages``, ``alerts``, ``suppressions``, ``delivered``, ``failed``."""
        delivered = deliveries.c.state == "delivered", deliveries.c.done_at >= since
        failed = deliveries.c.state == "failed", deliveries.c.done_at >= since
        queries = {
            "feeds": select(func.count()).select_from(feeds).where(feeds.c.enabled.is_(True)),
            "entries": select(func.count()).select_from(entries).where(entries.c.first_seen >= since),
            "pages": select(func.count()).select_from(pages).where(pages.c.fetched_at >= since),
            "alerts": select(func.count()).select_from(alerts).where(alerts.c.created_at >= since),
            "suppressions": select(func.count()).select_from(suppressions).where(suppressions.c.at >= since),
            "delivered": select(func.count()).select_from(deliveries).where(*delivered),
            "failed": select(func.count()).select_from(deliveries).where(*failed),
        }
        with self._db.read() as connection:
            return {name: connection.scalar(query) or 0 for name, query in queries.items()}

    def endpoints(self, since: Instant) -> list[dict[str, Any]]:
        """``{"endpoint", "attempts", "delivered", "p50", "p95", "waiting"}`` of each endpoint since then; seconds."""
        with self._db.read() as connection:
            queued = select(deliveries.c.endpoint, func.count()).where(deliveries.c.next_at.is_not(None)).group_by(deliveries.c.endpoint)
            waiting: dict[str, int] = {row[0]: row[1] for row in connection.execute(queued)}
            tried: dict[str, list[Any]] = {ident: [] for ident in connection.scalars(select(endpoints.c.id))}
            query = select(attempts.c.endpoint, attempts.c.outcome, attempts.c.seconds).where(attempts.c.at >= since)
            for row in connection.execute(query.order_by(attempts.c.at.desc()).limit(20_000)):
                tried.setdefault(row.endpoint, []).append(row)
        return [_endpoint(ident, rows, waiting.get(ident, 0)) for ident, rows in sorted(tried.items())]

    def beat(self, heartbeat: Heartbeat) -> None:
        """A process is alive."""
        row = {name: getattr(heartbeat, name) for name in ("process", "role", "host", "pid", "version", "started_at", "at")}
        statement = upsert(self._db.dialect, heartbeats, keys=("process",), update=("at", "state", "version"))
        with self._db.write() as connection:
            connection.execute(statement, [row | {"state": dict(heartbeat.state)}])

    def heartbeats(self, since: Instant) -> list[Heartbeat]:
        """Processes heard of since then."""
        with self._db.read() as connection:
            rows = connection.execute(select(heartbeats).where(heartbeats.c.at >= since).order_by(heartbeats.c.role, heartbeats.c.process))
            return [fields(Heartbeat, row) for row in rows]

    def silence(self, process: str) -> None:
        """A process ended cleanly."""
        with self._db.write() as connection:
            connection.execute(heartbeats.delete().where(heartbeats.c.process == process))

    def record_revision(
        self, revision: str, now: Instant, *, accepted: bool, problems: Sequence[str] = (), summary: Mapping[str, Any] | None = None
    ) -> None:
        """A configuration was loaded or refused."""
        row = {"revision": revision, "at": now, "accepted": accepted, "problems": list(problems), "summary": dict(summary or {})}
        with self._db.write() as connection:
            connection.execute(revisions.insert().values(**row))

    def revisions(self, limit: int = 20) -> list[dict[str, Any]]:
        """Configurations, the newest first: ``{"seq", "revision", "at", "accepted", "problems", "summary"}``."""
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(select(revisions).order_by(revisions.c.seq.desc()).limit(limit))]

    def take_turn(self, name: str, now: Instant, every: float) -> bool:
        """Whether it is this caller's turn at something that one process does every so many seconds, however many run."""
        with self._db.write() as connection:
            first = upsert(self._db.dialect, meta, keys=("name",), returning="name")
            if connection.scalars(first, [{"name": f"turn:{name}", "value": None, "at": now}]).first() is not None:
                return True
            due = meta.c.name == f"turn:{name}", meta.c.at <= now - every
            return connection.execute(update(meta).where(*due).values(at=now)).rowcount == 1

    def put_meta(self, name: str, value: Any, now: Instant) -> None:
        """Keep a JSON value under a name (schedule marks, backfill progress, what was last reported)."""
        statement = upsert(self._db.dialect, meta, keys=("name",), update=("value", "at"))
        with self._db.write() as connection:
            connection.execute(statement, [{"name": name, "value": value, "at": now}])

    def keep_meta(self, name: str, value: Any, now: Instant) -> Any:
        """The value kept under ``name``: the one that is there, or this one if it is the first."""
        with self._db.write() as connection:
            connection.execute(upsert(self._db.dialect, meta, keys=("name",)), [{"name": name, "value": value, "at": now}])
            return connection.scalar(select(meta.c.value).where(meta.c.name == name))

    def get_meta(self, name: str) -> Any:
        """The value under a name, or None."""
        with self._db.read() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()


def _stages(now: Instant) -> dict[str, Select[Any]]:
    hot, cold = (and_(pages.c.lane == str(lane), pages.c.due_at.is_not(None)) for lane in (Lane.HOT, Lane.COLD))
    return {
        "poll": _waiting(feeds.c.next_try, feeds.c.enabled.is_(True), now),
        "collect": _waiting(entries.c.next_at, entries.c.next_at.is_not(None), now),
        "analyse_hot": _waiting(pages.c.due_at, hot, now),
        "analyse_cold": _waiting(pages.c.due_at, cold, now),
        "deliver": _waiting(deliveries.c.next_at, deliveries.c.next_at.is_not(None), now),
        "digest": _waiting(digests.c.due_at, digests.c.message_id.is_(None), now),
    }


def _waiting(at: Any, where: Any, now: Instant) -> Select[Any]:
    overdue = func.count().filter(at <= now)
    return select(func.count().label("waiting"), overdue.label("due"), func.min(at).label("oldest")).select_from(at.table).where(where)


def _backlog(stage: str, row: Any, now: Instant) -> Backlog:
    late = max(0.0, now - row.oldest) if row.due else 0.0
    return Backlog(stage=stage, waiting=row.waiting, due=row.due, past_due=late)


def _endpoint(ident: str, rows: Sequence[Any], waiting: int) -> dict[str, Any]:
    times = sorted(row.seconds for row in rows if row.seconds is not None)
    delivered = sum(row.outcome == "delivered" for row in rows)

    def at(share: float) -> float | None:
        return times[min(len(times) - 1, int(share * len(times)))] if times else None

    return {"endpoint": ident, "attempts": len(rows), "delivered": delivered, "p50": at(0.5), "p95": at(0.95), "waiting": waiting}
