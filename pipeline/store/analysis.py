"""What was decided about a page? Reads for the decision and writes of its outcome, in one transaction.

``with store.analysis() as tx:`` reads candidates and facts, decides, and records; nobody else's alert can come between.
On SQLite the transaction holds the write lock from its first statement. On PostgreSQL ``tx.lock(entities)`` holds an
advisory lock for each entity that may alert, so two copies of one report that arrive together still give one alert;
pages that name nobody run side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, text, update

from pipeline.model import EntryState, Instant, Mention, RemovedLine, Tier, Verdict
from pipeline.store import ids
from pipeline.store.columns import signed
from pipeline.store.engine import Database
from pipeline.store.fulltext import index_article
from pipeline.store.sql import chunks, fields, upsert, write_many
from pipeline.store.stories import (
    AlertFacts,
    Candidate,
    Indexed,
    StoryBrief,
    StoryRecord,
    alert_facts,
    candidates,
    indexed_articles,
    postings,
    story_brief,
    write_story,
)
from pipeline.store.tables import (
    alerts,
    articles,
    deliveries,
    digests,
    entries,
    members,
    mentions,
    messages,
    mutes,
    pages,
    site_lines,
    sites,
    suppressions,
    verdicts,
    watches,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord:
    """What the page says."""

    title: str
    text: str
    status: str
    url: str
    summary: str = ""
    canonical_url: str | None = None
    captions: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    author: str | None = None
    published: str | None = None
    published_at: Instant | None = None
    language: str | None = None
    word_count: int = 0
    extractor: str = ""
    rule_rev: str = ""
    fetched_at: Instant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictRecord:
    """A verdict and the list that asked for it."""

    watchlist: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryPlan:
    """Where an alert goes, and when."""

    endpoint: str
    next_at: Instant
    digest: str | None = None
    """Name of the digest that it waits for instead of being sent by itself at ``next_at``."""
    reason: str = ""
    """Why it waits for the digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRecord:
    """A decided alert. Its id and its message's id follow from entity, story, event and revision."""

    entity: str
    watchlist: str
    story_id: str
    article_id: str
    event: str
    """``match``, ``story_update`` …"""
    revision: int
    type: str
    """The payload's type, such as ``alert.match``."""
    severity: str
    tier: Tier
    score: float
    title: str
    reason: str
    created_at: Instant
    body: bytes
    """Encoded once; what is signed and sent."""
    deliveries: tuple[DeliveryPlan, ...] = ()
    size: int = 1
    """Articles in the story now."""
    sources: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the next decision on this entity in this story wants to know (source tiers, last update …)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionRecord:
    """An alert that was not sent, and why."""

    entity: str
    watchlist: str
    article_id: str
    reason: str
    tier: Tier
    story_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    mute: int | None = None
    """The mute that hid it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteLearned:
    """Which lines a site's article showed, for the memory of its furniture."""

    site: str
    lines: tuple[int, ...]
    """64-bit hashes of normalised lines, each once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnalysisRecord:
    """The whole outcome of one page."""

    page_id: str
    owner: str | None
    at: Instant
    state: EntryState
    reason: str
    article: ArticleRecord | None = None
    """None where nothing could be read."""
    verdicts: tuple[VerdictRecord, ...] = ()
    story: StoryRecord | None = None
    alerts: tuple[AlertRecord, ...] = ()
    suppressions: tuple[SuppressionRecord, ...] = ()
    learned: SiteLearned | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What a record really changed."""

    held: bool
    """False where another worker holds or has finished the page: then nothing was written."""
    alerts: tuple[str, ...] = ()
    """Ids of alerts that are new; one that was there before is not repeated."""
    deliveries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Previous:
    """An article's last revision."""

    revision: int
    text_sha256: str
    story_id: str | None
    duplicate_of: str | None
    """The article that it was found to be a copy of."""


