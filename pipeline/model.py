"""The nouns of the trade, one type for each moment of a news item's life.

``Feed`` → ``Entry`` → ``Page`` → ``Article`` → ``Mention`` → ``Story`` → ``Alert`` → ``Delivery``.

This module holds data only. Times that the service decides by are ``Instant``: Unix seconds, UTC, as a float, because
leases and schedules compare and add them millions of times and both databases keep them alike. Times that a publisher
wrote stay ISO 8601 strings in the publisher's own offset, because rewriting them would lose what was said.
Offsets are code points into the field that they name, and ``field[start:end] == surface`` always holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

Instant = float
"""Unix seconds, UTC."""

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


def parse_duration(written: object) -> object:
    """``"90s"``, ``"10m"``, ``"24h"``, ``"7d"`` or a number of seconds to seconds; anything else raises ValueError."""
    if isinstance(written, str):
        number, unit = written.strip()[:-1], written.strip()[-1:]
        if unit not in _UNITS:
            raise ValueError(f"{written!r} is not a duration; write 30s, 10m, 24h or 7d")
        try:
            return float(number) * _UNITS[unit]
        except ValueError:
            raise ValueError(f"{written!r} is not a duration; write 30s, 10m, 24h or 7d") from None
    return written


class InSeconds:
    """Marks a float that YAML may write as a duration.

    The two hooks are what pydantic looks for by name; they build plain dictionaries, so that stages may use this type
    without importing pydantic.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        """A before-validator around the schema of float."""
        return {"type": "function-before", "function": {"type": "no-info", "function": parse_duration}, "schema": handler(source)}

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        """A number of seconds, or a string such as ``10m``."""
        return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?[smhdw]$"}]}


Duration = Annotated[float, InSeconds()]
"""Seconds. In YAML it may be written ``30s``, ``10m``, ``24h`` or ``7d``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Politeness:
    """What one host is asked to bear from all pollers and workers together."""

    in_flight: int = 2
    """Requests to the host at the same time."""
    gap: Duration = 1.0
    """Seconds between the starts of two requests to the host."""
    minimum_interval: Duration = 0.0
    """No feed of the host is polled again sooner than this, whatever was learned; an explicit ``every`` beats it."""


class Tier(StrEnum):
    """How sure an alert is. Ordered by ``rank``: confirmed > probable > possible."""

    POSSIBLE = "possible"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """0 for possible, 1 for probable, 2 for confirmed."""
        return _TIER_RANK[self]


_TIER_RANK = {Tier.POSSIBLE: 0, Tier.PROBABLE: 1, Tier.CONFIRMED: 2}


class Field(StrEnum):
    """The part of a document that a mention stands in."""

    TITLE = "title"
    TEXT = "text"
    SUMMARY = "summary"
    CAPTION = "caption"
    REMOVED = "removed"


class Role(StrEnum):
    """Whether an article is about an entity or only names it."""

    ABOUT = "about"
    MENTION = "mention"


class Kind(StrEnum):
    """What sort of thing an entity is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    PLACE = "place"
    PRODUCT = "product"
    OTHER = "other"


class Lane(StrEnum):
    """Which queue a page waits in: hot pages may matter, cold ones are for the archive."""

    HOT = "hot"
    COLD = "cold"


class EntryState(StrEnum):
    """Where an entry is. The last five are final, and every entry reaches one of them with its reason."""

    NEW = "new"
    RETRYING = "retrying"
    FETCHED = "fetched"
    ALERTED = "alerted"
    NO_MATCH = "no_match"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    FAILED = "failed"


class PageStatus(StrEnum):
    """What a page turned out to be; ``text`` always holds what it really gives."""

    OK = "ok"
    STUB = "stub"
    PAYWALLED = "paywalled"
    BLOCKED = "blocked"
    SCRIPT_ONLY = "script_only"
    GARBLED = "garbled"
    NOT_HTML = "not_html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One item of a feed, as the feed gives it; nothing is fetched yet."""

    id: str
    """guid (RSS) or id (Atom, JSON Feed); the URL where the feed gives none."""
    url: str
    title: str = ""
    summary: str = ""
    """Plain text or HTML, as the feed gives it."""
    content: str = ""
    """Full text as HTML where the feed carries it, else empty."""
    author: str | None = None
    published: str | None = None
    """ISO 8601 in the publisher's offset, or None."""
    updated: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovedLine:
    """A line that the page shows and that is not the story."""

    text: str
    reason: str
    """A stable code such as ``newsletter``, ``caption``, ``site_memory``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extraction:
    """What a page says, and what was left out of it."""

    status: PageStatus
    title: str | None = None
    text: str = ""
    """Paragraphs separated by one newline."""
    captions: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    author: str | None = None
    """Names joined by ``; ``."""
    published: str | None = None
    language: str | None = None
    """ISO 639-1."""
    canonical_url: str | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """What the matcher reads. ``captions`` and ``removed`` are their lines joined by one newline."""

    id: str
    title: str = ""
    text: str = ""
    summary: str = ""
    captions: str = ""
    removed: str = ""
    language: str | None = None
    url: str | None = None
    source: str | None = None
    """The feed's id or name, for source filters in rules."""
    tags: tuple[str, ...] = ()
    """The feed's tags, for tag filters in rules."""

    def part(self, where: Field) -> str:
        """The text that offsets of ``where`` count in."""
        match where:
            case Field.TITLE:
                return self.title
            case Field.TEXT:
                return self.text
            case Field.SUMMARY:
                return self.summary
            case Field.CAPTION:
                return self.captions
            case Field.REMOVED:
                return self.removed


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One line of the ledger."""

    code: str
    """Stable name of the reason, such as ``full_name_in_text``."""
    weight: float
    """Always positive; the list that it stands in says for or against."""
    detail: str = ""
    """What a person wants to see: the word, the other name, the distance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """One place where an entity's name stands, with everything that speaks for and against it."""

    entity: str
    field: Field
    start: int
    end: int
    surface: str
    alias: str
    """The name or alias of the watchlist that it was found by."""
    tier: Tier | None
    """None below ``possible``."""
    score: float
    """0 to 1."""
    why: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one document says of one entity; the best mention decides."""

    entity: str
    tier: Tier | None
    score: float
    role: Role
    mentions: tuple[Mention, ...] = field(default=())
