"""Whose name is a surname in a text? Asked of the word before it: a given name, a nickname, initials, a title, a stranger."""

from __future__ import annotations

from enum import Enum

from pipeline.mentions import rarity
from pipeline.mentions.fold import LOWER_PARTICLES, fold, is_capital, is_name_like
from pipeline.mentions.lexicon import is_title
from pipeline.mentions.likeness import Likeness, distance, likeness
from pipeline.mentions.nicknames import is_nickname
from pipeline.mentions.profile import Profile
from pipeline.mentions.reading import Reading
from pipeline.mentions.spell import roman


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
        return Bearer.OTHER, f"{word} {skipped}".strip()
    return _stranger(reading, before, word, who)


def _stranger(reading: Reading, before: int, word: str, who: Profile) -> tuple[Bearer, str]:
    """A word with a capital that is no given name: part of a longer name, or a given name that no list has."""
    if not is_capital(word) or _is_own(word, who) or not word.isalpha() or reading.opens_sentence(before):
        return Bearer.BARE, ""
    if rarity.is_place(word) or rarity.is_word(word):
        return Bearer.BARE, "" if reading.is_headline(before) else word
    return Bearer.STRANGER, word


def _is_own(word: str, who: Profile) -> bool:
    """Whether a word is one of the entity's own names, in any case: pluk *Kastuse* Kalinouského."""
    return fold(word) in who.own or any(len(own) > 3 and likeness(word, own) is Likeness.INFLECTED for own in who.own)


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
