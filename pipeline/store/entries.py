"""Which entries want their page, and what came of fetching it? From ``new`` to ``fetched``, or to a stated failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from pipeline.model import Entry, EntryState, Instant, Lane
from pipeline.store import ids
from pipeline.store.bodies import pack, unpack
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, due, instant, upsert, write_many, written
from pipeline.store.tables import alerts, articles, bodies, entries, entry_keys, feeds, pages, suppressions, verdicts

DIRECT: Final = "direct"
"""The feed of articles that were handed in and came from no feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedBrief:
    """What later stages want to know of the feed that an entry came from."""

    id: str
    url: str
    name: str
    site: str
    tier: int
    tags: tuple[str, ...]
    options: Mapping[str, Any]


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
class PageRecord:
    """A page as it came, to be kept."""

    entry_id: str
    owner: str | None
    url: str
    final_url: str
    body: bytes
    fetched_at: Instant
    lane: Lane
    status: int | None = None
    """HTTP status; None where nothing was fetched."""
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: str = "page"
    """``page`` (fetched), ``feed`` (the feed carries the full text) or ``direct`` (handed in)."""
    settled: EntryState | None = None
    """A final state where the page is only kept and not analysed (a cold page with ``archive: hits``)."""
    reason: str = ""
    """Why it is settled."""


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


class Entries:
    """Entries on their way to a page."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def claim_fetch(self, now: Instant, owner: str, lease: float, limit: int) -> list[EntryForFetch]:
        """Up to ``limit`` entries whose page is due, the most overdue first; theirs alone for ``lease`` seconds."""
        with self._db.write() as connection:
            picked = due(self._db, self.due_query(now, limit))
            claim = update(entries).where(entries.c.id.in_(picked)).values(lease_owner=owner, lease_until=now + lease, next_at=now + lease)
            taken = list(connection.scalars(claim.returning(entries.c.id)))
            return [_for_fetch(row) for row in _with_feeds(connection, taken)]

    @staticmethod
    def due_query(now: Instant, limit: int) -> Select[tuple[str]]:
        """The ids that ``claim_fetch`` would take. ``next_at`` is the end of the lease while one runs."""
        return select(entries.c.id).where(entries.c.next_at <= now).order_by(entries.c.next_at).limit(limit)

    def release(self, owner: str, now: Instant) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many entries."""
        with self._db.write() as connection:
            held = entries.c.lease_owner == owner, entries.c.next_at.is_not(None)
            return connection.execute(update(entries).where(*held).values(lease_owner=None, lease_until=None, next_at=now)).rowcount

    def next_due_at(self) -> Instant | None:
        """When the next entry wants its page; None where none does."""
        with self._db.read() as connection:
            return instant(connection.scalar(select(func.min(entries.c.next_at)).where(entries.c.next_at.is_not(None))))

    def record_page(self, record: PageRecord) -> str:
        """Keep the page and move the entry on to ``fetched`` (or to ``settled``). Returns the page's id."""
        encoding, data = pack(record.body)
        with self._db.write() as connection:
            return _write_page(self._db, connection, record, encoding, data)

    def record_pages(self, records: Sequence[PageRecord]) -> list[str]:
        """As ``record_page`` for several, in one transaction."""
        packed = [(record, *pack(record.body)) for record in records]
        with self._db.write() as connection:
            return [_write_page(self._db, connection, record, encoding, data) for record, encoding, data in packed]

    def record_fetch_failure(
        self, entry_id: str, *, owner: str | None, state: EntryState, reason: str, next_at: Instant | None, now: Instant
    ) -> bool:
        """The page did not come: ``retrying`` with the next time, or ``failed`` for good. False where the lease was lost."""
        held = [entries.c.id == entry_id] + ([entries.c.lease_owner == owner] if owner is not None else [])
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
        encoding, data = pack(article.body)
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
            _write_page(self._db, connection, page, encoding, data)
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
            found = set(connection.scalars(select(entries.c.id).where(or_(entries.c.url == url, entries.c.id == url))))
            found |= set(connection.scalars(select(pages.c.entry_id).where(pages.c.final_url == url)))
            found |= set(connection.scalars(select(articles.c.entry_id).where(or_(articles.c.url == url, articles.c.canonical_url == url))))
            return [_ledger(connection, ident) for ident in sorted(found)]


