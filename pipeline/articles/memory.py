"""Which lines does a site repeat?

A line that other articles of the same site carry is furniture. This module decides with what a memory knows and says what
a page has taught; it keeps nothing. Whoever keeps it (the database, a directory, a dictionary) implements ``SiteMemory``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from pipeline.model import Extraction


class SiteMemory(Protocol):
    """What is remembered of a site's lines, recent and decaying; counts articles, not fetches."""

    def carriers(self, site: str, article: str, lines: Sequence[int]) -> Mapping[int, int]:
        """How many *other* recent articles of ``site`` than ``article`` carry each of ``lines``; absent means none."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """What one article teaches about its site. Recording it twice must change nothing."""

    site: str
    article: str
    """A key of the article, the same for each fetch of it."""
    lines: tuple[int, ...]
    """Hashes of its normalised lines, sorted, each once: signed 64-bit integers, as both databases store them."""


_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = re.compile(r"\d+")


def line_hash(line: str) -> int:
    """A signed 64-bit number for a line, blind to case, punctuation, spacing and the digits in it."""
    words = " ".join(_WORD.findall(_DIGITS.sub("0", line.lower())))
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def site_of(url: str) -> str:
    """The site that an address belongs to: its host without ``www.``, ``m.`` and ``amp.``."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|mobile|amp)\.", "", host)


def article_of(url: str) -> str:
    """The key that counts an article once: its address without query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{site_of(url)}{parts.path.rstrip('/')}"


def learn(extraction: Extraction, *, url: str) -> Lesson:
    """What a page teaches: the hashes of its kept and removed lines."""
    lines = [*extraction.text.split("\n"), *(gone.text for gone in extraction.removed)]
    address = extraction.canonical_url or url
    return Lesson(site=site_of(url), article=article_of(address), lines=tuple(sorted({line_hash(line) for line in lines if line})))
