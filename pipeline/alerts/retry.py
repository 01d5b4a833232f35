"""What does this attempt mean for the delivery and its endpoint: done, try again when, or give up?

Reads one attempt's outcome and returns what to write; it sends nothing and knows no clock and no dice (``now`` and
``jitter`` are arguments). The schedule is the Standard Webhooks one with a fast start; jitter is only ever added, so that
nothing is sent earlier than the schedule says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from pipeline.alerts.endpoints import Breaker, Failing
from pipeline.model import Duration, Instant

SCHEDULE: Final = (0.0, 5.0, 60.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds before each attempt, the first at once: 0, 5 s, 1 m, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """When a failed delivery is tried again."""

    schedule: tuple[Duration, ...] = SCHEDULE
    """Seconds to wait before each attempt, counted from the attempt before it."""
    jitter: float = 0.2
    """Share of the wait that is added at most, so that a thousand deliveries do not return in one second."""
    longest_retry_after: Duration = 86_400.0
    """A receiver may ask for at most this many seconds."""


class AttemptClass(StrEnum):
    """What came of one attempt. Stable codes, shown in the log of attempts."""

    OK = "ok"
    GONE = "gone"
    DISABLED_BY_RECEIVER = "disabled_by_receiver"
    REDIRECT = "redirect"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_REPLY = "bad_reply"
    CANNOT_SEND = "cannot_send"


HINTS: Final[dict[AttemptClass, str]] = {
    AttemptClass.OK: "",
    AttemptClass.GONE: "the receiver says 410 Gone: remove the endpoint, or correct its URL and switch it on again",
    AttemptClass.DISABLED_BY_RECEIVER: "the receiver answered webhook-delivery: disable; ask its owner, then switch it on again",
    AttemptClass.REDIRECT: "redirects are never followed: put the final URL into endpoints.yaml",
    AttemptClass.REFUSED: "the receiver refuses the request: check the URL, the secret and what its log says",
    AttemptClass.RATE_LIMITED: "the receiver asks for fewer requests: lower `rate` of this endpoint",
    AttemptClass.SERVER_ERROR: "the receiver failed: its own log says why",
    AttemptClass.TIMEOUT: "the receiver did not answer in time: let it store the message, answer 200 and work later",
    AttemptClass.DNS: "the host name has no address: check the URL and this machine's DNS",
    AttemptClass.CONNECT: "nothing listens there: is the receiver running, is the port right, does a firewall stand between?",
    AttemptClass.TLS: "the certificate does not hold: renew it, or name its authority in `ca_file`",
    AttemptClass.BLOCKED_ADDRESS: "the address is private: if it is yours, write `network: local` at this endpoint",
    AttemptClass.BAD_REPLY: "what came back is not HTTP: does the port belong to the receiver?",
    AttemptClass.CANNOT_SEND: "this endpoint cannot be used as it is configured",
}
"""The fix that a person is told, for each class."""

_BY_HUNDRED: Final = {2: AttemptClass.OK, 3: AttemptClass.REDIRECT, 5: AttemptClass.SERVER_ERROR}
_FINAL: Final = frozenset({AttemptClass.GONE, AttemptClass.DISABLED_BY_RECEIVER})
_ASKS_TO_WAIT: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_NOT_THE_ENDPOINT: Final = frozenset({AttemptClass.OK, AttemptClass.RATE_LIMITED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What came of one attempt to deliver."""

    outcome: AttemptClass
    status: int | None = None
    """The HTTP status, where there was one."""
    retry_after: float | None = None
    """Seconds that the receiver asked for."""
    detail: str = ""
    """The error, or the beginning of the reply; never a secret."""


class Next(StrEnum):
    """What becomes of a delivery."""

    DONE = "done"
    RETRY = "retry"
    EXHAUSTED = "exhausted"
    PARKED = "parked"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryDecision:
    """What to write after an attempt."""

    next: Next
    """``parked``: the endpoint is switched off; the delivery is kept for ``deliveries replay``."""
    attempts: int
    """Attempts made so far, this one among them."""
    due: Instant | None = None
    """When to try again; None unless ``next`` is retry."""


