"""Which pages wait to be analysed, and what do the analysed ones say? The queue behind RQ, and the archive with its search.

RQ carries page ids for speed; ``offer_due`` is the truth. A page that was offered and not claimed, or claimed and not
recorded, is due again when its lease has run out: the first offer and the sweep are one query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select, update

from pipeline.model import Entry, EntryState, Instant, Lane
from pipeline.store import ids
from pipeline.store.analysis import Analysis
from pipeline.store.bodies import unpack
from pipeline.store.engine import Database
from pipeline.store.entries import FEED_COLUMNS, FeedBrief, entry_of, feed_brief
from pipeline.store.fulltext import Hit, search
from pipeline.store.records import AnalysisRecord, Recorded
from pipeline.store.sites import Sites
from pipeline.store.sql import chunks, due, fields
from pipeline.store.tables import articles, bodies, entries, feeds, mentions, pages, verdicts

CRASHES: Final = 3
"""A page that crashed or hung its worker so often is failed for good."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An archived article."""

    seq: int
    """Counts up; where ``iterate_texts`` goes on from."""
    id: str
    revision: int
    entry_id: str
    page_id: str
    feed_id: str
    url: str
    canonical_url: str | None
    title: str
    text: str
    summary: str
    captions: tuple[str, ...]
    removed: tuple[Mapping[str, str], ...]
    """``{"text", "reason"}`` each."""
    author: str | None
    published: str | None
    published_at: Instant | None
    language: str | None
    status: str
    word_count: int
    text_sha256: str
    extractor: str
    rule_rev: str
    fetched_at: Instant | None
    matched_at: Instant


class SiteView:
    """The memory of sites, seen from one article."""

    def __init__(self, database: Database, article_id: str) -> None:
        """Made by ``Articles.site_memory``."""
        self._sites = Sites(database)
        self._article = article_id

    def carriers(self, site: str, article: str, lines: Sequence[int]) -> Mapping[int, int]:
        """How many other recent articles of ``site`` carry each of ``lines``; absent means none."""
        return self._sites.carriers(site, article, lines, also=self._article)


