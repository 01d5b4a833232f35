"""What alerted, what was kept quiet and why, and what did people say about it? Alerts, suppressions, mutes, feedback, audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sql import Rows, fields, upsert, write_many
from pipeline.store.tables import alerts, articles, attempts, audit, deliveries, feedback, mentions, messages, mutes, suppressions


class AlertState(StrEnum):
    """What a person has made of an alert."""

    NEW = "new"
    REVIEWED = "reviewed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRow:
    """One alert."""

    seq: int
    """Counts up; where a listing goes on from."""
    id: str
    entity: str
    watchlist: str
    story_id: str
    article_id: str
    event: str
    revision: int
    type: str
    severity: str
    tier: str
    score: float
    title: str
    reason: str
    state: str
    note: str
    author: str
    state_at: Instant | None
    created_at: Instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Mute:
    """Alerts of one entity, alias, source or story kept quiet."""

    seq: int
    kind: str
    """``entity``, ``alias``, ``source`` or ``story``."""
    value: str
    author: str
    reason: str
    created_at: Instant
    until: Instant | None
    """None for no end."""
    ended_at: Instant | None
    """When a person lifted it."""
    hidden: int
    """Alerts that it kept quiet so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasFeedback:
    """What readers said of one alias."""

    entity: str
    alias: str
    relevant: int
    not_relevant: int
    last_at: Instant