class Analysis:
    """One open transaction: ask, decide, record."""

    def __init__(self, database: Database, connection: Connection) -> None:
        """Made by ``Store.analysis``."""
        self._db = database
        self._connection = connection

    def lock(self, entities: Sequence[str]) -> None:
        """No other analysis decides on these entities until this one has ended. Call once, before reading facts."""
        if self._db.dialect == "postgresql":
            for key in sorted(_lock_key(entity) for entity in set(entities)):  # one order for all, so no two wait for each other
                self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def candidates(self, bands: Sequence[int], since: Instant, limit: int = 200) -> list[Candidate]:
        """Articles since then that share a band, those that share most first."""
        return candidates(self._connection, bands, since, limit)

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> dict[int, list[str]]:
        """For each key the ids of articles of the span that hold it, at most ``most``, newest first."""
        return postings(self._connection, keys, since=since, until=until, most=most)

    def known(self, articles: Collection[str]) -> list[Indexed]:
        """Articles of the index, as they were put."""
        return indexed_articles(self._connection, articles)

    def indexed(self) -> int:
        """Articles in the index, roughly: what the database can say without counting."""
        return self._connection.scalar(select(func.max(articles.c.seq))) or 0

    def story(self, story_id: str) -> StoryBrief | None:
        """A story as it is now."""
        return story_brief(self._connection, story_id)

    def facts(self, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
        """What was already said of these entities: in this story, and last in any. An entity never alerted is absent."""
        return alert_facts(self._connection, story_id, entities)

    def was_told(self, story_id: str) -> bool:
        """Whether anything about this story, whoever it names, was ever alerted."""
        return self._connection.scalar(select(alerts.c.id).where(alerts.c.story_id == story_id).limit(1)) is not None

    def told_since(self, entity: str, since: Instant) -> int:
        """First alerts about an entity since then, for its hourly cap."""
        told = watches.c.entity == entity, watches.c.alerted_at >= since
        return self._connection.scalar(select(func.count()).select_from(watches).where(*told)) or 0

    def mutes(self, now: Instant) -> list[dict[str, Any]]:
        """Mutes in force: ``{"seq", "kind", "value", "author", "reason", "until"}``."""
        running = mutes.c.ended_at.is_(None), (mutes.c.until.is_(None)) | (mutes.c.until > now)
        return [dict(row._mapping) for row in self._connection.execute(select(mutes).where(*running))]

    def previous(self, article_id: str) -> Previous | None:
        """The article as it was recorded last, for an edit; None at first."""
        query = (
            select(articles.c.revision, articles.c.text_sha256, members.c.story_id, members.c.duplicate_of)
            .select_from(articles.outerjoin(members, members.c.article_id == articles.c.id))
            .where(articles.c.id == article_id)
        )
        row = self._connection.execute(query).first()
        return fields(Previous, row) if row else None

    def record(self, record: AnalysisRecord) -> Recorded:
        """Write everything. Nothing is written where another worker holds the page or has finished it."""
        connection, database = self._connection, self._db
        entry = _finish_page(connection, record)
        if entry is None:
            return Recorded(held=False)
        article = ids.article_id(entry.id)
        if record.article is not None:
            _write_article(database, connection, record, record.article, entry)
            _write_verdicts(database, connection, record, article, entry.feed_id)
        if record.story is not None:
            write_story(database, connection, record.story, record.at)
        new, sent = _write_alerts(database, connection, record)
        _write_suppressions(database, connection, record)
        if record.learned is not None:
            _learn(database, connection, record.learned, record.at)
        final = {"state": str(record.state), "reason": record.reason, "since": record.at, "next_at": None}
        connection.execute(update(entries).where(entries.c.id == entry.id, entries.c.page_id == record.page_id).values(**final))
        return Recorded(held=True, alerts=tuple(new), deliveries=tuple(sent))


def _lock_key(entity: str) -> int:
    return signed(int.from_bytes(hashlib.sha256(f"entity:{entity}".encode("utf-8", "replace")).digest()[:8], "big"))


def _finish_page(connection: Connection, record: AnalysisRecord) -> Any:
    held = [pages.c.id == record.page_id, pages.c.state == "waiting"]
    if record.owner is not None:
        held.append(pages.c.lease_owner == record.owner)
    done = {"state": "done", "reason": record.reason, "due_at": None, "lease_owner": None, "lease_until": None}
    if record.alerts:
        done["evidence"] = True
    ident = connection.scalar(update(pages).where(and_(*held)).values(**done).returning(pages.c.entry_id))
    return connection.execute(select(entries.c.id, entries.c.feed_id, entries.c.revision).where(entries.c.id == ident)).first()


def _write_article(database: Database, connection: Connection, record: AnalysisRecord, article: ArticleRecord, entry: Any) -> None:
    values = {
        "id": ids.article_id(entry.id),
        "revision": entry.revision,
        "entry_id": entry.id,
        "page_id": record.page_id,
        "feed_id": entry.feed_id,
        "matched_at": record.at,
        "text_sha256": hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "captions": list(article.captions),
        "removed": [{"text": line.text, "reason": line.reason} for line in article.removed],
    }
    plain = ("url", "canonical_url", "title", "text", "summary", "author", "published", "published_at", "language", "status")
    values |= {name: getattr(article, name) for name in (*plain, "word_count", "extractor", "rule_rev", "fetched_at")}
    index_article(database, connection, values)


def _write_verdicts(database: Database, connection: Connection, record: AnalysisRecord, article: str, feed: str) -> None:
    connection.execute(delete(verdicts).where(verdicts.c.article_id == article))
    connection.execute(delete(mentions).where(mentions.c.article_id == article))
    language = record.article.language if record.article else None
    rule_rev = record.article.rule_rev if record.article else ""
    rows, found = [], []
    for each in record.verdicts:
        verdict = each.verdict
        about = {"article_id": article, "entity": verdict.entity, "at": record.at}
        where = {"watchlist": each.watchlist, "feed_id": feed, "language": language}
        rows.append(about | where | {"tier": verdict.tier, "score": verdict.score, "role": verdict.role, "mentions": len(verdict.mentions)})
        found += [about | _mention(mention, rule_rev) for mention in verdict.mentions]
    write_many(connection, upsert(database, verdicts, keys=("article_id", "entity")), rows)
    write_many(connection, upsert(database, mentions, keys=("article_id", "n")), [row | {"n": n} for n, row in enumerate(found)])


def _mention(mention: Mention, rule_rev: str) -> dict[str, Any]:
    ledger = {
        side: [{"code": e.code, "weight": e.weight, "detail": e.detail} for e in getattr(mention, side)] for side in ("why", "against")
    }
    plain = {name: getattr(mention, name) for name in ("field", "start", "end", "surface", "alias", "tier", "score")}
    return plain | {"ledger": ledger, "rule_rev": rule_rev}


def _write_alerts(database: Database, connection: Connection, record: AnalysisRecord) -> tuple[list[str], list[str]]:
    new: list[str] = []
    sent: list[str] = []
    for alert in record.alerts:
        ident = ids.alert_id(alert.entity, alert.story_id, alert.event, alert.revision)
        names = (
            "entity",
            "watchlist",
            "story_id",
            "article_id",
            "event",
            "revision",
            "type",
            "severity",
            "tier",
            "score",
            "title",
            "reason",
        )
        row = {"id": ident, "created_at": alert.created_at} | {name: getattr(alert, name) for name in names}
        if not connection.scalars(upsert(database, alerts, keys=("id",)).returning(alerts.c.id), [row]).all():
            continue
        new.append(ident)
        _remember(database, connection, alert, ident)
        message = {"id": ident, "type": alert.type, "alert_id": ident, "story_id": alert.story_id, "entity": alert.entity}
        connection.execute(upsert(database, messages, keys=("id",)), [message | {"body": alert.body, "created_at": alert.created_at}])
        sent += _plan(database, connection, alert, ident)
    return new, sent


def _remember(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> None:
    plain = {name: getattr(alert, name) for name in ("entity", "story_id", "watchlist", "tier", "size", "sources", "revision")}
    row = plain | {"alert_id": ident, "facts": dict(alert.facts), "alerted_at": alert.created_at, "updated_at": alert.created_at}
    kept = ("tier", "size", "sources", "revision", "facts", "updated_at")
    connection.execute(upsert(database, watches, keys=("entity", "story_id"), update=kept), [row])


def _plan(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> list[str]:
    waiting = [
        {
            "endpoint": p.endpoint,
            "digest": p.digest,
            "alert_id": ident,
            "reason": p.reason,
            "due_at": p.next_at,
            "created_at": alert.created_at,
        }
        for p in alert.deliveries
        if p.digest is not None
    ]
    write_many(connection, upsert(database, digests, keys=("endpoint", "alert_id")), waiting)
    now = [
        {
            "id": ids.delivery_id(ident, plan.endpoint),
            "message_id": ident,
            "endpoint": plan.endpoint,
            "story_id": alert.story_id,
            "next_at": plan.next_at,
            "created_at": alert.created_at,
        }
        for plan in alert.deliveries
        if plan.digest is None
    ]
    write_many(connection, upsert(database, deliveries, keys=("id",)), now)
    return [row["id"] for row in now]


def _write_suppressions(database: Database, connection: Connection, record: AnalysisRecord) -> None:
    names = ("entity", "watchlist", "story_id", "article_id", "tier", "reason", "mute")
    rows = [{"at": record.at, "detail": dict(s.detail)} | {name: getattr(s, name) for name in names} for s in record.suppressions]
    write_many(connection, upsert(database, suppressions, keys=("article_id", "entity", "reason")), rows)
    for hidden in [s.mute for s in record.suppressions if s.mute is not None]:
        connection.execute(update(mutes).where(mutes.c.seq == hidden).values(hidden=mutes.c.hidden + 1))


def _learn(database: Database, connection: Connection, learned: SiteLearned, at: Instant) -> None:
    counted = {"articles": 1.0, "last_seen": at}
    connection.execute(
        upsert(database, sites, keys=("site",), update=("last_seen",), add=("articles",)), [{"site": learned.site} | counted]
    )
    rows = [{"site": learned.site, "line": signed(line)} | counted for line in sorted(set(learned.lines))]
    write_many(connection, upsert(database, site_lines, keys=("site", "line"), update=("last_seen",), add=("articles",)), rows)


__all__ = ["Analysis", "AnalysisRecord", "ArticleRecord", "chunks", "fields"]
