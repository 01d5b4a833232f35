"""What is a stored page? Written by whoever fetched it, read with its entry and its feed by whoever analyses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, select, update

from pipeline.model import Entry, EntryState, Instant, Lane
from pipeline.store import ids
from pipeline.store.bodies import pack, unpack
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, the, these, upsert, write_many
from pipeline.store.tables import bodies, entries, feeds, pages


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
    revision: int | None = None
    """Of the entry when it was claimed. Where its feed has shown an edit since, this page is that of before: it is let go, and the entry
    stays due. None: whatever the entry is now."""
    settled: EntryState | None = None
    """A final state where the page is only kept and not analysed (a cold page with ``archive: hits``)."""
    reason: str = ""
    """Why it is settled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageForAnalysis:
    """A claimed page with all that the analysis reads."""

    id: str
    entry_id: str
    article_id: str
    """The id that its article has or will have."""
    revision: int
    entry: Entry
    feed: FeedBrief
    url: str
    final_url: str
    status: int | None
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    origin: str
    """``page``, ``feed`` or ``direct``."""
    lane: Lane
    crashes: int
    fetched_at: Instant
    published_at: Instant | None
    first_seen: Instant
    backlog: bool
    late: bool


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


_HOLDERS: Final = select(entries.c.id, entries.c.revision, entries.c.lease_owner).where(entries.c.id.in_(these("asked")))
_PAGE: Final = (
    *("entry_id", "revision", "url", "final_url", "status", "headers", "sha256", "size", "origin", "lane", "state", "reason"),
    *("crashes", "due_at", "lease_owner", "lease_until", "fetched_at"),
)
_FETCHED: Final = (
    update(entries)
    .where(entries.c.id == the("entry"))
    .values(state=the("now_is"), reason=the("why"), since=the("now"), next_at=None, lane=the("new_lane"), page_id=the("page"))
    .values(lease_owner=None, lease_until=None)
)


class Packed(NamedTuple):
    """A page with its body as it is kept."""

    page: PageRecord
    encoding: str
    data: bytes


def packed(page: PageRecord) -> Packed:
    """Ready to be written; done before the transaction begins, because it takes a fraction of a millisecond."""
    return Packed(page, *pack(page.body))


def write_pages(database: Database, connection: Connection, pages_packed: Sequence[Packed]) -> list[str]:
    """Keep pages and move their entries on; those whose lease was lost, or that were overtaken by an edit, are let go.

    Answers each page's id. One order for all writers, so that no two of them wait for each other.
    """
    asked = sorted({each.page.entry_id for each in pages_packed})
    now = {row.id: row for part in chunks(asked) for row in connection.execute(_HOLDERS, {"asked": part})}
    kept = [each for each in pages_packed if _is_wanted(each.page, now[each.page.entry_id])]
    idents = {each.page.entry_id: ids.page_id(each.page.entry_id, now[each.page.entry_id].revision) for each in pages_packed}
    kept.sort(key=lambda each: each.page.entry_id)
    rows = [_page_row(idents[one.entry_id], now[one.entry_id].revision, one) for one, _, _ in kept]
    write_many(connection, upsert(database.dialect, pages, keys=("id",), update=_PAGE), rows)
    texts = [{"id": idents[one.entry_id], "encoding": encoding, "data": data, "size": len(one.body)} for one, encoding, data in kept]
    write_many(connection, upsert(database.dialect, bodies, keys=("id",), update=("encoding", "data", "size")), texts)
    write_many(connection, _FETCHED, [_fetched(idents[one.entry_id], one) for one, _, _ in kept])
    return [idents[each.page.entry_id] for each in pages_packed]


def _is_wanted(page: PageRecord, entry: Any) -> bool:
    """Whether nobody took the entry over, and its feed has shown no edit, since it was claimed."""
    return page.owner in {None, entry.lease_owner} and page.revision in {None, entry.revision}


def _fetched(ident: str, page: PageRecord) -> dict[str, Any]:
    about = {"entry": page.entry_id, "page": ident, "new_lane": str(page.lane)}
    return about | {"now_is": str(page.settled or EntryState.FETCHED), "why": page.reason, "now": page.fetched_at}


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


def for_analysis() -> Select[Any]:
    """Pages with their body, their entry, its content and its feed."""
    text = bodies.alias("text")
    feed_text = (text.c.encoding.label("content_encoding"), text.c.data.label("content"))
    page = tuple(pages.c[name].label(f"p_{name}") for name in ("id", "url", "final_url", "status", "headers", "sha256", "origin", "lane"))
    page += tuple(pages.c[name].label(f"p_{name}") for name in ("crashes", "fetched_at", "revision"))
    body = (bodies.c.encoding, bodies.c.data)
    joined = pages.join(entries, entries.c.id == pages.c.entry_id).join(bodies, bodies.c.id == pages.c.id)
    joined = joined.outerjoin(feeds, feeds.c.id == entries.c.feed_id).outerjoin(text, text.c.id == entries.c.id)
    return select(entries, *page, *body, *feed_text, *FEED_COLUMNS).select_from(joined)


def page_of(row: Row[Any]) -> PageForAnalysis:
    """From a row of ``for_analysis``."""
    return PageForAnalysis(
        id=row.p_id,
        entry_id=row.id,
        article_id=ids.article_id(row.id),
        revision=row.p_revision,
        entry=entry_of(row),
        feed=feed_brief(row),
        url=row.p_url,
        final_url=row.p_final_url,
        status=row.p_status,
        headers=row.p_headers or {},
        body=unpack(row.encoding, row.data),
        sha256=row.p_sha256,
        origin=row.p_origin,
        lane=Lane(row.p_lane),
        crashes=row.p_crashes,
        fetched_at=row.p_fetched_at,
        published_at=row.published_at,
        first_seen=row.first_seen,
        backlog=row.backlog,
        late=row.late,
    )
