"""The schedule keeps its promises: the budget, the hints, the windows, and what a person wrote."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import habits, schedule
from pipeline.feeds.caching import LONGEST_RETRY, fresh_for, retry_after
from pipeline.feeds.habits import DAY, HOUR, Learned
from pipeline.feeds.parsed import PublisherHints
from pipeline.feeds.schedule import Share
from pipeline.feeds.spec import PollPolicy

POLICY = PollPolicy()
NOON = 1_800_000_000.0 // DAY * DAY + 12 * HOUR
PACE = HOUR * 2


def busy(rate: float, days: float = 10.0, **more) -> Learned:
    return Learned(counts=(rate * days / 24,) * 24, days=days, **more)


def plan(learned: Learned, now: float = NOON, **more) -> schedule.Plan:
    return schedule.plan(now, learned, policy=POLICY, pace=more.pop("pace", PACE), **more)


def test_what_a_person_wrote_beats_everything():
    learned = busy(1.0, hint=HOUR, skip_hours=(12, 13))
    assert plan(learned, every=4.0, fresh_for=600.0) == schedule.Plan(at=NOON + 4.0, interval=4.0, why="every")


def test_the_watch_tier_is_polled_every_two_minutes():
    assert plan(busy(0.1), tier=1).interval == POLICY.watch_interval


@pytest.mark.parametrize("habits", [{"tier": 1}, {"learned": busy(2000.0, hint=60.0), "pace": 100.0}, {"learned": busy(1440.0, window=20)}])
def test_no_feed_is_asked_sooner_than_its_host_s_minimum_interval(habits):
    found = plan(habits.pop("learned", busy(1.0)), least=3600.0, **habits)
    assert found.interval >= 3600.0
    assert found.why == "politeness"
    assert plan(busy(1.0), least=3600.0, every=60.0).interval == 60.0


def test_busier_feeds_are_asked_sooner():
    assert plan(busy(100.0)).interval < plan(busy(10.0)).interval < plan(busy(1.0)).interval


def test_no_healthy_feed_waits_longer_than_a_day():
    assert plan(Learned(days=100.0), pace=1e9).interval == POLICY.ceiling


@pytest.mark.parametrize("hint", [900.0, 4 * HOUR])
def test_hints_are_kept(hint):
    assert plan(busy(300.0, hint=hint)).interval >= hint
    assert plan(busy(300.0), fresh_for=hint).interval >= hint


def test_a_publisher_may_ask_to_be_read_more_often_than_the_floor():
    assert plan(busy(2000.0, hint=60.0), pace=100.0).interval < POLICY.floor


def test_an_absurd_hint_is_a_day():
    assert plan(busy(10.0), fresh_for=365 * DAY).interval == POLICY.ceiling


def test_a_window_that_would_turn_over_is_read_in_time():
    found = plan(busy(60 * 24.0, window=20), pace=1e6)
    assert found.why == "window"
    assert found.interval < 10 * 60


def test_skipped_hours_and_days_are_skipped():
    found = plan(busy(24.0, skip_hours=(13, 14)), now=NOON + 0.9 * HOUR, pace=0.5 * HOUR)
    assert found.at == NOON + 3 * HOUR
    sunday = habits.with_hints(Learned(days=1.0), PublisherHints(skip_days=(6,)))
    at = plan(sunday, now=NOON, pace=1e3).at
    assert int(at // DAY + 3) % 7 != 6


def test_a_feed_that_skips_everything_says_nothing():
    assert plan(busy(24.0, skip_hours=tuple(range(24)))).why != "skip"


@given(st.lists(st.floats(0.3, 400.0), min_size=5, max_size=60))
def test_the_pace_keeps_the_budget(rates):
    shares = [schedule.share(busy(rate, window=40), POLICY) for rate in rates]
    pace = schedule.pace(shares, POLICY)
    spent = sum(1 / max(min(pace / one.root, one.limit, POLICY.ceiling), min(one.floor, one.limit)) for one in shares)
    forced = sum(1 / max(min(one.limit, POLICY.ceiling), min(one.floor, one.limit)) for one in shares)
    budget = len(rates) * POLICY.requests_per_feed / DAY * (1 + schedule.JITTER / 2)
    assert spent <= max(budget, forced) * 1.001


def test_no_feed_needs_no_pace():
    assert schedule.pace([], POLICY) > 0
    assert schedule.pace([Share(root=1.0)], POLICY) > 0


def test_what_was_learned_survives_being_stored():
    learned = busy(10.0, hint=60.0, skip_hours=(1,), window=20, cap=90.0)
    again = Learned.from_json(learned.to_json())
    assert again.skip_hours == (1,)
    assert habits.rate(again, POLICY) == pytest.approx(habits.rate(learned, POLICY), rel=0.01)
    assert Learned.from_json({"unknown": 1, "counts": None}) == Learned()


def test_a_poll_that_knew_too_little_halves_the_interval():
    after = habits.learn(busy(10.0), elapsed=HOUR, times=[NOON] * 15, silence=0.0, window=20, known=5)
    assert after.cap == HOUR / 2
    assert habits.learn(after, elapsed=HOUR / 2, times=[NOON] * 18, silence=0.0, window=20, known=2).cap == HOUR / 4


def test_the_rate_is_learned_by_the_hour():
    learned = Learned()
    for day in range(14):
        for hour in range(24):
            time = NOON + day * DAY + hour * HOUR
            times = [time] * 4 if 8 <= time % DAY // HOUR < 20 else []
            learned = habits.learn(learned, elapsed=HOUR, times=times, silence=0.0, window=None, known=None)
    hours = habits.curve(learned, POLICY)
    assert habits.rate(learned, POLICY) == pytest.approx(48, rel=0.1)
    assert hours[14] > 5 * hours[2]
    assert habits.expected(learned, NOON, NOON + 2 * DAY, POLICY) == pytest.approx(96, rel=0.1)
    night, noon = plan(learned, now=NOON + 9 * HOUR), plan(learned, now=NOON)
    assert night.interval > noon.interval


def test_the_dates_in_a_feed_are_a_first_lesson():
    learned = habits.first_lesson([NOON - minutes * 60 for minutes in range(0, 200, 10)], NOON, 20)
    assert habits.rate(learned, POLICY) > 20
    assert habits.first_lesson([], NOON, 5) == Learned(window=5)


def test_new_feeds_are_spread_by_their_address_alone():
    moments = [schedule.first_try(number * 7919, NOON, 10_000, POLICY) for number in range(200)]
    assert moments == [schedule.first_try(number * 7919, NOON, 10_000, POLICY) for number in range(200)]
    assert max(moments) - min(moments) > 0.8 * POLICY.floor
    assert schedule.first_try(9999, NOON, 3, POLICY) - NOON < 1


def test_the_replay_keeps_the_floors():
    found = load("schedule_replay")
    feeds = found.publishers(150, 2.0, 5)
    fixed, learned = found.hourly(feeds, 2.0), found.replay(feeds, 2.0, POLICY, 5)
    assert learned.requests <= 1.06 * fixed.requests  # 1.05 over seven days; learning weighs more in two
    assert learned.quantile(0.5) <= 12
    assert learned.quantile(0.95) <= 55
    assert learned.quantile(0.95, learned.watch) <= 3
    assert learned.lost_fast == 0


def load(name: str):
    """A module of bench/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[2] / "bench" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# -- headers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"Cache-Control": "max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "max-age=300", "Age": "400"}, None),
        ({"Cache-Control": "no-cache, max-age=300"}, None),
        ({"Cache-Control": "private, must-revalidate"}, None),
        ({"Expires": "Fri, 15 Jan 2027 08:10:00 GMT", "Date": "Fri, 15 Jan 2027 08:00:00 GMT"}, 600),
        ({"Expires": "0"}, None),
        ({"Expires": "Fri, 15 Jan 2027 08:10:00 GMT", "Cache-Control": "max-age=60"}, 60),
        ({}, None),
    ],
)
def test_freshness(headers, seconds):
    assert fresh_for(headers, NOON) == seconds


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("120", 120),
        ("1.5", 1.5),
        ("Fri, 15 Jan 2027 12:02:00 GMT", 120),
        ("Fri, 15 Jan 2027 11:00:00 GMT", 0),
        ("99999999", LONGEST_RETRY),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after(written, seconds):
    now = 1_800_014_400.0  # Fri, 15 Jan 2027 12:00:00 GMT
    assert retry_after({"Retry-After": written}, now) == seconds


def test_jitter_only_adds():
    calm = plan(busy(10.0)).interval
    assert all(calm <= plan(busy(10.0), rng=Random(seed)).interval <= calm * 1.05 for seed in range(50))


def test_a_hosts_minimum_interval_gives_its_requests_to_the_other_feeds() -> None:
    policy, busy = PollPolicy(), Learned(counts=(4.0,) * 24, days=1.0)
    free = [schedule.share(busy, policy) for _ in range(10)]
    slow = [schedule.share(busy, policy, least=6 * HOUR) for _ in range(10)]
    assert {(one.floor, one.least) for one in slow} == {(6 * HOUR, 6 * HOUR)}
    assert schedule.pace([*free, *slow], policy) < schedule.pace(free * 2, policy)
    turning = schedule.share(Learned(counts=(40.0,) * 24, days=1.0, window=10), policy, least=6 * HOUR)
    assert turning.limit == 6 * HOUR
