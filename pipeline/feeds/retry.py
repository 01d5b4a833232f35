"""What becomes of an article that did not come: tried again, and when, or done without its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.backoff import Dice, exponential
from pipeline.feeds.spec import CollectPolicy

_AGAIN: Final = frozenset({408, 421, 425, 429})
_SOON: Final = frozenset({404})
"""Published before it is everywhere: a few quick tries."""
_QUICK: Final = 3
_FACTOR: Final = 3.0
"""With nine waits from 20 s on and a ceiling of six hours, ten tries span about a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """Try at this time."""

    at: float


def next_try(
    *, status: int | None, retryable: bool, attempts: int, now: float, policy: CollectPolicy, rng: Dice, retry_after: float | None = None
) -> Again | None:
    """When to try again after the ``attempts``-th failure (1 is the first); None where it is final.

    ``status`` is the HTTP status, None where there was no answer; ``retryable`` says then whether there may be one later.
    """
    again = retryable if status is None else status in _AGAIN or status >= 500  # noqa: PLR2004 - the class of the server's errors
    most = policy.attempts
    if status in _SOON:
        again, most = True, min(_QUICK, policy.attempts)
    if not again or attempts >= most:
        return None
    wait = exponential(attempts, first=policy.first_retry, ceiling=policy.retry_ceiling, factor=_FACTOR, rng=rng)
    if retry_after is not None:
        wait = max(retry_after, 1.0 if attempts < _QUICK else wait)
    return Again(at=now + wait)
