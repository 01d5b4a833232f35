"""Which texts were asked about lately? A memory for functions of one text that does not hold on to long ones.

``lru_cache`` counts entries, not bytes: four thousand titles of a hostile feed could be gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, TypeVar

A = TypeVar("A")

MOST: Final = 4096
"""Texts that are remembered for each function."""
LONG: Final = 2000
"""Characters beyond which a text is worked on each time."""


def remembered(work: Callable[[str], A]) -> Callable[[str], A]:
    """``work`` with its latest answers to short texts kept. It must depend on its argument alone."""
    kept = lru_cache(maxsize=MOST)(work)

    @wraps(work)
    def answer(text: str, /) -> A:
        return kept(text) if len(text) <= LONG else work(text)

    return answer
