"""From watchlists to tables: every name under the keys that a text may show it by.

Built once, shared by forked workers, never changed. Names are numbers here; which words they hold is read again from
the entity when a candidate turns up, so that a million names cost their text and a few dozen bytes.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.mentions.fold import clean
from pipeline.mentions.keys import every_spelling, two_forms
from pipeline.mentions.lookup import Dictionary, KeyTable, is_literal
from pipeline.mentions.naming import LEGAL_FORMS, SURNAMES, given_and_surname, namings, split
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind

SMALL: Final = 30_000
"""Up to so many names, each word is found under all its respellings, and a surname by itself. Beyond, where candidates by
the thousand would stand in every text, words are found under two forms each, and surnames only after the full name."""
CROWD: Final = 12
"""A surname that is not listed and that more entities than this bear is looked for only after the full name, too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """All names by number."""

    texts: list[str]
    worths: bytes
    owners: NDArray[np.int32]
    """The entity of each name, as an index into ``entities``; ascending."""
    entities: list[Entity]


@dataclass(kw_only=True, slots=True)
class Parts:
    """The words that names are filed under, as numbers, so that a million names make no objects."""

    words: dict[str, int] = field(default_factory=dict)
    """Each distinct word once, with its number."""
    singles: tuple[array[int], array[int]] = field(default_factory=lambda: (array("i"), array("i")))
    """Names of one word: name, word."""
    pairs: tuple[array[int], array[int], array[int]] = field(default_factory=lambda: (array("i"), array("i"), array("i")))
    """Names of several words: name, and the two words that a text must show."""

    def single(self, name: int, word: str) -> None:
        """File a name of one word."""
        self.singles[0].append(name)
        self.singles[1].append(self.words.setdefault(word, len(self.words)))

    def pair(self, name: int, words: tuple[str, str]) -> None:
        """File a name of several words."""
        first, second = words
        names, firsts, seconds = self.pairs
        names.append(name)
        firsts.append(self.words.setdefault(first, len(self.words)))
        seconds.append(self.words.setdefault(second, len(self.words)))


def gather(lists: Sequence[Watchlist]) -> Names:
    """Number the names of all entities."""
    entities = [entity for one in lists for entity in one.entities]
    texts: list[str] = []
    worths = bytearray()
    owners = array("i")
    for index, entity in enumerate(entities):
        for text, worth in namings(entity).items():
            texts.append(text if text.isascii() else clean(text).text)
            worths.append(worth)
            owners.append(index)
    return Names(texts=texts, worths=bytes(worths), owners=_numbers(owners), entities=entities)


def dictionary(names: Names) -> Dictionary:
    """The tables that find candidates for these names."""
    small = len(names.texts) <= SMALL
    parts, literal = _parts(names, small=small)
    table = (every_spelling if small else two_forms)(
        list(parts.words), (_numbers(parts.singles[0]), _numbers(parts.singles[1])), tuple(map(_numbers, parts.pairs))
    )
    lower = any(text[:1].islower() and text == text.lower() for text in names.texts)
    return Dictionary(KeyTable(*table), [names.texts[number] for number in literal], literal, lower=lower, tight=not small)


def _numbers(column: array[int]) -> NDArray[np.int32]:
    return np.frombuffer(column, np.int32) if column else np.empty(0, np.int32)


def _parts(names: Names, *, small: bool) -> tuple[Parts, list[int]]:
    """What each name is filed under, and which are looked for letter by letter."""
    parts, literal = Parts(), list[int]()
    crowd = Counter(text for number, text in enumerate(names.texts) if names.worths[number] in SURNAMES) if small else Counter()
    people = bytes(entity.kind is Kind.PERSON for entity in names.entities)
    for number, (text, worth, owner) in enumerate(zip(names.texts, names.worths, names.owners.tolist(), strict=True)):
        words = split(text)
        if is_literal(text, words):
            if text.strip():
                literal.append(number)
        elif len(words) > 1:
            parts.pair(number, anchor(words, person=people[owner] == 1))
        elif worth not in SURNAMES or (small and crowd[text] <= CROWD):
            parts.single(number, words[0])
    return parts, literal


def anchor(words: Sequence[str], *, person: bool) -> tuple[str, str]:
    """The two words that a text must show for this name to be considered.

    A person is found by given name and surname, whatever stands between; anything else by its two longest neighbouring
    words, which the fewest texts share.
    """
    if len(words) == 2:
        return words[0], words[1]
    if person:
        return given_and_surname(words)
    core = [word for word in words if word.lower() not in LEGAL_FORMS]
    if len(core) == 2:
        return core[0], core[1]
    return max(pairwise(core if len(core) > 1 else words), key=lambda two: min(len(two[0]), 6) + min(len(two[1]), 6))
