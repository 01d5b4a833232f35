"""In what state is this feed, why, and when is it tried again? Nothing is ever given up without a time to try again.

Errors come in two kinds: soft ones pass by themselves (timeouts, 5xx), hard ones need somebody to act (404, no feed at that address).
Both back off exponentially, to six and to twenty-four hours. A second 410 within a day parks the feed; half of a host's feeds
failing is one incident of the host, not many of its feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.backoff import Dice, exponential
from pipeline.feeds.habits import HOUR, Learned, expected
from pipeline.feeds.spec import PollPolicy

OK: Final = "ok"
NEW: Final = "new"
FAILING: Final = "failing"
PARKED: Final = "parked"
SILENT: Final = "silent"

PARKED_FOR: Final = 7 * 86400.0
"""A parked feed is still looked at once a week: domains come back."""
GONE: Final = 410
_SOFT: Final = frozenset({408, 421, 425, 429})
_HARD_CODES: Final = frozenset({"not_a_feed", "too_large", "redirect_loop", "bad_redirect", "bad_url", "blocked_address", "no_file"})
_TRIED_SLOWLY: Final = frozenset({"tls"})
LEARNING: Final = 1.5
"""Days that a feed must have been watched before its silence means anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Why a poll brought nothing."""

    code: str
    """Stable name of the class: ``timeout``, ``dns``, ``http_404``, ``not_a_feed`` …"""
    message: str
    """For a person, on one line."""
    status: int | None = None
    retry_after: float | None = None
    """Seconds."""

    @property
    def is_hard(self) -> bool:
        """Whether somebody has to act before it can get better."""
        if self.status is not None:
            return 400 <= self.status < 500 and self.status not in _SOFT  # noqa: PLR2004 - the class of the client's errors
        return self.code in _HARD_CODES or self.code in _TRIED_SLOWLY


@dataclass(frozen=True, kw_only=True, slots=True)
class Prognosis:
    """What follows from a failure."""

    state: str
    reason: str
    next_try: float
    gone_at: float | None = None
    """When the feed said 410, to recognise the second time."""


def after_failure(
    trouble: Trouble,
    *,
    failures: int,
    interval: float | None,
    now: float,
    policy: PollPolicy,
    rng: Dice,
    gone_at: float | None = None,
) -> Prognosis:
    """State and next try after the ``failures``-th failure in a row. ``interval`` is what the feed's schedule was."""
    if trouble.status == GONE:
        if gone_at is not None and now - gone_at <= policy.gone_window + policy.hard_retry_ceiling:
            reason = "the server says that the feed is gone for good (410, twice)"
            return Prognosis(state=PARKED, reason=reason, next_try=now + PARKED_FOR, gone_at=gone_at)
        wait = policy.gone_window / 2
        return Prognosis(state=FAILING, reason=trouble.message, next_try=now + max(wait, trouble.retry_after or 0), gone_at=now)
    ceiling = policy.hard_retry_ceiling if trouble.is_hard else policy.soft_retry_ceiling
    first = policy.first_retry * (10 if trouble.is_hard else 1)
    first = min(first, interval or first)
    wait = exponential(failures, first=first, ceiling=ceiling, rng=rng)
    return Prognosis(state=FAILING, reason=trouble.message, next_try=now + max(wait, trouble.retry_after or 0.0), gone_at=None)


def is_silent(learned: Learned, last_entry: float | None, now: float, policy: PollPolicy) -> bool:
    """Whether the feed is quiet against its own habits: it should have brought many entries by now, and never paused so long."""
    if last_entry is None or learned.days < LEARNING:
        return False
    quiet = now - last_entry
    if quiet < policy.silent_floor or quiet < 1.5 * learned.gap:
        return False
    return expected(learned, last_entry, now, policy) >= policy.silent_after


def silence_words(last_entry: float, now: float, learned: Learned, policy: PollPolicy) -> str:
    """The reason of ``silent``, for a person."""
    due = expected(learned, last_entry, now, policy)
    return f"nothing new for {(now - last_entry) / HOUR:.0f} hours, in which {due:.0f} entries are usual"


@dataclass(frozen=True, kw_only=True, slots=True)
class HostCount:
    """How many of a host's feeds fail."""

    host: str
    feeds: int
    failing: int


def is_incident(count: HostCount) -> bool:
    """Half of a host's feeds, and at least two."""
    return count.failing >= 2 and 2 * count.failing >= count.feeds  # noqa: PLR2004 - one feed is its own trouble
