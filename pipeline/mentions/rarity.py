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


@lru_cache(maxsize=1)
def lists() -> dict[str, frozenset[str]]:
    """The lists, read once (about 60 ms), in Latin letters as ``roman`` gives them."""
    body = gzip.decompress((files("pipeline.mentions") / "data" / "words.txt.gz").read_bytes()).decode()
    parts = {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in ("\n" + body).split("\n# ")[1:]}
    return {name: frozenset(parts[name].split("\n")) for name in SECTIONS}


@lru_cache(maxsize=1 << 15)
def _roman(word: str) -> str:
    return roman(word)


def is_word(word: str) -> bool:
    """Whether it is an ordinary word in one of the languages listed."""
    return _roman(word) in lists()["words"]


def is_surname(word: str) -> bool:
    """Whether it is a listed surname."""
    return _roman(word) in lists()["surnames"]


def is_given(word: str) -> bool:
    """Whether it is a listed given name."""
    return _roman(word) in lists()["given"]


def is_place(word: str) -> bool:
    """Whether it is a country, a state or a large city."""
    return _roman(word) in lists()["places"]


def is_calendar(word: str) -> bool:
    """Whether it is a month or a day of the week."""
    return _roman(word) in lists()["calendar"]


def is_dictionary(word: str) -> bool:
    """Whether it is an English word that is no name."""
    return _roman(word) in lists()["dictionary"]


def is_frequent_name(word: str) -> bool:
    """Whether it is a surname that everybody meets, a given name or a place: a capital says nothing about it."""
    known = _roman(word)
    return any(known in lists()[name] for name in ("frequent", "given", "places"))


@lru_cache(maxsize=1 << 15)
def is_rare(word: str) -> bool:
    """In none of the lists, and long enough to be no abbreviation that others share."""
    known = _roman(word)
    return len(known) >= 4 and not any(known in listed for listed in lists().values())
