"""Which feeds are read, how are they doing, and when are they read next?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from pipeline.model import EntryState
from pipeline.store.feeds import FeedHealth
from pipeline.store.listings import Row
from workers.dashboard.answers.shared import Choice, DayCount, Limit, Moment, Word, after_time, by_time, cut, offset
from workers.dashboard.board import DAY, Board, MissingError

DAYS: Final = 30
CALM: Final = frozenset({"new", "ok"})
"""States of a feed that need nobody's attention."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceLine:
    """A feed."""

    id: str
    name: str
    url: str
    fetch_url: str
    """Where it is really read."""
    site: str
    tier: int
    tags: tuple[str, ...]
    state: str
    reason: str
    since: Moment
    next_try: Moment
    polls: int
    failures: int
    """In a row."""
    last_poll: Moment | None
    last_success: Moment | None
    last_entry: Moment | None
    interval: float | None
    """Seconds between polls."""
    rate: float | None
    """Entries a day, learned."""
    lag: float | None
    """Seconds from published to seen, learned."""
    troubled: bool
    days: tuple[DayCount, ...]
    """Entries and failures of each day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceQuery:
    """Which feeds."""

    q: Word = ""
    """Part of a name or an address."""
    state: Choice = None
    """new, ok, failing, silent or parked."""
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceList:
    """A page of feeds, those in trouble first."""

    items: tuple[SourceLine, ...]
    next: str | None
    feeds: int
    """All that are configured."""
    troubled: int
    """Of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceEvent:
    """Something that happened to a feed."""

    seq: int
    kind: str
    detail: dict[str, Any]
    at: Moment
    reverted_at: Moment | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryLine:
    """An entry of a feed and what became of it."""

    id: str
    url: str
    title: str
    published: str | None
    first_seen: Moment
    state: str
    reason: str
    next_at: Moment | None
    attempts: int
    late: bool
    article_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDetail:
    """One feed."""

    source: SourceLine
    events: tuple[SourceEvent, ...]
    entries: tuple[EntryLine, ...]
    """The newest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryQuery:
    """Which entries."""

    source: Choice = None
    """The feed's id."""
    state: EntryState | None = None
    cursor: str | None = None
    limit: Limit = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryList:
    """A page of entries, the newest first."""

    items: tuple[EntryLine, ...]
    next: str | None


def source_list(board: Board, asked: SourceQuery) -> SourceList:
    """Feeds that are configured, those in trouble first, then by name."""
    known, start = board.store.feeds.health(), offset(asked.cursor)
    wanted = asked.q.casefold().strip()
    found = [feed for feed in known if wanted in f"{feed.name} {feed.url}".casefold() and asked.state in {None, feed.state}]
    found.sort(key=lambda feed: (not is_troubled(feed), _name(feed).casefold(), feed.id))
    shown = found[start : start + asked.limit]
    volumes = board.listings.volumes(board.now() - DAYS * DAY, [feed.id for feed in shown])
    return SourceList(
        items=tuple(_line(board, feed, volumes.get(feed.id, [])) for feed in shown),
        next=str(start + asked.limit) if len(found) > start + asked.limit else None,
        feeds=len(known),
        troubled=sum(is_troubled(feed) for feed in known),
    )


def is_troubled(feed: FeedHealth) -> bool:
    """Whether somebody should look at it."""
    return feed.failures > 0 or feed.state not in CALM


def _name(feed: FeedHealth) -> str:
    return feed.name or feed.site or feed.url


def source_detail(board: Board, feed_id: str) -> SourceDetail:
    """One feed with its newest entries.

    Raises:
        MissingError: none of that id is configured.
    """
    feed = next((each for each in board.store.feeds.health() if each.id == feed_id), None)
    if feed is None:
        raise MissingError(f"there is no source {feed_id}")
    volume = board.store.feeds.volume(feed_id, board.now() - DAYS * DAY)
    names = ("seq", "kind", "at", "reverted_at")
    return SourceDetail(
        source=_line(board, feed, volume),
        events=tuple(
            SourceEvent(**{name: row[name] for name in names}, detail=row["detail"] or {})
            for row in board.store.feeds.events(feed_id, limit=20)
        ),
        entries=tuple(_entry(row) for row in board.listings.entries(feed_id=feed_id, limit=30)),
    )


def entry_list(board: Board, asked: EntryQuery) -> EntryList:
    """Entries and what became of each."""
    rows = board.listings.entries(feed_id=asked.source, state=asked.state, before=after_time(asked.cursor), limit=asked.limit + 1)
    shown, more = cut(rows, asked.limit, by_time("first_seen"))
    return EntryList(items=tuple(_entry(row) for row in shown), next=more)


def _line(board: Board, feed: FeedHealth, volume: list[Row]) -> SourceLine:
    names = ("id", "url", "fetch_url", "site", "tier", "state", "reason", "since", "next_try", "polls", "failures")
    more = ("last_poll", "last_success", "last_entry", "interval", "rate", "lag")
    return SourceLine(
        **{name: getattr(feed, name) for name in (*names, *more)},
        tags=tuple(feed.tags or ()),
        name=_name(feed),
        troubled=is_troubled(feed),
        days=_days(volume, int(board.now() // DAY)),
    )


def _days(volume: list[Row], today: int) -> tuple[DayCount, ...]:
    known = {row["day"]: row for row in volume}
    return tuple(
        DayCount(day=day, counts={"entries": known[day]["entries"], "failures": known[day]["failures"]} if day in known else {})
        for day in range(today - DAYS + 1, today + 1)
    )


def _entry(row: Row) -> EntryLine:
    names = ("id", "url", "published", "first_seen", "state", "reason", "next_at", "attempts", "late", "article_id")
    return EntryLine(**{name: row[name] for name in names}, title=row["title"] or row["url"])
