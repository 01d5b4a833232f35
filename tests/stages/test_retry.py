"""When a delivery is tried again, and what becomes of an endpoint that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts.endpoints import Breaker, Failing
from pipeline.alerts.retry import (
    HINTS,
    SCHEDULE,
    Attempt,
    AttemptClass,
    EndpointHealth,
    Next,
    RetryPolicy,
    after,
    classify,
    health_after,
    report_due,
)

NOW = 1_800_000_000.0
POLICY = RetryPolicy()
FAILURES = [one for one in AttemptClass if one not in {AttemptClass.OK, AttemptClass.GONE, AttemptClass.DISABLED_BY_RECEIVER}]
BAD = Attempt(outcome=AttemptClass.SERVER_ERROR, status=500)
GOOD = Attempt(outcome=AttemptClass.OK, status=204)


def test_the_schedule_is_the_documented_one() -> None:
    assert [*SCHEDULE] == [0, 5, 60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]


@given(attempts=st.integers(1, 10), jitter=st.floats(0, 1), outcome=st.sampled_from(FAILURES))
def test_jitter_is_only_ever_added(attempts: int, jitter: float, outcome: AttemptClass) -> None:
    made = after(Attempt(outcome=outcome), attempts=attempts, policy=POLICY, now=NOW, jitter=jitter)
    assert made.next is Next.RETRY
    assert made.due is not None
    assert NOW + SCHEDULE[attempts] <= made.due <= NOW + SCHEDULE[attempts] * (1 + POLICY.jitter) + 1e-3


@given(asked=st.floats(0, 1e6), status=st.sampled_from([429, 503, 500, 400]), attempts=st.integers(1, 10))
def test_retry_after_makes_the_wait_longer_and_never_shorter(asked: float, status: int, attempts: int) -> None:
    attempt = Attempt(outcome=classify(status, disable=False), status=status, retry_after=asked)
    made = after(attempt, attempts=attempts, policy=POLICY, now=NOW, jitter=0.0)
    assert made.due is not None
    wanted = min(asked, POLICY.longest_retry_after) if status in {429, 503} else 0.0
    assert made.due - NOW == pytest.approx(max(SCHEDULE[attempts], wanted))


@given(outcomes=st.lists(st.sampled_from(FAILURES), min_size=11, max_size=11), jitter=st.floats(0, 1))
def test_eleven_failures_are_the_end_and_not_before(outcomes: list[AttemptClass], jitter: float) -> None:
    for number, outcome in enumerate(outcomes, start=1):
        made = after(Attempt(outcome=outcome), attempts=number, policy=POLICY, now=NOW, jitter=jitter)
        assert made.next is (Next.EXHAUSTED if number == 11 else Next.RETRY)
        assert made.attempts == number


@pytest.mark.parametrize(
    ("status", "disable", "outcome"),
    [
        (200, False, AttemptClass.OK),
        (204, False, AttemptClass.OK),
        (299, False, AttemptClass.OK),
        (200, True, AttemptClass.DISABLED_BY_RECEIVER),
        (301, False, AttemptClass.REDIRECT),
        (304, False, AttemptClass.REDIRECT),
        (307, False, AttemptClass.REDIRECT),
        (400, False, AttemptClass.REFUSED),
        (401, False, AttemptClass.REFUSED),
        (404, False, AttemptClass.REFUSED),
        (410, False, AttemptClass.GONE),
        (429, False, AttemptClass.RATE_LIMITED),
        (500, False, AttemptClass.SERVER_ERROR),
        (599, False, AttemptClass.SERVER_ERROR),
        (101, False, AttemptClass.REFUSED),
    ],
)
def test_every_status_has_its_class(status: int, outcome: AttemptClass, *, disable: bool) -> None:
    assert classify(status, disable=disable) is outcome


def test_every_failure_comes_with_the_likely_fix() -> None:
    assert set(HINTS) == set(AttemptClass)
    assert [one for one in AttemptClass if not HINTS[one]] == [AttemptClass.OK]


def health(*attempts: tuple[float, Attempt], breaker: Breaker | None = None) -> EndpointHealth:
    found = EndpointHealth()
    for seconds, attempt in attempts:
        found = health_after(found, attempt, breaker=breaker or Breaker(), failing=Failing(), now=NOW + seconds)
    return found


def test_the_breaker_opens_after_failures_in_a_row_and_doubles_only_when_tried() -> None:
    opened = health(*[(second, BAD) for second in range(5)])
    assert opened.open_until == NOW + 4 + 30
    in_flight = health(*[(second, BAD) for second in range(8)])
    assert in_flight.open_until == NOW + 4 + 30, "what was sent before it opened tells nothing new"
    tried = health_after(opened, BAD, breaker=Breaker(), failing=Failing(), now=NOW + 40)
    assert tried.open_until == NOW + 40 + 60


@given(st.integers(5, 60))
def test_the_pause_is_bounded(failures: int) -> None:
    now, found = NOW, EndpointHealth()
    for _ in range(failures):
        found = health_after(found, BAD, breaker=Breaker(), failing=Failing(disable_after=1e9), now=now)
        now = found.open_until if found.open_until is not None else now + 1
    assert found.open_until is not None
    assert 0 < found.pause <= Breaker().longest


def test_any_success_starts_afresh() -> None:
    assert health(*[(second, BAD) for second in range(9)], (9, GOOD)) == EndpointHealth()


def test_a_429_waits_and_is_no_failure() -> None:
    found = health((0, Attempt(outcome=AttemptClass.RATE_LIMITED, status=429, retry_after=7.0)))
    assert (found.failures, found.failing_since, found.open_until) == (0, None, NOW + 7)


@pytest.mark.parametrize("outcome", [AttemptClass.GONE, AttemptClass.DISABLED_BY_RECEIVER])
def test_a_receiver_that_says_stop_is_switched_off(outcome: AttemptClass) -> None:
    assert health((0, Attempt(outcome=outcome, status=410))).disabled == outcome
    made = after(Attempt(outcome=outcome), attempts=1, policy=POLICY, now=NOW, jitter=0.0)
    assert made.next is Next.PARKED


def test_five_days_of_failure_switch_it_off() -> None:
    assert health((0, BAD), (5 * 86400 - 1, BAD)).disabled is None
    assert health((0, BAD), (5 * 86400, BAD)).disabled is not None


def test_it_is_reported_after_an_hour_a_day_and_three_days() -> None:
    found, reports = health((0, BAD)), []
    for hour in range(24 * 5):
        if report_due(found, Failing(), NOW + hour * 3600):
            reports.append(hour)
            found = replace(found, reports=found.reports + 1)
    assert reports == [1, 24, 72]
