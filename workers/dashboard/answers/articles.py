"""What is in the archive, what does an article say, and what was left out of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from workers.dashboard.answers.shared import EvidenceLine, Limit, Moment, When, evidence, offset
from workers.dashboard.board import Board, MissingError


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchQuery:
    """What to look for."""

    q: Annotated[str, Field(max_length=300)] = ""
    """Words that must all occur; ``"a phrase"``, ``word*``, ``-word``."""
    since: When = None
    until: When = None
    cursor: str | None = None
    """``next`` of the page before."""
    limit: Limit = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An article that a search found."""

    id: str
    title: str
    url: str
    excerpt: str
    language: str | None
    published: str | None
    matched_at: Moment
    """When it came into the archive."""
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchAnswer:
    """A page of what was found, the best first."""

    items: tuple[Found, ...]
    next: str | None
    archived: int
    """Articles in the archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovedPart:
    """A line that the page shows and that is not the story."""

    text: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """One place in the article where an entity stands. Offsets count code points in ``field``."""

    entity: str
    name: str
    field: str
    start: int
    end: int
    surface: str
    alias: str
    tier: str | None
    score: float
    why: tuple[EvidenceLine, ...]
    against: tuple[EvidenceLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruled:
    """What became of an entity in this article."""

    entity: str
    name: str
    tier: str | None
    score: float
    role: str
    mentions: int
    outcome: str
    """alerted, or why it was kept quiet."""
    alert_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """An archived article."""

    id: str
    title: str
    url: str
    canonical_url: str | None
    text: str
    summary: str
    captions: tuple[str, ...]
    removed: tuple[RemovedPart, ...]
    author: str | None
    published: str | None
    language: str | None
    status: str
    """ok, stub, paywalled, blocked, script_only, garbled or not_html."""
    word_count: int
    text_sha256: str
    extractor: str
    rule_rev: str
    """Of the watchlists that it was matched with."""
    fetched_at: Moment | None
    matched_at: Moment
    source_id: str
    source: str
    story_id: str | None
    entities: tuple[Ruled, ...]
    mentions: tuple[Named, ...]


def search(board: Board, asked: SearchQuery) -> SearchAnswer:
    """Full text over the archive."""
    start = offset(asked.cursor)
    hits = []
    if asked.q.strip():
        hits = board.store.articles.search(asked.q, since=asked.since, until=asked.until, limit=asked.limit + 1, offset=start)
    names = ("title", "url", "excerpt", "language", "published", "matched_at", "score")
    items = tuple(Found(id=hit.article_id, **{name: getattr(hit, name) for name in names}) for hit in hits[: asked.limit])
    more = str(start + asked.limit) if len(hits) > asked.limit else None
    return SearchAnswer(items=items, next=more, archived=board.store.articles.count())


def article_page(board: Board, article_id: str) -> ArticlePage:
    """One article with what was removed from it and everything that it names.

    Raises:
        MissingError: there is none of that id.
    """
    found = board.store.articles.get(article_id)
    if found is None:
        raise MissingError(f"there is no article {article_id}")
    names = ("id", "title", "url", "canonical_url", "text", "summary", "author", "published", "language", "status", "word_count")
    more = ("text_sha256", "extractor", "rule_rev", "fetched_at", "matched_at")
    return ArticlePage(
        **{name: getattr(found, name) for name in (*names, *more)},
        captions=tuple(found.captions or ()),
        removed=tuple(RemovedPart(text=line["text"], reason=line["reason"]) for line in found.removed or ()),
        source_id=found.feed_id,
        source=_source(board, found.feed_id),
        story_id=board.listings.story_of(article_id),
        entities=_ruled(board, article_id),
        mentions=tuple(_named(board, row) for row in board.store.articles.ledger(article_id)),
    )


def _source(board: Board, feed_id: str) -> str:
    feed = board.store.feeds.get(feed_id)
    return (feed.name or feed.site or feed.url) if feed else feed_id


def _ruled(board: Board, article_id: str) -> tuple[Ruled, ...]:
    sent, quiet = board.listings.decided(article_id)
    alerted = {row["entity"]: row["id"] for row in sent}
    silent = {row["entity"]: str((row["detail"] or {}).get("says") or row["reason"]) for row in quiet}

    def outcome(entity: str, tier: str | None) -> str:
        if entity in alerted:
            return "alerted"
        return silent.get(entity) or ("below every tier" if tier is None else "matched, nothing to tell")

    return tuple(
        Ruled(
            **{name: row[name] for name in ("entity", "tier", "score", "role", "mentions")},
            name=board.name_of(row["entity"]),
            outcome=outcome(row["entity"], row["tier"]),
            alert_id=alerted.get(row["entity"]),
        )
        for row in board.listings.verdicts(article_id)
    )


def _named(board: Board, row: dict[str, Any]) -> Named:
    names = ("entity", "field", "start", "end", "surface", "alias", "tier", "score")
    ledger = row["ledger"]
    return Named(
        **{name: row[name] for name in names},
        why=evidence(ledger["why"]),
        against=evidence(ledger["against"]),
        name=board.name_of(row["entity"]),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainQuery:
    """Which address."""

    url: Annotated[str, Field(max_length=2000)] | None = None
    """As the feed links it, as it ended, or the canonical one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLine:
    """A fetch of the address."""

    id: str
    final_url: str
    status: int | None
    """HTTP; null where the text came with the feed."""
    state: str
    lane: str
    fetched_at: Moment
    sha256: str
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedEntry:
    """One entry under the address."""

    id: str
    url: str
    title: str
    state: str
    reason: str
    attempts: int
    """Fetches that failed."""
    late: bool
    first_seen: Moment
    since: Moment
    source: str | None
    pages: tuple[PageLine, ...]
    article_id: str | None
    entities: tuple[Ruled, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What is known of an address; empty where nothing is."""

    items: tuple[ExplainedEntry, ...]


def explain(board: Board, asked: ExplainQuery) -> Explained:
    """What became of an address, and why."""
    found = board.store.entries.why(asked.url) if asked.url else []
    return Explained(items=tuple(_explained(board, one) for one in found))


def _explained(board: Board, one: dict[str, Any]) -> ExplainedEntry:
    entry, article = one["entry"], one["article"]
    kept = ("id", "url", "title", "state", "reason", "attempts", "late", "first_seen", "since")
    return ExplainedEntry(
        **{name: entry[name] for name in kept},
        source=one["feed"]["name"] if one["feed"] else None,
        pages=tuple(PageLine(**{name: each[name] for name in PageLine.__slots__}) for each in one["pages"]),
        article_id=article["id"] if article else None,
        entities=_ruled(board, article["id"]) if article else (),
    )
