"""What came out of a feed's bytes, whichever reader read them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class PublisherHints:
    """How often and when the publisher wants to be asked."""

    interval: float | None = None
    """Seconds: the longest of RSS ``ttl`` and ``sy:updatePeriod`` / ``sy:updateFrequency`` that the feed names."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, UTC, 0 to 23, in which nothing new will be there."""
    skip_days: tuple[int, ...] = ()
    """Weekdays, Monday is 0, in which nothing new will be there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedFeed:
    """A feed as it says itself, entries in the feed's own order."""

    kind: str
    """``rss``, ``rdf``, ``atom``, ``cdf``, ``json``, ``sitemap``, ``sitemap_index`` or ``unknown``."""
    entries: tuple[Entry, ...] = ()
    title: str = ""
    link: str = ""
    """The site that the feed belongs to."""
    language: str | None = None
    self_url: str | None = None
    hub: str | None = None
    """A WebSub hub, where the feed names one."""
    hints: PublisherHints = PublisherHints()
    maps: tuple[str, ...] = ()
    """Addresses of further sitemaps, of an index only, those that changed last first."""
    damage: str | None = None
    """Why these entries may not be all: the reader had to guess. None when the document was sound."""

    @property
    def needs_authority(self) -> bool:
        """True when feedparser should read the same bytes and the fuller answer should win."""
        return self.damage is not None
