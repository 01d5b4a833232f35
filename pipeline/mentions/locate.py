"""Does this name really stand here? Candidates of the dictionary, read word by word.

Decides only what is written, never who is meant. A similar word may confirm the second word of a name, never decide on one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.mentions import rarity
from pipeline.mentions.compile import Names
from pipeline.mentions.fold import LOWER_PARTICLES, UNSPACED, fold, is_name_like, is_shouted
from pipeline.mentions.likeness import Likeness, distance, is_inflection, likeness, respelt
from pipeline.mentions.naming import LEGAL_FORMS, SURNAMES, Worth, given_and_surname, words_of
from pipeline.mentions.reading import Reading
from pipeline.mentions.spell import roman
from pipeline.model import Kind

MENTIONS: Final = 200
"""Places of one name in one field that are read; the rest would say the same."""
BOTH_SIMILAR: Final = 0.42
"""Sum of two weighted distances below which two similar words in another script are one name."""

RESPELT_ALONE: Final = 0.25
"""Weighted distance up to which one word by itself may be another spelling."""

LONG_ENOUGH: Final = 8
"""Letters that given name and surname need together for that."""
ONE_SIMILAR: Final = 0.3
"""Weighted distance up to which a similar word may stand beside one that agrees."""
_SOFT: Final = "hjyw"
SPELT_OUT: Final = 0.05
"""Weighted distance of a plain transliteration: Рааб, Raab."""
RESPELT_FROM: Final = 5
"""Letters that a name of one word needs to be found in another spelling."""


@dataclass(frozen=True, slots=True)
class Found:
    """A name in its place."""

    name: int
    entity: int
    reading: Reading
    first: int
    """First word; -1 where the name was found letter by letter."""
    last: int
    start: int
    """Code points of the field as it was given."""
    end: int
    likeness: Likeness

    @property
    def surface(self) -> str:
        """What is written."""
        return self.reading.raw[self.start : self.end]


def locate(reading: Reading, hits: list[tuple[int, int, int]], names: Names, *, cases: bool) -> Iterator[Found]:
    """The candidates that hold, one by one; ``cases`` says whether the text's language gives names case endings."""
    often: Counter[int] = Counter()
    for first, last, name in hits:
        if often[name] >= MENTIONS:
            continue
        words = words_of(names.texts[name])
        span: tuple[int, int, Likeness] | None = None
        if len(words) == 1:
            span = first, first, _single(reading.words[first], words[0], cases=cases)
        elif names.entities[names.owners[name]].kind is Kind.PERSON:
            span = _person(reading, first, last, words, cases=cases)
        elif last == first + 1:
            span = _sequence(reading, first, words, cases=cases)
        if span is not None and span[2] is not Likeness.NONE:
            yield _found(reading, span[0], span[1], name, names, span[2])
            often[name] += 1


def surnames(founds: list[Found], names: Names, readings: list[Reading], *, cases: bool) -> list[Found]:
    """After a person's full name, the places where the surname stands alone: large lists look for it nowhere else."""
    full = next((one for one in founds if one.last > one.first and names.worths[one.name] >= Worth.SHARED), None)
    if full is None or names.entities[full.entity].kind is not Kind.PERSON:
        return []
    name = _surname_number(full.entity, names)
    if name is None:
        return []
    wanted, more = names.texts[name], []
    start = fold(wanted)[:1]
    for reading in readings:
        for index, plain in enumerate(reading.folded):
            if plain[:1] == start and (sure := _single(reading.words[index], wanted, cases=cases)) is not Likeness.NONE:
                more.append(_found(reading, index, index, name, names, sure))
                if len(more) >= MENTIONS:
                    return more
    return more


def _surname_number(entity: int, names: Names) -> int | None:
    first, last = np.searchsorted(names.owners, [entity, entity + 1])
    return next((number for number in range(int(first), int(last)) if names.worths[number] in SURNAMES), None)


def _found(reading: Reading, first: int, last: int, name: int, names: Names, sure: Likeness) -> Found:
    start, end = reading.span(first, last)
    return Found(name, int(names.owners[name]), reading, first, last, start, end, sure)


