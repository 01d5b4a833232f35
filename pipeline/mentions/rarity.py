"""Is this word a name that only one bearer has, or a word, surname, given name or place that many share?

The lists and their licences lie in ``data``. Membership is all that is asked: how frequent a word is changes nothing.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pipeline.mentions.spell import roman

SECTIONS: Final = ("words", "surnames", "given", "places", "calendar", "frequent", "dictionary")


_BITS: Final = {name: 1 << place for place, name in enumerate(SECTIONS)}
_WORD, _SURNAME, _GIVEN, _PLACE, _CALENDAR, _FREQUENT, _DICTIONARY = _BITS.values()


@lru_cache(maxsize=1)
def lists() -> dict[str, frozenset[str]]:
    """Each list by itself."""
    table = _table()
    return {name: frozenset(word for word, bits in table.items() if bits & bit) for name, bit in _BITS.items()}


@lru_cache(maxsize=1)
def _table() -> dict[str, int]:
    """For each word the lists that have it, in Latin letters as ``roman`` gives them; read once (about 60 ms)."""
    body = gzip.decompress((files("pipeline.mentions") / "data" / "words.txt.gz").read_bytes()).decode()
    table: dict[str, int] = {}
    for part in ("\n" + body).split("\n# ")[1:]:
        name, _, words = part.partition("\n")
        bit = _BITS[name]
        for word in words.split("\n"):
            table[word] = table.get(word, 0) | bit
    return table


@lru_cache(maxsize=1 << 15)
def _bits(word: str) -> int:
    """The lists that have this word."""
    return _table().get(roman(word), 0)


def is_word(word: str) -> bool:
    """Whether it is an ordinary word in one of the languages listed."""
    return _bits(word) & _WORD > 0


def is_surname(word: str) -> bool:
    """Whether it is a listed surname."""
    return _bits(word) & _SURNAME > 0


def is_given(word: str) -> bool:
    """Whether it is a listed given name."""
    return _bits(word) & _GIVEN > 0


def is_place(word: str) -> bool:
    """Whether it is a country, a state or a large city."""
    return _bits(word) & _PLACE > 0


def is_calendar(word: str) -> bool:
    """Whether it is a month or a day of the week."""
    return _bits(word) & _CALENDAR > 0


def is_dictionary(word: str) -> bool:
    """Whether it is an English word that is no name."""
    return _bits(word) & _DICTIONARY > 0


def is_frequent_name(word: str) -> bool:
    """Whether it is a surname that everybody meets, a given name or a place: a capital says nothing about it."""
    return _bits(word) & (_FREQUENT | _GIVEN | _PLACE) > 0


def is_rare(word: str) -> bool:
    """In none of the lists, and long enough to be no abbreviation that others share."""
    known = roman(word)
    return len(known) >= 4 and known not in _table()
