"""What is written here, once everything that is only typography is taken away, and where does each word stand?

Soft hyphens, zero-width and direction marks vanish, decomposed and full-width letters are composed, and each change is
remembered, so that any span of the cleaned text can be given as code points of the text as it came. This module knows
letters and words and refuses to know names.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_VANISH: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
_COMPOSE: Final = "\u0300-\u036f"
_COMPATIBLE: Final = "\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
_SURROGATES: Final = "\ud800-\udfff"
_DIRTY: Final = re.compile(f"[{_VANISH}{_COMPOSE}{_COMPATIBLE}{_SURROGATES}]")
_BROKEN: Final = re.compile(f"[{_SURROGATES}]")
_VANISHES: Final = re.compile(f"[{_VANISH}]")
_MARK: Final = re.compile(f"[{_COMPOSE}]+")
# A letter with the marks that follow it, whatever stands invisibly between them; or a run of what needs no care.
_CLUSTER: Final = re.compile(f"(?s).(?:[{_COMPOSE}{_VANISH}]*[{_COMPOSE}])?")


def _marks() -> str:
    r"""Signs that belong to the word before them in the scripts of India, Arabia and Israel; ``\w`` holds them not."""
    points = [n for n in range(0x0483, 0x1200) if unicodedata.category(chr(n)) in ("Mn", "Mc")]
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in runs)


# An apostrophe inside a Cyrillic word is a letter (Мар'яна, В'ячеслав); in Latin it parts words (l'Orange, Wagner's).
WORD: Final = re.compile(rf"(?:[^\W_]|[{_marks()}])+(?:(?<=[\u0400-\u04ff])['’ʼ](?=[\u0400-\u04ff])[^\W_]+)*")
"""A word in any script."""
_SIMPLE: Final = re.compile(r"\w+")
_NEEDS_CARE: Final = re.compile(f"[{_marks()}]|[\u0400-\u04ff]['’ʼ][\u0400-\u04ff]")


def word_pattern(text: str) -> re.Pattern[str]:
    """The cheapest pattern that finds the words of this text, in which there is no ``_``, as ``WORD`` does: twice as fast on most."""
    return _SIMPLE if text.isascii() or _NEEDS_CARE.search(text) is None else WORD


UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f]"
)
"""Scripts that do not put a space between words, or (Korean) glue particles to them."""

LOWER_PARTICLES: Final = frozenset(
    "al el ibn bin ben abu von van der den de del della di da dos das do du la le les of the and und et y e i zu zum zur ter ten".split()
)
"""Words inside a name that are often written in lower case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """A text without its typography, and the way back."""

    text: str
    pieces: tuple[array[int], array[int], array[int]] | None = None
    """Where each piece of ``text`` begins, where it begins in the original, and where it ends there if all its code points come
    from one place (a letter with its marks, say); 0: a run that stands there as it was. None: nothing was changed."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, which must not be empty, stands in the original."""
        return (start, end) if self.pieces is None else (self._place(start)[0], self._place(end - 1)[1])

    def _place(self, at: int) -> tuple[int, int]:
        """Start and end in the original of one code point, marks included."""
        assert self.pieces is not None
        begins, raw, till = self.pieces
        piece = bisect_right(begins, at) - 1
        first = raw[piece]
        return (first, till[piece]) if till[piece] else (first + at - begins[piece], first + at - begins[piece] + 1)


def clean(raw: str) -> Cleaned:
    """The text as it reads; the very same object where there is nothing to do, which is nearly always."""
    if raw.isascii() or _DIRTY.search(raw) is None:
        return Cleaned(text=raw)
    out: list[str] = []
    begins, froms, till = array("l"), array("l"), array("l")
    length = done = 0
    for start, end in _clusters(raw):
        for text, at, to in ((raw[done:start], done, 0), (_plain(raw[start:end]), start, end)):
            if text:
                out.append(text)
                begins.append(length)
                froms.append(at)
                till.append(to)
                length += len(text)
        done = end
    if done < len(raw):
        out.append(raw[done:])
        begins.append(length)
        froms.append(done)
        till.append(0)
    return Cleaned(text="".join(out), pieces=(begins, froms, till))


def _clusters(raw: str) -> Iterator[tuple[int, int]]:
    """Start and end of each letter that needs care, with its marks; most of a text needs none and is jumped over."""
    done = 0
    while dirty := _DIRTY.search(raw, done):
        at = dirty.start()
        cluster = _CLUSTER.match(raw, at - 1) if at > done else None  # marks belong to the letter before them
        if cluster is None or cluster.end() <= at:
            cluster = _CLUSTER.match(raw, at)
        assert cluster is not None
        yield cluster.span()
        done = cluster.end()


def _plain(cluster: str) -> str:
    if _DIRTY.search(cluster) is None:
        return cluster
    kept = _BROKEN.sub("\ufffd", _VANISHES.sub("", cluster))
    return "" if _MARK.fullmatch(kept) else unicodedata.normalize("NFKC", kept)


@lru_cache(maxsize=1 << 14)
def fold(word: str) -> str:
    """Lower case without marks on Latin, Cyrillic and Greek letters: ``Šefčovič`` and ``sefcovic`` are one; й and ё stay и and е."""
    return _folded(word)


def fold_all(words: Iterable[str]) -> frozenset[str]:
    """All of these words folded, at once, which is several times as fast as one by one."""
    return frozenset(_folded("\n".join(words)).split("\n"))


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return _MARK.sub("", plain).translate(_LETTERS)


_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "’": "'", "ʼ": "'"}
)


def is_name_like(word: str) -> bool:
    """Whether the word is written as a name: a capital or title letter first, or a script without capitals."""
    first = word[:1]
    if first.isupper():
        return True
    return not first.islower() and (first.istitle() or (first.isalpha() and first.lower() == first.upper()))


def is_capital(word: str) -> bool:
    """Whether the word begins with a capital: scripts without them cannot say that a word is a name."""
    return word[:1].isupper() or word[:1].istitle()


def is_shouted(word: str) -> bool:
    """Whether the word is in capitals throughout; one letter is not."""
    return len(word) > 1 and word.isupper()
