"""Which lines does a site repeat?

A line that other articles of the same site carry is furniture. This module decides with what a memory knows and says what
a page has taught; it keeps nothing. Whoever keeps it (the database, a directory, a dictionary) implements ``SiteMemory``.

How many others must carry a line depends on the line. Measured on news sites with several pages each: lines that one other
article carries are furniture in 68 of 75 cases, with two others in 40 of 41, with three in 29 of 29; links, lines outside the
body and short lines at its ends make up most of the first group.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a line stands on its page, as far as a memory needs to know."""

    words: int
    home: bool
    """It stands in the body like the other paragraphs."""
    linked: float
    """Share of its characters that are links."""


MOST: Final = 0.4
"""Share of a text's words that a memory may take away."""
YOUNG: Final = 30
"""Other articles up to which three of them are many; of more, a share counts."""
SHARE: Final = 0.2
BRIEF: Final = 25
"""Words below which a line at an end of the text is a slogan rather than a paragraph."""
PARTICULARS: Final = 8
"""Words of lines that two articles of a series share: hours, a place, a cast. It takes a third article to tell them from slogans."""
_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = re.compile(r"\d+")
_TRACKING: Final = re.compile(
    r"^(?:utm_|fbclid|gclid|mc_|at_|ref$|src$|source$|cmp|xtor|ncid|smid|amp$|outputtype$|ito$|ocid$|sr_share)", re.IGNORECASE
)


def line_hash(line: str) -> int:
    """A signed 64-bit number for a line, blind to case, punctuation, spacing and the digits in it."""
    return _number(" ".join(_WORD.findall(_DIGITS.sub("0", line.lower()))))


def frame_hash(line: str) -> int | None:
    """As ``line_hash`` for the ends of a line that holds numbers (weather, prices, scores): its middle changes from day to day."""
    words = _WORD.findall(_DIGITS.sub("0", line.lower()))
    if len(words) < 8 or len(words) > BRIEF or words.count("0") < 2:  # short lines are compared whole
        return None
    return _number("…".join((" ".join(words[:4]), " ".join(words[-3:]))))


def _number(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


ANY: Final = _number("\0any article")
"""The hash that every lesson holds: its carriers are all that is known of a site."""


def site_of(url: str) -> str:
    """The site that an address belongs to: its host without ``www.``, ``m.`` and ``amp.``."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|mobile|amp)\.", "", host)


def article_of(url: str) -> str:
    """The key that counts an article once: its address without fragment and tracking."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = urlencode(sorted((key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.match(key)))
    return f"{site_of(url)}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def address_of(extraction: Extraction, url: str) -> str:
    """The article's own address: the canonical one, unless that leads to the front page or to another site."""
    canonical = extraction.canonical_url or ""
    fits = site_of(canonical) == site_of(url) and len(article_of(canonical)) > len(site_of(canonical))
    return article_of(canonical if fits else url)


def learn(extraction: Extraction, *, url: str) -> Lesson:
    """What a page teaches: the hashes of its kept and removed lines."""
    lines = [*extraction.text.split("\n"), *(gone.text for gone in extraction.removed)]
    hashes = {line_hash(line) for line in lines if line} | {frame for line in lines if (frame := frame_hash(line)) is not None}
    return Lesson(site=site_of(url), article=address_of(extraction, url), lines=tuple(sorted(hashes | {ANY})))


def questions(lines: Sequence[str]) -> tuple[int, ...]:
    """What to ask a memory about ``lines``."""
    frames = {frame for line in lines if (frame := frame_hash(line)) is not None}
    return tuple(sorted({line_hash(line) for line in lines} | frames | {ANY}))


def repeated(lines: Sequence[str], standings: Sequence[Standing], carriers: Mapping[int, int]) -> set[int]:
    """Numbers of the ``lines`` that are the site's and not the story's. Never more than ``MOST`` of the words."""
    others = carriers.get(ANY, 0)
    if not others:
        return set()
    carried = [max(carriers.get(line_hash(line), 0), carriers.get(frame_hash(line) or 0, 0)) for line in lines]
    total = sum(standing.words for standing in standings)
    shared = sum(standing.words for standing, count in zip(standings, carried, strict=True) if count)
    edges = _edges(carried)
    twin = shared > MOST * total  # the same story under two addresses: one other carrier proves nothing
    picked = [
        number
        for number, (standing, count) in enumerate(zip(standings, carried, strict=True))
        if count and count >= _needed(standing, others, edge=number in edges, twin=twin)
    ]
    return _capped(picked, carried, standings, MOST * total)


def _edges(carried: Sequence[int]) -> set[int]:
    """The unbroken runs of carried lines at both ends."""
    edges: set[int] = set()
    for order in (range(len(carried)), range(len(carried) - 1, -1, -1)):
        for number in order:
            if not carried[number]:
                break
            edges.add(number)
    return edges


def _needed(standing: Standing, others: int, *, edge: bool, twin: bool) -> float:
    """How many others must carry a line that stands so."""
    every = others if others > 1 else 3
    many = max(3.0, SHARE * others if others > YOUNG else 3.0)
    if twin:
        return many
    if standing.words <= 3 and standing.home and standing.linked < 0.5:  # subheads come again, and names among them
        return max(3.0, 0.5 * others)
    if standing.linked >= 0.5 or not standing.home:  # more link than text
        return 1.0
    if edge and standing.words < BRIEF:
        return 2.0 if others == 1 and standing.words <= PARTICULARS else 1.0
    return min(many, every) if standing.words >= BRIEF // 2 else min(2.0, many)


def _capped(picked: Sequence[int], carried: Sequence[int], standings: Sequence[Standing], most: float) -> set[int]:
    """The most carried first, as long as they take no more than ``most`` words."""
    taken: set[int] = set()
    words = 0
    for number in sorted(picked, key=lambda n: (-carried[n], n)):
        words += standings[number].words
        if words > most:
            break
        taken.add(number)
    return taken
