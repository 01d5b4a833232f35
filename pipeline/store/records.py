"""What does an analysis hand to the ledger? The values of ``Analysis.record``, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import EntryState, Instant, RemovedLine, Tier, Verdict
from pipeline.store.sites import SiteLearned
from pipeline.store.stories import StoryRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord:
    """What the page says."""

    title: str
    text: str
    status: str
    url: str
    summary: str = ""
    canonical_url: str | None = None
    captions: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    author: str | None = None
    published: str | None = None
    published_at: Instant | None = None
    language: str | None = None
    word_count: int = 0
    extractor: str = ""
    rule_rev: str = ""
    fetched_at: Instant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictRecord:
    """A verdict and the list that asked for it."""

    watchlist: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryPlan:
    """Where an alert goes, and when."""

    endpoint: str
    next_at: Instant
    digest: str | None = None
    """Name of the digest that it waits for instead of being sent by itself at ``next_at``."""
    reason: str = ""
    """Why it waits for the digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertRecord:
    """A decided alert. Its id and its message's id follow from entity, story, event and revision."""

    entity: str
    watchlist: str
    story_id: str
    article_id: str
    event: str
    """``match``, ``story_update`` …"""
    revision: int
    type: str
    """The payload's type, such as ``alert.match``."""
    severity: str
    tier: Tier
    score: float
    title: str
    reason: str
    created_at: Instant
    body: bytes
    """Encoded once; what is signed and sent."""
    deliveries: tuple[DeliveryPlan, ...] = ()
    size: int = 1
    """Articles in the story now."""
    late: bool = False
    """Found much later than it was published."""
    sources: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the next decision on this entity in this story wants to know (source tiers, last update …)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionRecord:
    """An alert that was not sent, and why."""

    entity: str
    watchlist: str
    article_id: str
    reason: str
    tier: Tier
    story_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    mute: int | None = None
    """The mute that hid it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnalysisRecord:
    """The whole outcome of one page."""

    page_id: str
    owner: str | None
    at: Instant
    state: EntryState
    reason: str
    article: ArticleRecord | None = None
    """None where nothing could be read."""
    verdicts: tuple[VerdictRecord, ...] = ()
    story: StoryRecord | None = None
    alerts: tuple[AlertRecord, ...] = ()
    suppressions: tuple[SuppressionRecord, ...] = ()
    learned: SiteLearned | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What a record really changed."""

    held: bool
    """False where another worker holds or has finished the page: then nothing was written."""
    alerts: tuple[str, ...] = ()
    """Ids of alerts that are new; one that was there before is not repeated."""
    deliveries: tuple[str, ...] = ()
