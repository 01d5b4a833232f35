"""How alike are two fingerprints: a copy of one another, a report of the same event, or neither?

Pure comparison of two articles. Which articles are compared, and what becomes of the answer, is decided in ``grouping``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.stories.fingerprint import Fingerprint, at_thinning


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlap:
    """What two texts have in common, in the order in which both say it."""

    shared: int
    """Shingles that both hold in one common order."""
    share: float
    """Of the shorter text, 0 to 1."""
    lead: float
    """Of the first third of one text or the other, whichever is higher: a copy that lost its end keeps its lead, one that lost
    its lead starts with what stood in the middle."""
    seam: float = 0.0
    """How gapless it is, 0 to 1, where it runs from the beginning of one text to the end of the other: two cuts of one text
    meet like that. 0 where it does not."""
    front: float = 0.0
    """What both say differently before the shared part begins, as a share of the shorter text. Two cuts of one text hardly do:
    one of them begins with the shared part. Two reports that repeat the same background each begin with their own news."""
    back: float = 0.0
    """The same behind the end of the shared part."""


NOTHING = Overlap(shared=0, share=0.0, lead=0.0)
_LEAST = 0.1
"""Share of the shorter text up to which the same words in any order are nothing: a quotation, a dateline."""
_EDGE = 0.15
"""Share of a text that furniture may take before its beginning and after its end."""


def overlap(one: Fingerprint, other: Fingerprint, *, ignored: Collection[int] = ()) -> Overlap:
    """The ordered overlap of two texts, at the coarser of their thinnings. ``ignored`` shingles count for nobody.

    Order matters: a copy keeps its sentences in a row, while texts made from one template (weather, results, forms) hold
    the same sentences in any order.
    """
    thinning = max(one.thinning, other.thinning)
    whole = [_at(fingerprint, thinning) for fingerprint in (one, other)]
    first, second = ([value for value in each if value not in ignored] for each in whole) if ignored else whole
    common = set(first).intersection(second)
    if len(common) <= _LEAST * min(len(first), len(second)):
        return NOTHING
    place = {value: index for index, value in enumerate(second) if value in common}
    pairs = [(index, place[value]) for index, value in enumerate(first) if value in common]
    chain = _longest_rise(pairs)
    if not chain:
        return NOTHING
    (left, right), (left_end, right_end) = chain[0], chain[-1]
    # of a text that is mostly furniture too little is left to judge by
    shorter = max(min(len(first), len(second)), min(map(len, whole)) // 2)
    return Overlap(
        shared=len(chain),
        share=len(chain) / shorter,
        lead=max(_lead([left for left, _ in chain], len(first)), _lead([right for _, right in chain], len(second))),
        seam=_seam(chain, len(first), len(second)),
        front=min(left, right) / shorter,
        back=min(len(first) - 1 - left_end, len(second) - 1 - right_end) / shorter,
    )


def _at(fingerprint: Fingerprint, thinning: int) -> Sequence[int]:
    return fingerprint.shingles if fingerprint.thinning == thinning else at_thinning(fingerprint.shingles, thinning)


def _lead(places: Sequence[int], length: int) -> float:
    third = max(1, length // 3)
    return sum(place < third for place in places) / third


def _seam(chain: Sequence[tuple[int, int]], first: int, second: int) -> float:
    (left, right), (left_end, right_end) = chain[0], chain[-1]
    begins = min(left / first, right / second) <= _EDGE
    ends = min(1 - (left_end + 1) / first, 1 - (right_end + 1) / second) <= _EDGE
    return len(chain) / max(left_end - left + 1, right_end - right + 1) if begins and ends else 0.0


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises in both, by patience sorting (Fredman 1975): n log n."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for index, (_, right) in enumerate(pairs):
        spot = bisect_left(tails, right)
        before.append(tail_at[spot - 1] if spot else -1)
        if spot == len(tails):
            tails.append(right)
            tail_at.append(index)
        else:
            tails[spot] = right
            tail_at[spot] = index
    chain: list[tuple[int, int]] = []
    index = tail_at[-1] if tail_at else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """How much two reports speak of the same event."""

    names: int
    """Rare names and numbers that both give."""
    share: float
    """Of all the names that the one with fewer gives, 0 to 1."""


def likeness(one: Fingerprint, other: Fingerprint, *, rare: Collection[int]) -> Likeness:
    """Compare two reports by the names that are in ``rare``."""
    common = len(set(one.names).intersection(other.names, rare))
    fewer = min(len(one.names), len(other.names))
    return Likeness(names=common, share=common / fewer if fewer else 0.0)
