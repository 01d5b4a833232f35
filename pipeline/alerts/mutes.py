"""Who asked for quiet about what, why, and until when?

A mute hides alerts and nothing else: the article is still matched and kept, the alert is listed as suppressed with the
mute's id, so that ``mutes show`` can say what it hid and, before it is made, what it would have hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.model import Instant, Verdict


class MuteKind(StrEnum):
    """What is muted."""

    ENTITY = "entity"
    ALIAS = "alias"
    SOURCE = "source"
    STORY = "story"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mute:
    """One wish for quiet."""

    id: str
    """``mu_…``"""
    kind: MuteKind
    value: str
    """The entity's id; the alias as the watchlist writes it; the feed's id or a host name (subdomains included); the story's id."""
    author: str
    """Who asked."""
    reason: str
    """Why, for whoever finds it later."""
    created: Instant
    until: Instant | None = None
    """When it ends; None means until it is lifted."""

    def is_active(self, now: Instant) -> bool:
        """Whether it counts at ``now``."""
        return self.created <= now and (self.until is None or now < self.until)

    def hides(self, verdict: Verdict, *, source: str, domain: str, story: str) -> bool:
        """Whether it hides this verdict on this article, as long as it is active.

        A muted alias hides only what rests on it: one mention by another name is enough to be told.
        """
        match self.kind:
            case MuteKind.ENTITY:
                return verdict.entity == self.value
            case MuteKind.ALIAS:
                counted = [mention.alias for mention in verdict.mentions if mention.tier is not None]
                return bool(counted) and all(alias.casefold() == self.value.casefold() for alias in counted)
            case MuteKind.SOURCE:
                return _is_source(self.value, source, domain)
            case MuteKind.STORY:
                return story == self.value


def first_that_hides(mutes: Iterable[Mute], *, facts_of: tuple[Verdict, str, str, str], now: Instant) -> Mute | None:
    """The first active mute that hides (verdict, source, domain, story), or None."""
    verdict, source, domain, story = facts_of
    active = (mute for mute in mutes if mute.is_active(now))
    return next((mute for mute in active if mute.hides(verdict, source=source, domain=domain, story=story)), None)


def hides_payload(kind: str, value: str, data: Mapping[str, Any]) -> bool:
    """Whether a mute of this kind and value would have hidden an alert that was sent, told from its ``data``."""
    match MuteKind(kind):
        case MuteKind.ENTITY:
            return bool(data["watch"]["entity_id"] == value)
        case MuteKind.ALIAS:
            return bool(data["matches"]) and all(match["alias"].casefold() == value.casefold() for match in data["matches"])
        case MuteKind.SOURCE:
            return _is_source(value, data["source"]["id"], data["source"]["domain"])
        case MuteKind.STORY:
            return bool(data["story"]["id"] == value)


def _is_source(value: str, source: str, domain: str) -> bool:
    return value in {source, domain} or domain.endswith(f".{value}")
