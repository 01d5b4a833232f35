"""What is left of an article when only sameness matters? A few hundred bytes that two articles can be compared by.

Two views of one text:

* **shingles**: hashes of five running words, in order, thinned by their own value (every hash below a threshold stays), so
  that two texts keep the same ones and a text of any length keeps at most ``SHINGLES``. Copies share long ordered runs of
  them whatever was cut (Broder 1997, "On the resemblance and containment of documents").
* **names**: names and telling numbers of the headline and the opening, for reports of one event in other words. Scripts
  without capitals have none, so there only copies are found.

``keys`` are what an index finds candidates by: the sixteen smallest shingle hashes (a bottom-k sketch: what a cut copy
keeps of them is what it keeps of the text) and the names. Words are folded for case and form (NFKC); scripts without
spaces count each character as a word. This module refuses to know what other articles say.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

WIDTH: Final = 5
"""Words in a shingle: long enough that two reporters do not write it by chance, short enough to survive sub-editing."""
SHINGLES: Final = 256
"""Shingles kept of one text at most: 1 kB a document, and comparing two takes microseconds."""
SKETCH: Final = 16
"""Shingle keys of one text: a copy that keeps 60 % and gets 20 % of furniture still shares 8, and one is enough to be found."""
NAMES: Final = 32
"""Names kept of one text at most, those that come first."""
OPENING: Final = 200
"""Words of the opening that names are taken from: where a report says who, what, where and when."""
_STEM: Final = 7
"""Letters of a word that count: enough to tell names apart, few enough to join most case endings."""
_NAME: Final = 3
"""Letters that a name has at least; shorter ones are particles."""
_HEADLINE: Final = 0.7
"""Share of capitals among a headline's longer words from which they Say Nothing."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TERM = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+(?:['’][^\W_]+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_MASK: Final = (1 << 64) - 1
_MIX: Final = 0x9E3779B97F4A7C15  # 2^64 / golden ratio: Knuth's multiplicative hashing


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
    agency: str | None = None
    """The news agency that the text says it comes from."""
    address: int | None = None
    """64-bit hash of the canonical address; copies that name the original's are found by it."""

    @property
    def keys(self) -> tuple[int, ...]:
        """What an index finds this article by: signed 64-bit numbers, each once."""
        return self.copy_keys + self.event_keys

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
            agency=kept["agency"],
            address=kept.get("address"),
        )


def fingerprint(title: str, text: str, *, address: str = "") -> Fingerprint:
    """The fingerprint of an article. An article without text is known by its headline alone.

    ``address`` is the canonical address in one spelling (``urls.canonical``), empty where there is none or it is a front page.
    """
    body = text if len(text.strip()) >= len(title) else f"{title}\n{text}"
    folded = words(body)
    full = _shingles(folded)
    kept, thinning = _thinned(full)
    return Fingerprint(
        words=len(folded),
        thinning=thinning,
        shingles=tuple(value >> 32 for value in kept),
        sketch=tuple(sorted(set(full))[:SKETCH]),
        names=_names(title, text),
        agency=agency(text),
        address=_hash(address) if address else None,
    )


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    folded = unicodedata.normalize("NFKC", text.replace("\u00ad", "")).casefold()
    spread = _UNSPACED.sub(r" \g<0> ", folded)
    return [word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(spread)]


def _shingles(folded: Sequence[str]) -> list[int]:
    """64-bit hashes of all runs of ``WIDTH`` words that occur once, in order.

    What a text says twice (a caption under two pictures, a template) is no sign of its own.
    """
    hashes = [_hash(word) for word in folded]
    if len(hashes) < WIDTH:
        return [_joined(hashes)] if hashes else []
    found: dict[int, int] = {}
    for place in range(len(hashes) - WIDTH + 1):
        value = _joined(hashes[place : place + WIDTH])
        found[value] = found.get(value, 0) + 1
    return [value for value, times in found.items() if times == 1]


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