class Alerts:
    """Alerts to look at and to act on; they are written by ``Store.analysis``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def list(
        self,
        *,
        entity: str | None = None,
        watchlist: str | None = None,
        state: AlertState | None = None,
        story_id: str | None = None,
        since: Instant | None = None,
        until: Instant | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[AlertRow]:
        """Alerts, the newest first; page on with the last one's ``seq`` as ``before``."""
        query = select(alerts).order_by(alerts.c.seq.desc()).limit(limit)
        wanted = {"entity": entity, "watchlist": watchlist, "state": state, "story_id": story_id}
        for name, value in wanted.items():
            if value is not None:
                query = query.where(alerts.c[name] == value)
        if since is not None:
            query = query.where(alerts.c.created_at >= since)
        if until is not None:
            query = query.where(alerts.c.created_at < until)
        if before is not None:
            query = query.where(alerts.c.seq < before)
        with self._db.read() as connection:
            return [fields(AlertRow, row) for row in connection.execute(query)]

    def get(self, alert_id: str) -> AlertRow | None:
        """One alert."""
        with self._db.read() as connection:
            row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).first()
            return fields(AlertRow, row) if row else None

    def show(self, alert_id: str) -> dict[str, Any] | None:
        """All about one alert: ``{"alert", "body", "article", "mentions", "deliveries", "attempts", "feedback"}``.

        ``body`` is the payload's bytes as sent, ``mentions`` the ledger, the rest rows as dictionaries.
        """
        with self._db.read() as connection:
            row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).first()
            return _everything(connection, row) if row else None

    def set_state(self, alert_id: str, state: AlertState, *, author: str, now: Instant, note: str = "") -> bool:
        """A person's word on an alert, written to the audit too. False where it is unknown."""
        with self._db.write() as connection:
            values = {"state": str(state), "author": author, "note": note, "state_at": now}
            if connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**values)).rowcount == 0:
                return False
            write_audit(connection, author, "alert.state", alert_id, {"state": str(state), "note": note}, now)
            return True

    def export_rows(self, *, since: Instant = 0.0, until: Instant | None = None, batch: int = 200) -> Iterator[dict[str, Any]]:
        """Every alert since then with all that ``show`` gives, the oldest first."""
        after = 0
        while True:
            query = select(alerts).where(alerts.c.seq > after, alerts.c.created_at >= since).order_by(alerts.c.seq).limit(batch)
            if until is not None:
                query = query.where(alerts.c.created_at < until)
            with self._db.read() as connection:
                found = [_everything(connection, row) for row in connection.execute(query).all()]
            yield from found
            if len(found) < batch:
                return
            after = found[-1]["alert"]["seq"]

    def suppressions(self, *, since: Instant = 0.0, entity: str | None = None, mute: int | None = None, limit: int = 200) -> Rows:
        """What was kept quiet, the newest first, each with its reason and the article's title and address."""
        what = (articles.c.title, articles.c.url)
        joined = select(suppressions, *what).outerjoin(articles, articles.c.id == suppressions.c.article_id)
        query = joined.where(suppressions.c.at >= since).order_by(suppressions.c.at.desc()).limit(limit)
        if entity is not None:
            query = query.where(suppressions.c.entity == entity)
        if mute is not None:
            query = query.where(suppressions.c.mute == mute)
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def add_mute(self, kind: str, value: str, *, author: str, reason: str, now: Instant, until: Instant | None = None) -> Mute:
        """Keep quiet what ``kind`` and ``value`` name, until then."""
        with self._db.write() as connection:
            values = {"kind": kind, "value": value, "author": author, "reason": reason, "created_at": now, "until": until}
            row = connection.execute(mutes.insert().values(**values).returning(mutes)).one()
            write_audit(connection, author, "mute.add", f"{kind}:{value}", {"reason": reason, "until": until}, now)
            return fields(Mute, row)

    def end_mute(self, seq: int, *, author: str, now: Instant) -> bool:
        """Lift a mute. False where none of that number is in force."""
        with self._db.write() as connection:
            running = mutes.c.seq == seq, mutes.c.ended_at.is_(None)
            if connection.execute(update(mutes).where(*running).values(ended_at=now)).rowcount == 0:
                return False
            write_audit(connection, author, "mute.end", str(seq), {}, now)
            return True

    def mutes(self, now: Instant | None = None) -> Sequence[Mute]:
        """All mutes, or those in force at ``now``, the newest first."""
        query = select(mutes).order_by(mutes.c.seq.desc())
        if now is not None:
            query = query.where(and_(mutes.c.ended_at.is_(None), or_(mutes.c.until.is_(None), mutes.c.until > now)))
        with self._db.read() as connection:
            return [fields(Mute, row) for row in connection.execute(query)]

    def add_feedback(self, alert_id: str, *, verdict: str, author: str, now: Instant, alias: str = "", note: str = "") -> bool:
        """``relevant`` or ``not_relevant``, by a reader; a second word of the same reader replaces the first. False if unknown."""
        with self._db.write() as connection:
            entity = connection.scalar(select(alerts.c.entity).where(alerts.c.id == alert_id))
            if entity is None:
                return False
            row = {"alert_id": alert_id, "entity": entity, "alias": alias, "verdict": verdict, "author": author, "note": note, "at": now}
            said = upsert(self._db.dialect, feedback, keys=("alert_id", "alias", "author"), update=("verdict", "note", "at"))
            write_many(connection, said, [row])
            return True

    def feedback_by_alias(self, since: Instant = 0.0) -> Sequence[AliasFeedback]:
        """What readers said since then, the most complained of first."""
        bad = func.count().filter(feedback.c.verdict == "not_relevant")
        good = func.count().filter(feedback.c.verdict == "relevant")
        what = (feedback.c.entity, feedback.c.alias)
        query = select(*what, good.label("relevant"), bad.label("not_relevant"), func.max(feedback.c.at).label("last_at"))
        with self._db.read() as connection:
            rows = connection.execute(query.where(feedback.c.at >= since).group_by(*what).order_by(bad.desc()))
            return [fields(AliasFeedback, row) for row in rows]

    def note(self, *, author: str, action: str, target: str, now: Instant, detail: Mapping[str, Any] | None = None) -> None:
        """Write a change that a person made elsewhere to the audit."""
        with self._db.write() as connection:
            write_audit(connection, author, action, target, detail or {}, now)

    def audit(self, *, before: int | None = None, limit: int = 200) -> Rows:
        """Who changed what, the newest first: ``{"seq", "at", "author", "action", "target", "detail"}``."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.seq < before)
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]


def write_audit(connection: Connection, author: str, action: str, target: str, detail: Mapping[str, Any], now: Instant) -> None:
    """One line in the audit, in the transaction of the change itself."""
    connection.execute(audit.insert().values(at=now, author=author, action=action, target=target, detail=dict(detail)))


def _everything(connection: Connection, alert: Any) -> dict[str, Any]:
    def rows(query: Any) -> Rows:
        return [dict(row._mapping) for row in connection.execute(query)]

    article = rows(select(articles).where(articles.c.id == alert.article_id))
    named = and_(mentions.c.article_id == alert.article_id, mentions.c.entity == alert.entity)
    sent = rows(select(deliveries).where(deliveries.c.message_id == alert.id).order_by(deliveries.c.seq))
    tried = select(attempts).where(attempts.c.delivery_id.in_([delivery["id"] for delivery in sent])).order_by(attempts.c.seq)
    return {
        "alert": dict(alert._mapping),
        "body": connection.scalar(select(messages.c.body).where(messages.c.id == alert.id)),
        "article": article[0] if article else None,
        "mentions": rows(select(mentions).where(named).order_by(mentions.c.n)),
        "deliveries": sent,
        "attempts": rows(tried),
        "feedback": rows(select(feedback).where(feedback.c.alert_id == alert.id)),
    }
