"""Which articles could be about the same event, and what was already said of it? The index behind grouping, and the stories.

A band is a 64-bit key that similar articles are likely to share (a band of a MinHash signature, a rare word, an entity
with its day); what it means is the caller's business. Cost per article follows from how many share its bands, not from
how many articles there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, select, union_all, update

from pipeline.model import Instant, Tier
from pipeline.store.columns import signed
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, upsert, write_many
from pipeline.store.tables import bands, members, signatures, stories, watches


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An earlier article that shares a band with this one."""

    article_id: str
    story_id: str
    shared: int
    """How many of the asked bands it has."""
    at: Instant
    features: Mapping[str, Any]
    """What was stored with it, for the exact comparison."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryBrief:
    """A story as it is now."""

    id: str
    title: str
    first_article: str
    size: int
    """Articles, copies included."""
    copies: int
    sources: int
    """Different sources."""
    first_seen: Instant
    last_seen: Instant
    features: Mapping[str, Any]
    also: tuple[Mapping[str, Any], ...]
    """Its first 20 members in order of time: ``{"article_id", "source", "source_tier", "url", "duplicate_of", "at"}``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryRecord:
    """Where an article belongs, and what the index keeps of it."""

    story_id: str
    article_id: str
    title: str
    source: str
    """Name of the source that it is counted under."""
    url: str
    at: Instant
    """The article's time for the window of days."""
    source_tier: int = 2
    duplicate_of: str | None = None
    """The article that it is a copy of."""
    bands: tuple[int, ...] = ()
    features: Mapping[str, Any] = field(default_factory=dict)
    """For the exact comparison, plain JSON values. Kept with the bands, dropped with them."""
    story_features: Mapping[str, Any] | None = None
    """What the story itself keeps, replaced when given."""
    best_tier: Tier | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertFacts:
    """What was said of an entity so far, for the alert decision."""

    entity: str
    here: bool
    """Whether this very story has alerted for it."""
    alert_id: str | None
    """The story's first alert for it."""
    tier: Tier | None
    """Highest tier said in this story."""
    size: int
    """Size of the story when it was last told."""
    sources: int
    revision: int
    """Of the last alert on it in this story."""
    alerted_at: Instant | None
    """First alert in this story."""
    updated_at: Instant | None
    """Last alert or update in this story."""
    last_any: Instant | None
    """Last first alert in any story, for the cooldown."""
    facts: Mapping[str, Any]
    """What the caller kept with the last alert."""


def candidates(connection: Connection, keys: Sequence[int], since: Instant, limit: int) -> list[Candidate]:
    """Articles since then that share a band, those that share most and are newest first."""
    shared: dict[str, list[Any]] = {}
    for part in chunks(sorted({signed(key) for key in keys})):
        query = select(bands.c.article_id, bands.c.story_id, bands.c.at).where(bands.c.band.in_(part), bands.c.at >= since)
        for row in connection.execute(query):
            shared.setdefault(row.article_id, [0, row.story_id, row.at])[0] += 1
    best = sorted(shared.items(), key=lambda item: (-item[1][0], -item[1][2], item[0]))[:limit]
    features: dict[str, Any] = {}
    for part in chunks([ident for ident, _ in best]):
        rows = connection.execute(select(signatures.c.article_id, signatures.c.features).where(signatures.c.article_id.in_(part)))
        features |= {row.article_id: row.features for row in rows}
    return [
        Candidate(article_id=ident, story_id=story, shared=count, at=at, features=features.get(ident) or {})
        for ident, (count, story, at) in best
    ]


