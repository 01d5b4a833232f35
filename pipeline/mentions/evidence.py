"""What speaks for and against a mention, and how much: the named weights, the sum, and where the tiers are cut.

The score is what a name is worth alone, plus all that speaks for it, minus all that speaks against it, kept in 0..1. It is
monotone: more evidence for never lowers it. Weights were set by hand on round numbers and checked, not fitted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pipeline.mentions.naming import Worth
from pipeline.model import Evidence, Tier

CONFIRMED: Final = 0.85
PROBABLE: Final = 0.6
POSSIBLE: Final = 0.3

BASE: Final[dict[Worth, tuple[str, float]]] = {
    Worth.WEAK: ("weak_alias", 0.3),
    Worth.SURNAME: ("surname", 0.3),
    Worth.RARE_SURNAME: ("rare_surname", 0.6),
    Worth.SHORT: ("short_name", 0.35),
    Worth.COMMON: ("common_word", 0.35),
    Worth.RARE: ("rare_name", 0.65),
    Worth.SHARED: ("shared_full_name", 0.65),
    Worth.FULL: ("full_name", 0.9),
    Worth.STRONG: ("strong_alias", 0.95),
}
"""What a name is worth where it stands, before anything else is known."""

FOR: Final = {
    "full_name_in_document": 0.6,
    "related_confirmed": 0.3,
    "context_near": 0.3,
    "context_anywhere": 0.2,
    "more_context": 0.15,
    "about_word": 0.1,
    "own_title": 0.1,
    "title_fits": 0.25,
    "role_word": 0.25,
    "own_words_follow": 0.3,
    "capitals_as_listed": 0.2,
    "kind_words": 0.15,
    "beside_peer": 0.2,
    "known_place": 0.2,
    "capital_in_sentence": 0.2,
    "in_place": 0.25,
    "speaks": 0.1,
    "acts": 0.05,
    "own_subject": 0.25,
    "kind_throughout": 0.1,
    "title_of_article": 0.05,
    "lead": 0.05,
    "ner_agrees": 0.05,
    "initials_agree": 0.45,
    "nickname": 0.5,
    "given_name_elsewhere": 0.3,
    "repeated": 0.05,
}
AGAINST: Final = {
    "other_given_name": 0.9,
    "owned_by_other": 0.6,
    "other_bearer": 0.3,
    "namesake": 0.5,
    "namesake_context": 0.3,
    "other_subject": 0.35,
    "context_astray": 1.0,
    "thing": 0.45,
    "excluded_near": 0.35,
    "excluded_anywhere": 0.25,
    "longer_name": 0.5,
    "name_goes_on": 0.45,
    "also_fits": 0.3,
    "calendar": 0.5,
    "place_name": 0.2,
    "place_sense": 0.3,
    "ordinary_word": 0.25,
    "sentence_start": 0.1,
    "ner_disagrees": 0.2,
    "no_context": 0.1,
    "respelt": 0.05,
    "similar_spelling": 0.1,
    "capitals_only": 0.2,
    "outside_text": 1.0,
}


def score(why: Iterable[Evidence], against: Iterable[Evidence]) -> float:
    """The sum of both sides, kept in 0..1."""
    total = sum(line.weight for line in why) - sum(line.weight for line in against)
    return round(min(1.0, max(0.0, total)), 3)


def tier_of(points: float) -> Tier | None:
    """The tier that a score reaches, None below ``possible``."""
    if points >= CONFIRMED:
        return Tier.CONFIRMED
    if points >= PROBABLE:
        return Tier.PROBABLE
    return Tier.POSSIBLE if points >= POSSIBLE else None
