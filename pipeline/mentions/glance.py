"""May these texts tell whose a bare surname is? The quick scan's question, asked before anything is extracted or weighed.

A surname alone comes to ``possible``: a title, a verb of speaking and its place in the lead do not make it ``probable``
(``evidence``). So where neither the full name, a given name, initials, nor a word of the entity's context stands anywhere,
the full path cannot alert. The scan reads more than the story (menus, data in scripts) and knows neither its sentences nor
what stands between two words, so nothing here may depend on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.mentions.fold import UNSPACED, fold
from pipeline.mentions.lexicon import is_title
from pipeline.mentions.likeness import Likeness, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.nicknames import is_nickname
from pipeline.mentions.profile import Profile
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


def could_be_told(found: Found, who: Profile, readings: Sequence[Reading]) -> bool:
    """Whether anything speaks for this person beside the surname itself."""
    words, at = found.reading.words, found.first
    listed = bool(who.entity.aliases)  # inflected and respelt ones, too
    if any(_introduces(word, who, listed=listed) for word in words[max(0, at - _BEFORE) : at]):
        return True
    wanted = {key for terms in (who.context, who.about) for _, phrases in terms for phrase in phrases for key in phrase[0][1]}
    given = frozenset(who.order)
    clauses = [term for term, _ in (*who.context, *who.about) if UNSPACED.search(term)]
    for reading in readings:
        if (
            any(term in reading.text for term in clauses)
            or not wanted.isdisjoint(reading.sounds)
            or (given and not given.isdisjoint(reading.words))
        ):
            return True
    return any(fold(name) in reading.folded for reading in readings for name in given)


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
