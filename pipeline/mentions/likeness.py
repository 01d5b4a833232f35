"""How far is this written word from that part of a name? The same, inflected, spelt by another rule, or merely similar.

A looser likeness may confirm the second word of a name, never decide on one: that is the caller's promise, kept in
``locate``. The distance is Levenshtein's with costs by sound class; the costs were set by hand from how English,
Russian, Bulgarian, Ukrainian, Polish, Czech and German newspapers spell foreign names, not fitted to a data set.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from pipeline.mentions.fold import fold
from pipeline.mentions.spell import roman, sounds, unended, without_ov


class Likeness(IntEnum):
    """The more, the surer."""

    NONE = 0
    SIMILAR = 1
    """Sounds alike by the weighted distance."""
    RESPELT = 2
    """The same name by another romanisation or in another script."""
    INFLECTED = 3
    """The same name with a case ending of its script."""
    SAME = 4
    """Equal but for case and marks."""


# What may follow a stem in running text, and what a base form may itself end in; by script, longest first.
_CYRILLIC_CASES: Final = frozenset(
    "а я у ю е и ы й о ь ой ей ою ею ом ем ём им ым ого его ому ему ых их ыми ими ам ям ами ями ах ях ов ев ів еві ові єм їв ін "
    "ове еве ия ию ии ии ием ью ова ову овой овы овым овых овими ым ин ина ину иной ият ът та то те єю ою ею і ї є ій ії ія ію "
    "ського ському ським".split()
)
_CYRILLIC_BASE: Final = frozenset(["", "а", "я", "о", "е", "й", "ь", "ий", "ый", "ой", "и", "ия", "ы", "і", "ій", "ія", "ья", "є", "ею"])
_LATIN_CASES: Final = frozenset(
    "a u e i y o ą ę ie em om ym im ej ou owi ovi owie ové ova ovej ovou ową owej owa owie ům ami ach ech ích ých ho ého ego emu ému "
    "iego iemu ím ým ích y om ov ev u ju jo jom ja je ję ją ii ia ię ią io ią iem iami".split()
)
_LATIN_BASE: Final = frozenset(["", "a", "o", "e", "i", "y", "ý", "í", "á", "é", "ia", "ie", "ius", "us"])
_SUFFIXED: Final = frozenset(
    "s es n nak nek val vel ban ben t ra re tól től ról ről hoz hez nál nél ssa ssä lle lta ltä sta stä n in un ün ın nin nın da "
    "de den dan"
    "as is ai am iem ui o ą ams ų ei en ens ets et".split()
)


@lru_cache(maxsize=1 << 16)
def likeness(written: str, name: str, *, slavic: bool = True) -> Likeness:
    """How ``written`` (from a text) stands to ``name`` (a base form of a watchlist). ``slavic`` False: no case endings."""
    a, b = fold(written), fold(name)
    if a == b:
        return Likeness.SAME
    if slavic and is_inflection(written, name):
        return Likeness.INFLECTED
    if respelt(written, name):
        return Likeness.RESPELT
    return Likeness.SIMILAR if distance(written, name) <= _ALIKE else Likeness.NONE


_ALIKE: Final = 0.34


@lru_cache(maxsize=1 << 15)
def is_inflection(written: str, name: str) -> bool:
    """Whether ``written`` is ``name`` with a case ending, in the same script."""
    a, b = fold(written), fold(name)
    if len(b) < 2 or _is_cyrillic(a) != _is_cyrillic(b):
        return False
    common = _common(a, b)
    if common < max(2, len(b) - 3):
        return False
    endings, bases = (_CYRILLIC_CASES_F, _CYRILLIC_BASE_F) if _is_cyrillic(a) else (_LATIN_CASES_F, _LATIN_BASE_F)
    for cut in range(common, max(1, common - 3), -1):
        if b[cut:] in bases and (a[cut:] in endings or (not a[cut:] and b[cut:] and cut >= 3)):
            return True
        if cut == len(b) and a[cut:] in _SUFFIXED_F:
            return True
    return _fleeting(a, b, endings)


def _fleeting(a: str, b: str, endings: frozenset[str]) -> bool:
    """Павел → Павла, Marek → Marka: the last vowel of the base form falls out."""
    if len(b) < 4 or b[-2] not in "еоeoиi" or b[-1] in "aeiouаеиоу":
        return False
    stem = b[:-2] + b[-1]
    return a.startswith(stem) and a[len(stem) :] in endings


@lru_cache(maxsize=1 << 15)
def respelt(written: str, name: str) -> bool:
    """Whether both sound the same by the romanisation classes, case ending apart."""
    a, b = roman(written), roman(name)
    mine = {sounds(a), sounds(unended(a)), sounds(without_ov(a))}
    return bool(mine & {key for form in respellings(b) for key in (sounds(form), sounds(unended(form)))})


# Where one letter of a name is written by several classes, the forms that texts show. From the tables named in ``spell``.
_RESPELLINGS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = tuple(
    (re.compile(pattern), others)
    for pattern, others in (
        (r"zh|dj", ("z", "s")),
        (r"dzh", ("ds",)),
        (r"ck", ("tsk",)),
        (r"tch|ch", ("h", "k")),
        (r"kh", ("ch", "k")),
        (r"(?<=[aeo])w|w(?=[ei])", ("u",)),
        (r"^h", ("g",)),
        (r"^g", ("h",)),
        (r"g(?=[eiy])", ("j",)),
        (r"(?<=i)er$", ("e",)),
        (r"(?<=[aou])e(?=[^aeiouy])", ("",)),
        (r"x", ("ks", "sh", "h")),
        (r"a(?=[^aeiouyn])", ("e",)),
        (r"a(?=[^aeiouyn]+$)", ("e",)),
        (r"th", ("s", "f", "t")),
    )
)


@lru_cache(maxsize=1 << 14)
def respellings(romans: str) -> tuple[str, ...]:
    """The form itself first, then with each doubtful spelling turned; at most six."""
    forms = [romans]
    for pattern, others in _RESPELLINGS:
        if pattern.search(romans):
            forms += [pattern.sub(other, form) for form in forms[:2] for other in others]
    return tuple(dict.fromkeys(forms))[:6]


@lru_cache(maxsize=1 << 15)
def distance(written: str, name: str) -> float:
    """Weighted edits for each letter of the longer word, best over the respellings and with or without a case ending; 0 is equal."""
    a = roman(written)
    candidates = {_phones(a), _phones(unended(a)), _phones(without_ov(a))}
    targets = {_phones(form) for form in respellings(roman(name))[:3]}
    return min(_edits(x, y) / max(len(x), len(y), 1) for x in candidates for y in targets)


_PHONES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"shch|szcz|schtsch", "SC"),
        (r"tsch|tch|cz|ch", "C"),
        (r"sch|sh|sz", "S"),
        (r"dzh|dj|j(?=[aeou])", "J"),
        (r"zh", "Z"),
        (r"ts|tz", "c"),
        (r"kh|(?<=[aeiou])h(?=[^aeiou]|$)", "h"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"ou|oo", "u"),
        (r"ee|ea|ie$", "i"),
        (r"ay|ai|ei|ey", "ei"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=1 << 14)
def _phones(romans: str) -> str:
    for pattern, to in _PHONES:
        romans = pattern.sub(to, romans)
    return romans


_GROUPS: Final = (
    *(("aouy", 0.25), ("eiyjJ", 0.2), ("aeiouy", 0.4)),
    *(("szSZCcJ", 0.35), ("ghk", 0.4), ("kcCq", 0.4), ("vwfu", 0.25), ("dt", 0.4), ("gJZ", 0.35), ("jZ", 0.1), ("bp", 0.5)),
)
"""Sounds that one newspaper writes for another, and what the change costs."""
_COST: Final = {
    (x, y): min(cost for group, cost in _GROUPS if x in group and y in group)
    for x in "abcdefghijklmnopqrstuvwxyzSZCJ"
    for y in "abcdefghijklmnopqrstuvwxyzSZCJ"
    if x != y and any(x in group and y in group for group, _ in _GROUPS)
}
_GAP: Final = dict.fromkeys("aeiouyj", 0.35) | dict.fromkeys("hw", 0.4)


def _edits(a: str, b: str) -> float:
    """Levenshtein distance with ``_COST`` for a change and ``_GAP`` for a letter too many."""
    row = [0.0]
    for y in b:
        row.append(row[-1] + _GAP.get(y, 1.0))
    for x in a:
        gap = _GAP.get(x, 1.0)
        last, row[0] = row[0], row[0] + gap
        for j, y in enumerate(b):
            kept = last + (0.0 if x == y else _COST.get((x, y), 1.0))
            last = row[j + 1]
            row[j + 1] = min(kept, last + gap, row[j] + _GAP.get(y, 1.0))
    return row[-1]


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[:1] <= "\u04ff"


def _common(a: str, b: str) -> int:
    length = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        length += 1
    return length


_CYRILLIC_CASES_F, _CYRILLIC_BASE_F, _LATIN_CASES_F, _LATIN_BASE_F, _SUFFIXED_F = (
    frozenset(map(fold, words)) for words in (_CYRILLIC_CASES, _CYRILLIC_BASE, _LATIN_CASES, _LATIN_BASE, _SUFFIXED)
)
