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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.backoff import Dice
from pipeline.feeds.habits import DAY, HOUR, SHORTEST, Learned, curve
from pipeline.feeds.spec import PollPolicy

EXPONENT: Final = 0.4
"""The power of the rate that intervals go with. 0.5 has the best mean; 0.4 costs the median half a minute of seven and takes two to
three off the 95th percentile of fifty-odd (bench/schedule_replay.py)."""
JITTER: Final = 0.05
"""Largest share added to an interval at random."""
PRECISION: Final = 0.001
"""How exactly the pace is found: a thousandth of the budget."""
SAFETY: Final = 6.5
"""A feed is asked again before its window can have turned over: so many standard deviations of a Poisson count are kept free. It takes
so many because news comes in bursts; the replay of 1,000 feeds loses about one entry in 20,000 with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The next poll."""

    at: float
    interval: float
    why: str
    """``every``, ``watch``, ``rate``, ``floor``, ``ceiling``, ``politeness``, ``hint``, ``window``, ``skip``."""


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
    least: float = 0.0
    """No interval shorter than this, seconds, whatever else holds: a person set it for the host."""


def share(learned: Learned, policy: PollPolicy, fresh_for: float | None = None, least: float = 0.0) -> Share:
    """The share of a feed with these habits. ``least``: the minimum interval of its host, which no short window shortens."""
    hours = curve(learned, policy)
    limit = math.inf
    if learned.window:
        limit = max(SHORTEST, 24 / sum(1 / _window_lasts(learned.window, hour) for hour in hours))
    hint = max(learned.hint or 0.0, fresh_for or 0.0)
    floor = max(min(hint or policy.floor, policy.ceiling), least)
    return Share(root=root(learned, policy), floor=floor, limit=max(least, min(limit, learned.cap or math.inf)), least=least)


def pace(shares: Iterable[Share], policy: PollPolicy) -> float:
    """How much the integral of the root of the rate grows between two polls, so that all feeds together keep the budget.

    In seconds times the root of entries a day. Feeds that are held back give their requests to the others, and feeds whose windows
    are short take theirs from them.
    """
    wanted = [(max(one.root, 1e-6), max(one.floor, SHORTEST), max(one.least, min(one.limit, policy.ceiling))) for one in shares]
    if not wanted:
        return HOUR * math.pow(policy.default_rate, EXPONENT)
    budget = len(wanted) * policy.requests_per_feed / DAY * (1 + JITTER / 2)
    low, high = 1e-3, policy.ceiling * max(root for root, _, _ in wanted)
    while high > low * (1 + PRECISION):
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


def first_try(url_hash: int, now: float, feeds: int, policy: PollPolicy) -> float:
    """When a feed that is new to the schedule is polled first: a handful at once, many spread over the floor interval.

    ``url_hash`` is any stable number of the feed, so that a restart in between spreads alike.
    """
    span = min(policy.floor, 0.2 * feeds)
    return now + span * (url_hash % 10_000) / 10_000