def literal(reading: Reading, hits: list[tuple[int, int, int]], names: Names) -> list[Found]:
    """The candidates found letter by letter that do not begin or end inside a word of a spaced script."""
    found: list[Found] = []
    for start, end, name in hits[: 20 * MENTIONS]:
        text = names.texts[name]
        if _cut(reading.text, start - 1, text[0]) or _cut(reading.text, end, text[-1]):
            continue
        a, b = reading.cleaned.span(start, end)
        at = reading.word_at(start)
        found.append(Found(name, int(names.owners[name]), reading, at, at, a, b, Likeness.SAME))
    return found


def _cut(text: str, outside: int, edge: str) -> bool:
    """Whether a word goes on beyond the edge of a match."""
    if not 0 <= outside < len(text):
        return False
    return edge.isalnum() and text[outside].isalnum() and not UNSPACED.match(edge) and not UNSPACED.match(text[outside])


def _single(word: str, name: str, *, cases: bool) -> Likeness:
    """How one word stands to a name of one word: the same, inflected, or a name that nothing else is called in another spelling."""
    if _too_long(word, name) or not cased_as(word, name):
        return Likeness.NONE
    if fold(word) == fold(name):
        return Likeness.SAME
    foreign = _scripts_differ(word, name)
    if not foreign and not cases and not rarity.is_rare(word):  # the first to ask, because most words are in a list
        return Likeness.NONE
    if not foreign and cases and is_inflection(word, name):
        return Likeness.INFLECTED
    exact = len(name) == RESPELT_FROM - 1 and foreign and distance(word, name) <= SPELT_OUT
    if (len(name) < RESPELT_FROM and not exact) or not (foreign or (rarity.is_rare(name) and rarity.is_rare(word))):
        return Likeness.NONE
    return Likeness.RESPELT if respelt(word, name) and distance(word, name) <= RESPELT_ALONE else Likeness.NONE