def postings(connection: Connection, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> dict[int, list[str]]:
    """For each key the ids of articles between ``since`` and ``until`` that hold it, at most ``most``, newest first.

    A limit a key, not one for all: the cost of a key that a whole week's news shares is that of any other.
    """
    found: dict[int, list[str]] = {}
    for part in chunks(sorted({signed(key) for key in keys}), 40):
        each = [_posting(key, since, until, most) for key in part]
        for row in connection.execute(union_all(*each)):
            found.setdefault(row.band, []).append(row.article_id)
    return found


def _posting(key: int, since: Instant, until: Instant, most: int) -> Select[Any]:
    held = select(bands.c.band, bands.c.article_id).where(bands.c.band == key, bands.c.at >= since, bands.c.at <= until)
    newest = held.order_by(bands.c.at.desc()).limit(most).subquery()
    return select(newest.c.band, newest.c.article_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Indexed:
    """An article as the index knows it."""

    article_id: str
    story_id: str
    at: Instant
    features: Mapping[str, Any]
    source: str


def indexed_articles(connection: Connection, articles: Collection[str]) -> list[Indexed]:
    """These articles, as they were put."""
    found: list[Indexed] = []
    what = (signatures.c.article_id, signatures.c.story_id, signatures.c.at, signatures.c.features, members.c.source)
    for part in chunks(sorted(articles)):
        joined = signatures.outerjoin(members, members.c.article_id == signatures.c.article_id)
        rows = connection.execute(select(*what).select_from(joined).where(signatures.c.article_id.in_(part)))
        found += [Indexed(article_id=r.article_id, story_id=r.story_id, at=r.at, features=r.features, source=r.source or "") for r in rows]
    return found


def story_brief(connection: Connection, story_id: str) -> StoryBrief | None:
    """A story as it is now, or None."""
    row = connection.execute(select(stories).where(stories.c.id == story_id)).first()
    if row is None:
        return None
    what = (members.c.article_id, members.c.source, members.c.source_tier, members.c.url, members.c.duplicate_of, members.c.at)
    also = connection.execute(select(*what).where(members.c.story_id == story_id).order_by(members.c.at).limit(20))
    names = ("id", "title", "first_article", "size", "copies", "sources", "first_seen", "last_seen")
    plain = {name: getattr(row, name) for name in names}
    return StoryBrief(**plain, features=row.features or {}, also=tuple(dict(member._mapping) for member in also))


def alert_facts(connection: Connection, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
    """What was already said of these entities, by entity."""
    last_query = (
        select(watches.c.entity, func.max(watches.c.alerted_at)).where(watches.c.entity.in_(list(entities))).group_by(watches.c.entity)
    )
    last = {entity: at for entity, at in connection.execute(last_query)}
    here_query = select(watches).where(watches.c.story_id == story_id, watches.c.entity.in_(list(entities)))
    here = {row.entity: row for row in connection.execute(here_query)}
    return {entity: _facts(entity, here.get(entity), at) for entity, at in last.items()}


def _facts(entity: str, row: Any, last: Instant) -> AlertFacts:
    if row is None:
        nothing: dict[str, Any] = {"alert_id": None, "tier": None, "alerted_at": None, "updated_at": None, "facts": {}}
        return AlertFacts(entity=entity, here=False, size=0, sources=0, revision=0, last_any=last, **nothing)
    plain = {name: getattr(row, name) for name in ("alert_id", "size", "sources", "revision", "alerted_at", "updated_at")}
    return AlertFacts(entity=entity, here=True, tier=Tier(row.tier), last_any=last, facts=row.facts or {}, **plain)


def write_story(database: Database, connection: Connection, record: StoryRecord, now: Instant) -> None:
    """The membership, the story's counts, and what the index keeps. An article that is a member already moves."""
    member = {name: getattr(record, name) for name in ("article_id", "story_id", "duplicate_of", "source", "source_tier", "url", "at")}
    before = connection.scalar(select(members.c.story_id).where(members.c.article_id == record.article_id))
    changes = ("story_id", "duplicate_of", "source", "source_tier", "url")
    connection.execute(upsert(database, members, keys=("article_id",), update=changes), [member])
    story = {
        "id": record.story_id,
        "title": record.title,
        "first_article": record.article_id,
        "first_seen": record.at,
        "last_seen": record.at,
    }
    connection.execute(upsert(database, stories, keys=("id",)), [story | {"features": dict(record.story_features or {})}])
    _recount(connection, record, now)
    if before is not None and before != record.story_id:
        _recount_left(connection, before)
    _index(database, connection, record)


def _counts(story_id: str) -> dict[str, Any]:
    mine = members.c.story_id == story_id
    return {
        "size": select(func.count()).select_from(members).where(mine).scalar_subquery(),
        "copies": select(func.count(members.c.duplicate_of)).where(mine).scalar_subquery(),
        "sources": select(func.count(func.distinct(members.c.source))).where(mine).scalar_subquery(),
    }


def _recount(connection: Connection, record: StoryRecord, now: Instant) -> None:
    values = _counts(record.story_id)
    if record.story_features is not None:
        values["features"] = dict(record.story_features)
    connection.execute(update(stories).where(stories.c.id == record.story_id).values(**values))
    newer = stories.c.id == record.story_id, stories.c.last_seen < record.at
    connection.execute(update(stories).where(*newer).values(last_seen=min(record.at, now)))
    if record.best_tier is not None:
        rank = record.best_tier.rank
        lower = stories.c.id == record.story_id, func.coalesce(stories.c.best_tier, -1) < rank
        connection.execute(update(stories).where(*lower).values(best_tier=rank))


def _recount_left(connection: Connection, story_id: str) -> None:
    connection.execute(update(stories).where(stories.c.id == story_id).values(**_counts(story_id)))


def _index(database: Database, connection: Connection, record: StoryRecord) -> None:
    about = {"article_id": record.article_id, "story_id": record.story_id, "at": record.at}
    rows = [about | {"band": band} for band in sorted({signed(key) for key in record.bands})]
    write_many(connection, upsert(database, bands, keys=("band", "article_id"), update=("story_id", "at")), rows)
    kept = ("story_id", "at", "features")
    connection.execute(upsert(database, signatures, keys=("article_id",), update=kept), [about | {"features": dict(record.features)}])


class Stories:
    """Stories to look at; they are written by ``Store.analysis``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def candidates(self, keys: Sequence[int], since: Instant, limit: int = 200) -> list[Candidate]:
        """As ``Analysis.candidates``, outside a decision."""
        with self._db.read() as connection:
            return candidates(connection, keys, since, limit)

    def get(self, story_id: str) -> StoryBrief | None:
        """One story."""
        with self._db.read() as connection:
            return story_brief(connection, story_id)

    def members(self, story_id: str) -> list[dict[str, Any]]:
        """All its articles in order of time: ``{"article_id", "story_id", "duplicate_of", "source", "source_tier", "url", "at"}``."""
        with self._db.read() as connection:
            query = select(members).where(members.c.story_id == story_id).order_by(members.c.at)
            return [dict(row._mapping) for row in connection.execute(query)]

    def list(self, *, since: Instant = 0.0, before: Instant | None = None, alerted: bool = False, limit: int = 50) -> list[StoryBrief]:
        """Stories seen since then, the newest first; page on with the last one's ``last_seen`` as ``before``."""
        query = select(stories.c.id).where(stories.c.last_seen >= since).order_by(stories.c.last_seen.desc()).limit(limit)
        if before is not None:
            query = query.where(stories.c.last_seen < before)
        if alerted:
            query = query.where(stories.c.id.in_(select(watches.c.story_id)))
        with self._db.read() as connection:
            found = [story_brief(connection, ident) for ident in connection.scalars(query).all()]
        return [story for story in found if story is not None]
