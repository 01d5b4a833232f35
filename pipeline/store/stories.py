"""Which articles could be about the same event, and what was already said of it? The index behind grouping, and the stories.

A band is a 64-bit key that similar articles are likely to share (a band of a MinHash signature, a rare word, an entity
with its day); what it means is the caller's business. Cost per article follows from how many share its bands, not from
how many articles there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, TextClause, case, exists, func, select, text, update

from pipeline.model import Instant, Tier
from pipeline.store.columns import packed, signed, unpacked
from pipeline.store.engine import Database
from pipeline.store.sql import as_numbers, chunks, fields, insert_into, numbers, the, these, upsert, write_many
from pipeline.store.tables import alerts, bands, members, signatures, stories, watches

KEYS: Final = 100
"""Keys asked for in one statement."""
EXACT: Final = 10_000
"""Articles up to which PostgreSQL counts the index, because its estimate is empty until the table was first analysed."""
ALSO: Final = 20
"""Members that a brief lists."""
UNTOLD: Final = -1
"""Below the rank of every tier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An earlier article that the index found."""

    article_id: str
    story_id: str
    at: Instant
    source: str
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
    """Last instant alert in any story, for the cooldown."""
    facts: Mapping[str, Any]
    """What the caller kept with the last alert."""


def postings(
    database: Database, connection: Connection, keys: Sequence[int], *, since: Instant, until: Instant, most: int
) -> dict[int, list[str]]:
    """For each key the articles of the span that hold it, newest first, at most ``most``; keys without any are absent."""
    found: dict[int, list[str]] = {}
    span = {"since": since, "until": until, "most": most}
    for part in chunks(sorted({signed(key) for key in keys}), KEYS):
        if database.dialect == "postgresql":
            rows = connection.execute(_LATERAL, span | {"bands": part})
        else:
            rows = connection.execute(_union(len(part)), span | {f"k{n}": key for n, key in enumerate(part)})
        for band, article in rows:
            found.setdefault(band, []).append(article)
    return found


_ONE: Final = "SELECT band, article_id, at FROM bands WHERE band = {band} AND at >= :since AND at <= :until ORDER BY at DESC LIMIT :most"
_LATERAL: Final = text(
    "SELECT b.band, b.article_id FROM unnest(CAST(:bands AS bigint[])) AS k(key), "  # noqa: S608 - from constants
    f"LATERAL ({_ONE.format(band='k.key')}) AS b ORDER BY b.at DESC"
)


@cache
def _union(count: int) -> TextClause:
    """SQLite has no LATERAL: one branch a key, each a walk of the primary key that stops after ``most``."""
    branches = " UNION ALL ".join(f"SELECT * FROM ({_ONE.format(band=f':k{n}')})" for n in range(count))  # noqa: S608 - from constants
    return text(f"SELECT band, article_id FROM ({branches}) ORDER BY at DESC")  # noqa: S608 - from constants


_KNOWN: Final = (
    select(members.c.story_id, members.c.source, signatures.c.article_id, signatures.c.at, signatures.c.features)
    .join(members, members.c.article_id == signatures.c.article_id)
    .where(signatures.c.article_id.in_(these("articles")))
)
_GUESS: Final = text("SELECT reltuples FROM pg_class WHERE oid = 'signatures'::regclass")
_SPAN: Final = text("SELECT max(rowid) - min(rowid) + 1 FROM signatures")
_COUNT: Final = select(func.count()).select_from(signatures)


def known(connection: Connection, articles: Collection[str]) -> list[Candidate]:
    """These articles as they were put; those that the index has forgotten are absent."""
    found: list[Candidate] = []
    for part in chunks(sorted(articles)):
        found += [fields(Candidate, row) for row in connection.execute(_KNOWN, {"articles": part})]
    return found


def stories_of(connection: Connection, articles: Collection[str]) -> dict[str, str]:
    """Article → story."""
    found: dict[str, str] = {}
    for part in chunks(sorted(articles)):
        rows = connection.execute(select(members.c.article_id, members.c.story_id).where(members.c.article_id.in_(part)))
        found |= {row.article_id: row.story_id for row in rows}
    return found


def indexed(database: Database, connection: Connection) -> int:
    """Articles in the index, roughly: counting a million for each article would cost more than grouping it."""
    if database.dialect == "postgresql":
        guess = connection.scalar(_GUESS) or 0
        return int(guess) if guess > EXACT else connection.scalar(_COUNT) or 0
    return int(connection.scalar(_SPAN) or 0)


_STORY: Final = select(stories).where(stories.c.id == the("story"))
_ALSO: Final = (
    select(members.c.article_id, members.c.source, members.c.source_tier, members.c.url, members.c.duplicate_of, members.c.at)
    .where(members.c.story_id == the("story"))
    .order_by(members.c.at)
    .limit(ALSO)
)


def story_brief(connection: Connection, story_id: str) -> StoryBrief | None:
    """A story as it is now, or None."""
    row = connection.execute(_STORY, {"story": story_id}).first()
    if row is None:
        return None
    also = tuple(dict(member._mapping) for member in connection.execute(_ALSO, {"story": story_id}))
    return fields(StoryBrief, row, also=also)


_LAST: Final = select(func.max(alerts.c.created_at)).where(alerts.c.entity == the("entity"), alerts.c.instant.is_(True))
_HERE: Final = select(watches).where(watches.c.entity == the("entity"), watches.c.story_id == the("story"))


def alert_facts(connection: Connection, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
    """What was already said of these entities, by entity; one that was never told of is absent."""
    found: dict[str, AlertFacts] = {}
    for entity in dict.fromkeys(entities):
        about = {"entity": entity, "story": story_id}
        here = connection.execute(_HERE, about).first()
        last = connection.scalar(_LAST, about)
        if here is not None or last is not None:
            found[entity] = _facts(entity, here, last)
    return found


def _facts(entity: str, row: Any, last: Instant | None) -> AlertFacts:
    if row is None:
        nothing: dict[str, Any] = {"alert_id": None, "tier": None, "alerted_at": None, "updated_at": None, "facts": {}}
        return AlertFacts(entity=entity, here=False, size=0, sources=0, revision=0, last_any=last, **nothing)
    plain = {name: getattr(row, name) for name in ("alert_id", "size", "sources", "revision", "alerted_at", "updated_at")}
    return AlertFacts(entity=entity, here=True, tier=Tier(row.tier), last_any=last, facts=row.facts or {}, **plain)


_MEMBER: Final = select(members.c.story_id).where(members.c.article_id == the("article"))
_ELSE: Final = exists().where(
    members.c.story_id == the("story"), members.c.source == the("from_source"), members.c.article_id != the("article")
)
_JOIN: Final = (
    update(stories)
    .where(stories.c.id == the("story"))
    .values(
        size=stories.c.size + 1,
        copies=stories.c.copies + the("copied"),
        sources=stories.c.sources + case((_ELSE, 0), else_=1),
        best_tier=case((func.coalesce(stories.c.best_tier, UNTOLD) >= the("rank"), stories.c.best_tier), else_=the("rank")),
    )
)
_MINE: Final = members.c.story_id == the("story")
_RECOUNT: Final = (
    update(stories)
    .where(stories.c.id == the("story"))
    .values(
        size=select(func.count()).select_from(members).where(_MINE).scalar_subquery(),
        copies=select(func.count(members.c.duplicate_of)).where(_MINE).scalar_subquery(),
        sources=select(func.count(func.distinct(members.c.source))).where(_MINE).scalar_subquery(),
    )
)
_FEATURES: Final = update(stories).where(stories.c.id == the("story")).values(features=the("kept"))
_PLACE: Final = ("story_id", "duplicate_of", "source", "source_tier", "url")


def write_story(database: Database, connection: Connection, record: StoryRecord, now: Instant) -> None:
    """The membership, the story's counts, and what the index keeps. An article that is a member already moves."""
    about = {"story": record.story_id, "article": record.article_id}
    seen = {"first_seen": record.at, "last_seen": min(record.at, now)}
    story = {"id": record.story_id, "title": record.title, "first_article": record.article_id} | seen
    # the story's row first: it is locked from here on, so that two articles that join at once count one after the other
    connection.execute(_open(database.dialect), [story])
    before = connection.scalar(_MEMBER, about)
    member = {name: getattr(record, name) for name in ("article_id", "at", *_PLACE)}
    connection.execute(upsert(database.dialect, members, keys=("article_id",), update=_PLACE), [member])
    if before is None:
        rank = record.best_tier.rank if record.best_tier is not None else UNTOLD
        connection.execute(_JOIN, about | {"from_source": record.source, "copied": int(record.duplicate_of is not None), "rank": rank})
    else:
        write_many(connection, _RECOUNT, [{"story": story_id} for story_id in sorted({before, record.story_id})])
    if record.story_features is not None:
        connection.execute(_FEATURES, {"story": record.story_id, "kept": dict(record.story_features)})
    _index(database, connection, record, before=before is not None)


