"""What may be forgotten, and what never by itself? Old rows in small transactions; evidence behind an alert only by name.

Every method forgets at most ``limit`` things and says how many, so that a long prune never holds the write lock: call it
until it answers 0. What an alert rests on (its article, the page's bytes, headers and final address, the ledger, the
messages and their attempts) is left alone whatever its age, until ``purge`` names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, and_, delete, exists, func, or_, select, text, update

from pipeline.model import EntryState, Instant
from pipeline.store import ids
from pipeline.store.alerts import write_audit
from pipeline.store.engine import Database
from pipeline.store.fulltext import forget_words
from pipeline.store.index import forget_keys
from pipeline.store.sql import chunks
from pipeline.store.tables import (
    alerts,
    articles,
    attempts,
    bodies,
    deliveries,
    entries,
    entry_keys,
    feed_days,
    feed_events,
    heartbeats,
    lessons,
    members,
    mentions,
    messages,
    pages,
    revisions,
    sightings,
    signatures,
    stories,
    suppressions,
    verdicts,
    watches,
)

UNDER_WAY: Final = (EntryState.NEW, EntryState.RETRYING, EntryState.FETCHED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """What a purge by name removed."""

    articles: int
    pages: int
    messages: int
    """Payloads emptied, because they quote the article."""
    cancelled: int
    """Deliveries that still waited with one of them."""


class Retention:
    """Forgetting."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def drop_bodies(self, before: Instant, after: tuple[Instant, str], limit: int = 500) -> tuple[int, tuple[Instant, str] | None]:
        """Forget the bytes of pages fetched before then that no alert rests on; their row stays, with size and SHA-256.

        Walks on from ``after``, the place where the last call stopped. Returns how many were dropped and where to go
        on; None where there is nothing more before ``before``.
        """
        place = or_(pages.c.fetched_at > after[0], and_(pages.c.fetched_at == after[0], pages.c.id > after[1]))
        what = (pages.c.id, pages.c.fetched_at, pages.c.evidence, pages.c.due_at)
        walk = select(*what).where(pages.c.fetched_at >= after[0], pages.c.fetched_at < before, place)
        with self._db.write() as connection:
            rows = connection.execute(walk.order_by(pages.c.fetched_at, pages.c.id).limit(limit)).all()
            free = [row.id for row in rows if not row.evidence and row.due_at is None]
            dropped = sum(connection.execute(delete(bodies).where(bodies.c.id.in_(part))).rowcount for part in chunks(free))
            return dropped, (rows[-1].fetched_at, rows[-1].id) if rows else None

    def drop_entries(self, before: Instant, unseen_since: Instant, limit: int = 200) -> int:
        """Forget entries first seen before then with all that hangs on them: pages, article, words, verdicts, keys.

        An entry stays while a feed still shows it (``unseen_since``: its keys were not seen after then), because a feed
        that lists a year's items would bring it back as new; and while it is under way or an alert rests on it.
        """
        shown = exists().where(entry_keys.c.entry_id == entries.c.id, entry_keys.c.seen_at > unseen_since)
        proof = exists().where(pages.c.entry_id == entries.c.id, pages.c.evidence.is_(True))
        old = entries.c.first_seen < before, entries.c.state.not_in(UNDER_WAY), ~shown, ~proof
        with self._db.write() as connection:
            gone = list(connection.scalars(select(entries.c.id).where(*old).order_by(entries.c.first_seen).limit(limit)))
            for part in chunks(gone):
                _drop_articles(self._db, connection, [ids.article_id(entry) for entry in part])
                held = [*connection.scalars(select(pages.c.id).where(pages.c.entry_id.in_(part))), *part]
                for some in chunks(held):
                    connection.execute(delete(bodies).where(bodies.c.id.in_(some)))
                for table in (pages, entry_keys, sightings):
                    connection.execute(delete(table).where(table.c.entry_id.in_(part)))
                connection.execute(delete(entries).where(entries.c.id.in_(part)))
            return len(gone)

    def drop_index(self, before: Instant, limit: int = 500) -> int:
        """Forget the grouping keys of articles older than then: they are outside every window."""
        with self._db.write() as connection:
            old = select(signatures.c.article_id, signatures.c.at, signatures.c.bands).where(signatures.c.at < before)
            rows = connection.execute(old.order_by(signatures.c.at).limit(limit)).all()
            for row in rows:
                forget_keys(connection, row.article_id, row.at, row.bands)
            for part in chunks([row.article_id for row in rows]):
                connection.execute(delete(signatures).where(signatures.c.article_id.in_(part)))
            return len(rows)

    def drop_stories(self, before: Instant, limit: int = 500) -> int:
        """Forget stories last seen before then that never alerted."""
        told = exists().where(watches.c.story_id == stories.c.id)
        old = select(stories.c.id).where(stories.c.last_seen < before, ~told).order_by(stories.c.last_seen).limit(limit)
        with self._db.write() as connection:
            gone = list(connection.scalars(old))
            for part in chunks(gone):
                connection.execute(delete(members).where(members.c.story_id.in_(part)))
                connection.execute(delete(stories).where(stories.c.id.in_(part)))
            return len(gone)

    def drop_lessons(self, before: Instant, limit: int = 2000) -> int:
        """Forget what articles taught of their sites before then."""
        with self._db.write() as connection:
            old = select(lessons.c.site, lessons.c.article).where(lessons.c.at < before).order_by(lessons.c.at).limit(limit)
            rows = connection.execute(old).all()
            for row in rows:
                connection.execute(delete(lessons).where(lessons.c.site == row.site, lessons.c.article == row.article))
            return len(rows)

    def drop_log(self, before: Instant, limit: int = 1000) -> int:
        """Forget events, suppressions, heartbeats and revisions before then, and messages that were no alert."""
        with self._db.write() as connection:
            count = sum(
                _oldest(connection, table, table.c[key], table.c[at], before, limit)
                for table, key, at in ((feed_events, "seq", "at"), (suppressions, "seq", "at"), (heartbeats, "process", "at"))
            )
            newest = select(func.max(revisions.c.seq)).scalar_subquery()  # what is in force is never forgotten
            count += connection.execute(delete(revisions).where(revisions.c.at < before, revisions.c.seq < newest)).rowcount
            count += connection.execute(delete(feed_days).where(feed_days.c.day < int(before // 86400.0))).rowcount
            return count + _drop_messages(connection, before, limit)

    def purge(self, article_id: str, *, author: str, reason: str, now: Instant) -> Purged:
        """Remove an article by name, evidence and all: bytes, text, words, ledger, and every payload that quotes it.

        What stays are the bare rows of entry and alert without text, so that it is neither fetched nor told again.
        """
        with self._db.write() as connection:
            entry = connection.scalar(select(articles.c.entry_id).where(articles.c.id == article_id))
            held = list(connection.scalars(select(pages.c.id).where(pages.c.entry_id == entry)))
            told = list(connection.scalars(select(alerts.c.id).where(alerts.c.article_id == article_id)))
            connection.execute(delete(bodies).where(bodies.c.id.in_([*held, entry or ""])))
            connection.execute(update(pages).where(pages.c.id.in_(held)).values(headers=None, evidence=False, due_at=None, state="purged"))
            emptied = {"title": "", "summary": "", "author": None}
            connection.execute(update(entries).where(entries.c.id == entry).values(reason=f"purged: {reason}", next_at=None, **emptied))
            count = _drop_articles(self._db, connection, [article_id])
            connection.execute(update(alerts).where(alerts.c.article_id == article_id).values(title="", note=f"purged: {reason}"))
            quoting = messages.c.alert_id.in_(told)
            quoted = connection.execute(update(messages).where(quoting).values(body=b"")).rowcount
            waiting = deliveries.c.next_at.is_not(None), deliveries.c.message_id.in_(select(messages.c.id).where(quoting))
            final = {"state": "cancelled", "reason": f"purged: {reason}", "next_at": None, "done_at": now}
            cancelled = connection.execute(update(deliveries).where(*waiting).values(lease_owner=None, lease_until=None, **final)).rowcount
            write_audit(connection, author, "article.purge", article_id, {"reason": reason, "pages": held, "alerts": told}, now)
            return Purged(articles=count, pages=len(held), messages=quoted, cancelled=cancelled)

    def tidy(self) -> None:
        """Let the database look after itself: fresh statistics, and on SQLite a WAL that is written back."""
        if self._db.dialect != "sqlite":
            return
        with self._db.read() as connection:
            connection.execute(text("PRAGMA optimize"))
        with self._db.outside() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))


def _drop_articles(database: Database, connection: Connection, article_ids: list[str]) -> int:
    """The articles with their words, verdicts and mentions, and their place in the grouping index."""
    rows = connection.execute(select(articles.c.seq, articles.c.title, articles.c.text).where(articles.c.id.in_(article_ids))).all()
    if database.dialect == "sqlite":
        for row in rows:
            forget_words(connection, row.seq, row.title, row.text)
    index = select(signatures.c.article_id, signatures.c.at, signatures.c.bands).where(signatures.c.article_id.in_(article_ids))
    for row in connection.execute(index).all():
        forget_keys(connection, row.article_id, row.at, row.bands)
    for table in (verdicts, mentions, signatures):
        connection.execute(delete(table).where(table.c.article_id.in_(article_ids)))
    connection.execute(delete(articles).where(articles.c.id.in_(article_ids)))
    return len(rows)


def _oldest(connection: Connection, table: Table, key: Any, at: Any, before: Instant, limit: int) -> int:
    old = list(connection.scalars(select(key).where(at < before).order_by(at).limit(limit)))
    return sum(connection.execute(delete(table).where(key.in_(part))).rowcount for part in chunks(old))


def _drop_messages(connection: Connection, before: Instant, limit: int) -> int:
    """Digests, tests and notices that have come to their end; what carried an alert stays."""
    waits = exists().where(deliveries.c.message_id == messages.c.id, deliveries.c.next_at.is_not(None))
    old = messages.c.created_at < before, messages.c.alert_id.is_(None), ~waits
    gone = list(connection.scalars(select(messages.c.id).where(*old).order_by(messages.c.created_at).limit(limit)))
    for part in chunks(gone):
        sent = select(deliveries.c.id).where(deliveries.c.message_id.in_(part))
        connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(sent)))
        connection.execute(delete(deliveries).where(deliveries.c.message_id.in_(part)))
        connection.execute(delete(messages).where(messages.c.id.in_(part)))
    return len(gone)
