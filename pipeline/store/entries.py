"""Which entries want their page, and what came of fetching it? From ``new`` to ``fetched``, or to a stated failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update

from pipeline.model import Entry, EntryState, Instant, Lane
from pipeline.store import ids
from pipeline.store.engine import Database
from pipeline.store.history import entries_of, history
from pipeline.store.pages import FeedBrief, PageRecord, entries_with_feeds, entry_of, feed_brief, packed, write_pages
from pipeline.store.sql import MOST_DUE, chunks, claim, instant, the, these, upsert, write_many, written
from pipeline.store.tables import entries, entry_keys

__all__: Final = ["DIRECT", "DirectArticle", "Entries", "EntryForFetch", "FeedBrief", "PageRecord"]

DIRECT: Final = "direct"
"""The feed of articles that were handed in and came from no feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryForFetch:
    """A claimed entry whose page is wanted."""

    id: str
    entry: Entry
    feed: FeedBrief
    revision: int
    """0 at first, one more for each edit that the feed showed."""
    attempts: int
    """Fetches that failed so far."""
    state: EntryState
    published_at: Instant | None
    first_seen: Instant
    backlog: bool
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectArticle:
    """An article handed in through the API or by a command."""

    key: str
    """What makes it the same article when it is handed in again: the caller's own key, or its URL."""
    entry: Entry
    body: bytes
    """HTML, or the text as HTML."""
    lane: Lane = Lane.HOT
    published_at: Instant | None = None


_NEXT: Final = select(func.min(entries.c.next_at)).where(entries.c.next_at.is_not(None))
DUE: Final = select(entries.c.id).where(entries.c.next_at <= the("now")).order_by(entries.c.next_at).limit(MOST_DUE)
"""What ``claim_fetch`` takes. ``next_at`` is the end of the lease while one runs."""


