"""Has this feed moved for good?

A redirect is believed only when every hop of it was permanent, it led to the same place for a week and at five polls, and the place
showed an entry that the feed had shown before: hotel portals, expired domains and outages redirect too. http to https on the
same host and path is believed at once. What was believed is logged with the address before, so that it can be reverted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

from pipeline.feeds.spec import PollPolicy

DAY: Final = 86400.0


class Hop(Protocol):
    """One redirect, as the fetcher saw it."""

    @property
    def url(self) -> str:
        """From where."""
        ...

    @property
    def to(self) -> str:
        """To where."""
        ...

    @property
    def permanent(self) -> bool:
        """301 or 308."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A move that is being watched."""

    to: str
    since: float
    polls: int

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self | None:
        """From what the feed's row keeps; None where it keeps nothing usable."""
        if not stored or not {"to", "since", "polls"} <= stored.keys():
            return None
        return cls(to=stored["to"], since=stored["since"], polls=stored["polls"])

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"to": self.to, "since": self.since, "polls": self.polls}


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What to do about a poll's redirects."""

    believed: str | None = None
    """The address to ask from now on."""
    watching: Sighting | None = None
    """What to remember until the next poll."""


def judge(hops: Sequence[Hop], before: Sighting | None, *, shares_entry: bool, now: float, policy: PollPolicy) -> Move:
    """After a poll that brought a feed through ``hops`` (none: the feed is where it was, and nothing is remembered).

    ``shares_entry``: at least one entry of the answer is known from this feed, or the answer was a 304 or the same body.
    """
    if not hops or not all(hop.permanent for hop in hops):
        return Move()
    start, target = hops[0].url, hops[-1].to
    if _only_secured(start, target):
        return Move(believed=target)
    if not shares_entry:
        return Move()
    if before is None or before.to != target:
        return Move(watching=Sighting(to=target, since=now, polls=1))
    seen = Sighting(to=target, since=before.since, polls=before.polls + 1)
    if seen.polls >= policy.redirect_sightings and now - seen.since >= policy.redirect_days * DAY:
        return Move(believed=target)
    return Move(watching=seen)


def _only_secured(start: str, target: str) -> bool:
    """From http to https and nothing else: same host, default ports, same path and query."""
    old, new = urlsplit(start), urlsplit(target)
    same = (old.hostname, old.path or "/", old.query) == (new.hostname, new.path or "/", new.query)
    return same and old.scheme == "http" and new.scheme == "https" and old.port in {None, 80} and new.port in {None, 443}