def feed_brief(row: Row[Any]) -> FeedBrief:
    """From a row that carries the feed's columns as ``feed_…``; a feed that is gone leaves empty words."""
    return FeedBrief(
        id=row.feed_id,
        url=row.feed_url or "",
        name=row.feed_name or "",
        site=row.feed_site or "",
        tier=row.feed_tier or 2,
        tags=tuple(row.feed_tags or ()),
        options=row.feed_options or {},
    )


FEED_COLUMNS: Final = tuple(feeds.c[name].label(f"feed_{name}") for name in ("url", "name", "site", "tier", "tags", "options"))


def entry_of(row: Row[Any]) -> Entry:
    """The entry as the feed gave it, from a row of ``entries`` joined with its content."""
    return Entry(
        id=row.guid,
        url=row.url,
        title=row.title,
        summary=row.summary,
        content=unpack(row.content_encoding, row.content).decode() if row.content is not None else "",
        author=row.author,
        published=row.published,
        updated=row.updated,
    )


def entries_with_feeds() -> Select[Any]:
    """Entries with their feed's columns and their content."""
    content = (bodies.c.encoding.label("content_encoding"), bodies.c.data.label("content"))
    joined = entries.outerjoin(feeds, feeds.c.id == entries.c.feed_id).outerjoin(bodies, bodies.c.id == entries.c.id)
    return select(entries, *FEED_COLUMNS, *content).select_from(joined)


def _with_feeds(connection: Connection, taken: Sequence[str]) -> list[Row[Any]]:
    rows: list[Row[Any]] = []
    for part in chunks(taken):
        rows += connection.execute(entries_with_feeds().where(entries.c.id.in_(part)).order_by(entries.c.first_seen)).all()
    return rows


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


def _write_page(database: Database, connection: Connection, record: PageRecord, encoding: str, data: bytes) -> str:
    about = select(entries.c.revision, entries.c.lease_owner).where(entries.c.id == record.entry_id)
    revision, holder = connection.execute(about).one()
    ident = ids.page_id(record.entry_id, revision)
    if record.owner is not None and record.owner != holder:
        return ident  # the lease was lost, and whoever took over fetches or has fetched it
    row = _page_row(ident, revision, record)
    connection.execute(upsert(database.dialect, pages, keys=("id",), update=tuple(name for name in row if name != "id")), [row])
    body = {"id": ident, "encoding": encoding, "data": data, "size": len(record.body)}
    connection.execute(upsert(database.dialect, bodies, keys=("id",), update=("encoding", "data", "size")), [body])
    state = record.settled or EntryState.FETCHED
    values = {
        "state": str(state),
        "reason": record.reason,
        "since": record.fetched_at,
        "next_at": None,
        "lane": str(record.lane),
        "page_id": ident,
        "lease_owner": None,
        "lease_until": None,
    }
    connection.execute(update(entries).where(entries.c.id == record.entry_id).values(**values))
    return ident


def _page_row(ident: str, revision: int, record: PageRecord) -> dict[str, Any]:
    return {
        "id": ident,
        "entry_id": record.entry_id,
        "revision": revision,
        "url": record.url,
        "final_url": record.final_url,
        "status": record.status,
        "headers": dict(record.headers),
        "sha256": sha256(record.body).hexdigest(),
        "size": len(record.body),
        "origin": record.origin,
        "lane": str(record.lane),
        "state": "kept" if record.settled else "waiting",
        "reason": record.reason,
        "crashes": 0,
        "due_at": None if record.settled else record.fetched_at,
        "lease_owner": None,
        "lease_until": None,
        "fetched_at": record.fetched_at,
    }


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


def _ledger(connection: Connection, ident: str) -> dict[str, Any]:
    entry = connection.execute(select(entries).where(entries.c.id == ident)).one()
    article = connection.execute(select(articles).where(articles.c.entry_id == ident)).first()
    about = ids.article_id(ident)

    def rows(query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in connection.execute(query)]

    feed = rows(select(feeds).where(feeds.c.id == entry.feed_id))
    return {
        "entry": dict(entry._mapping),
        "feed": feed[0] if feed else None,
        "pages": rows(select(pages).where(pages.c.entry_id == ident).order_by(pages.c.revision)),
        "article": dict(article._mapping) if article else None,
        "verdicts": rows(select(verdicts).where(verdicts.c.article_id == about)),
        "suppressions": rows(select(suppressions).where(suppressions.c.article_id == about)),
        "alerts": rows(select(alerts).where(alerts.c.article_id == about)),
    }