def classify(status: int, *, disable: bool) -> AttemptClass:
    """The class of an HTTP answer. ``disable``: it carried ``webhook-delivery: disable``."""
    if disable:
        return AttemptClass.DISABLED_BY_RECEIVER
    if status == HTTPStatus.GONE:
        return AttemptClass.GONE
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return AttemptClass.RATE_LIMITED
    return _BY_HUNDRED.get(status // 100, AttemptClass.REFUSED)


def after(attempt: Attempt, *, attempts: int, policy: RetryPolicy, now: Instant, jitter: float) -> DeliveryDecision:
    """What becomes of a delivery after its attempt number ``attempts`` (1 is the first). ``jitter`` is 0 to 1, from dice.

    Retry-After counts on 429 and 503 only, and never makes the wait shorter than the schedule's.
    """
    if attempt.outcome is AttemptClass.OK:
        return DeliveryDecision(next=Next.DONE, attempts=attempts)
    if attempt.outcome in _FINAL:
        return DeliveryDecision(next=Next.PARKED, attempts=attempts)
    if attempts >= len(policy.schedule):
        return DeliveryDecision(next=Next.EXHAUSTED, attempts=attempts)
    wait = policy.schedule[attempts]
    if attempt.retry_after is not None and attempt.status in _ASKS_TO_WAIT:
        wait = max(wait, min(attempt.retry_after, policy.longest_retry_after))
    return DeliveryDecision(next=Next.RETRY, attempts=attempts, due=now + wait * (1 + policy.jitter * jitter))


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointHealth:
    """How an endpoint has been doing; one row of the ledger, all zero for a new one."""

    failures: int = 0
    """Failures in a row."""
    failing_since: Instant | None = None
    """When the first of them was."""
    open_until: Instant | None = None
    """The breaker: nothing is sent before. None: closed."""
    pause: float = 0.0
    """The breaker's last pause in seconds."""
    reports: int = 0
    """How many of the failing reports went out for this stretch of failure."""
    disabled: str | None = None
    """Why it is switched off, or None."""


def health_after(health: EndpointHealth, attempt: Attempt, *, breaker: Breaker, failing: Failing, now: Instant) -> EndpointHealth:
    """The endpoint's health after an attempt. Any success starts it afresh; a 429 is the receiver working, not failing."""
    if attempt.outcome is AttemptClass.OK:
        return EndpointHealth()
    if attempt.outcome in _NOT_THE_ENDPOINT:
        return EndpointHealth(
            failures=health.failures,
            failing_since=health.failing_since,
            open_until=_later(health.open_until, now + (attempt.retry_after or 1.0)),
            pause=health.pause,
            reports=health.reports,
        )
    failures, since = health.failures + 1, health.failing_since if health.failing_since is not None else now
    if health.open_until is not None and now < health.open_until:  # sent before the breaker opened: it tells nothing new
        pause, until = health.pause, health.open_until
    else:
        pause = _pause(health, failures, breaker)
        until = now + pause
    return EndpointHealth(
        failures=failures,
        failing_since=since,
        open_until=until if pause else None,
        pause=pause,
        reports=health.reports,
        disabled=_why_disabled(attempt, since, failing, now),
    )


def report_due(health: EndpointHealth, failing: Failing, now: Instant) -> bool:
    """Whether people should be told now that this endpoint does not recover; count it in ``reports`` when they were."""
    if health.failing_since is None or health.reports >= len(failing.report_after):
        return False
    return now - health.failing_since >= failing.report_after[health.reports]


def _pause(health: EndpointHealth, failures: int, breaker: Breaker) -> float:
    if failures < breaker.failures:
        return 0.0
    return breaker.pause if not health.pause else min(breaker.longest, health.pause * 2)


def _why_disabled(attempt: Attempt, since: Instant, failing: Failing, now: Instant) -> str | None:
    if attempt.outcome in _FINAL:
        return attempt.outcome
    if now - since >= failing.disable_after:
        return f"nothing but failures for {(now - since) / 86400:.1f} days"
    return None


def _later(one: Instant | None, other: Instant) -> Instant:
    return other if one is None else max(one, other)
