"""Which names does an entity go by, and what is each worth when it stands alone?

The table of worth is the watchlist's contract (docs/matching.md). This module knows one entity at a time and no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.mentions import rarity
from pipeline.mentions.concepts import translations
from pipeline.mentions.fold import LOWER_PARTICLES, WORD, fold, is_name_like
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind


class Worth(IntEnum):
    """What a name is worth alone, without a veto."""

    WEAK = 0
    """``weak_aliases``: possible at most."""
    SURNAME = 1
    """The surname of a person, not listed: it follows the full name, and needs support without it."""
    RARE_SURNAME = 2
    """The same where nothing else is called so."""
    SHORT = 3
    """A company's name without its legal form, not listed."""
    COMMON = 4
    """One word that is also a word, a surname or a place: possible."""
    RARE = 5
    """One word in no list: probable."""
    SHARED = 6
    """A full name that a namesake has too, or that is common by itself: probable."""
    FULL = 7
    """Two words or more: confirmed."""
    STRONG = 8
    """``strong_aliases``: confirmed."""


SURNAMES: Final = (Worth.SURNAME, Worth.RARE_SURNAME)
"""Names that nobody listed."""


class Naming(NamedTuple):
    """One name of one entity."""

    text: str
    worth: Worth


LEGAL_FORMS: Final = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp plc lp ag gmbh kg kgaa se sa sas sarl spa srl nv bv ab asa oyj oy as "
    "aps kk pjsc ojsc jsc oao pao ooo zao ао оао пао ооо зао тов пат прат doo dd ad ead eood spzoo sro fze fzco fzc pty sdn bhd cv "
    "sab fc cf afc".split()
)
"""Company forms as they stand behind (or, in Russian, before) a name, folded and without dots."""
SAME_FORM: Final = {
    "corporation": ("Corp", "Inc"),
    "corp": ("Corporation", "Inc"),
    "inc": ("Incorporated", "Corp"),
    "incorporated": ("Inc", "Corp"),
    "company": ("Co", "Inc"),
    "co": ("Company",),
    "limited": ("Ltd",),
    "ltd": ("Limited",),
}
"""How newspapers write a company form that a register writes out."""
_SUFFIXES: Final = frozenset("jr sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi phd md".split())


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name."""
    if name.isascii() and name.replace(" ", "").isalpha():
        return tuple(name.split())
    return tuple(WORD.findall(name))


@lru_cache(maxsize=1 << 13)
def core_words(name: str) -> tuple[str, ...]:
    """The words of a company's name without its legal form, ``S.A.`` and ``F.C.`` as one; all of them where nothing else would be left."""
    words = words_of(_DOTTED.sub(lambda match: match[0].replace(".", ""), name) if "." in name else name)
    while len(words) > 1 and fold(words[-1]) in LEGAL_FORMS:
        words = words[:-1]
    while len(words) > 1 and words[0].isupper() and fold(words[0]) in LEGAL_FORMS:
        words = words[1:]
    return words


_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def surname_of(entity: Entity) -> str | None:
    """The word of a person's name that stands alone in news, or None where the name has none (a title, a stage name)."""
    if entity.kind is not Kind.PERSON:
        return None
    words = [word for word in words_of(entity.name) if fold(word) not in _SUFFIXES]
    if len(words) < 2 or any(fold(word) in ("of", "the", "and") for word in words):
        return None
    return words[-1] if len(words[-1]) > 1 and is_name_like(words[-1]) else None


def given_and_surname(words: Sequence[str]) -> tuple[str, str]:
    """The two words of a person's name that news always give; generational suffixes are neither."""
    body = [word for word in words if fold(word) not in _SUFFIXES] if len(words) > 2 else list(words)
    return (body[0], body[-1]) if len(body) > 1 else (words[0], words[-1])


def given_of(name: str) -> tuple[str, ...]:
    """The words before the surname, without particles (van, al)."""
    words = [word for word in words_of(name) if fold(word) not in _SUFFIXES]
    return tuple(word for word in words[:-1] if word.lower() not in LOWER_PARTICLES)


def is_common_full(name: str) -> bool:
    """Whether the full name of a person is borne by many: a frequent given name with a frequent surname."""
    words = words_of(name)
    return len(words) == 2 and fold(words[0]) in FREQUENT_GIVEN and fold(words[1]) in FREQUENT_SURNAMES


