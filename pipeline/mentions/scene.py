"""What the whole document shows around a name: which words, where, and who else bears the surname.

Built once for a document in which a candidate was found; every mention of every entity is weighed against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.fold import LOWER_PARTICLES, fold, is_name_like
from pipeline.mentions.lexicon import is_title
from pipeline.mentions.likeness import Likeness, distance, likeness
from pipeline.mentions.locate import Found
from pipeline.mentions.nicknames import is_nickname
from pipeline.mentions.profile import Phrase, Profile, Term
from pipeline.mentions.reading import Reading
from pipeline.mentions.spell import roman

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
    ids: dict[int, str] = field(default_factory=dict)
    """By entity, its id."""
    organisations: frozenset[int] = frozenset()
    """Which of the entities found are organisations."""
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

    def occurrences(self, wanted: Term) -> list[tuple[int, int]]:
        """Where a word or phrase, or a translation of it, stands, inflected or not: reading and first word."""
        known = self._occurrences.get(wanted[0])
        if known is None:
            known = self._occurrences[wanted[0]] = sorted({place for phrase in wanted[1] for place in self._places(phrase)})
        return known

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
            ]
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
    if is_title(fold(word)) and fold(word) not in who.given:
        return Bearer.TITLE, word
    if not is_name_like(word):
        return Bearer.BARE, ""
    gap = reading.gap(before)
    if any(mark in gap for mark in '"“”„«»‹›/&·'):
        return Bearer.BARE, ""
    return _kind_of(reading, before, word, who, skipped)


def _kind_of(reading: Reading, before: int, word: str, who: Profile, skipped: str) -> tuple[Bearer, str]:
    if len(word) <= 2 and word.isupper():
        return _initials(reading, before, word, who) if _is_initial(reading, before) else (Bearer.BARE, "")
    if is_given_of(word, who):
        return Bearer.OWN, word
    if any(is_nickname(fold(word), given) for given in who.given):
        return Bearer.NICKNAME, word
    if rarity.is_given(word) and not (rarity.is_place(word) and not who.is_person):
        return Bearer.OTHER, word
    if skipped:
        return Bearer.OTHER, f"{word} {skipped}"
    if fold(word) in who.own or not word.isalpha():
        return Bearer.BARE, ""
    if rarity.is_place(word) or rarity.is_word(word):
        return Bearer.BARE, "" if reading.opens_sentence(before) or reading.is_headline(before) else word
    return (Bearer.BARE, "") if reading.opens_sentence(before) else (Bearer.STRANGER, word)


def _is_initial(reading: Reading, index: int) -> bool:
    """A letter with a dot behind it, or two letters that are no word."""
    return "." in reading.gap(index) or (len(reading.words[index]) == 2 and not rarity.is_word(reading.words[index]))


def is_given_of(word: str, who: Profile) -> bool:
    """Whether a word is one of the person's given names, inflected or spelt another way."""
    if fold(word) in who.given:
        return True
    foreign = not word.isascii() or not rarity.is_given(word)
    return (
        foreign
        and len(word) > 2
        and any(likeness(word, given) >= Likeness.RESPELT and distance(word, given) <= 0.25 for given in who.given if len(given) > 2)
    )


def _initials(reading: Reading, before: int, word: str, who: Profile) -> tuple[Bearer, str]:
    """Initials before a surname belong to the given name before them, else they must be the entity's own, one by one."""
    first = before
    while first > 0 and len(reading.words[first - 1]) <= 2 and reading.words[first - 1].isupper() and reading.joined(first - 1):
        first -= 1
    if first > 0 and reading.joined(first - 1) and is_name_like(reading.words[first - 1]) and rarity.is_given(reading.words[first - 1]):
        given = reading.words[first - 1]
        return (Bearer.OWN if is_given_of(given, who) else Bearer.OTHER), f"{given} {word}"
    written = [roman(letter)[:1] for letter in reading.words[first : before + 1]]
    own = [roman(given)[:1] for given in who.order]
    agree = written == own[: len(written)]
    return (Bearer.INITIALS if agree else Bearer.OTHER), " ".join(reading.words[first : before + 1])
