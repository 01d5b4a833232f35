"""How often does a feed speak, and at what hours? What polls teach, kept with the feed as a value.

Nothing here knows the time: moments are arguments, and what was learned goes in and comes out. When to ask next is the schedule's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Self

from pipeline.feeds.parsed import PublisherHints
from pipeline.feeds.spec import PollPolicy

DAY: Final = 86400.0
HOUR: Final = 3600.0
MEMORY: Final = 5 * DAY
"""What was seen this long ago counts a third (1/e): long enough for a curve of the day, short enough for an election."""
PRIOR: Final = 0.25
"""Days of the default rate that a new feed is credited with, so that its first hours do not decide alone."""
FLAT: Final = 12.0
"""Entries spread evenly over the day that every curve begins with."""
KNOWN_SHARE: Final = 1 / 3
"""A poll of whose entries less than this share is known was nearly too late: the interval is halved."""
SHORTEST: Final = 60.0
"""No interval is made shorter than this for fear that the window turns over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """What polls have taught about a feed's habits; stored with the feed as plain JSON."""

    counts: tuple[float, ...] = (0.0,) * 24
    """Entries by hour of the day (UTC), decayed."""
    days: float = 0.0
    """Days watched, decayed alike."""
    window: int = 0
    """Entries that the feed held when it was read last."""
    gap: float = 0.0
    """The longest silence between two new entries, in seconds, slowly forgotten."""
    cap: float | None = None
    """No interval longer than this until the feed was seen to turn over slowly again."""
    hint: float | None = None
    """What the publisher wrote into the feed, in seconds; kept because a 304 does not repeat it."""
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """From what ``to_json`` gave, unknown and missing keys allowed."""
        known: dict[str, Any] = {field.name: stored[field.name] for field in fields(cls) if stored.get(field.name) is not None}
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "counts": [round(count, 3) for count in self.counts],
            "days": round(self.days, 4),
            "window": self.window,
            "gap": self.gap,
            "cap": self.cap,
            "hint": self.hint,
            "skip_hours": list(self.skip_hours),
            "skip_days": list(self.skip_days),
        }


def learn(before: Learned, *, elapsed: float, times: Sequence[float], silence: float, window: int | None, known: int | None) -> Learned:
    """What a successful poll adds.

    ``elapsed``: seconds since the poll before. ``times``: when the new entries appeared, Unix seconds. ``silence``: seconds between the
    entry before and the first of them, 0 where nothing is new. ``window``: entries in the document, None for one unchanged. ``known``:
    how many of them were seen before, None where nothing can be said (the first poll).
    """
    keep = math.exp(-elapsed / MEMORY)
    counts = [count * keep for count in before.counts]
    for time in times:
        counts[int(time % DAY // HOUR)] += 1
    cap = before.cap
    if window and known is not None:
        cap = _cap(before, elapsed, window, known)
    return replace(
        before,
        counts=tuple(counts),
        days=before.days * keep + elapsed / DAY,
        window=before.window if window is None else window,
        gap=max(before.gap * math.exp(-elapsed / (6 * MEMORY)), silence),
        cap=cap,
    )


def _cap(before: Learned, elapsed: float, window: int, known: int) -> float | None:
    if known < KNOWN_SHARE * window:
        return max(SHORTEST, min(elapsed, before.cap or elapsed) / 2)
    if before.cap is None or before.cap > DAY:
        return None
    return before.cap * 1.25 if known > 0.6 * window else before.cap


def first_lesson(times: Sequence[float], now: float, window: int) -> Learned:
    """What the dates within a feed say at its first successful poll, before anything was watched happening.

    The undated and the future count as nothing. At most a week of the past is believed, as a third of its worth.
    """
    recent = sorted(time for time in times if now - 7 * DAY < time <= now)
    if len(recent) < 2:  # noqa: PLR2004 - a span needs two ends
        return Learned(window=window)
    span = max(now - recent[0], HOUR / 4)
    worth = min(1.0, span / DAY) / 3
    counts = [0.0] * 24
    scale = worth * DAY / span
    for time in recent[1:]:
        counts[int(time % DAY // HOUR)] += scale
    gaps = [later - earlier for earlier, later in pairwise(recent)]
    return Learned(counts=tuple(counts), days=worth, window=window, gap=max(gaps))


def rate(learned: Learned, policy: PollPolicy) -> float:
    """Entries a day."""
    return (sum(learned.counts) + PRIOR * policy.default_rate) / (learned.days + PRIOR)


@lru_cache(maxsize=256)
def curve(learned: Learned, policy: PollPolicy) -> tuple[float, ...]:
    """The rate, entries a day, in each hour of the day (UTC). Neighbouring hours are smoothed into each other."""
    average = rate(learned, policy)
    raw = learned.counts
    smooth = [(raw[h - 1] + 2 * raw[h] + raw[(h + 1) % 24]) / 4 + FLAT / 24 for h in range(24)]
    whole = sum(smooth) / 24
    return tuple(average * part / whole for part in smooth)


def with_hints(learned: Learned, hints: PublisherHints) -> Learned:
    """What the document itself says, remembered for the polls that bring no document."""
    return replace(learned, hint=hints.interval, skip_hours=hints.skip_hours, skip_days=hints.skip_days)


def expected(learned: Learned, since: float, now: float, policy: PollPolicy) -> float:
    """How many entries a feed should have brought between two moments, by its own habits."""
    hours = curve(learned, policy)
    whole_days, rest = divmod(max(0.0, now - since), DAY)
    total = whole_days * sum(hours) / 24
    time, end = now - rest, now
    while time < end:
        step = min(HOUR - time % HOUR, end - time)
        total += hours[int(time % DAY // HOUR)] * step / DAY
        time += step
    return total
