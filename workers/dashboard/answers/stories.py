"""Which articles tell one story, who told it first, and who only copied?"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Tier
from pipeline.store.listings import Row
from workers.dashboard.answers.alerts import AlertLine, lines
from workers.dashboard.answers.shared import Choice, Limit, Moment, Number, after_seq, after_time, by_seq, by_time, cut
from workers.dashboard.board import Board, MissingError


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryQuery:
    """Which stories."""

    entity: Choice = None
    """Only those that alerted for this entity."""
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Limit = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldOf:
    """An entity that a story alerted for."""

    entity: str
    name: str
    tier: str
    alert_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLine:
    """A story."""

    id: str
    title: str
    size: int
    """Articles, copies included."""
    copies: int
    sources: int
    best_tier: str | None
    first_seen: Moment
    last_seen: Moment
    told: tuple[ToldOf, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryList:
    """A page of stories, the last seen first."""

    items: tuple[StoryLine, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberLine:
    """An article of a story."""

    article_id: str
    title: str
    source: str
    source_tier: int
    url: str
    language: str | None
    published: str | None
    at: Moment
    duplicate_of: str | None
    """The article that it is a copy of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietLine:
    """An alert that was kept quiet."""

    entity: str
    name: str
    tier: str
    reason: str
    says: str
    """The reason, for a person."""
    article_id: str
    title: str
    url: str
    story_id: str | None
    mute: int | None
    at: Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietQuery:
    """Which of the alerts that were kept quiet."""

    entity: Choice = None
    mute: Number | None = None
    """Only what this mute hid."""
    cursor: str | None = None
    limit: Limit = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietList:
    """A page of what was kept quiet, the newest first."""

    items: tuple[QuietLine, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryDetail:
    """One story."""

    story: StoryLine
    members: tuple[MemberLine, ...]
    """In order of time."""
    alerts: tuple[AlertLine, ...]
    quiet: tuple[QuietLine, ...]


def story_list(board: Board, asked: StoryQuery) -> StoryList:
    """Stories, the last seen first."""
    rows = board.listings.stories(entity=asked.entity, before=after_time(asked.cursor), limit=asked.limit + 1)
    shown, more = cut(rows, asked.limit, by_time("last_seen"))
    told = board.listings.told([row["id"] for row in shown])
    return StoryList(
        items=tuple(_line(board, row, told.get(row["id"], [])) for row in shown),
        next=more,
    )


def story_detail(board: Board, story_id: str) -> StoryDetail:
    """One story with all of its articles.

    Raises:
        MissingError: there is none of that id.
    """
    row = board.listings.story(story_id)
    if row is None:
        raise MissingError(f"there is no story {story_id}")
    told = board.listings.told([story_id]).get(story_id, [])
    return StoryDetail(
        story=_line(board, row, told),
        members=tuple(_member(each) for each in board.listings.members(story_id)),
        alerts=lines(board, board.store.alerts.list(story_id=story_id, limit=50)),
        quiet=tuple(_quiet(board, each) for each in board.listings.suppressed(story_id=story_id, limit=50)),
    )


def quiet_list(board: Board, asked: QuietQuery) -> QuietList:
    """What was kept quiet, and why."""
    rows = board.listings.suppressed(entity=asked.entity, mute=asked.mute, before=after_seq(asked.cursor), limit=asked.limit + 1)
    shown, more = cut(rows, asked.limit, by_seq)
    return QuietList(items=tuple(_quiet(board, each) for each in shown), next=more)


def _line(board: Board, row: Row, told: list[Row]) -> StoryLine:
    names = ("id", "title", "size", "copies", "sources", "first_seen", "last_seen")
    ranks = {tier.rank: str(tier) for tier in Tier}
    return StoryLine(
        **{name: row[name] for name in names},
        best_tier=ranks.get(row["best_tier"]),
        told=tuple(
            ToldOf(entity=each["entity"], name=board.name_of(each["entity"]), tier=each["tier"], alert_id=each["alert_id"]) for each in told
        ),
    )


def _member(row: Row) -> MemberLine:
    names = ("article_id", "source", "source_tier", "url", "language", "published", "at", "duplicate_of")
    return MemberLine(**{name: row[name] for name in names}, title=row["title"] or row["url"])


def _quiet(board: Board, row: Row) -> QuietLine:
    names = ("entity", "tier", "reason", "article_id", "story_id", "mute", "at")
    return QuietLine(
        **{name: row[name] for name in names},
        name=board.name_of(row["entity"]),
        says=str((row["detail"] or {}).get("says") or row["reason"]),
        title=row["title"] or "",
        url=row["url"] or "",
    )
