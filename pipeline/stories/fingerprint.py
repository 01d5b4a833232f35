"""What is left of an article when only sameness matters? A few hundred bytes that two articles can be compared by.

Two views of one text:

* **shingles**: hashes of five running words, in order, thinned by their own value (every hash below a threshold stays), so
  that two texts keep the same ones and a text of any length keeps at most ``SHINGLES``. Copies share long ordered runs of
  them whatever was cut (Broder 1997, "On the resemblance and containment of documents").
* **names**: names and telling numbers of the headline and the opening, for reports of one event in other words. A script
  without capitals does not mark its names; there the words of ``terms`` stand in for them.

``index_keys`` are what an index finds candidates by: the sixteen smallest shingle hashes (a bottom-k sketch: what a cut copy
keeps of them is what it keeps of the text) and the names. Words are folded for case and form (NFKC); scripts without
spaces count each character as a word. This module refuses to know what other articles say.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final

from pipeline.stories.agency import agency
from pipeline.stories.days import days
from pipeline.stories.terms import folded, terms, words

WIDTH: Final = 5
"""Words in a shingle: long enough that two reporters do not write it by chance, short enough to survive sub-editing."""
SHINGLES: Final = 256
"""Shingles kept of one text at most: 1 kB a document, and comparing two takes microseconds."""
SKETCH: Final = 16
"""Shingle keys of one text: a copy that keeps 60 % and gets 20 % of furniture still shares 8, and one is enough to be found."""
NAMES: Final = 32
"""Names kept of one text at most, those that come first."""
TERMS: Final = 64
"""Words that stand in for names, at most: pieces of Chinese overlap, so it takes more of them to hold as much."""
OPENING: Final = 200
"""Words of the opening that names are taken from: where a report says who, what, where and when."""
_STEM: Final = 7
"""Letters of a word that count: enough to tell names apart, few enough to join most case endings."""
_NAME: Final = 3
"""Letters that a name has at least; shorter ones are particles."""
_LETTERS: Final = 12
"""Letters that a word of the opening takes at most, on average: what is read of a text that puts no spaces."""
_BEGINNING: Final = 400
"""Characters that show in what case a text is written."""
_HEADLINE: Final = 0.7
"""Share of capitals among a headline's longer words from which they Say Nothing."""

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r"(?P<mark>[.!?:\n“\"«])|(?P<number>\d+(?:[.,:]\d+)*)|[^\W_]+(?:['’][^\W_]+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd: Knuth's multiplicative hashing
_OUT: Final = pow(_BASE, WIDTH, 1 << 64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """One article, as far as sameness goes."""

    words: int
    """Words of the text."""
    thinning: int
    """Each shingle stayed with odds of 1 in 2**thinning."""
    shingles: tuple[int, ...]
    """32-bit hashes, each once, in the order of the text."""
    sketch: tuple[int, ...]
    """The smallest shingle hashes."""
    names: tuple[int, ...]
    """32-bit hashes of folded stems, each once, in the order of headline and opening."""
    caseless: bool = False
    """Whether most of ``names`` are words that stand in for names."""
    days: int = 0
    """Days of the month that the lead names, as bits 1 to 31."""
    agency: str | None = None
    """The news agency that the text says it comes from."""
    address: int | None = None
    """64-bit hash of the canonical address; copies that name the original's are found by it."""

    def index_keys(self, *, copied: bool) -> tuple[int, ...]:
        """What an index finds this article by: signed 64-bit numbers, each once.

        Not by its names where it is a copy: the original stands for all of them, and fifty copies do not make a name common.
        """
        return self.copy_keys if copied else self.copy_keys + self.event_keys

    @property
    def copy_keys(self) -> tuple[int, ...]:
        """The keys that a copy shares."""
        found = self.sketch if self.address is None else (*self.sketch, self.address)
        return tuple(dict.fromkeys(value - (1 << 63) for value in found))

    @property
    def event_keys(self) -> tuple[int, ...]:
        """The keys that a report of the same event may share, in the order of ``names``. They lie in a range of their own."""
        return tuple((1 << 62) | name for name in self.names)

    def as_json(self) -> dict[str, Any]:
        """What the ledger keeps: about 1.5 kB."""
        return {
            "words": self.words,
            "thinning": self.thinning,
            "shingles": _packed(self.shingles),
            "sketch": base64.b64encode(struct.pack(f">{len(self.sketch)}Q", *self.sketch)).decode("ascii"),
            "names": _packed(self.names),
            "caseless": self.caseless,
            "days": self.days,
            "agency": self.agency,
            "address": self.address,
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Fingerprint:
        """The reverse of ``as_json``."""
        sketch = base64.b64decode(kept["sketch"])
        return Fingerprint(
            words=kept["words"],
            thinning=kept["thinning"],
            shingles=_unpacked(kept["shingles"]),
            sketch=struct.unpack(f">{len(sketch) // 8}Q", sketch),
            names=_unpacked(kept["names"]),
            caseless=kept.get("caseless", False),
            days=kept.get("days", 0),
            agency=kept["agency"],
            address=kept.get("address"),
        )


def fingerprint(title: str, text: str, *, address: str = "") -> Fingerprint:
    """The fingerprint of an article. An article without text is known by its headline alone.

    ``address`` is the canonical address in one spelling (``urls.canonical``), empty where there is none or it is a front page.
    """
    body = text if len(text.strip()) >= len(title) else f"{title}\n{text}"
    spoken = words(body)
    full = _shingles(spoken)
    kept, thinning = _thinned(full)
    names, caseless = _names(title, text)
    return Fingerprint(
        words=len(spoken),
        thinning=thinning,
        shingles=tuple(value >> 32 for value in kept),
        sketch=tuple(sorted(full)[:SKETCH]),
        names=names,
        caseless=caseless,
        days=0 if text.isascii() else days(text),
        agency=agency(text, spoken),
        address=_hash(address) if address else None,
    )


def _shingles(spoken: Sequence[str]) -> list[int]:
    """64-bit hashes of all runs of ``WIDTH`` words that occur once, in order.

    What a text says twice (a caption under two pictures, a template) is no sign of its own. A run's hash is the polynomial
    of its words' hashes, rolled on from word to word (Karp and Rabin 1987).
    """
    hashes = [_hash(word) for word in spoken]
    value, found = 0, []
    for coming, going in zip(hashes, chain((0,) * WIDTH, hashes), strict=False):
        value = (value * _BASE + coming - going * _OUT) & _MASK
        found.append(value)
    found = found[min(WIDTH, len(found)) - 1 :]
    if len(set(found)) == len(found):
        return found
    times = Counter(found)
    return [value for value in found if times[value] == 1]


def _thinned(full: Sequence[int]) -> tuple[list[int], int]:
    """Halve by the hashes' own lowest bits until at most ``SHINGLES`` stay; a text that keeps half keeps the same half."""
    kept, thinning = list(full), 0
    while len(kept) > SHINGLES:
        thinning += 1
        kept = [value for value in kept if not value >> (32 + thinning - 1) & 1]
    return kept, thinning


def at_thinning(shingles: Iterable[int], thinning: int) -> list[int]:
    """The 32-bit shingles of a longer text that stay at a coarser thinning."""
    mask = (1 << thinning) - 1
    return [value for value in shingles if not value & mask]


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _names(title: str, text: str) -> tuple[tuple[int, ...], bool]:
    """The first names and telling numbers of headline and opening, and whether terms stand in for most of them."""
    opening = text[: _LETTERS * OPENING]
    marked = chain(_marked(title, _is_headline_case(title)), _marked(opening, _is_headline_case(opening[:_BEGINNING])))
    found = list(dict.fromkeys(marked))[:NAMES]
    unmarked = [] if title.isascii() and opening.isascii() else list(islice(dict.fromkeys(chain(terms(title), terms(opening))), TERMS))
    stems = dict.fromkeys(chain(found, unmarked))
    return tuple(dict.fromkeys(_hash(stem) >> 32 for stem in stems)), len(unmarked) > len(found)


def _marked(part: str, headline_case: bool) -> Iterator[str]:  # noqa: FBT001 - read once, two lines above
    """Stems of what looks like a name: a capital where no sentence begins, or a number that is no year and not small."""
    begins, count = True, 0
    for match in _TERM.finditer(part):
        kind, word = match.lastgroup, match[0]
        if kind == "mark":
            begins = True
            continue
        if (_tells(word) if kind == "number" else word[0].isupper() and not begins and not headline_case) and len(word) >= _NAME:
            stem = folded(word).replace("’", "'").removesuffix("'s")
            if len(stem) >= _NAME:
                yield stem[:_STEM]
        begins = False
        count += 1
        if count == OPENING:
            return


def _tells(word: str) -> bool:
    return len(word) >= _NAME and not _YEAR.fullmatch(word)


def _is_headline_case(part: str) -> bool:
    """Whether a headline Writes Most Words Like This, so that capitals say nothing."""
    long_words = [word for word in _WORD.findall(part) if len(word) > _NAME]
    return len(long_words) >= _NAME and sum(word[0].isupper() for word in long_words) > _HEADLINE * len(long_words)


def _packed(values: Sequence[int]) -> str:
    return base64.b64encode(struct.pack(f">{len(values)}I", *values)).decode("ascii")


def _unpacked(written: str) -> tuple[int, ...]:
    raw = base64.b64decode(written)
    return struct.unpack(f">{len(raw) // 4}I", raw)
