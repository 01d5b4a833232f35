"""What the whole document shows around a name: which words, where, and who else bears the surname.

Built once for a document in which a candidate was found; every mention of every entity is weighed against it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.fold import LOWER_PARTICLES, fold, is_name_like
from pipeline.mentions.lexicon import TITLES
from pipeline.mentions.likeness import Likeness, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.nicknames import is_nickname
from pipeline.mentions.profile import Profile, Term
from pipeline.mentions.reading import Reading
from pipeline.mentions.spell import roman, sounds, unended

NEAR: Final = 25
"""Words to either side that count as near."""


class Bearer(Enum):
    """Whose name a surname is, by the word before it."""

    OWN = "own"
    NICKNAME = "nickname"
    INITIALS = "initials"
    OTHER = "other"
    STRANGER = "stranger"
    """A capitalised word that is no listed given name."""
    TITLE = "title"
    BARE = "bare"


@dataclass(kw_only=True)
class Scene:
    """One document."""

    readings: list[Reading]
    cases: bool
    """Whether names take case endings in the document's language."""
    language: str | None
    founds: dict[int, list[Found]] = field(default_factory=dict)
    """What was found, by entity."""

    @cached_property
    def positions(self) -> dict[int, list[tuple[int, int]]]:
        """Where words of each sound stand: reading and word."""
        places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, reading in enumerate(self.readings):
            keys = sounds(unended(roman("\n".join(reading.words)))).split("\n") if reading.words else []
            for index, key in enumerate(keys):
                places[hash(key)].append((number, index))
        return places

    def occurrences(self, wanted: Term) -> list[tuple[int, int]]:
        """Where a word or phrase stands, inflected or not: reading and first word."""
        _, parts = wanted
        if not parts:
            return []
        found = []
        for number, index in {place for key in parts[0][1] for place in self.positions.get(key, ())}:
            words = self.readings[number].words
            if index + len(parts) <= len(words) and all(_is_term(words[index + k], part[0]) for k, part in enumerate(parts)):
                found.append((number, index))
        return sorted(found)

    def number(self, reading: Reading) -> int:
        """The place of a reading in the document."""
        return next(i for i, one in enumerate(self.readings) if one is reading)


def _is_term(word: str, wanted: str) -> bool:
    if fold(word) == wanted:
        return True
    return len(wanted) >= 4 and likeness(word, wanted) >= (Likeness.RESPELT if len(wanted) >= 5 else Likeness.INFLECTED)


def bearer(reading: Reading, index: int, who: Profile) -> tuple[Bearer, str]:
    """Whose name the word at ``index`` is, by what stands right before it, and that word."""
    before = index - 1
    skipped = ""
    while before >= 0 and reading.words[before].lower() in LOWER_PARTICLES and reading.words[before].islower() and reading.adjacent(before):
        if fold(reading.words[before]) in (
            "and",
            "und",
            "et",
            "y",
            "e",
            "i",
            "of",
            "the",
            "zu",
            "en",
            "le",
            "la",
            "les",
            "du",
            "des",
            "de",
            "da",
            "do",
            "a",
        ):
            break
        skipped, before = reading.words[before], before - 1
    if before < 0 or not reading.joined(before) or "\n" in reading.gap(before):
        return Bearer.BARE, ""
    word = reading.words[before]
    if fold(word) in TITLES and not (fold(word) in who.given):
        return Bearer.TITLE, word
    if not is_name_like(word):
        return Bearer.BARE, ""
    gap = reading.gap(before)
    if any(mark in gap for mark in '"“”„«»‹›/&·'):
        return Bearer.BARE, ""
    return _kind_of(reading, before, word, who, skipped)


def _kind_of(reading: Reading, before: int, word: str, who: Profile, skipped: str) -> tuple[Bearer, str]:
    if fold(word) in who.given or any(len(word) > 1 and likeness(word, given) >= Likeness.RESPELT for given in who.given if len(given) > 2):
        return Bearer.OWN, word
    if len(word) <= 2 and word.isupper():
        return _initials(reading, before, word, who)
    if any(is_nickname(fold(word), given) for given in who.given):
        return Bearer.NICKNAME, word
    if rarity.is_given(word) and not (rarity.is_place(word) and not who.is_person):
        return Bearer.OTHER, word
    if skipped:
        return Bearer.OTHER, f"{word} {skipped}"
    if fold(word) in who.own or rarity.is_place(word) or rarity.is_word(word) or not word.isalpha():
        return Bearer.BARE, ""
    return Bearer.STRANGER, word


def _initials(reading: Reading, before: int, word: str, who: Profile) -> tuple[Bearer, str]:
    first = before
    while first > 0 and len(reading.words[first - 1]) <= 2 and reading.words[first - 1].isupper() and reading.joined(first - 1):
        first -= 1
    if first > 0 and reading.joined(first - 1) and is_name_like(reading.words[first - 1]) and rarity.is_given(reading.words[first - 1]):
        given = reading.words[first - 1]
        return (Bearer.OWN if fold(given) in who.given else Bearer.OTHER), f"{given} {word}"
    own = {roman(given)[:1] for given in who.given}
    return (Bearer.INITIALS if roman(reading.words[first])[:1] in own else Bearer.OTHER), word