@cache
def _open(dialect: str) -> Any:
    """A story's row, new or seen again."""
    insert = insert_into(dialect, stories)
    newer = case((stories.c.last_seen < insert.excluded.last_seen, insert.excluded.last_seen), else_=stories.c.last_seen)
    return insert.on_conflict_do_update(index_elements=[stories.c.id], set_={"last_seen": newer})


_SIGNATURE: Final = select(signatures.c.at, signatures.c.bands).where(signatures.c.article_id == the("article"))


@cache
def _bands(dialect: str) -> TextClause:
    return text(f"INSERT INTO bands (band, at, article_id) SELECT value, :at, :article FROM {numbers(dialect, 'keys')}")  # noqa: S608 - constants


def _index(database: Database, connection: Connection, record: StoryRecord, *, before: bool) -> None:
    """The article's keys. Those of an earlier revision go: they are listed in its signature, so no index by article is needed."""
    keys = sorted({signed(key) for key in record.bands})
    old = connection.execute(_SIGNATURE, {"article": record.article_id}).first() if before else None
    if old is not None:
        forget_keys(connection, record.article_id, old.at, old.bands)
    row = {"article_id": record.article_id, "at": record.at, "bands": packed(keys), "features": dict(record.features)}
    connection.execute(upsert(database.dialect, signatures, keys=("article_id",), update=("at", "bands", "features")), [row])
    write_keys(database, connection, record.article_id, record.at, keys)


def write_keys(database: Database, connection: Connection, article_id: str, at: Instant, keys: Sequence[int]) -> None:
    """Put an article's signed keys into the index."""
    given = {"keys": as_numbers(database.dialect, keys), "at": at, "article": article_id}
    connection.execute(_bands(database.dialect), given)


def forget_keys(connection: Connection, article_id: str, at: Instant, keys: bytes) -> None:
    """Take an article's keys out of the index."""
    for part in chunks(unpacked(keys)):
        mine = bands.c.band.in_(part), bands.c.at == at, bands.c.article_id == article_id
        connection.execute(bands.delete().where(*mine))


class Stories:
    """Stories to look at; they are written by ``Store.analysis``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

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
