"""Which articles tell one event? Stories with their members, counted as they join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, case, exists, func, select, update

from pipeline.model import Instant, Tier
from pipeline.store.engine import Database
from pipeline.store.index import write_index
from pipeline.store.sql import fields, insert_into, the, upsert, write_many
from pipeline.store.tables import members, stories, watches
from pipeline.store.told import AlertFacts

__all__: Final = ["AlertFacts", "Stories", "StoryBrief", "StoryRecord", "story_brief", "write_story"]

ALSO: Final = 20
"""Members that a brief lists."""
UNTOLD: Final = -1
"""Below the rank of every tier."""


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
    known = before is not None
    write_index(database, connection, record.article_id, record.at, keys=record.bands, features=record.features, before=known)


@cache
def _open(dialect: str) -> Any:
    """A story's row, new or seen again."""
    insert = insert_into(dialect, stories)
    newer = case((stories.c.last_seen < insert.excluded.last_seen, insert.excluded.last_seen), else_=stories.c.last_seen)
    return insert.on_conflict_do_update(index_elements=[stories.c.id], set_={"last_seen": newer})


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
