"""One field of a document as words in their places: gaps, sentences, lines, capitals.

Everything here is asked only of fields in which a candidate turned up, so positions are worked out when first needed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from pipeline.mentions.fold import Cleaned, clean, fold, is_name_like, is_shouted, word_pattern
from pipeline.mentions.spell import roman, sounds, unended
from pipeline.model import Field

_SENTENCE_END: Final = re.compile(r"[.!?…:;•|\n。！？]")
_FULL_STOP: Final = re.compile(r"[.!?…。！？](?:\W|$)|\n")
_PARAGRAPH_END: Final = re.compile(r"\n")
_JOINS: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]*[\-‐‑–'’\"“”„«»‹›&·/\[\]]{0,2}[ \t\u00a0\u2000-\u200a\u202f\u3000]*")
_INITIAL: Final = re.compile(r"[. ]{0,2}\.[ \t\u00a0]*[-\]\"“„«(]?[ \t\u00a0]?")
_WRAP: Final = re.compile(r"[ \t]*\r?\n[ \t]*")
WRAPPED: Final = 40
"""A line break inside a name is believed after a line at least this long, or before an indented one."""
HEADLINE: Final = 30
"""Words that a headline has at most."""


class Reading:
    """A field, cleaned, with its words."""

    def __init__(self, field: Field, raw: str) -> None:
        self.field = field
        self.raw = raw
        self.cleaned: Cleaned = clean(raw)
        self.text = self.cleaned.text
        self._spaced = self.text.replace("_", " ")  # a sign that parts words, and a letter to regular expressions
        self._pattern = word_pattern(self._spaced)
        self.words: list[str] = self._pattern.findall(self._spaced)
        self._lines: dict[int, tuple[bool, bool]] = {}

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Start and end of each word in ``text``."""
        return [match.span() for match in self._pattern.finditer(self._spaced)]

    @cached_property
    def sounds(self) -> list[int]:
        """The sound key of each word; the dictionary, which knows most of them already, may set it first."""
        return list(map(hash, sounds(unended(roman("\n".join(self.words)))).split("\n"))) if self.words else []

    @cached_property
    def folded(self) -> list[str]:
        """Each word folded."""
        return [fold(word) for word in self.words]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts."""
        return [start for start, _ in self.places]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where a run of words stands in the field as it came."""
        return self.cleaned.span(self.places[first][0], self.places[last][1])

    def word_at(self, offset: int) -> int:
        """The word that holds or precedes a code point."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def gap(self, left: int) -> str:
        """What stands between a word and the next; a line break at either end of the field."""
        if left < 0 or left + 1 >= len(self.words):
            return "\n"
        return self.text[self.places[left][1] : self.places[left + 1][0]]

    def joined(self, left: int) -> bool:
        """Whether a word and the next may be two words of one name: nothing between them that ends a phrase."""
        gap = self.gap(left)
        if _JOINS.fullmatch(gap):
            return True
        word = self.words[left]
        if _INITIAL.fullmatch(gap):
            return len(word) <= 2 or (len(word) <= 3 and is_name_like(word) and fold(word) in _ABBREVIATED)
        return bool(_WRAP.fullmatch(gap)) and self._is_wrapped(left)

    def _is_wrapped(self, left: int) -> bool:
        gap = self.gap(left)
        if gap.endswith((" ", "\t")):
            return True
        end = self.places[left][1]
        return end - self.text.rfind("\n", 0, end) - 1 >= WRAPPED

    def adjacent(self, left: int) -> bool:
        """Whether only white space or a hyphen stands between a word and the next."""
        return bool(_PLAIN.fullmatch(self.gap(left)))

    def opens_sentence(self, index: int) -> bool:
        """Whether a word is the first of its sentence, line or quotation."""
        gap = self.gap(index - 1)
        return index == 0 or bool(_SENTENCE_END.search(gap)) or any(mark in gap for mark in '"“„«')

    def sentence(self, index: int, reach: int) -> tuple[int, int]:
        """First and last word of the sentence that a word stands in, at most ``reach`` words to either side."""
        first = last = index
        while first > max(0, index - reach) and not _FULL_STOP.search(self.gap(first - 1)):
            first -= 1
        while last < min(len(self.words) - 1, index + reach) and not _FULL_STOP.search(self.gap(last)):
            last += 1
        return first, last

    @cached_property
    def breaks(self) -> list[int]:
        """Offsets of line ends."""
        return [match.start() for match in _PARAGRAPH_END.finditer(self.text)]

    def line_of(self, index: int) -> tuple[int, int]:
        """First and last word (inclusive) of the line that a word stands in."""
        start, _ = self.places[index]
        before = bisect_right(self.breaks, start)
        left = self.breaks[before - 1] + 1 if before else 0
        right = self.breaks[before] if before < len(self.breaks) else len(self.text)
        first = bisect_right(self.starts, left - 1)
        last = bisect_right(self.starts, right - 1) - 1
        return first, max(first, last)

    def is_shouting(self, index: int) -> bool:
        """Whether the whole line is in capitals, so that capitals say nothing."""
        return self._line(index)[0]

    def is_headline(self, index: int) -> bool:
        """Whether most words of a short line have a capital, so that a capital says little."""
        return self._line(index)[1]

    def _line(self, index: int) -> tuple[bool, bool]:
        """Whether the line of a word is shouted, and whether it is a headline."""
        first, last = self.line_of(index)
        known = self._lines.get(first)
        if known is None:
            words = [word for word in self.words[first : last + 1] if len(word) > 2 and word.isalpha()] if last - first < HEADLINE else []
            long = [word for word in words if len(word) > 3]
            shouted = len(words) > 2 and sum(map(is_shouted, words)) * 5 >= len(words) * 4
            titled = (
                len(long) > 2
                and self.text[self.places[last][1] : self.places[last][1] + 1] != "."
                and sum(map(is_name_like, long)) * 10 >= len(long) * 7
            )
            known = self._lines[first] = (shouted, titled)
        return known

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Every word as it is written, once."""
        return frozenset(self.words)


_PLAIN: Final = re.compile(r"[ \t\u00a0\u2009\u202f]*|[ \t\u00a0]*\r?\n[ \t]+")
_ABBREVIATED: Final = frozenset("st dr mr mrs ms sen rep gen col lt sgt jr sr gov prof hon rev st. ste ju yu ja ya дж ю я ж".split())
