"""Which alert is this? Names made from what an alert is about, so that a re-run of the pipeline writes the same rows.

A retry, a replay and a second run after a crash all arrive at the same names; a new watchlist revision does not change
them, because it tells nobody anything new.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_DIGITS: Final = 20
"""Hexadecimal digits kept of a hash: 80 bits, so that a collision among a thousand million alerts has odds of 1 in 2 million."""


class EventCode(StrEnum):
    """What happened that is worth telling."""

    MATCH = "match"
    TIER_ROSE = "tier_rose"
    STORY_GREW = "story_grew"
    FIRST_TIER_SOURCE = "first_tier_source"
    NAMED_IN_EDIT = "named_in_edit"
    ANOTHER_REPORT = "another_report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One thing to tell about one entity in one story."""

    code: EventCode
    """What happened."""
    revision: int = 0
    """Which time, for what can happen more than once: the rank of the new tier, the size reached, a number made from the
    article's id. Never a clock."""


def alert_id(entity: str, story: str, event: Event) -> str:
    """``al_…``: the same for the same entity, story, event and revision of the event, for ever.

    It is the ``webhook-id`` too: what a receiver drops repeats by.
    """
    return _derive("al", entity, story, event.code, event.revision)


def revision_of(article: str) -> int:
    """An event's revision where each article is one: 31 bits of a hash, so that a re-run arrives at the same."""
    return int.from_bytes(hashlib.sha256(article.encode("utf-8", "surrogatepass")).digest()[:4], "big") >> 1


def notice_id(kind: str, *about: str | int) -> str:
    """``no_…``: a message that is not about a story (a digest, a silent source, a failing endpoint, a test)."""
    return _derive("no", kind, *about)


def _derive(prefix: str, *parts: str | int) -> str:
    digest = hashlib.sha256()
    for part in parts:  # the length goes first, so that no two lists of parts spell the same bytes
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return f"{prefix}_{digest.hexdigest()[:_DIGITS]}"
