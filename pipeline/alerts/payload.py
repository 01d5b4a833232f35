"""What does a message say? Builds the JSON of each webhook type and encodes it, once.

What is signed is what is sent, so the bytes are made here, kept with the alert, and never made again. The shape is a
contract (``config/schema/alert.schema.json``, ``pipeline.alerts.schema``): fields may be added, none is removed and a
null is kept. This module refuses to know the clock, the store and who receives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from pipeline.alerts import sentence
from pipeline.alerts.endpoints import Severity
from pipeline.alerts.identity import Event, EventCode, alert_id
from pipeline.model import Document, Evidence, Instant, Mention, Tier, Verdict

SCHEMA: Final = "1.0"
MATCHES: Final = 10
"""Mentions quoted in one message; ``mention_count`` gives the whole number."""
ALSO: Final = 20
"""Other sources of a story listed in one message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """Who is watched, and by which list."""

    list: str
    entity_id: str
    name: str
    kind: str
    tags: tuple[str, ...] = ()
    rule_rev: str = ""
    """``Matcher.revision`` that decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFacts:
    """The article that set it off."""

    id: str
    url: str
    title: str
    canonical_url: str | None = None
    author: str | None = None
    language: str | None = None
    word_count: int = 0
    text_sha256: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFacts:
    """Who published it."""

    id: str
    name: str
    domain: str
    feed_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLine:
    """The story it belongs to, as far as it is known now."""

    id: str
    sources: int
    """Sources that carry it, this one among them."""
    is_first: bool
    first_seen: Instant
    also: tuple[tuple[str, str], ...] = ()
    """(source, URL) of its other articles, newest first."""
    suppressed: int = 0
    """Reports of this story about this entity that were kept quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """When what happened."""

    published: str | None
    """As the publisher wrote it."""
    published_at: Instant | None
    """The same instant, where it could be read."""
    fetched: Instant
    matched: Instant
    alerted: Instant


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Pages of the dashboard; None where no address of it is set. None of them changes anything on GET."""

    view: str | None = None
    explain: str | None = None
    not_relevant: str | None = None
    mute: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Engine:
    """What decided, so that a strange alert can be traced to a version."""

    version: str
    extractor: str
    model: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertFacts:
    """Everything that one alert says."""

    event: Event
    tier: Tier
    severity: Severity
    reason: str
    """One sentence for a person: why this goes out."""
    watch: Watch
    verdict: Verdict
    document: Document
    """What the offsets of the verdict's mentions count in."""
    threshold: float
    """The score from which the matcher lets a mention through."""
    article: ArticleFacts
    source: SourceFacts
    story: StoryLine
    times: Times
    links: Links
    engine: Engine
    late: bool = False
    """Found much later than published, such as after an outage."""


def alert(facts: AlertFacts) -> dict[str, Any]:
    """An ``alert.match`` or ``alert.story_update``."""
    is_match = facts.event.code is EventCode.MATCH
    data = {
        "alert_id": alert_id(facts.watch.entity_id, facts.story.id, facts.event),
        "severity": facts.severity,
        "tier": facts.tier,
        "reason": facts.reason,
        "event": {"code": facts.event.code, "revision": facts.event.revision},
        "title": f"{facts.watch.name}: {'1 new story' if is_match else 'update of a story'}, {_count(facts.story.sources, 'source')}",
        "watch": _watch(facts.watch),
        "matches": matches(facts.verdict, facts.document),
        "mention_count": len(_shown(facts.verdict)),
        "role": facts.verdict.role,
        "threshold": facts.threshold,
        "article": _article(facts.article, facts.document),
        "source": _source(facts.source),
        "story": _story(facts.story),
        "times": _times(facts.times),
        "late": facts.late,
        "links": _links(facts.links),
        "engine": {"version": facts.engine.version, "extractor": facts.engine.extractor, "model": facts.engine.model},
    }
    return envelope("alert.match" if is_match else "alert.story_update", data, now=facts.times.alerted)


