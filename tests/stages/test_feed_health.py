"""Nothing is given up without a time to try again, and a move is believed only when it is one."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import health, redirects
from pipeline.feeds.habits import DAY, HOUR, Learned
from pipeline.feeds.health import HostCount, Trouble, after_failure, is_incident, is_silent
from pipeline.feeds.redirects import Sighting
from pipeline.feeds.retry import next_try
from pipeline.feeds.spec import CollectPolicy, PollPolicy

POLICY = PollPolicy()
NOW = 1_800_000_000.0


def failure(trouble: Trouble, failures: int = 1, **more):
    return after_failure(trouble, failures=failures, interval=more.pop("interval", 3600.0), now=NOW, policy=POLICY, rng=Random(1), **more)


def http(status: int, **more) -> Trouble:
    return Trouble(code=f"http_{status}", message=f"answers {status}", status=status, **more)


@pytest.mark.parametrize("code", ["timeout", "dns", "connect", "truncated", "bad_answer"])
def test_soft_errors_end_at_six_hours(code):
    waits = [failure(Trouble(code=code, message="m"), failures=n).next_try - NOW for n in range(1, 30)]
    assert waits[0] < 120
    assert max(waits) <= 1.1 * 6 * HOUR


@pytest.mark.parametrize("status", [401, 403, 404, 451])
def test_hard_errors_end_at_a_day(status):
    waits = [failure(http(status), failures=n).next_try - NOW for n in range(1, 30)]
    assert waits[0] >= 600
    assert DAY <= max(waits) <= 1.1 * DAY


@given(st.integers(100, 599), st.integers(1, 10_000), st.floats(0, 7 * DAY))
def test_there_is_always_a_next_try_and_never_inside_retry_after(status, failures, wait):
    found = failure(http(status, retry_after=wait), failures=failures)
    assert NOW + wait <= found.next_try <= NOW + max(wait, health.PARKED_FOR)
    assert found.state in {health.FAILING, health.PARKED}


def test_gone_twice_within_a_day_parks():
    first = failure(http(410))
    assert first.state == health.FAILING
    second = after_failure(http(410), failures=2, interval=None, now=first.next_try, policy=POLICY, rng=Random(1), gone_at=first.gone_at)
    assert second.state == health.PARKED
    assert second.next_try > first.next_try


def test_a_short_interval_by_hand_is_kept_after_an_error():
    assert failure(http(503), interval=4.0).next_try - NOW < 5


def test_half_of_a_hosts_feeds_are_an_incident():
    assert is_incident(HostCount(host="h", feeds=4, failing=2))
    assert not is_incident(HostCount(host="h", feeds=5, failing=2))
    assert not is_incident(HostCount(host="h", feeds=1, failing=1))


HOURLY = Learned(counts=(5.0,) * 24, days=5.0, gap=2 * HOUR)


@pytest.mark.parametrize(
    ("learned", "quiet", "silent"),
    [
        (HOURLY, 3 * HOUR, False),
        (HOURLY, 12 * HOUR, True),
        (HOURLY, None, False),
        (Learned(counts=(1.0,) * 24, days=0.5), 3 * DAY, False),  # not watched for long enough
        (Learned(counts=(0.05,) * 24, days=5.0, gap=5 * DAY), 6 * DAY, False),  # was as quiet before
    ],
)
def test_silence_is_measured_against_the_feeds_own_habits(learned, quiet, silent):
    assert is_silent(learned, None if quiet is None else NOW - quiet, NOW, POLICY) is silent


# -- redirects: twelve stories ----------------------------------------------------------------------------------------


@dataclass
class Hop:
    url: str
    to: str
    status: int

    @property
    def permanent(self) -> bool:
        return self.status in {301, 308}


OLD, NEW = "https://old.example/feed", "https://new.example/feed"


def polls(story, *, every=DAY, days=30):
    """What is believed, and on which day, when a story is told once a poll. ``story(day)`` gives hops and whether an entry is shared."""
    seen, believed = None, None
    for number in range(int(days * DAY / every)):
        hops, shares = story(number * every / DAY)
        move = redirects.judge(hops, seen, shares_entry=shares, now=NOW + number * every, policy=POLICY)
        seen = Sighting.from_json(move.watching.to_json()) if move.watching else None
        if move.believed:
            believed = (move.believed, number * every / DAY)
            break
    return believed


def moved(status=301, to=NEW):
    return [Hop(OLD, to, status)]


STORIES = {
    "no redirect": (lambda _day: ([], True), None),
    "moved for good": (lambda _day: (moved(), True), (NEW, 7.0)),
    "moved for good, 308": (lambda _day: (moved(308), True), (NEW, 7.0)),
    "temporary": (lambda _day: (moved(302), True), None),
    "one temporary hop among permanent ones": (
        lambda _day: ([Hop(OLD, "https://a.example/", 301), Hop("https://a.example/", NEW, 307)], True),
        None,
    ),
    "hotel portal: permanent, but nothing of ours is there": (lambda _day: (moved(to="https://portal.example/login"), False), None),
    "hijacked domain: a feed, but none of our entries": (lambda _day: (moved(to="https://casino.example/feed"), False), None),
    "outage page for three days": (lambda day: (moved(to="https://status.example/rss"), True) if day < 3 else ([], True), None),
    "changes its mind every day": (lambda day: (moved(to=f"https://mirror{int(day) % 3}.example/feed"), True), None),
    "there and back, then for good": (
        lambda day: ([], True) if 2 <= day < 4 else (moved(), True),
        (NEW, 11.0),
    ),
    "http to https on the same host": (
        lambda _day: ([Hop("http://old.example/feed?x=1", "https://old.example/feed?x=1", 301)], False),
        ("https://old.example/feed?x=1", 0.0),
    ),
    "http to https on another path is a move like any other": (
        lambda _day: ([Hop("http://old.example/feed", "https://old.example/rss", 301)], True),
        ("https://old.example/rss", 7.0),
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_redirect_stories(name):
    story, expected = STORIES[name]
    assert polls(story) == expected


def test_a_week_of_few_polls_is_not_enough():
    assert polls(lambda _day: (moved(), True), every=3 * DAY) == (NEW, 12.0)


# -- articles ---------------------------------------------------------------------------------------------------------


def again(attempts, *, status=None, retryable=True, **more):
    return next_try(status=status, retryable=retryable, attempts=attempts, now=NOW, policy=CollectPolicy(), rng=Random(1), **more)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 522, 524, None])
def test_the_retry_ladder_spans_about_a_day(status):
    waits = [found.at - NOW for n in range(1, 10) if (found := again(n, status=status))]
    assert len(waits) == 9
    assert 0.6 * DAY < sum(waits) < 1.3 * DAY
    assert again(10, status=status) is None


@pytest.mark.parametrize("status", [401, 402, 403, 410, 451])
def test_a_refusal_is_final(status):
    assert again(1, status=status) is None


def test_a_page_that_is_not_there_yet_gets_a_few_quick_tries():
    assert [bool(again(n, status=404)) for n in (1, 2, 3)] == [True, True, False]


def test_retry_after_is_obeyed():
    assert again(1, status=503, retry_after=1.0).at == NOW + 1.0
    assert again(1, status=429, retry_after=7200.0).at == NOW + 7200.0
    assert again(5, status=503, retry_after=1.0).at > NOW + 60


def test_an_error_that_stays_is_final():
    assert again(1, retryable=False) is None
