"""Which pages wait to be analysed, and what do the analysed ones say? The queue behind RQ, and the archive with its search.

RQ carries page ids for speed; ``offer_due`` is the truth. A page that was offered and not claimed, or claimed and not
recorded, is due again when its lease has run out: the first offer and the sweep are one query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, exists, func, or_, select, update

from pipeline.model import EntryState, Instant, Lane
from pipeline.store.analysis import Analysis
from pipeline.store.engine import Database
from pipeline.store.fulltext import Hit, search
from pipeline.store.glances import Glance, write_glances
from pipeline.store.pages import PageForAnalysis, for_analysis, page_of
from pipeline.store.records import AnalysisRecord, Recorded
from pipeline.store.sites import Sites
from pipeline.store.sql import MOST_DUE, chunks, fields, free, the, these
from pipeline.store.tables import articles, bodies, entries, mentions, pages, verdicts

__all__: Final = ["Article", "Articles", "Glance", "Hit", "PageForAnalysis", "SiteView"]

CRASHES: Final = 3
"""A page that crashed or hung its worker so often is failed for good."""


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


DUE: Final = select(pages.c.id).where(pages.c.lane == the("in_lane"), pages.c.due_at <= the("now")).order_by(pages.c.due_at).limit(MOST_DUE)
"""What ``offer_due`` takes."""
_FREE: Final = pages.c.lease_until.is_(None) | (pages.c.lease_until <= the("now")) | (pages.c.lease_owner == the("owner"))
_CLAIM: Final = (
    update(pages)
    .where(pages.c.id.in_(these("asked")), pages.c.state == "waiting", _FREE)
    .values(lease_owner=the("owner"), lease_until=the("until"), due_at=the("until"))
    .returning(pages.c.id)
)
_TAKEN: Final = for_analysis().where(pages.c.id.in_(these("taken")))


@cache
def _offer(dialect: str) -> Any:
    return update(pages).where(pages.c.id.in_(free(dialect, DUE))).values(due_at=the("until")).returning(pages.c.id, pages.c.fetched_at)


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

    def is_due(self, now: Instant) -> bool:
        """Whether any page is to be put on a queue: a look that costs a reader's time and nobody's turn to write."""
        with self._db.read() as connection:
            return any(connection.scalar(DUE, {"in_lane": str(lane), "now": now, "most": 1}) is not None for lane in Lane)

    def offer_due(self, lane: Lane, now: Instant, lease: float, limit: int) -> list[str]:
        """Ids of pages to put on the queue, the longest-waiting first. They are offered again after ``lease`` seconds."""
        with self._db.write() as connection:
            given = {"in_lane": str(lane), "now": now, "most": limit, "until": now + lease}
            rows = connection.execute(_offer(self._db.dialect), given).all()
            return [row.id for row in sorted(rows, key=lambda row: (row.fetched_at, row.id))]

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
        """Those of ``page_ids`` that still wait and nobody else holds, in the order given; ``owner``'s for ``lease`` seconds."""
        rows: dict[str, Row[Any]] = {}
        with self._db.write() as connection:
            for part in chunks(page_ids):
                given = {"asked": part, "owner": owner, "now": now, "until": now + lease}
                taken = list(connection.scalars(_CLAIM, given))
                rows |= {row.p_id: row for row in connection.execute(_TAKEN, {"taken": taken})}
        return [page_of(rows[ident]) for ident in dict.fromkeys(page_ids) if ident in rows]

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

    def record_glances(self, glances: Sequence[Glance], left: Sequence[str], *, owner: str, reason: str, now: Instant) -> list[str]:
        """Keep what pages say that name nobody, in one transaction, and give those ``left`` back to be claimed by whoever comes.

        Returns the ids of pages that were not kept and still wait: ``left``, and those whose article is in the archive already.
        """
        with self._db.write() as connection:
            return write_glances(self._db, connection, glances, left, owner=owner, reason=reason, now=now)

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
            mine = entries.c.id == row.entry_id, entries.c.page_id == page_id, entries.c.state == EntryState.FETCHED
            connection.execute(update(entries).where(*mine).values(**final))
            return True

    def reanalyse(self, page_ids: Sequence[str], now: Instant) -> int:
        """Put pages whose bytes are still there back into the queue (after a fix, or to extract what was only kept). Returns how many."""
        count = 0
        with self._db.write() as connection:
            for part in chunks(page_ids):
                idle = pages.c.id.in_(part), pages.c.due_at.is_(None), exists().where(bodies.c.id == pages.c.id)
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
            row = connection.execute(for_analysis().where(pages.c.id == page_id)).first()
            return page_of(row) if row else None

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
