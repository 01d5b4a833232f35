"""When is this feed asked next?

All feeds share a budget of requests. The mean lag is smallest when each feed's interval goes with one over the square root of its
rate (Cho and Garcia-Molina, "Effective page refresh policies", 2003); a slightly flatter power spares the readers of slow feeds
the longest waits. The rate follows the hour of the day, so a feed is asked again when the integral of that power of its rate
has grown by the same amount for every feed, the pace. What limits this stands below: the publisher's hints, a window that
would turn over, the watch tier, and an interval that a person wrote, which beats everything but Retry-After.

Nothing here knows the time: ``now`` is an argument, and what was learned goes in and comes out as a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Self

from pipeline.backoff import Dice
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
EXPONENT: Final = 0.4
"""The power of the rate that intervals go with. 0.5 has the best mean; 0.4 costs the median half a minute of seven and takes two to
three off the 95th percentile of fifty-odd (bench/schedule_replay.py)."""
JITTER: Final = 0.05
"""Largest share added to an interval at random."""
SAFETY: Final = 6.5
"""A feed is asked again before its window can have turned over: so many standard deviations of a Poisson count are kept free. It takes
so many because news comes in bursts; the replay of 1,000 feeds loses about one entry in 20,000 with it ..."""
SHORTEST: Final = 60.0
"""... but never sooner than this because of it."""
KNOWN_SHARE: Final = 1 / 3
"""A poll of whose entries less than this share is known was nearly too late: the interval is halved."""


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
        stored = asdict(self)
        return stored | {"counts": [round(count, 3) for count in self.counts], "days": round(self.days, 4)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The next poll."""

    at: float
    interval: float
    why: str
    """``every``, ``watch``, ``rate``, ``floor``, ``ceiling``, ``politeness``, ``hint``, ``window``, ``skip``."""


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


def root(learned: Learned, policy: PollPolicy) -> float:
    """The day's mean of the square root of the rate: what a feed weighs when the budget is divided."""
    return sum(math.pow(part, EXPONENT) for part in curve(learned, policy)) / 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one feed wants of the budget."""

    root: float
    """The day's mean of the square root of its rate."""
    floor: float = 0.0
    """No interval shorter than this, seconds."""
    limit: float = math.inf
    """No interval longer than this, seconds: its window would turn over."""


def share(learned: Learned, policy: PollPolicy, fresh_for: float | None = None) -> Share:
    """The share of a feed with these habits."""
    hours = curve(learned, policy)
    limit = math.inf
    if learned.window:
        limit = max(SHORTEST, 24 / sum(1 / _window_lasts(learned.window, hour) for hour in hours))
    hint = max(learned.hint or 0.0, fresh_for or 0.0)
    return Share(root=root(learned, policy), floor=min(hint or policy.floor, policy.ceiling), limit=min(limit, learned.cap or math.inf))


def pace(shares: Iterable[Share], policy: PollPolicy) -> float:
    """How much the integral of the root of the rate grows between two polls, so that all feeds together keep the budget.

    In seconds times the root of entries a day. Feeds that are held back give their requests to the others, and feeds whose windows
    are short take theirs from them.
    """
    wanted = [(max(one.root, 1e-6), max(one.floor, SHORTEST), min(one.limit, policy.ceiling)) for one in shares]
    if not wanted:
        return HOUR * math.pow(policy.default_rate, EXPONENT)
    budget = len(wanted) * policy.requests_per_feed / DAY * (1 + JITTER / 2)
    low, high = 1e-3, policy.ceiling * max(root for root, _, _ in wanted)
    for _ in range(40):
        middle = math.sqrt(low * high)
        spent = sum(1 / max(min(middle / root, limit), min(floor, limit)) for root, floor, limit in wanted)
        low, high = (middle, high) if spent > budget else (low, middle)
    return high


