"""Who is watched, how often are they named, and which of their names are said to misfire?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Tier
from pipeline.store.alerts import AliasFeedback
from workers.dashboard.answers.alerts import AlertLine, lines
from workers.dashboard.answers.changes import MuteLine, mute_lines
from workers.dashboard.answers.shared import DayCount, Moment, Share, Word, offset
from workers.dashboard.board import DAY, Board, MissingError

DAYS: Final = 30
Days = Annotated[int, Field(ge=1, le=365)]
NO_TIER: Final = "none"
"""The series of mentions below every tier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityQuery:
    """Over how long."""

    days: Days = DAYS


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityListQuery:
    """Which entities, over how long."""

    q: Word = ""
    """Part of a name."""
    days: Days = DAYS
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Annotated[int, Field(ge=1, le=100)] = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityLine:
    """A watched entity."""

    id: str
    name: str
    kind: str
    watchlist: str
    aliases: tuple[str, ...]
    articles: int
    """That name it, in the span."""
    alerts: int
    """In the span."""
    tiers: dict[str, int]
    """Articles by tier; ``none`` for those below every tier."""
    days: tuple[DayCount, ...]
    not_relevant: int
    """Complaints of readers."""
    muted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityList:
    """A page of those who are watched, the most named first."""

    items: tuple[EntityLine, ...]
    next: str | None
    watched: int
    """All of them."""
    span_days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AliasSaid:
    """What readers said of a name."""

    alias: str
    relevant: int
    not_relevant: int
    last_at: Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityDetail:
    """One entity."""

    entity: EntityLine
    about: str
    strong_aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    context: tuple[str, ...]
    exclude: tuple[str, ...]
    namesakes: tuple[str, ...]
    related: tuple[str, ...]
    alerts_to: tuple[str, ...]
    alerts_at: str
    by_source: tuple[Share, ...]
    by_language: tuple[Share, ...]
    said: tuple[AliasSaid, ...]
    """What readers said of each name."""
    warnings: tuple[str, ...]
    """Names that the lists of words say will misfire."""
    mutes: tuple[MuteLine, ...]
    recent: tuple[AlertLine, ...]


def entity_list(board: Board, asked: EntityListQuery) -> EntityList:
    """Those who are watched: first whoever was named, then the others by name."""
    since, start = _since(board, asked.days), offset(asked.cursor)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in board.store.articles.verdicts_a_day(since):
        rows.setdefault(row["entity"], []).append(row)
    alerts = board.listings.alert_counts(since)
    said = board.store.alerts.feedback_by_alias()
    muted = _muted(board)
    ids = _ordered(board, rows, asked.q)
    shown = ids[start : start + asked.limit]
    return EntityList(
        items=tuple(_line(board, *board.watched[ident], rows.get(ident, []), alerts, said, muted, asked.days) for ident in shown),
        next=str(start + asked.limit) if len(ids) > start + asked.limit else None,
        watched=len(board.watched),
        span_days=asked.days,
    )


def _ordered(board: Board, rows: dict[str, list[dict[str, Any]]], part: str) -> list[str]:
    counted = {ident: sum(row["articles"] for row in found) for ident, found in rows.items() if ident in board.watched}
    named = sorted(counted, key=lambda ident: (-counted[ident], board.name_of(ident)))
    ids = [*named, *(ident for ident in board.by_name if ident not in counted)]
    wanted = part.casefold().strip()
    return [ident for ident in ids if wanted in board.name_of(ident).casefold()] if wanted else ids


def entity_detail(board: Board, entity_id: str, asked: EntityQuery) -> EntityDetail:
    """One entity.

    Raises:
        MissingError: nobody of that id is watched.
    """
    known = board.watched.get(entity_id)
    if known is None:
        raise MissingError(f"no watchlist has an entity {entity_id}")
    entity, one = known
    since = _since(board, asked.days)
    rows = board.store.articles.verdicts_a_day(since, entity=entity_id)
    said = [each for each in board.store.alerts.feedback_by_alias() if each.entity == entity_id]
    names = board.listings.feed_names()
    return EntityDetail(
        entity=_line(board, entity, one, rows, board.listings.alert_counts(since), said, _muted(board), asked.days),
        about=entity.about,
        strong_aliases=entity.strong_aliases,
        weak_aliases=entity.weak_aliases,
        context=entity.context,
        exclude=entity.exclude,
        namesakes=tuple(other.name for other in entity.namesakes),
        related=entity.related,
        alerts_to=one.alert.to,
        alerts_at=one.alert.at,
        by_source=_shares(rows, "feed_id", names),
        by_language=_shares(rows, "language", {}),
        said=tuple(
            AliasSaid(alias=each.alias or "(the whole alert)", relevant=each.relevant, not_relevant=each.not_relevant, last_at=each.last_at)
            for each in said
        ),
        warnings=_misfires(entity, one),
        mutes=tuple(each for each in mute_lines(board) if each.kind == "entity" and each.value == entity_id and each.active),
        recent=lines(board, board.store.alerts.list(entity=entity_id, limit=5)),
    )


def _since(board: Board, days: int) -> float:
    return (board.now() // DAY - days + 1) * DAY


def _muted(board: Board) -> set[str]:
    return {mute.value for mute in board.store.alerts.mutes(board.now()) if mute.kind == "entity"}


def _line(
    board: Board,
    entity: Entity,
    one: Watchlist,
    rows: list[dict[str, Any]],
    alerts: dict[str, int],
    said: Sequence[AliasFeedback],
    muted: set[str],
    days: int,
) -> EntityLine:
    tiers: Counter[str] = Counter()
    for row in rows:
        tiers[row["tier"] or NO_TIER] += row["articles"]
    return EntityLine(
        id=entity.id,
        name=entity.name,
        kind=entity.kind,
        watchlist=one.watchlist,
        aliases=entity.aliases,
        articles=sum(tiers.values()),
        alerts=alerts.get(entity.id, 0),
        tiers={tier: tiers[tier] for tier in (*reversed(Tier), NO_TIER)},
        days=_days(rows, board.now(), days),
        not_relevant=sum(each.not_relevant for each in said if each.entity == entity.id),
        muted=entity.id in muted,
    )


def _days(rows: list[dict[str, Any]], now: float, days: int) -> tuple[DayCount, ...]:
    today = int(now // DAY)
    counts: dict[int, Counter[str]] = {day: Counter() for day in range(today - days + 1, today + 1)}
    for row in rows:
        if row["day"] in counts:
            counts[row["day"]][row["tier"] or NO_TIER] += row["articles"]
    return tuple(DayCount(day=day, counts=dict(found)) for day, found in counts.items())


def _shares(rows: list[dict[str, Any]], key: str, names: dict[str, str]) -> tuple[Share, ...]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[key] or "unknown"] += row["articles"]
    return tuple(Share(key=name, label=names.get(name, name), count=count) for name, count in counts.most_common(12))


def _misfires(entity: Entity, one: Watchlist) -> tuple[str, ...]:
    from dataclasses import replace

    from pipeline.mentions.misfire import misfires

    return tuple(str(each) for each in misfires(replace(one, entities=(entity,))))