class Entries:
    """Entries on their way to a page."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def claim_fetch(self, now: Instant, owner: str, lease: float, limit: int) -> list[EntryForFetch]:
        """Up to ``limit`` entries whose page is due, the most overdue first; theirs alone for ``lease`` seconds."""
        with self._db.write() as connection:
            given = {"now": now, "most": limit, "owner": owner, "until": now + lease}
            taken = connection.scalars(claim(self._db.dialect, DUE, next_at="until"), given).all()
            return [_for_fetch(row) for row in _with_feeds(connection, taken)]

    def release(self, owner: str, now: Instant) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many entries."""
        with self._db.write() as connection:
            held = entries.c.lease_owner == owner, entries.c.next_at.is_not(None)
            return connection.execute(update(entries).where(*held).values(lease_owner=None, lease_until=None, next_at=now)).rowcount

    def next_due_at(self) -> Instant | None:
        """When the next entry wants its page; None where none does."""
        with self._db.read() as connection:
            return instant(connection.scalar(_NEXT))

    def record_page(self, record: PageRecord) -> str:
        """Keep the page and move the entry on to ``fetched`` (or to ``settled``). Returns the page's id."""
        return self.record_pages([record])[0]

    def record_pages(self, records: Sequence[PageRecord]) -> list[str]:
        """As ``record_page`` for several, in one transaction."""
        pages = [packed(record) for record in records]
        with self._db.write() as connection:
            return write_pages(self._db, connection, pages)

    def record_fetch_failure(
        self,
        entry_id: str,
        *,
        owner: str | None,
        state: EntryState,
        reason: str,
        next_at: Instant | None,
        now: Instant,
        revision: int | None = None,
    ) -> bool:
        """The page did not come: ``retrying`` with the next time, or ``failed`` for good.

        ``revision``: the entry's when it was claimed. False, and nothing written, where the lease was lost or an edit came since.
        """
        held = [entries.c.id == entry_id] + ([entries.c.lease_owner == owner] if owner is not None else [])
        held += [entries.c.revision == revision] if revision is not None else []
        values = {
            "state": str(state),
            "reason": reason,
            "since": now,
            "next_at": next_at if state is EntryState.RETRYING else None,
            "attempts": entries.c.attempts + 1,
            "lease_owner": None,
            "lease_until": None,
        }
        with self._db.write() as connection:
            return connection.execute(update(entries).where(*held).values(**values)).rowcount == 1

    def postpone(self, entry_ids: Sequence[str], at: Instant) -> None:
        """Give entries back untried until ``at``: the host is busy or asked to be left alone. Costs no attempt."""
        with self._db.write() as connection:
            for part in chunks(entry_ids):
                held = entries.c.id.in_(part), entries.c.next_at.is_not(None)
                connection.execute(update(entries).where(*held).values(next_at=at, lease_owner=None, lease_until=None))

    def retry(self, entry_ids: Sequence[str], now: Instant) -> int:
        """Fetch parked or failed entries again from the start, because a person said so. Returns how many."""
        count = 0
        with self._db.write() as connection:
            for part in chunks(entry_ids):
                parked = entries.c.id.in_(part), entries.c.state == EntryState.FAILED
                fresh = {"state": str(EntryState.NEW), "reason": "retried by hand", "since": now, "next_at": now, "attempts": 0}
                count += connection.execute(update(entries).where(*parked).values(**fresh)).rowcount
        return count

    def add_direct(self, article: DirectArticle, now: Instant) -> tuple[str, bool]:
        """Take in an article that came from no feed. Returns its entry's id and whether it is new: idempotent by ``key``."""
        key = f"url:{article.key}" if "://" in article.key else article.key
        with self._db.write() as connection:
            scope = "" if key.startswith("url:") else DIRECT
            known = select(entry_keys.c.entry_id).where(entry_keys.c.scope == scope, entry_keys.c.key == key)
            ident = connection.scalar(known)
            if ident is not None:
                return ident, False
            ident = ids.entry_id(DIRECT, key)
            row = _direct_row(ident, article, now)
            if not written(connection, upsert(self._db.dialect, entries, keys=("id",), returning="id"), [row]):
                return ident, False
            keyed = [{"scope": scope, "key": key, "entry_id": ident, "seen_at": now}]
            write_many(connection, upsert(self._db.dialect, entry_keys, keys=("scope", "key")), keyed)
            page = PageRecord(
                entry_id=ident,
                owner=None,
                url=article.entry.url,
                final_url=article.entry.url,
                body=article.body,
                fetched_at=now,
                lane=article.lane,
                origin=DIRECT,
            )
            write_pages(self._db, connection, [packed(page)])
            return ident, True

    def counts_by_state(self) -> dict[str, int]:
        """How many entries are in each state. They add up to all entries."""
        with self._db.read() as connection:
            return {row[0]: row[1] for row in connection.execute(select(entries.c.state, func.count()).group_by(entries.c.state))}

    def why(self, url: str) -> list[dict[str, Any]]:
        """All that is known of an address, for ``explain``: one dictionary an entry.

        Keys: ``entry``, ``feed`` (or None), ``pages``, ``article`` (or None), ``verdicts``, ``suppressions``, ``alerts``.
        ``url`` is matched against the entry's, the page's final and the article's canonical address.
        """
        with self._db.read() as connection:
            return [history(connection, ident) for ident in entries_of(connection, url)]


_TAKEN: Final = entries_with_feeds().where(entries.c.id.in_(these("taken"))).order_by(entries.c.first_seen)


def _with_feeds(connection: Connection, taken: Sequence[str]) -> list[Row[Any]]:
    return [row for part in chunks(taken) for row in connection.execute(_TAKEN, {"taken": part})]


def _for_fetch(row: Row[Any]) -> EntryForFetch:
    return EntryForFetch(
        id=row.id,
        entry=entry_of(row),
        feed=feed_brief(row),
        revision=row.revision,
        attempts=row.attempts,
        state=EntryState(row.state),
        published_at=row.published_at,
        first_seen=row.first_seen,
        backlog=row.backlog,
        late=row.late,
    )


def _direct_row(ident: str, article: DirectArticle, now: Instant) -> dict[str, Any]:
    entry = article.entry
    return {
        "id": ident,
        "feed_id": DIRECT,
        "url": entry.url,
        "guid": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "published": entry.published,
        "updated": entry.updated,
        "published_at": article.published_at,
        "origin": DIRECT,
        "since": now,
        "first_seen": now,
    }