class Articles:
    """Pages that wait for the analyser, and the articles that it made of them."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def offer_due(self, lane: Lane, now: Instant, lease: float, limit: int) -> list[str]:
        """Ids of pages to put on the queue, the longest-waiting first. They are offered again after ``lease`` seconds."""
        with self._db.write() as connection:
            picked = due(self._db, self.due_query(lane, now, limit))
            offered = update(pages).where(pages.c.id.in_(picked)).values(due_at=now + lease).returning(pages.c.id, pages.c.fetched_at)
            return [row.id for row in sorted(connection.execute(offered).all(), key=lambda row: (row.fetched_at, row.id))]

    @staticmethod
    def due_query(lane: Lane, now: Instant, limit: int) -> Select[tuple[str]]:
        """The ids that ``offer_due`` would take."""
        return select(pages.c.id).where(pages.c.lane == str(lane), pages.c.due_at <= now).order_by(pages.c.due_at).limit(limit)

    def renew_offers(self, page_ids: Sequence[str], until: Instant) -> None:
        """These are known to wait in the queue: offer them again only then."""
        with self._db.write() as connection:
            for part in chunks(page_ids):
                waiting = pages.c.id.in_(part), pages.c.due_at.is_not(None)
                connection.execute(update(pages).where(*waiting).values(due_at=until))

    def withdraw_offers(self, now: Instant) -> int:
        """The queue lost everything: what was offered and nobody has claimed is due at once. Returns how many pages."""
        unclaimed = or_(pages.c.lease_until.is_(None), pages.c.lease_until <= now)
        with self._db.write() as connection:
            offered = pages.c.due_at > now, unclaimed
            return connection.execute(update(pages).where(*offered).values(due_at=now)).rowcount

    def claim_pages(self, page_ids: Sequence[str], owner: str, now: Instant, lease: float) -> list[PageForAnalysis]:
        """Those of ``page_ids`` that still wait and nobody else holds, in the order given; the caller's for ``lease`` seconds."""
        free = or_(pages.c.lease_until.is_(None), pages.c.lease_until <= now)
        held = {"lease_owner": owner, "lease_until": now + lease, "due_at": now + lease}
        rows: dict[str, Row[Any]] = {}
        with self._db.write() as connection:
            for part in chunks(page_ids):
                waiting = pages.c.id.in_(part), pages.c.state == "waiting", free
                taken = list(connection.scalars(update(pages).where(*waiting).values(**held).returning(pages.c.id)))
                rows |= {row.p_id: row for row in connection.execute(_for_analysis().where(pages.c.id.in_(taken)))}
        return [_page(rows[ident]) for ident in dict.fromkeys(page_ids) if ident in rows]

    def release(self, owner: str, now: Instant) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many pages."""
        with self._db.write() as connection:
            held = pages.c.lease_owner == owner, pages.c.due_at.is_not(None)
            return connection.execute(update(pages).where(*held).values(lease_owner=None, lease_until=None, due_at=now)).rowcount

    def site_memory(self, article_id: str, *, revision: int = 0) -> SiteView:
        """What sites repeat, as the extraction of this article may know it: without what it taught itself."""
        return SiteView(self._db, article_id if revision else "")

    def record_analysis(self, record: AnalysisRecord) -> Recorded:
        """As ``Store.analysis`` with a single ``record``: one transaction for everything that the analysis decided."""
        with self._db.write() as connection:
            return Analysis(self._db, connection).record(record)

    def record_crash(self, page_id: str, reason: str, now: Instant) -> bool:
        """The page killed its worker. It waits again, or is failed for good the third time. True when it is failed."""
        with self._db.write() as connection:
            waiting = pages.c.id == page_id, pages.c.state == "waiting"
            again = {"crashes": pages.c.crashes + 1, "due_at": now, "lease_owner": None, "lease_until": None, "reason": reason}
            row = connection.execute(update(pages).where(*waiting).values(**again).returning(pages.c.crashes, pages.c.entry_id)).first()
            if row is None or row.crashes < CRASHES:
                return False
            connection.execute(update(pages).where(pages.c.id == page_id).values(state="failed", due_at=None))
            final = {"state": str(EntryState.FAILED), "reason": f"crashed {CRASHES} times: {reason}", "since": now}
            connection.execute(update(entries).where(entries.c.id == row.entry_id).values(**final))
            return True

    def reanalyse(self, page_ids: Sequence[str], now: Instant) -> int:
        """Put pages back into the queue (after a fix, or for a full extraction of what was only kept). Returns how many."""
        count = 0
        with self._db.write() as connection:
            for part in chunks(page_ids):
                idle = pages.c.id.in_(part), pages.c.due_at.is_(None)
                again = {"state": "waiting", "due_at": now, "crashes": 0, "lease_owner": None, "lease_until": None}
                count += connection.execute(update(pages).where(*idle).values(**again)).rowcount
        return count

    def get(self, article_id: str) -> Article | None:
        """One article."""
        return self._first(articles.c.id == article_id)

    def by_url(self, url: str) -> Article | None:
        """The newest article under this address, as linked or as canonical."""
        return self._first(or_(articles.c.url == url, articles.c.canonical_url == url))

    def page(self, page_id: str) -> PageForAnalysis | None:
        """A stored page with its bytes, without claiming it; None where it is unknown or pruned."""
        with self._db.read() as connection:
            row = connection.execute(_for_analysis().where(pages.c.id == page_id)).first()
            return _page(row) if row else None

    def ledger(self, article_id: str) -> list[dict[str, Any]]:
        """Every mention of an article with the evidence for and against it, in the order they were found."""
        with self._db.read() as connection:
            query = select(mentions).where(mentions.c.article_id == article_id).order_by(mentions.c.n)
            return [dict(row._mapping) for row in connection.execute(query)]

    def search(
        self, query: str, *, since: Instant | None = None, until: Instant | None = None, limit: int = 50, offset: int = 0
    ) -> list[Hit]:
        """Full text: words are all wanted, ``"a phrase"`` as it stands, ``word*`` by prefix, ``-word`` not. Best first."""
        with self._db.read() as connection:
            return search(self._db, connection, query, since=since, until=until, limit=limit, offset=offset)

    def iterate_texts(self, since: Instant, after: int = 0, *, batch: int = 500, until: Instant | None = None) -> Iterator[list[Article]]:
        """The archive since then in batches, in the order of ``seq``: resume with the last ``seq`` as ``after``.

        Each batch is a transaction of its own, so a long backfill never holds a lock or the WAL.
        """
        while True:
            query = select(articles).where(articles.c.seq > after, articles.c.matched_at >= since).order_by(articles.c.seq).limit(batch)
            if until is not None:
                query = query.where(articles.c.matched_at < until)
            with self._db.read() as connection:
                found = [fields(Article, row) for row in connection.execute(query)]
            if not found:
                return
            yield found
            after = found[-1].seq

    def count(self, since: Instant = 0.0) -> int:
        """How many articles the archive has since then."""
        with self._db.read() as connection:
            return connection.scalar(select(func.count()).select_from(articles).where(articles.c.matched_at >= since)) or 0

    def tiers(self, since: Instant) -> dict[str, dict[str, str]]:
        """What was decided since then: article id → entity → tier, of verdicts that have one."""
        query = select(verdicts.c.article_id, verdicts.c.entity, verdicts.c.tier).where(
            verdicts.c.at >= since, verdicts.c.tier.is_not(None)
        )
        found: dict[str, dict[str, str]] = {}
        with self._db.read() as connection:
            for row in connection.execute(query):
                found.setdefault(row.article_id, {})[row.entity] = row.tier
        return found

    def verdicts_a_day(self, since: Instant, *, entity: str | None = None) -> list[dict[str, Any]]:
        """Mentions for plots: ``{"day", "entity", "feed_id", "language", "tier", "articles"}``."""
        day = func.floor(verdicts.c.at / 86400.0)
        what = (verdicts.c.entity, verdicts.c.feed_id, verdicts.c.language, verdicts.c.tier)
        query = select(day.label("day"), *what, func.count().label("articles")).where(verdicts.c.at >= since).group_by(day, *what)
        if entity is not None:
            query = query.where(verdicts.c.entity == entity)
        with self._db.read() as connection:
            return [dict(row._mapping) | {"day": int(row.day)} for row in connection.execute(query.order_by(day))]

    def _first(self, where: Any) -> Article | None:
        with self._db.read() as connection:
            row = connection.execute(select(articles).where(where).order_by(articles.c.seq.desc()).limit(1)).first()
            return fields(Article, row) if row else None


def _for_analysis() -> Select[Any]:
    text = bodies.alias("text")
    feed_text = (text.c.encoding.label("content_encoding"), text.c.data.label("content"))
    page = tuple(pages.c[name].label(f"p_{name}") for name in ("id", "url", "final_url", "status", "headers", "sha256", "origin", "lane"))
    page += tuple(pages.c[name].label(f"p_{name}") for name in ("crashes", "fetched_at", "revision"))
    body = (bodies.c.encoding, bodies.c.data)
    joined = pages.join(entries, entries.c.id == pages.c.entry_id).join(bodies, bodies.c.id == pages.c.id)
    joined = joined.outerjoin(feeds, feeds.c.id == entries.c.feed_id).outerjoin(text, text.c.id == entries.c.id)
    return select(entries, *page, *body, *feed_text, *FEED_COLUMNS).select_from(joined)


def _page(row: Row[Any]) -> PageForAnalysis:
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
