"""How fast do all feeds together turn? One number a process, kept up to date as feeds are polled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from math import pow as power
from typing import Final

from pipeline.feeds.habits import Learned
from pipeline.feeds.schedule import EXPONENT, Share, pace, share
from pipeline.feeds.spec import PollPolicy
from pipeline.store.feeds import FeedForPoll, FeedHealth

STALE: Final = 300.0
"""Seconds after which the pace is worked out anew."""


class Pacing:
    """The shared pace of all feeds whose interval nobody fixed."""

    def __init__(self, policy: PollPolicy) -> None:
        """Knows no feed yet; ``seed`` tells it of those in the ledger."""
        self._policy = policy
        self._shares: dict[str, Share] = {}
        self._pace: float | None = None
        self._until = 0.0

    def seed(self, feeds: Sequence[FeedHealth], least: Callable[[str], float]) -> None:
        """Begin with what the ledger remembers of every feed's rate; more exact weights come with each poll.

        ``least`` answers the minimum interval of a host.
        """
        self._shares = {
            feed.id: Share(
                root=power(feed.rate or self._policy.default_rate, EXPONENT),
                floor=max(self._policy.floor, least(feed.site)),
                least=least(feed.site),
            )
            for feed in feeds
            if feed.tier != 1
        }
        self._pace = pace(self._shares.values(), self._policy)

    async def renew(self, now: float) -> None:
        """Work the pace out anew where it is old; in a thread, since it looks at every feed some times: 70 ms for 10,000."""
        if self._pace is None or now < self._until:
            return
        self._until = now + STALE
        self._pace = await asyncio.to_thread(pace, tuple(self._shares.values()), self._policy)

    def of(self, feed: FeedForPoll, learned: Learned, *, least: float, now: float) -> float:
        """The pace for this feed's next interval. ``least``: the minimum interval of its host."""
        if feed.every is None and feed.tier != 1:
            self._shares[feed.id] = share(learned, self._policy, least=least)
        else:
            self._shares.pop(feed.id, None)
        if self._pace is None:
            self._pace, self._until = pace(self._shares.values(), self._policy), now + STALE
        return self._pace