def plan(
    now: float,
    learned: Learned,
    *,
    policy: PollPolicy,
    pace: float,
    every: float | None = None,
    tier: int = 2,
    fresh_for: float | None = None,
    least: float = 0.0,
    rng: Dice | None = None,
) -> Plan:
    """When to poll next after a poll that worked and began at ``now``.

    ``least``: the minimum interval of the feed's host, in seconds. A person wrote it, so only ``every`` is stronger.
    """
    if every is not None:
        return Plan(at=now + every, interval=every, why="every")
    if tier == 1:
        interval = max(policy.watch_interval, least)
        return Plan(at=now + interval, interval=interval, why="politeness" if interval > policy.watch_interval else "watch")
    hours = curve(learned, policy)
    wanted = _until(now, hours, pace * (2.0 if tier > 2 else 1.0), policy.ceiling)  # noqa: PLR2004 - 2 is the normal tier
    interval, why = wanted, "rate"
    floor = max(learned.hint or 0.0, fresh_for or 0.0)
    asked = floor > 0
    floor = min(floor if asked else policy.floor, policy.ceiling)
    turnover = _turnover(now, hours, learned)
    if interval > turnover:
        interval, why, floor = turnover, "window", floor if asked else min(floor, turnover)
    if interval < floor:
        interval, why = floor, "hint" if asked else "floor"
    if interval >= policy.ceiling:
        interval, why = policy.ceiling, "ceiling"
    if interval < least:
        interval, why = least, "politeness"
    if rng is not None and why != "window":
        interval *= 1 + JITTER * rng.random()
    at = _past_skips(now + interval, learned)
    return Plan(at=at, interval=at - now, why="skip" if at > now + interval else why)


def _until(now: float, hours: Sequence[float], amount: float, ceiling: float) -> float:
    """Seconds until the integral of the root of the rate from ``now`` on reaches ``amount``."""
    time, left = now, amount
    while time - now < ceiling:
        step = HOUR - time % HOUR
        speed = math.pow(hours[int(time % DAY // HOUR)], EXPONENT)
        if speed * step >= left:
            return time - now + left / speed
        left -= speed * step
        time += step
    return ceiling


def _turnover(now: float, hours: Sequence[float], learned: Learned) -> float:
    """The longest interval in which the feed's window cannot turn over, by its rate and by what was seen."""
    if not learned.window:
        return learned.cap or math.inf
    fastest = max(hours[int((now + ahead * HOUR) % DAY // HOUR)] for ahead in range(3))
    return max(SHORTEST, min(_window_lasts(learned.window, fastest), learned.cap or math.inf))


def _window_lasts(window: int, rate: float) -> float:
    """Seconds in which hardly more than ``window`` entries appear at ``rate`` a day.

    The count expected in that time, plus ``SAFETY`` times its root, is the window.
    """
    count = ((math.sqrt(SAFETY**2 + 4 * window) - SAFETY) / 2) ** 2
    return count / max(rate, 1e-6) * DAY


def _past_skips(at: float, learned: Learned) -> float:
    """The first moment from ``at`` on that the publisher does not skip; RSS counts hours and days in GMT."""
    if not learned.skip_hours and not learned.skip_days:
        return at
    if len(learned.skip_hours) >= 24 or len(learned.skip_days) >= 7:  # noqa: PLR2004 - skips everything: says nothing
        return at
    for _ in range(24 * 8):
        weekday = int(at // DAY + 3) % 7  # 1 January 1970 was a Thursday
        if int(at % DAY // HOUR) not in learned.skip_hours and weekday not in learned.skip_days:
            return at
        at = (at // HOUR + 1) * HOUR
    return at


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


def first_try(url_hash: int, now: float, feeds: int, policy: PollPolicy) -> float:
    """When a feed that is new to the schedule is polled first: a handful at once, many spread over the floor interval.

    ``url_hash`` is any stable number of the feed, so that a restart in between spreads alike.
    """
    span = min(policy.floor, 0.2 * feeds)
    return now + span * (url_hash % 10_000) / 10_000
