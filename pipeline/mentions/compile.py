"""From watchlists to tables: every name under the keys that a text may show it by.

Built once, shared by forked workers, never changed. Names are numbers here; which words they hold is read again from
the entity when a candidate turns up, so that a million names cost their text and a few dozen bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.mentions.fold import WORD
from pipeline.mentions.likeness import respellings
from pipeline.mentions.lookup import SINGLE, Dictionary, KeyTable, is_literal
from pipeline.mentions.naming import LEGAL_FORMS, Worth, given_and_surname, namings
from pipeline.mentions.spell import roman, skeletons, sounds, unended
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind

RESPELL_UP_TO: Final = 30_000
"""Watchlists with more names than this are found under two forms a word instead of twelve: time and memory of the build."""
SHARED_SURNAME: Final = 12
"""An unlisted surname that more entities than this bear is not looked for: it could decide nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """All names by number."""

    texts: list[str]
    worths: bytes
    owners: NDArray[np.int32]
    """The entity of each name, as an index into ``entities``."""
    entities: list[Entity]


def gather(lists: Sequence[Watchlist]) -> Names:
    """Number the names of all entities."""
    entities = [entity for one in lists for entity in one.entities]
    texts: list[str] = []
    worths = bytearray()
    owners: list[int] = []
    for index, entity in enumerate(entities):
        for text, worth in namings(entity):
            texts.append(text)
            worths.append(worth)
            owners.append(index)
    return Names(texts=texts, worths=bytes(worths), owners=np.array(owners, np.int32), entities=entities)


def dictionary(names: Names) -> Dictionary:
    """The tables that find candidates for these names."""
    singles: list[tuple[int, str]] = []
    pairs: list[tuple[int, str, str]] = []
    literal: list[str] = []
    literal_names: list[int] = []
    words = [WORD.findall(text) for text in names.texts]
    frequency = Counter(word for several in words if len(several) > 1 for word in several)
    lower = False
    for number, several in enumerate(words):
        text = names.texts[number]
        if is_literal(text, several):
            literal.append(text)
            literal_names.append(number)
        elif len(several) == 1:
            singles.append((number, several[0]))
        else:
            person = names.entities[names.owners[number]].kind is Kind.PERSON
            pairs += [(number, a, b) for a, b in anchors(several, frequency, person=person)]
        lower = lower or text == text.lower() != text.upper()
    singles = _without_crowds(singles, names)
    many = len(names.texts) > RESPELL_UP_TO
    keys, numbers = [], []
    for more_keys, more_numbers in (_single_keys(singles, many=many), _pair_keys(pairs, many=many)):
        keys += more_keys
        numbers += more_numbers
    return Dictionary(KeyTable(np.array(keys, np.int64), np.array(numbers, np.int32)), literal, literal_names, lower=lower)


def _without_crowds(singles: list[tuple[int, str]], names: Names) -> list[tuple[int, str]]:
    crowd = Counter(word for number, word in singles if names.worths[number] == Worth.SURNAME)
    return [(n, word) for n, word in singles if names.worths[n] != Worth.SURNAME or crowd[word] <= SHARED_SURNAME]


def anchors(words: list[str], frequency: Counter[str], *, person: bool) -> set[tuple[str, str]]:
    """The pairs of words that a text must show for this name to be considered.

    A person is found by given name and surname, whatever stands between; anything else by its two neighbouring words
    that the fewest names share.
    """
    if not person:
        core = [word for word in words if word.lower() not in LEGAL_FORMS]
        body = core if len(core) > 1 else words
        return {min(pairwise(body), key=lambda two: frequency[two[0]] + frequency[two[1]])}
    return {given_and_surname(words)}


Forms = tuple[NDArray[np.int32], NDArray[np.int64]]


def _forms(words: Sequence[str], *, many: bool) -> tuple[list[str], NDArray[np.int32]]:
    """Each word's romanised forms and the word that each form belongs to."""
    romans = roman("\n".join(words)).split("\n") if words else []
    if many:
        return romans, np.arange(len(romans), dtype=np.int32)
    forms = [(form, index) for index, word in enumerate(romans) for form in respellings(word)]
    return [form for form, _ in forms], np.array([index for _, index in forms], np.int32)


def _keyed(forms: list[str], which: Iterable[int], *, single: bool) -> dict[int, set[int]]:
    """For each word the hashes of its forms with and without an ending."""
    key = sounds if single else skeletons
    keys: dict[int, set[int]] = {}
    body = "\n".join(forms)
    for text in (body, unended(body)):
        for index, word in zip(which, key(text).split("\n"), strict=True):
            keys.setdefault(index, set()).add(hash(word))
    return keys


def _single_keys(singles: list[tuple[int, str]], *, many: bool) -> tuple[list[int], list[int]]:
    unique = list(dict.fromkeys(word for _, word in singles))
    forms, which = _forms(unique, many=many)
    keys = _keyed(forms, which.tolist(), single=True) if unique else {}
    place = {word: index for index, word in enumerate(unique)}
    rows = [(key ^ SINGLE, number) for number, word in singles for key in keys[place[word]]]
    return [key for key, _ in rows], [number for _, number in rows]


def _pair_keys(pairs: list[tuple[int, str, str]], *, many: bool) -> tuple[list[int], list[int]]:
    unique = list(dict.fromkeys(word for _, a, b in pairs for word in (a, b)))
    forms, which = _forms(unique, many=many)
    keys = _keyed(forms, which.tolist(), single=False) if unique else {}
    place = {word: index for index, word in enumerate(unique)}
    rows: set[tuple[int, int]] = set()
    for number, a, b in pairs:
        rows |= {(_wrap(x + y), number) for x in keys[place[a]] for y in keys[place[b]]}
    return [key for key, _ in rows], [number for _, number in rows]


def _wrap(total: int) -> int:
    """Sums of hashes overflow as numpy's do."""
    return (total + (1 << 63)) % (1 << 64) - (1 << 63)