def envelope(kind: str, data: dict[str, Any], *, now: Instant, test: bool = False) -> dict[str, Any]:
    """The outer object that all types share."""
    return {"type": kind, "schema": SCHEMA, "timestamp": stamp(now), "test": test, "data": data}


def encode(payload: dict[str, Any]) -> bytes:
    """The bytes that are signed, kept and sent: UTF-8 JSON.

    Half a surrogate pair, which a broken page can carry and UTF-8 cannot, becomes U+FFFD; offsets stay true because one
    code point takes the place of one.
    """
    try:
        return orjson.dumps(payload)
    except (TypeError, orjson.JSONEncodeError):
        return orjson.dumps(_mended(payload))


def as_test(body: bytes, *, now: Instant) -> bytes:
    """The same message marked as a test and stamped ``now``; nothing else of it changes."""
    payload = orjson.loads(body)
    return encode({**payload, "timestamp": stamp(now), "test": True})


def stamp(instant: Instant) -> str:
    """``2026-11-23T06:40:06.123Z``."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def matches(verdict: Verdict, document: Document) -> list[dict[str, Any]]:
    """The best mentions, each with the sentence it stands in."""
    return [_match(mention, document) for mention in _shown(verdict)[:MATCHES]]


def _shown(verdict: Verdict) -> list[Mention]:
    """Mentions that speak for the alert, the surest first; those below every tier only explain."""
    counted = [mention for mention in verdict.mentions if mention.tier is not None]
    return sorted(counted, key=lambda mention: (-(mention.tier.rank if mention.tier else 0), -mention.score))


def _match(mention: Mention, document: Document) -> dict[str, Any]:
    text = document.part(mention.field)
    left, right = sentence.around(text, mention.start, mention.end)
    return {
        "field": mention.field,
        "surface": mention.surface,
        "alias": mention.alias,
        "tier": mention.tier,
        "sentence": text[left:right],
        "start": mention.start,
        "end": mention.end,
        "sentence_start": left,
        "sentence_end": right,
        "unit": "codepoint",
        "score": round(mention.score, 4),
        "why": _evidence(mention.why),
        "against": _evidence(mention.against),
    }


def _evidence(lines: Sequence[Evidence]) -> list[dict[str, Any]]:
    # without ``detail``: it may spell another entity's name, and a receiver that looks for names would take it for that one
    return [{"code": line.code, "weight": round(line.weight, 4)} for line in lines]


def _watch(watch: Watch) -> dict[str, Any]:
    return {
        "list": watch.list,
        "entity_id": watch.entity_id,
        "name": watch.name,
        "kind": watch.kind,
        "tags": list(watch.tags),
        "rule_rev": watch.rule_rev,
    }


def _article(article: ArticleFacts, document: Document) -> dict[str, Any]:
    return {
        "id": article.id,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "author": article.author,
        "language": article.language,
        "word_count": article.word_count,
        "text_sha256": article.text_sha256,
        "excerpt": sentence.opening(document.text or document.summary),
    }


def _source(source: SourceFacts) -> dict[str, Any]:
    return {"id": source.id, "name": source.name, "domain": source.domain, "feed_url": source.feed_url}


def _story(story: StoryLine) -> dict[str, Any]:
    return {
        "id": story.id,
        "size": story.sources,
        "is_first": story.is_first,
        "first_seen": stamp(story.first_seen),
        "also": [{"source": source, "url": url} for source, url in story.also[:ALSO]],
        "suppressed": story.suppressed,
    }


def _times(times: Times) -> dict[str, Any]:
    return {
        "published": times.published,
        "fetched": stamp(times.fetched),
        "matched": stamp(times.matched),
        "alerted": stamp(times.alerted),
        "lag_seconds": None if times.published_at is None else round(max(0.0, times.alerted - times.published_at), 1),
    }


def _links(links: Links) -> dict[str, Any]:
    return {"view": links.view, "explain": links.explain, "not_relevant": links.not_relevant, "mute": links.mute}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _without_halves(value)
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value


def _without_halves(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
