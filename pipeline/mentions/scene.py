"""What the whole document shows around a name: which words, where, and who else bears the surname.

Built once for a document in which a candidate was found; every mention of every entity is weighed against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pipeline.mentions.fold import UNSPACED, fold
from pipeline.mentions.lexicon import CUES
from pipeline.mentions.likeness import Likeness, distance, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.profile import Phrase, Term
from pipeline.mentions.reading import Reading
from pipeline.mentions.topics import clauses, topics
from pipeline.model import Field, Kind

NEAR: Final = 25
"""Words to either side that count as near."""


SAME: Final = 1000
"""Places of one word that are looked at."""
Owner = tuple[tuple[int, int], bool, str]
"""Where a name has an owner (reading, word), whether that is the watched entity, and by what word."""


@dataclass(kw_only=True)
class Scene:
    """One document."""

    readings: list[Reading]
    cases: bool
    """Whether names take case endings in the document's language."""
    language: str | None
    founds: dict[int, list[Found]] = field(default_factory=dict)
    """What was found, by entity."""
    owners: dict[tuple[int, str], list[Owner]] = field(default_factory=dict)
    """By entity and word, where the word has an owner; kept for the next mention."""
    trust: dict[int, float] = field(default_factory=dict)
    """By entity, how far its best full name here is believed, 0 to 1: a surname that follows it is believed no more."""
    _occurrences: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @cached_property
    def positions(self) -> dict[int, list[tuple[int, int]]]:
        """Where words of each sound stand: reading and word."""
        places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, reading in enumerate(self.readings):
            for index, key in enumerate(reading.sounds):
                places[key].append((number, index))
        return places

    @cached_property
    def cues(self) -> frozenset[str]:
        """The words for companies and their business that the document shows."""
        words = CUES[Kind.ORGANIZATION]
        return frozenset(
            word for reading in self.readings if reading.field is not Field.REMOVED for word in reading.folded if word in words
        )

    @cached_property
    def topics(self) -> dict[str, dict[str, list[tuple[int, int]]]]:
        """For each topic the different words that the document shows of it, and where."""
        found: dict[str, dict[str, list[tuple[int, int]]]] = {}
        language = (self.language or "")[:2]
        for number, reading in enumerate(self.readings):
            if reading.field is Field.REMOVED:
                continue
            for index, word in enumerate(reading.words):
                for topic, stem in topics(word, language):
                    found.setdefault(topic, {}).setdefault(stem, []).append((number, index))
            for topic, text in clauses() if UNSPACED.search(reading.text) else ():
                if (at := reading.text.find(text)) >= 0:
                    found.setdefault(topic, {}).setdefault(text, []).append((number, reading.word_at(at)))
        return found

    def occurrences(self, wanted: Term) -> list[tuple[int, int]]:
        """Where a word or phrase, or a translation of it, stands, inflected or not: reading and first word."""
        known = self._occurrences.get(wanted[0])
        if known is None:
            places = {place for phrase in wanted[1] for place in self._places(phrase)}
            if UNSPACED.search(wanted[0]):
                places.update(self._letters(wanted[0]))
            known = self._occurrences[wanted[0]] = sorted(places)[:SAME]
        return known

    def _letters(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a term stands in a script that puts no space between words."""
        for number, reading in enumerate(self.readings):
            at = reading.text.find(text)
            while at >= 0:
                yield number, reading.word_at(at)
                at = reading.text.find(text, at + 1)

    def _places(self, phrase: Phrase) -> Iterator[tuple[int, int]]:
        for key in phrase[0][1]:
            for number, index in self.positions.get(key, ()):
                words = self.readings[number].words
                if index + len(phrase) <= len(words) and all(
                    _is_term(words[index + k], part[0], abroad=part[2]) for k, part in enumerate(phrase)
                ):
                    yield number, index

    def same_word(self, found: Found) -> list[tuple[int, int]]:
        """Where else the word of a bare name stands, inflected or not: reading and word, in order."""
        word = found.reading.words[found.first]
        key = f"={word}"
        known = self._occurrences.get(key)
        if known is None:
            plain = fold(word)
            known = self._occurrences[key] = [
                (number, index)
                for number, reading in enumerate(self.readings)
                for index, other in enumerate(reading.folded)
                if other == plain or (self.cases and other[:3] == plain[:3] and _is_form(reading.words[index], word))
            ][:SAME]
        return known

    def stands(self, words: tuple[str, ...]) -> bool:
        """Whether a namesake's full name stands anywhere."""
        first = fold(words[0])[:2] if words else ""
        for reading in self.readings:
            for index, word in enumerate(reading.folded[: len(reading.words) - len(words) + 1]):
                if word[:2] == first and all(_is_form(reading.words[index + k], part) for k, part in enumerate(words)):
                    return True
        return False

    def number(self, reading: Reading) -> int:
        """The place of a reading in the document."""
        return next(i for i, one in enumerate(self.readings) if one is reading)


def _is_form(word: str, name: str) -> bool:
    return likeness(word, name) >= Likeness.INFLECTED or likeness(name, word) >= Likeness.INFLECTED


def _is_term(word: str, wanted: str, *, abroad: bool) -> bool:
    """A word of the context may be inflected or stand in another script; it need not be the very same."""
    plain = fold(word)
    if plain == wanted:
        return True
    if (plain[:1] < "\u0250") == (wanted[:1] < "\u0250"):
        stem = max(4, len(wanted) - 2)
        return plain[:stem] == wanted[:stem] and len(plain) <= len(wanted) + 3
    return abroad and len(wanted) >= 5 and likeness(word, wanted) >= Likeness.RESPELT and distance(word, wanted) <= 0.25
