"""Which topics does a word belong to: *Reederei* to shipping, *napastnik* to sport?

The words lie in ``data/topics.txt``: a section a topic, a line a language, ``*`` for any ending. Written for this project
from general knowledge. This module knows words and refuses to know entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.fold import UNSPACED, fold

Stem = tuple[str, str]
"""A topic, and the word or the beginning of a word by which it was known."""

_COMPOUNDING: Final = ("de", "nl")
_PARTS: Final = 5
"""Letters from which on the end of a German or Dutch compound is looked up."""
_ARTICLES: Final = tuple(map(fold, ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل")))
"""What Arabic writes together with the word behind it."""
_SHORTEST: Final = 2


class _Table:
    """The words of one language."""

    def __init__(self) -> None:
        self.whole: dict[str, tuple[Stem, ...]] = {}
        self.stems: dict[str, tuple[Stem, ...]] = {}

    def add(self, topic: str, text: str) -> None:
        """File one word, as it stands in the data."""
        table, plain = (self.stems, fold(text[:-1])) if text.endswith("*") else (self.whole, fold(text))
        table[plain] = (*table.get(plain, ()), (topic, plain))

    def read(self, plain: str) -> tuple[Stem, ...]:
        """What the longest entry says that this folded word begins with."""
        if plain in self.whole:
            return self.whole[plain]
        return next((self.stems[plain[:cut]] for cut in range(len(plain), _SHORTEST - 1, -1) if plain[:cut] in self.stems), ())


@lru_cache(maxsize=1)
def _tables() -> dict[str, _Table]:
    tables: dict[str, _Table] = {}
    topic = ""
    for line in (files("pipeline.mentions") / "data" / "topics.txt").read_text("utf-8").splitlines():
        language, *words = line.split()
        if language == "#":
            topic = words[0]
            continue
        for word in words:
            tables.setdefault(language, _Table()).add(topic, word)
    return tables


@lru_cache(maxsize=1 << 15)
def topics(word: str, language: str) -> tuple[Stem, ...]:
    """The topics of a word in a language (ISO 639-1); none where we do not know the language."""
    table, plain = _tables().get(language), fold(word)
    if table is None:
        return ()
    found = table.read(plain)
    if not found and language in _COMPOUNDING:
        found = next(filter(None, (table.read(plain[cut:]) for cut in range(3, len(plain) - _PARTS + 1))), ())
    if not found and language == "ar":
        bare = next((plain.removeprefix(one) for one in _ARTICLES if plain.startswith(one)), plain)
        found = table.read(bare)
    return found


def anywhere(word: str) -> frozenset[str]:
    """The topics of a word of which only its author knows the language: English first."""
    if UNSPACED.search(word):
        return frozenset(topic for topic, term in clauses() if term in word)
    return frozenset(topic for topic, _ in topics(word, tongue_of(word)))


def tongue_of(word: str) -> str:
    """The first language that knows the word, English before others; none where no language does."""
    if topics(word, "en") or rarity.is_dictionary(word):
        return "en"
    return next((language for language in _tables() if topics(word, language)), "")


@lru_cache(maxsize=1)
def clauses() -> tuple[Stem, ...]:
    """The words of Chinese, which stand in a text without a space around them."""
    return tuple(_unspaced())


def _unspaced() -> Iterator[Stem]:
    for found in _tables()["zh"].whole.values():
        yield from found
