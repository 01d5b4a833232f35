"""How long to wait before trying again? Exponential growth with a ceiling, and jitter that only adds."""

from __future__ import annotations

from typing import Final, Protocol

JITTER: Final = 0.1
"""Largest share added at random, so that what failed together does not come back together."""


class Dice(Protocol):
    """Randomness that spreads load. ``random.Random`` is one; stages only ever see this."""

    def random(self) -> float:
        """A number from 0 to below 1."""
        ...


def exponential(attempt: int, *, first: float, ceiling: float, rng: Dice | None = None, factor: float = 2.0) -> float:
    """Seconds to wait after the ``attempt``-th failure in a row (1 is the first).

    ``first`` times ``factor`` to the power of the failures before, at most ``ceiling``, plus up to a tenth where ``rng`` is given.
    """
    exponent = min(max(attempt - 1, 0), 64)
    wait = min(first * factor**exponent, ceiling)
    return wait * (1 + JITTER * rng.random()) if rng else wait