def _too_long(word: str, name: str) -> bool:
    """Whether one Latin word has more letters than any ending or spelling of the other adds."""
    return word.isascii() and name.isascii() and abs(len(word) - len(name)) > max(4, len(name) // 2)


def cased_as(word: str, name: str) -> bool:
    """A name in capitals is a name; a common word in lower case is not. An acronym is written as one."""
    if name[:1].islower():
        return True
    if is_shouted(name) and len(name) <= 5:
        return is_shouted(word) or not word[:1].isascii()
    return is_name_like(word)


def _scripts_differ(a: str, b: str) -> bool:
    return (a[:1] < "\u0250") != (b[:1] < "\u0250")


def _person(reading: Reading, first: int, last: int, words: tuple[str, ...], *, cases: bool) -> tuple[int, int, Likeness] | None:
    """Given name and surname, in either order, with initials or middle names between them."""
    between = reading.words[first + 1 : last]
    if any(not is_name_like(word) and word.lower() not in LOWER_PARTICLES for word in between):
        return None
    # The words are compared before what stands between them is looked at: a large list has many candidates and few names.
    given, surname = given_and_surname(words)
    sure = _both(reading.words[first], given, reading.words[last], surname, cases=cases)
    if sure is not Likeness.NONE:
        holds = _middles_agree(between, words)
    else:
        turned = last == first + 1 or len(words) > 2
        sure = _both(reading.words[last], given, reading.words[first], surname, cases=cases) if turned else Likeness.NONE
        holds = sure >= Likeness.RESPELT
    if not holds or not (all(map(reading.joined, range(first, last))) or _inverted_by_comma(reading, first, last)):
        return None
    return first, last, sure


def _middles_agree(written: list[str], words: tuple[str, ...]) -> bool:
    """George W. Bush is not George H. W. Bush: where both give middle names, one must begin as the other does."""
    middles = [fold(word)[:1] for word in written if word.lower() not in LOWER_PARTICLES]
    own = [fold(word)[:1] for word in words[1:-1] if word.lower() not in LOWER_PARTICLES]
    shorter = min(len(middles), len(own))
    return len(own) == 0 or middles[:shorter] == own[:shorter]


def _inverted_by_comma(reading: Reading, first: int, last: int) -> bool:
    return last == first + 1 and reading.gap(first).strip() == "," and is_shouted(reading.words[first])


def _both(word: str, given: str, other: str, surname: str, *, cases: bool) -> Likeness:
    """How surely two words are this given name and this surname; the weaker of the two counts."""
    if not (cased_as(word, given) and cased_as(other, surname)):
        return Likeness.NONE
    one, two = likeness(word, given, slavic=cases), likeness(other, surname, slavic=cases)
    sure = min(one, two)
    if sure is Likeness.SAME or (sure is Likeness.INFLECTED and min(len(given), len(surname)) > 1):
        return sure
    if sure is Likeness.NONE or min(len(given), len(surname)) < 2 or not (_may_begin(word, given) and _may_begin(other, surname)):
        return Likeness.NONE
    foreign = _scripts_differ(word, given) or cases
    if not foreign and not (two >= Likeness.RESPELT and rarity.is_rare(surname)):
        return Likeness.NONE
    return (
        sure if sure is Likeness.RESPELT or _alike(word, given, other, surname, known=max(one, two) >= Likeness.RESPELT) else Likeness.NONE
    )


def _alike(word: str, given: str, other: str, surname: str, *, known: bool) -> bool:
    """Whether two words of another script are similar enough together; in its own script a similar name is another name."""
    if not _scripts_differ(other, surname):
        return False
    first, second = distance(word, given), distance(other, surname)
    if known and max(first, second) <= ONE_SIMILAR:
        return True
    return first + second <= BOTH_SIMILAR and len(given) + len(surname) >= LONG_ENOUGH


def _may_begin(word: str, name: str) -> bool:
    """Whether one spelling may begin as the other does: Afzal is not Faisal, Йотингер may be Oettinger."""
    a, b = roman(word)[:1], roman(name)[:1]
    return a == b or a in _SOFT or b in _SOFT or (a in "aeiou") == (b in "aeiou")


def _sequence(reading: Reading, at: int, words: tuple[str, ...], *, cases: bool) -> tuple[int, int, Likeness] | None:
    """All words of a name in their order, each with its ending; one company form may stand for another or be left out."""
    needed = len(words)
    while needed > 2 and fold(words[needed - 1]) in LEGAL_FORMS:
        needed -= 1
    for anchor in range(max(1, needed - 1)):
        first = at - anchor
        if first < 0 or first + needed > len(reading.words):
            continue
        sure = [_part(reading.words[first + k], words[k], cases=cases) for k in range(needed)]
        if _holds(sure, reading.words[first : first + needed], words) and all(
            reading.joined(i) or _dotted(reading, i, words, i - first) for i in range(first, first + needed - 1)
        ):
            return first, first + needed - 1, min(sure)
    return None


def _dotted(reading: Reading, left: int, words: tuple[str, ...], k: int) -> bool:
    """``U.S. Navy``: the name itself has a dot there."""
    return reading.gap(left).strip() == "." and len(words[k]) <= 2


def _part(word: str, name: str, *, cases: bool) -> Likeness:
    if fold(name) in LEGAL_FORMS and fold(word) in LEGAL_FORMS:
        return Likeness.SAME
    sure = likeness(word, name, slavic=cases)
    if sure is Likeness.RESPELT and not _scripts_differ(word, name) and (rarity.is_word(word) or distance(word, name) > RESPELT_ALONE):
        return Likeness.NONE
    return sure


def _holds(sure: list[Likeness], written: list[str], words: tuple[str, ...]) -> bool:
    """At least one word sure, none merely similar; words that the name capitalises may lose the capital only when inflected."""
    if min(sure) < Likeness.RESPELT or (max(sure) < Likeness.INFLECTED and not _scripts_differ(written[0], words[0])):
        return False
    capitals = [(a, b) for a, b in zip(written, words, strict=False) if is_name_like(b)]
    low = [a for a, _ in capitals if not is_name_like(a)]
    if not low:
        return True
    # Only the generic word of a name in a cased language loses its capital: «группы Вагнера», groupe Wagner.
    return len(low) == 1 and len(capitals) > 1 and low[0] == written[0] and low[0][:1] > "\u0250"


__all__ = ["Found", "cased_as", "literal", "locate"]
