"""From watchlists to tables: every name under the keys that a text may show it by.

Built once, shared by forked workers, never changed. Names are numbers here; which words they hold is read again from
the entity when a candidate turns up, so that a million names cost their text and a few dozen bytes.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.mentions.likeness import respellings
from pipeline.mentions.lookup import SINGLE, Dictionary, KeyTable, hashes, is_literal
from pipeline.mentions.naming import LEGAL_FORMS, Worth, given_and_surname, namings, words_of
from pipeline.mentions.spell import roman, skeletons, sounds, unended
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind

SMALL: Final = 30_000
"""Up to so many names, each word is found under all its respellings, and a surname by itself. Beyond, where candidates by
the thousand would stand in every text, words are found under two forms each, and surnames only after the full name."""

CROWD: Final = 12
"""A surname that is not listed and that more entities than this bear is looked for only after the full name, too."""


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
    owners = array("i")
    for index, entity in enumerate(entities):
        for text, worth in namings(entity):
            texts.append(text)
            worths.append(worth)
            owners.append(index)
    return Names(
        texts=texts, worths=bytes(worths), owners=np.frombuffer(owners, np.int32) if owners else np.empty(0, np.int32), entities=entities
    )


def dictionary(names: Names) -> Dictionary:
    """The tables that find candidates for these names."""
    small = len(names.texts) <= SMALL
    words = [words_of(text) for text in names.texts]
    literal = [number for number, text in enumerate(names.texts) if is_literal(text, words[number])]
    singles, pairs = _parts(names, words, set(literal), small=small)
    keys, numbers = (_every_spelling if small else _two_forms)(singles, pairs)
    lower = any(text == text.lower() != text.upper() for text in names.texts)
    table = KeyTable(keys, numbers)
    return Dictionary(table, [names.texts[number] for number in literal], literal, lower=lower, tight=not small)


Singles = list[tuple[int, str]]
Pairs = list[tuple[int, str, str]]
Table = tuple[NDArray[np.int64], NDArray[np.int32]]


def _parts(names: Names, words: list[tuple[str, ...]], literal: set[int], *, small: bool) -> tuple[Singles, Pairs]:
    """Names of one word, and of longer ones the two words that they are filed under."""
    singles: Singles = []
    pairs: Pairs = []
    frequency = Counter(word for several in words if len(several) > 1 for word in several)
    crowd = Counter(several[0] for number, several in enumerate(words) if names.worths[number] == Worth.SURNAME and several)
    for number, several in enumerate(words):
        if number in literal:
            continue
        if len(several) > 1:
            person = names.entities[names.owners[number]].kind is Kind.PERSON
            pairs.append((number, *anchor(several, frequency, person=person)))
        elif names.worths[number] != Worth.SURNAME or (small and crowd[several[0]] <= CROWD):
            singles.append((number, several[0]))
    return singles, pairs


def anchor(words: Sequence[str], frequency: Counter[str], *, person: bool) -> tuple[str, str]:
    """The two words that a text must show for this name to be considered.

    A person is found by given name and surname, whatever stands between; anything else by its two neighbouring words
    that the fewest names share.
    """
    if person:
        return given_and_surname(words)
    core = [word for word in words if word.lower() not in LEGAL_FORMS] if len(words) > 2 else words
    return min(pairwise(core if len(core) > 1 else words), key=lambda two: frequency[two[0]] + frequency[two[1]])


def _every_spelling(singles: Singles, pairs: Pairs) -> Table:
    """Keys for every respelling of each word, with and without its ending."""
    rows: set[tuple[int, int]] = set()
    by_sound = _spelt(dict.fromkeys(word for _, word in singles), sounds)
    for number, word in singles:
        rows |= {(key ^ SINGLE, number) for key in by_sound[word]}
    by_skeleton = _spelt(dict.fromkeys(word for _, a, b in pairs for word in (a, b)), skeletons)
    for number, a, b in pairs:
        rows |= {(_wrap(x + y), number) for x in by_skeleton[a] for y in by_skeleton[b]}
    return np.array([key for key, _ in rows], np.int64), np.array([number for _, number in rows], np.int32)


def _spelt(words: Iterable[str], key: Callable[[str], str]) -> dict[str, set[int]]:
    """For each word the hashes of its forms."""
    forms = [(form, word) for word in words for form in respellings(roman(word))]
    keys: dict[str, set[int]] = {}
    body = "\n".join(form for form, _ in forms)
    for text in (body, unended(body)):
        for (_, word), found in zip(forms, key(text).split("\n"), strict=False):
            keys.setdefault(word, set()).add(hash(found))
    return keys


def _wrap(total: int) -> int:
    """Sums of hashes overflow as numpy's do."""
    return (total + (1 << 63)) % (1 << 64) - (1 << 63)


def _two_forms(singles: Singles, pairs: Pairs) -> Table:
    """Sound keys with and without an ending, for a million names: everything in arrays."""
    unique = dict.fromkeys([word for _, word in singles])
    unique |= dict.fromkeys([one[1] for one in pairs])
    unique |= dict.fromkeys([one[2] for one in pairs])
    place = {word: at for at, word in enumerate(unique)}
    body = roman("\n".join(place))
    full, bare = (hashes(sounds(text).split("\n"), len(place)) if place else np.empty(0, np.int64) for text in (body, unended(body)))
    number = np.array([one[0] for one in singles], np.int32)
    at = np.array([place[one[1]] for one in singles], np.int64)
    differs = full[at] != bare[at]
    keys = [full[at] ^ np.int64(SINGLE), bare[at[differs]] ^ np.int64(SINGLE)]
    numbers = [number, number[differs]]
    number = np.array([one[0] for one in pairs], np.int32)
    left = np.array([place[one[1]] for one in pairs], np.int64)
    right = np.array([place[one[2]] for one in pairs], np.int64)
    for a, b, which in ((full, full, None), (bare, full, (True, False)), (full, bare, (False, True)), (bare, bare, (True, True))):
        keep = np.ones(len(number), np.bool_)
        if which is not None:
            keep &= (full[left] != bare[left]) if which[0] else True
            keep &= (full[right] != bare[right]) if which[1] else True
        keys.append(a[left[keep]] + b[right[keep]])
        numbers.append(number[keep])
    return np.concatenate(keys), np.concatenate(numbers)