def _joined(hashes: Iterable[int]) -> int:
    value = 0
    for one in hashes:
        value = ((value ^ one) * _MIX) & _MASK
        value ^= value >> 29
    return value


def _names(title: str, text: str) -> tuple[int, ...]:
    """The first names and telling numbers of headline and opening."""
    found: dict[str, None] = {}
    for part in (title, _opening(text)):
        found.update((word[:_STEM], None) for word, is_name in _marked(part) if is_name and len(word) >= _NAME)
    return tuple(dict.fromkeys(_hash(stem) >> 32 for stem in list(found)[:NAMES]))


def _opening(text: str) -> str:
    places = [match.end() for match in _WORD.finditer(text, 0, 12 * OPENING)]
    return text[: places[min(OPENING, len(places)) - 1]] if places else text[: 2 * OPENING]


def _marked(part: str) -> Iterable[tuple[str, bool]]:
    """Each word with whether it looks like a name: a capital where no sentence begins, or a number that is no year and not small."""
    headline_case = _is_headline_case(part)
    previous_end, begins = 0, True
    for match in _TERM.finditer(part):
        between = part[previous_end : match.start()]
        begins = begins or any(mark in between for mark in '.!?:\n“"«')
        word = match[0]
        capital = word[:1].isupper() and not begins and not headline_case
        yield unicodedata.normalize("NFKC", word).casefold().replace("’", "'").removesuffix("'s"), capital or _tells(word)
        previous_end, begins = match.end(), False


def _tells(word: str) -> bool:
    return word[0].isdecimal() and len(word) >= _NAME and not _YEAR.fullmatch(word)


def _is_headline_case(part: str) -> bool:
    """Whether a headline Writes Most Words Like This, so that capitals say nothing."""
    long_words = [word for word in _WORD.findall(part) if len(word) > _NAME]
    return len(long_words) >= _NAME and sum(word[:1].isupper() for word in long_words) > _HEADLINE * len(long_words)


_AGENCIES: Final = (
    *("reuters", "ap", "afp", "dpa", "efe", "ansa", "apa", "belga", "tass", "тасс", "риа новости", "интерфакс", "interfax", "xinhua"),
    *("kyodo", "pti", "ani", "ukrinform", "унн", "укрінформ", "pap", "čtk", "ctk", "mti", "hina", "lusa", "anp", "ntb", "stt"),
    *(
        "ritzau",
        "aap",
        "press association",
        "pa media",
        "yonhap",
        "anadolu",
        "upi",
        "ians",
        "bernama",
        "antara",
        "新华社",
        "共同社",
        "時事",
    ),
)
_MARK = re.compile(
    r"\((?P<paren>[^()\n]{2,40})\)\s*(?:[-–—:]|\n|$)|^(?P<lead>[^\n.]{2,40}?)\s+[-–—]\s"
    r"|(?:©|\bvia|\bsource:|источник:|quelle:)\s*(?P<after>[^\n.,]{2,30})",
    re.IGNORECASE | re.MULTILINE,
)


def agency(text: str) -> str | None:
    """The agency that a dateline or a closing line names, folded, or None. ``KYIV, May 4 (Reuters) -`` gives ``reuters``."""
    for part in (text[:400], text[-200:]):
        for mark in _MARK.finditer(part):
            named = " ".join(words(mark["paren"] or mark["lead"] or mark["after"]))
            found = next((one for one in _AGENCIES if re.search(rf"(?:^|\s){re.escape(' '.join(words(one)))}(?:$|\s)", named)), None)
            if found:
                return found
    return None


def _packed(values: Sequence[int]) -> str:
    return base64.b64encode(struct.pack(f">{len(values)}I", *values)).decode("ascii")


def _unpacked(written: str) -> tuple[int, ...]:
    raw = base64.b64decode(written)
    return struct.unpack(f">{len(raw) // 4}I", raw)