def namings(entity: Entity) -> tuple[Naming, ...]:
    """Every name once, at its best worth; the order of aliases does not matter."""
    listed = dict.fromkeys(name.strip() for name in (entity.name, *entity.aliases))
    best = {text: _worth(text, entity) for text in listed}
    best |= dict.fromkeys((name.strip() for name in entity.weak_aliases), Worth.WEAK)
    best |= dict.fromkeys((name.strip() for name in entity.strong_aliases), Worth.STRONG)
    for text, worth in _unlisted(entity, listed):
        best.setdefault(text, worth)
    best.pop("", None)
    return tuple(Naming(text, best[text]) for text in sorted(best))


def _unlisted(entity: Entity, listed: Iterable[str]) -> Iterator[tuple[str, Worth]]:
    """Names that follow from those that the author wrote."""
    for text in listed:
        if not text[1:].islower() and (parted := _camel(text)):
            yield parted, Worth.FULL
    if entity.kind is Kind.PERSON:
        yield from ((text, Worth.FULL) for text in _entitled(entity.name))
        if surname := surname_of(entity):
            yield surname, Worth.RARE_SURNAME if rarity.is_rare(surname) else Worth.SURNAME
        return
    words, core = words_of(entity.name), core_words(entity.name)
    if len(core) == 1 and len(words) == 2:
        yield from ((f"{core[0]} {form}", Worth.FULL) for form in SAME_FORM.get(fold(words[1]), ()))
    if len(core) < len(words) and len(core[0]) > 1:
        yield " ".join(core), Worth.SHORT if len(core) == 1 else Worth.FULL


_CAMEL: Final = re.compile(r"(?:[A-Z][a-z]{3,}){2,}")


def _camel(text: str) -> str | None:
    """ExxonMobil is also written Exxon Mobil."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text) if _CAMEL.fullmatch(text) else None


def _entitled(name: str) -> list[str]:
    """Pope Francis, Prophet Muhammad: the title in other languages, in lower case as they write it."""
    words = words_of(name)
    if len(words) < 2 or fold(words[0]) not in OFFICES:
        return []
    return [f"{title.lower()} {' '.join(words[1:])}" for title in translations(words[0])[1:]]


OFFICES: Final = frozenset(
    "pope prophet prince princess king queen emperor empress sultan emir imam sheikh ayatollah patriarch cardinal saint".split()
)
"""Titles that are half of a name and are translated."""


def _worth(text: str, entity: Entity) -> Worth:
    words = words_of(text)
    if len(words) <= 1:
        return Worth.RARE if words and rarity.is_rare(words[0]) else Worth.COMMON
    if any(fold(text) == fold(other.name) for other in entity.namesakes):
        return Worth.SHARED
    if entity.kind is Kind.PERSON and is_common_full(text):
        return Worth.SHARED
    return Worth.FULL


# The fifty most frequent surnames and given names of the US census of 1990, and the ten of other countries that news meet most.
FREQUENT_SURNAMES: Final = frozenset(
    "smith johnson williams jones brown davis miller wilson moore taylor anderson thomas jackson white harris martin thompson "
    "garcia martinez"
    "robinson clark rodriguez lewis lee walker hall allen young hernandez king wright lopez hill scott green adams baker gonzalez "
    "nelson carter"
    "mitchell perez roberts turner phillips campbell parker evans edwards collins murray stewart murphy kelly hughes singh khan "
    "patel kim park"
    "wang li zhang chen nguyen silva santos muller schmidt novak kowalski ivanov smirnov kuznetsov petrov ivanova rossi dupont".split()
)
FREQUENT_GIVEN: Final = frozenset(
    "james john robert michael william david richard charles joseph thomas christopher daniel paul mark donald george kenneth "
    "steven edward brian"
    "ronald anthony kevin jason matthew gary timothy jose larry jeffrey frank scott eric stephen andrew peter joe will tom chris "
    "steve mike jim"
    "mary patricia linda barbara elizabeth jennifer maria susan margaret dorothy lisa nancy karen betty helen sandra anna laura "
    "sarah kim ana jan"
    "sergei ivan alexander aleksandr andrei dmitry mikhail ali mohammed muhammad ahmed wei jean pierre hans martin juan carlos luis".split()
)
