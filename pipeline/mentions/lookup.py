"""Which names of the watchlist may stand in this run of words? A table of 64-bit keys, asked with arrays.

A name of two or more words is filed under the sum of the skeletons of two of its words, so that order, initials, middle
names and case endings do not matter; a name of one word under its sounds. A million names take 12 bytes a key and no
Python object. What is found is a candidate: ``locate`` reads the words and decides. Keys are Python's string hashes, valid in
this process and its forks only. Scripts without spaces, and names that are not words (C++), go through Aho-Corasick.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, cast

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from pipeline.mentions.fold import UNSPACED, is_name_like
from pipeline.mentions.spell import roman, skeletons, sounds, unended

Keys = NDArray[np.int64]
Sizes = NDArray[np.int16]

VOCABULARY: Final = 1 << 17
"""Distinct words kept with their keys; the text after that starts the store anew, which bounds memory at about 25 MB."""


def hashes(words: Iterable[str], count: int) -> Keys:
    """The 64-bit hash of each word."""
    return np.fromiter(map(hash, words), np.int64, count)


def sizes(romans: str) -> Sizes:
    """The letters of each line."""
    return np.fromiter((min(len(line), 255) for line in romans.split("\n")), np.int16)


class _Rows(dict[str, int]):
    """A row number for each word, the next one for a word that is asked for the first time."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Vocabulary:
    """The keys of each word that a text has shown so far."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.rows = _Rows()
        self.skeleton: Keys = np.empty(4096, np.int64)
        self.sound: Keys = np.empty(4096, np.int64)
        self.named: NDArray[np.bool_] = np.empty(4096, np.bool_)
        self.size: Sizes = np.empty(4096, np.int16)

    def ids(self, words: list[str]) -> NDArray[np.int32]:
        """A row number for each word; new words are keyed together."""
        if len(self.rows) > VOCABULARY:
            self._clear()
        known = len(self.rows)
        found = np.fromiter(map(self.rows.__getitem__, words), np.int32, len(words))
        if len(self.rows) > known:
            self._learn(list(islice(reversed(self.rows), len(self.rows) - known))[::-1])
        return found

    def _learn(self, new: list[str]) -> None:
        start, end = len(self.rows) - len(new), len(self.rows)
        while end > len(self.named):
            self.skeleton, self.sound, self.named, self.size = (
                np.concatenate([a, np.empty_like(a)]) for a in (self.skeleton, self.sound, self.named, self.size)
            )
        bare = unended(roman("\n".join(new)))
        self.skeleton[start:end] = hashes(skeletons(bare).split("\n"), len(new))
        self.sound[start:end] = hashes(sounds(bare).split("\n"), len(new))
        self.size[start:end] = sizes(bare)
        self.named[start:end] = [is_name_like(word) or word[:1].isdigit() for word in new]


class KeyTable:
    """Sorted keys with the name that each stands for, behind a bitmap that turns away most questions."""

    def __init__(self, keys: Keys, names: NDArray[np.int32], sizes: Sizes | None) -> None:
        order = np.argsort(keys, kind="stable")
        self._keys, self._names = keys[order], names[order]
        self._sizes = None if sizes is None else sizes[order]
        size = 1 << max(16, int(len(keys) * 12).bit_length())
        self._mask = np.int64(size - 1)
        self._bitmap = np.zeros(size, np.bool_)
        self._bitmap[self._slot(self._keys)] = True

    def _slot(self, keys: Keys) -> Keys:
        return (keys ^ (keys >> np.int64(29))) & self._mask

    def find(self, asked: Keys, size: Sizes) -> list[tuple[int, int]]:
        """Pairs of position in ``asked`` and name; ``size`` are the letters of what is asked, of a pair those of both words."""
        hopeful = np.flatnonzero(self._bitmap[self._slot(asked)])
        if not len(hopeful):
            return []
        wanted = asked[hopeful]
        low = np.searchsorted(self._keys, wanted)
        low[low == len(self._keys)] = 0
        true = self._keys[low] == wanted
        hopeful, low = hopeful[true], low[true]
        counts = np.searchsorted(self._keys, wanted[true], "right") - low
        asking = np.repeat(hopeful, counts)
        rows = np.arange(len(asking)) + np.repeat(low - (np.cumsum(counts) - counts), counts)
        if self._sizes is not None:
            own, other = self._sizes[rows], size[asking]
            near = np.abs(own - other) <= np.minimum(SPELLED_LONGER, (np.minimum(own, other) + 2) // 3)
            asking, rows = asking[near], rows[near]
        return list(zip(asking.tolist(), self._names[rows].tolist(), strict=True))


SPELLED_LONGER: Final = 3
"""Letters by which two spellings of one name differ, endings apart: Щербаков, Schtscherbakow; of a short name, a third of it:
Putin, Poutine. Sounds alone find too much in a large list, where every short word sounds like something."""
SKIPS: Final = (1, 2, 3)
"""How many words apart two words of one name may stand: side by side, or around one or two initials or middle names."""
SINGLE: Final = 0x5851F42D4C957F2D
"""Tells the keys of single words from those of pairs in one table."""


class Dictionary:
    """All names of the compiled watchlists, by number."""

    def __init__(self, table: KeyTable, literal: list[str], literal_names: list[int], *, lower: bool, tight: bool) -> None:
        self._table, self._lower = table, lower
        self._literal = AhoCorasick(literal) if literal else None
        self._literal_names = literal_names
        self.tight = tight
        """Whether pairs are filed by sounds, not skeletons, and surnames not at all: see ``compile.SMALL``."""
        self._vocabulary = Vocabulary()

    def words(self, tokens: list[str]) -> list[tuple[int, int, int]]:
        """Candidates in a list of words: first position, last position, name."""
        if not tokens:
            return []
        asked, first, last, size = self._ask(tokens)
        return [(int(first[at]), int(last[at]), name) for at, name in self._table.find(asked, size)]

    def sounds(self, tokens: list[str]) -> list[int]:
        """The sound key of each word."""
        return cast("list[int]", self._vocabulary.sound[self._vocabulary.ids(tokens)].tolist()) if tokens else []

    def _ask(self, tokens: list[str]) -> tuple[Keys, NDArray[np.int64], NDArray[np.int64], Sizes]:
        """The keys to look up, the first and last word that each stands for, and their letters."""
        rows = self._vocabulary.ids(tokens)
        named, size = self._vocabulary.named[rows], self._vocabulary.size[rows]
        count = len(rows)
        capital = np.arange(count) if self._lower else np.flatnonzero(named)
        firsts, lasts, keys, letters = [capital], [capital], [self._vocabulary.sound[rows[capital]] ^ np.int64(SINGLE)], [size[capital]]
        part = (self._vocabulary.sound if self.tight else self._vocabulary.skeleton)[rows]
        for skip in SKIPS:
            if count > skip:
                at = np.arange(count - skip) if self._lower else np.flatnonzero(_may_be_one(named, skip))
                firsts.append(at)
                lasts.append(at + skip)
                keys.append(part[at] + part[at + skip])
                letters.append(size[at] + size[at + skip])
        return np.concatenate(keys), np.concatenate(firsts), np.concatenate(lasts), np.concatenate(letters)

    def literals(self, text: str) -> list[tuple[int, int, int]]:
        """Candidates that are found letter by letter: first code point, end, name."""
        if self._literal is None:
            return []
        hits = self._literal.find_matches_as_indexes(text, overlapping=True)
        return [(start, end, self._literal_names[pattern]) for pattern, start, end in hits]


def _may_be_one(named: NDArray[np.bool_], skip: int) -> NDArray[np.bool_]:
    """Where two words may be parts of one name: only of neighbours may one be in lower case (Bank *of*)."""
    return named[:-skip] | named[skip:] if skip == 1 else named[:-skip] & named[skip:]


def is_literal(name: str, words: Sequence[str]) -> bool:
    """Whether a name must be looked for letter by letter: a script without spaces, or signs that words do not hold."""
    if not words or (not name.isascii() and UNSPACED.search(name) is not None):
        return True
    return len(words) == 1 and len(words[0]) <= 2 and len(name.strip()) > len(words[0])
