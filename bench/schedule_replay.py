"""How late are entries seen, and for how many requests? The schedule of ``pipeline.feeds.schedule`` on made-up publishers.

    python bench/schedule_replay.py [--feeds 1000] [--days 7] [--seed 1]

Publishers: rates from a few a week to hundreds a day (log-normal, as feed surveys find), a curve of the day in their own time zone,
bursts, windows of 10 to 50 entries, one in eight with a hint (ttl, skipHours, max-age), one in fifty with a window that turns
over in twenty minutes at its busiest. Beside it the same publishers polled every hour. Nothing is fetched; time is a number.
"""

from __future__ import annotations

import argparse
import heapq
import math
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from random import Random

from pipeline.feeds import habits, schedule
from pipeline.feeds.habits import DAY, HOUR, Learned
from pipeline.feeds.parsed import PublisherHints
from pipeline.feeds.spec import PollPolicy

START = 1_800_000_000.0 // DAY * DAY
WARM = 2.0
"""Days before the measured ones, in which the publishers exist and are polled, as a running service would."""


@dataclass
class Publisher:
    """A feed and everything that it will ever publish."""

    times: list[float]
    window: int
    tier: int = 2
    hints: PublisherHints = field(default_factory=PublisherHints)
    fresh_for: float | None = None
    learned: Learned = field(default_factory=Learned)
    polled: float | None = None
    newest: float | None = None
    seen: int = 0


@dataclass
class Result:
    """What the replay measured."""

    lags: list[float] = field(default_factory=list)
    watch: list[float] = field(default_factory=list)
    requests: int = 0
    lost: int = 0
    lost_fast: int = 0
    """Entries lost on feeds whose window turns over in twenty minutes."""

    def quantile(self, share: float, which: list[float] | None = None) -> float:
        """In minutes."""
        values = sorted(self.lags if which is None else which)
        return values[min(len(values) - 1, int(share * len(values)))] / 60 if values else math.nan


def day_curve(rng: Random) -> list[float]:
    """24 weights with a working day somewhere in the world; some wires never sleep."""
    if rng.random() < 0.15:
        return [1.0] * 24
    wakes = rng.choice([6, 7, 8, 13, 14, 22, 23])
    return [
        0.12 + max(0.0, math.sin(math.pi * ((hour - wakes) % 24) / 17)) ** 0.7 if (hour - wakes) % 24 < 17 else 0.08 for hour in range(24)
    ]


