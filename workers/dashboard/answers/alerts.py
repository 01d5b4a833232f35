"""What alerted, why, and what became of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.alerts import sentence
from pipeline.store.alerts import AlertRow, AlertState
from pipeline.store.listings import Row
from workers.dashboard.answers.articles import ArticlePage, article_page
from workers.dashboard.answers.deliveries import DeliveryDetail, delivery_detail
from workers.dashboard.answers.shared import (
    Choice,
    Limit,
    Moment,
    Place,
    Quote,
    When,
    after_seq,
    by_seq,
    cut,
    evidence,
    loads,
    quote,
)
from workers.dashboard.board import Board, MissingError


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertQuery:
    """Which alerts."""

    entity: Choice = None
    """The entity's id."""
    watchlist: Choice = None
    state: AlertState | None = None
    """new, reviewed or dismissed."""
    story: Choice = None
    """The story's id."""
    since: When = None
    until: When = None
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Limit = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a reader said of an alert."""

    verdict: str
    """relevant or not_relevant."""
    alias: str
    author: str
    note: str
    at: Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertLine:
    """An alert as the list shows it."""

    id: str
    """Also its ``webhook-id``."""
    entity: str
    name: str
    """The entity's."""
    watchlist: str
    type: str
    severity: str
    tier: str
    score: float
    title: str
    reason: str
    """Why it went out."""
    state: str
    note: str
    author: str
    """Who set the state."""
    state_at: Moment | None
    created_at: Moment
    story_id: str
    article_id: str
    headline: str
    """The article's."""
    url: str
    language: str | None
    source: str
    source_id: str
    published: str | None
    """As the publisher wrote it."""
    lag_seconds: float | None
    """From published to alerted."""
    sources: int
    """That carried the story when it alerted."""
    also: tuple[Place, ...]
    quote: Quote | None
    """The surest mention."""
    more: int
    """Further mentions."""
    feedback: tuple[Judgement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertList:
    """A page of alerts, the newest first."""

    items: tuple[AlertLine, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A digest that the alert waits for or went out with."""

    endpoint: str
    reason: str
    due_at: Moment
    sent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertDetail:
    """Everything about an alert."""

    alert: AlertLine
    role: str
    """about: the article is about the entity; mention: it only names it."""
    threshold: float | None
    """The score from which this list alerts."""
    mentions: tuple[Quote, ...]
    """Each one with its evidence, from the ledger."""
    article: ArticlePage | None
    """None where retention has taken it."""
    deliveries: tuple[DeliveryDetail, ...]
    digests: tuple[Waiting, ...]
    payload: dict[str, Any]
    """As it was sent."""


def alert_list(board: Board, asked: AlertQuery) -> AlertList:
    """Alerts, the newest first."""
    rows = board.store.alerts.list(
        entity=asked.entity,
        watchlist=asked.watchlist,
        state=asked.state,
        story_id=asked.story,
        since=asked.since,
        until=asked.until,
        before=after_seq(asked.cursor),
        limit=asked.limit + 1,
    )
    shown, more = cut(rows, asked.limit, by_seq)
    return AlertList(items=lines(board, shown), next=more)


def lines(board: Board, rows: Sequence[AlertRow]) -> tuple[AlertLine, ...]:
    """Alerts with what their payloads and their readers say."""
    ids = [row.id for row in rows]
    bodies, judged = board.listings.bodies(ids), board.listings.judged(ids)
    return tuple(_line(board, row, loads(bodies.get(row.id)).get("data", {}), judged.get(row.id, [])) for row in rows)


def _line(board: Board, row: AlertRow, said: dict[str, Any], judged: list[Row]) -> AlertLine:
    article, source, story, times = (said.get(part, {}) for part in ("article", "source", "story", "times"))
    matches = said.get("matches", [])
    names = ("id", "entity", "watchlist", "type", "severity", "tier", "score", "title", "reason", "state", "note", "author", "state_at")
    return AlertLine(
        **{name: getattr(row, name) for name in names},
        created_at=row.created_at,
        story_id=row.story_id,
        article_id=row.article_id,
        name=board.name_of(row.entity),
        headline=article.get("title") or row.title,
        url=article.get("url") or "",
        language=article.get("language"),
        source=source.get("name") or source.get("domain") or "",
        source_id=source.get("id") or "",
        published=times.get("published"),
        lag_seconds=times.get("lag_seconds"),
        sources=story.get("size") or 1,
        also=tuple(Place(source=one["source"], url=one["url"]) for one in story.get("also", [])),
        quote=quote(matches[0]) if matches else None,
        more=max(0, (said.get("mention_count") or 0) - 1),
        feedback=tuple(_judgement(one) for one in judged),
    )


def _judgement(row: Row) -> Judgement:
    return Judgement(**{name: row[name] for name in ("verdict", "alias", "author", "note", "at")})


def alert_detail(board: Board, alert_id: str) -> AlertDetail:
    """Everything about one alert.

    Raises:
        MissingError: there is none of that id.
    """
    row = board.store.alerts.get(alert_id)
    found = board.store.alerts.show(alert_id)
    if row is None or found is None:
        raise MissingError(f"there is no alert {alert_id}")
    payload = loads(found["body"])
    said = payload.get("data", {})
    known = found["article"]
    return AlertDetail(
        alert=lines(board, [row])[0],
        role=said.get("role", "mention"),
        threshold=said.get("threshold"),
        mentions=tuple(_mention(one, known) for one in found["mentions"]) if known else tuple(quote(m) for m in said.get("matches", [])),
        article=article_page(board, row.article_id) if known else None,
        deliveries=tuple(delivery_detail(board, each["id"]) for each in found["deliveries"]),
        digests=tuple(
            Waiting(endpoint=one["endpoint"], reason=one["reason"], due_at=one["due_at"], sent=one["message_id"] is not None)
            for one in board.listings.digested(alert_id)
        ),
        payload=payload,
    )


def _mention(row: Row, article: Row) -> Quote:
    """A mention of the ledger in its sentence, cut out of the article as it is kept."""
    text = part_of(article, row["field"])
    left, right = sentence.around(text, row["start"], row["end"]) if text[row["start"] : row["end"]] == row["surface"] else (0, 0)
    whole = text[left:right] if right else row["surface"]
    return Quote(
        field=row["field"],
        sentence=whole,
        start=row["start"] - left if right else 0,
        end=row["end"] - left if right else len(row["surface"]),
        alias=row["alias"],
        tier=row["tier"],
        score=row["score"],
        why=evidence(row["ledger"]["why"]),
        against=evidence(row["ledger"]["against"]),
    )


def part_of(article: Row, field: str) -> str:
    """The text that offsets of ``field`` count in, as the matcher saw it."""
    match field:
        case "title" | "text" | "summary":
            return str(article[field])
        case "caption":
            return "\n".join(article["captions"] or ())
        case _:
            return "\n".join(line["text"] for line in article["removed"] or ())
