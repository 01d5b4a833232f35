"""What are the words of a text, and what stands in for names where a script has no capitals?

Words are folded for case and form (NFKC); scripts without spaces count each character as a word.

Terms are words of some weight, cut to what inflection leaves of them. Arabic, Hebrew, the scripts of India, Korean: without
the particles that are written onto them. Chinese and Japanese: runs of katakana, and pieces of three characters of what
stands between the commonest function characters; a name of four characters gives two. Which of them are rare is for the
index to say: this module knows one text only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_LETTER: Final = 4
"""Letters that a word of an alphabet has at least, its article and particles gone."""
_LETTERS: Final = 6
"""Letters of it that count: endings differ from sentence to sentence."""
_SYLLABLES: Final = 3
"""Syllables of a Korean word that count: a name has three, the particle follows."""
_PIECE: Final = 3
"""Characters of a piece of Chinese or Japanese."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_CASELESS = re.compile(
    r"(?P<arabic>[\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]+)"
    r"|(?P<alphabet>[\u0590-\u05ff\u0900-\u0dff\u10d0-\u10ff\u1200-\u137f]+)"
    r"|(?P<korean>[\uac00-\ud7a3]+)"
    r"|(?P<katakana>[\u30a1-\u30fa\u30fc]{3,})"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff々]{2,})"
    r"|(?P<thai>[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{3,})"
)
_ANY = re.compile(
    r"[\u0590-\u05ff\u0620-\u06ff\u0750-\u077f\u0900-\u0eff\u1000-\u10ff\u1200-\u137f\u1780-\u17ff\u30a1-\u30fc\u3400-\u9fff\uac00-\ud7a3]"
)
_ARTICLE = re.compile(r"^[وفبلك]{0,2}(?:ال|لل)|^و(?=\w{4})")
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u0640]")
_FUNCTION = re.compile(
    "[的了在是和与與及对對为為将將于於从從被把也就都而等这這那其之一不有后後前中上下时時日月年个個名人多约約至到并並已还還说說称稱表示]"
)


def folded(text: str) -> str:
    """For case, and for form where it needs that: the check is far cheaper than the doing."""
    return (text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    plain = folded(text)
    if not plain.isascii():
        plain = _UNSPACED.sub(r" \g<0> ", plain.replace("’", "'").replace("\u00ad", ""))
    found = _WORD.findall(plain)
    return [word.removesuffix("'s") for word in found] if "'s" in plain else found


def terms(part: str) -> Iterator[str]:
    """The terms of a headline or an opening, in order; none where the script has capitals."""
    first = _ANY.search(part)  # most texts have none, and one class is looked for far faster than six
    for match in _CASELESS.finditer(part, first.start()) if first else ():
        kind, run = match.lastgroup, match[0]
        match kind:
            case "arabic":
                word = _ARTICLE.sub("", _MARKS.sub("", run))
                if len(word) >= _LETTER:
                    yield word[:_LETTERS]
            case "alphabet":
                if len(run) >= _LETTER:
                    yield run[:_LETTERS]
            case "korean":
                if len(run) >= _SYLLABLES:
                    yield run[:_SYLLABLES]
            case "katakana":
                yield run
            case "han":
                yield from _pieces(run)
            case _:
                yield from (run[place : place + 2 * _PIECE] for place in range(len(run) - 2 * _PIECE + 1))


def _pieces(run: str) -> Iterator[str]:
    for stretch in _FUNCTION.split(run):
        if len(stretch) == _PIECE - 1:
            yield stretch
        yield from (stretch[place : place + _PIECE] for place in range(len(stretch) - _PIECE + 1))
