"""What a person writes about a feed in feeds.yaml, and what stands there when nothing is written.

This module holds the policy types of the sources; it knows neither YAML nor the network. A feed's learned state (its
rate, its validators, its health) is a row of the store, never a field here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Duration, Politeness


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedSpec:
    """One source, as feeds.yaml or an OPML file names it."""

    url: str
    """Where the feed is. ``file:///path`` reads a file or a directory of feed files on this machine."""
    name: str = ""
    """What people call it; the feed's own title when empty."""
    every: Duration | None = None
    """Poll this often, whatever the learned rate says. Only Retry-After and robots.txt beat it."""
    tier: int = 2
    """1 = watch (polled at least every 2 minutes), 2 = normal, 3 = may be late."""
    tags: tuple[str, ...] = ()
    """Carried into documents and alerts, and usable in rules."""
    headers: dict[str, str] | None = None
    """Sent with requests for this feed and its articles, to the feed's own host only."""
    politeness: Politeness | None = None
    """In place of the host's and the network's politeness for this feed's host."""
    backlog: str | None = None
    """``none``: what the first successful poll finds is archived and matched but does not alert. A duration such as
    ``24h``: entries no older than that alert. None: the setting of all feeds."""
    since: Duration | None = None
    """The same as a duration in ``backlog``: entries of the first successful poll that are no older alert."""
    full_text: bool | None = None
    """True: the feed carries whole articles, never fetch the page. False: always fetch. None: decide for each entry."""
    enabled: bool = True
    """False keeps the feed and its history, and polls nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PollPolicy:
    """How often feeds are asked. The numbers are those of the schedule replay in bench/schedule_replay.py."""

    floor: Duration = 600.0
    """Shortest interval of a feed that did not ask to be read more often."""
    watch_interval: Duration = 120.0
    """Longest interval of a feed in tier 1."""
    ceiling: Duration = 86400.0
    """Longest interval of any healthy feed."""
    requests_per_feed: float = 24.6
    """The request budget: polls a feed and day, on average over all feeds. 24 is what a fixed hour costs; with what learning costs
    the default comes to 1.05 times that."""
    default_rate: float = 6.0
    """Entries a day assumed of a feed that nothing is known about."""
    soft_retry_ceiling: Duration = 21600.0
    """Longest wait after errors that pass by themselves (timeouts, 5xx, 429)."""
    hard_retry_ceiling: Duration = 86400.0
    """Longest wait after errors that somebody has to mend (404, 401, not a feed)."""
    first_retry: Duration = 60.0
    """Wait after the first error; doubles with each further one."""
    max_age: Duration = 259200.0
    """Entries older than this at discovery are archived and go to the digest, never alert instantly."""
    backlog: str = "none"
    """What the first successful poll of a feed may alert: ``none``, or a duration such as ``24h``."""
    lease: Duration = 120.0
    """How long a poller may hold a feed before another one takes it."""
    late_after: Duration = 3600.0
    """Entries that were published longer ago than this when they are first seen are marked late."""
    gone_window: Duration = 86400.0
    """A second 410 within this time parks the feed."""
    silent_after: float = 6.0
    """A feed is silent when it is quiet for this many times its usual gap, and at least ``silent_floor``."""
    silent_floor: Duration = 21600.0
    """No feed counts as silent before this."""
    report_to: tuple[str, ...] = ()
    """Ids of the endpoints that are told when a source falls silent and when it is back; empty means all of them."""
    redirect_days: float = 7.0
    """A moved feed is believed after this many days ..."""
    redirect_sightings: int = 5
    """... and this many polls that were all sent to the same place."""
    in_flight: int = 64
    """Feeds polled at the same time by one poller."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectPolicy:
    """How articles are fetched."""

    attempts: int = 10
    """Tries of an article that answers 408, 429, 5xx, 522, 524 or not at all; then it is parked with its reason."""
    hot_attempts: int = 3
    """An entry whose title or summary names somebody is analysed without its page after so many tries: half a minute."""
    first_retry: Duration = 20.0
    """Wait before the second try; later ones grow so that all tries together span about a day."""
    retry_ceiling: Duration = 21600.0
    lease: Duration = 180.0
    in_flight: int = 64
    """Articles fetched at the same time by one collector."""
    robots: bool = True
    """Ask robots.txt before fetching an article. Feeds are published to be read by machines and are not asked for."""
    full_text_chars: int = 1500
    """A feed entry whose own text is at least this long, and not cut short, is used as the article."""
    use_full_text: bool = True
    """Use what the feed carries in full instead of fetching the page."""
