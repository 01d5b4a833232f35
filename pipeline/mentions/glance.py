"""May these texts tell whose a bare surname is? The quick scan's question, asked before anything is extracted or weighed.

A surname alone comes to ``possible``: a title, a verb of speaking and its place in the lead do not make it ``probable``
(``evidence``). So where neither the full name, a given name, initials, nor a word of the entity's context stands anywhere,
the full path cannot alert. The scan reads more than the story (menus, data in scripts) and knows neither its sentences nor
what stands between two words, so nothing here may depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from pipeline.mentions.fold import UNSPACED, fold, fold_all
from pipeline.mentions.lexicon import is_title
from pipeline.mentions.likeness import Likeness, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.nicknames import is_nickname
from pipeline.mentions.profile import APPOSED, Profile, fits
from pipeline.mentions.reading import Reading

RARELY: Final = 0.5
"""Worth below which a name needs more than a title, a verb and a place in the lead."""
_BEFORE: Final = 3
"""Words before a surname among which a title, initials or a given name may stand."""


class Glimpse(Reading):
    """A text whose gaps mean nothing, because markup may have cut what the story joins."""

    def joined(self, left: int) -> bool:
        """Whatever stands between."""
        return left >= 0

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Nowhere: a scan does not ask where, and to know the place of every word would cost as much as finding the words."""
        return 0, 0


class Backdrop:
    """All words of the texts, gathered once a name is found that needs to be told."""

    def __init__(self, readings: Sequence[Reading], sounds: Callable[[list[str]], list[int]]) -> None:
        self._readings, self._keyed = readings, sounds
        self._answers: dict[str, bool] = {}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset[str]().union(*(reading.words for reading in self._readings))

    @cached_property
    def _folded(self) -> frozenset[str]:
        return fold_all(self._words)

    @cached_property
    def _sounds(self) -> frozenset[int]:
        return frozenset(self._keyed(list(self._words)))

    def tells(self, who: Profile) -> bool:
        """Whether a given name, or a word of the context, stands anywhere."""
        known = self._answers.get(who.entity.id)
        if known is None:
            known = self._answers[who.entity.id] = self._tells(who)
        return known

    def _tells(self, who: Profile) -> bool:
        if not self._words.isdisjoint(who.order) or any(fold(name) in self._folded for name in who.order):
            return True
        terms = (*who.context, *who.about)
        if any(key in self._sounds for _, phrases in terms for phrase in phrases for key in phrase[0][1]):
            return True
        clauses = [term for term, _ in terms if not term.isascii() and UNSPACED.search(term)]
        return any(term in reading.text for term in clauses for reading in self._readings)


def could_be_told(found: Found, who: Profile, backdrop: Backdrop) -> bool:
    """Whether anything speaks for this person beside the surname itself."""
    if backdrop.tells(who):
        return True
    words, at = found.reading.words, found.first
    listed = bool(who.entity.aliases)  # inflected and respelt ones, too
    return any(_introduces(word, who, listed=listed) for word in words[max(0, at - _BEFORE) : at]) or any(
        fits(word, who) for word in words[max(0, at - _BEFORE) : at + 1 + APPOSED]
    )


def _introduces(word: str, who: Profile, *, listed: bool) -> bool:
    """Whether a word before a surname may be its bearer's initial, given name or nickname; a title helps only a listed name."""
    plain = fold(word)
    if (
        (listed and is_title(plain))
        or (len(word) <= 2 and word[:1].isupper())
        or plain in who.given
        or any(is_nickname(plain, given) for given in who.given)
    ):
        return True
    return any(likeness(word, given) >= Likeness.RESPELT for given in who.given)