def publish(rng: Random, rate: float, days: float, curve: list[float], *, bursts: bool) -> list[float]:
    """Moments of a Poisson process with the day's curve, with ``bursts`` a fifth of them within a minute of another."""
    mean = sum(curve) / 24
    times: list[float] = []
    end = START + days * DAY
    time = START - 3 * DAY
    peak = rate * max(curve) / mean / DAY
    while time < end:
        time += rng.expovariate(peak)
        if rng.random() < curve[int(time % DAY // HOUR)] / max(curve):
            times += [time + rng.random() * 60 for _ in range(rng.randint(2, 4) if bursts and rng.random() < 0.07 else 1)]
    return sorted(times)


def publishers(count: int, days: float, seed: int) -> list[Publisher]:
    """The same ones for the same seed."""
    rng = Random(seed)
    made = []
    for number in range(count):
        fast = number % 50 == 7
        window = rng.choice([10, 15, 20, 20, 25, 30, 40, 50])
        curve = day_curve(rng)
        rate = min(400.0, max(0.2, rng.lognormvariate(math.log(14), 1.25)))
        if fast:
            window = 20
            rate = window * 72 * (sum(curve) / 24) / max(curve)  # at the busiest hour the window lasts twenty minutes
        hints, fresh_for = PublisherHints(), None
        if not fast and number % 8 == 3:
            match rng.randrange(4):
                case 0:
                    hints = PublisherHints(interval=rng.choice([300.0, 900.0, 1800.0, 3600.0]))
                case 1:
                    fresh_for = rng.choice([60.0, 300.0, 600.0, 900.0])
                case 2:
                    quiet = sorted(range(24), key=lambda hour: curve[hour])[:3]
                    hints = PublisherHints(skip_hours=tuple(quiet))
                case _:
                    hints = PublisherHints(interval=3600.0 if rate < 24 else 900.0)
        tier = 1 if number % 40 == 1 else 2
        made.append(
            Publisher(
                times=publish(rng, rate, days + WARM, curve, bursts=not fast), window=window, tier=tier, hints=hints, fresh_for=fresh_for
            )
        )
    return made


def replay(feeds: list[Publisher], days: float, policy: PollPolicy, seed: int = 1) -> Result:
    """Poll all of them by the schedule."""
    rng = Random(seed)
    result = Result()
    due = [(START + 600 * rng.random(), number) for number in range(len(feeds))]
    heapq.heapify(due)
    shares: dict[int, schedule.Share] = {}
    pace, renew = schedule.pace([], policy), 0.0
    begin, end = START + WARM * DAY, START + (WARM + days) * DAY
    while due and due[0][0] < end:
        now, number = heapq.heappop(due)
        feed = feeds[number]
        measured = now >= begin
        result.requests += measured and feed.tier != 1
        poll(feed, now, result, measured=measured, fast=number % 50 == 7)
        if feed.tier != 1:
            shares[number] = schedule.share(feed.learned, policy, feed.fresh_for)
        if now >= renew:
            pace, renew = schedule.pace(shares.values(), policy), now + HOUR
        plan = schedule.plan(now, feed.learned, policy=policy, pace=pace, tier=feed.tier, fresh_for=feed.fresh_for, rng=rng)
        heapq.heappush(due, (plan.at, number))
    return result


def poll(feed: Publisher, now: float, result: Result, *, measured: bool, fast: bool) -> None:
    """One poll: what the window shows, what was lost, what is learned."""
    there = bisect_right(feed.times, now)
    if feed.polled is None:
        shown = feed.times[max(0, there - feed.window) : there]
        feed.learned = habits.first_lesson(shown, now, len(shown))
        feed.newest = shown[-1] if shown else None
    else:
        fresh = feed.times[max(feed.seen, there - feed.window) : there]
        if measured:
            lost = max(0, there - feed.window - feed.seen)
            result.lost += lost
            result.lost_fast += lost if fast else 0
            (result.watch if feed.tier == 1 else result.lags).extend(now - time for time in fresh)
        window = min(feed.window, there)
        feed.learned = habits.learn(
            feed.learned,
            elapsed=now - feed.polled,
            times=fresh,
            silence=fresh[0] - feed.newest if fresh and feed.newest else 0.0,
            window=window if fresh else None,
            known=window - len(fresh) if fresh else None,
        )
        feed.newest = fresh[-1] if fresh else feed.newest
    feed.learned = habits.with_hints(feed.learned, feed.hints)
    feed.polled, feed.seen = now, there


def hourly(feeds: list[Publisher], days: float) -> Result:
    """The same publishers polled every hour, each at its own minute."""
    result = Result()
    rng = Random(2)
    begin, end = START + WARM * DAY, START + (WARM + days) * DAY
    for number, feed in enumerate(feeds):
        if feed.tier == 1:
            continue
        time = begin + rng.random() * HOUR
        seen = bisect_right(feed.times, time - HOUR)
        while time < end:
            there = bisect_right(feed.times, time)
            result.requests += 1
            lost = max(0, there - feed.window - seen)
            result.lost += lost
            result.lost_fast += lost if number % 50 == 7 else 0
            result.lags += [time - moment for moment in feed.times[max(seen, there - feed.window) : there]]
            seen, time = there, time + HOUR
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=float, default=PollPolicy().requests_per_feed)
    asked = parser.parse_args()
    feeds = publishers(asked.feeds, asked.days, asked.seed)
    fixed = hourly(feeds, asked.days)
    learned = replay(feeds, asked.days, replace(PollPolicy(), requests_per_feed=asked.requests), asked.seed)
    for name, result in (("every hour", fixed), ("learned", learned)):
        print(
            f"{name:10}  requests {result.requests:7} ({result.requests / fixed.requests:.3f})  lag median {result.quantile(0.5):5.1f} min"
            f"  p95 {result.quantile(0.95):5.1f} min  lost {result.lost} (fast feeds {result.lost_fast})"
        )
    print(f"watch tier  lag median {learned.quantile(0.5, learned.watch):5.1f} min  p95 {learned.quantile(0.95, learned.watch):5.1f} min")


if __name__ == "__main__":
    main()
