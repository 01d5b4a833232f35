"""Which news agency does a text say it comes from? Read from its dateline or its closing line alone: a report about one names it too."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

_AGENCIES: Final = (
    *("reuters", "ap", "afp", "dpa", "efe", "ansa", "apa", "belga", "tass", "тасс", "риа новости", "интерфакс", "interfax", "xinhua"),
    *("kyodo", "pti", "ani", "ukrinform", "унн", "укрінформ", "pap", "čtk", "ctk", "mti", "hina", "lusa", "anp", "ntb", "stt", "ritzau"),
    *("aap", "press association", "pa media", "yonhap", "anadolu", "upi", "ians", "bernama", "antara", "新华社", "共同社", "時事"),
)
_BEGINNING: Final = 400
"""Characters of a text in which its dateline stands."""
_CLOSING: Final = 200
"""Characters of its end in which it may say who wrote it."""
_EDGE: Final = 100
"""Words that these hold at most."""
_FIRST_WORDS: Final = frozenset(name[0] if name[0] > "\u3000" else name.split()[0] for name in _AGENCIES)
_NAMED = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_AGENCIES, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_MARK = re.compile(
    r"\((?P<paren>[^()\n]{2,40})\)\s*(?:[-–—:]|\n|$)|^(?P<lead>[^\n.]{2,40}?)\s+[-–—]\s"
    r"|(?:©|\bvia|\bsource:|источник:|quelle:)\s*(?P<after>[^\n.,]{2,30})",
    re.IGNORECASE | re.MULTILINE,
)


def agency(text: str, spoken: Sequence[str]) -> str | None:
    """The agency, folded, or None. ``KYIV, May 4 (Reuters) -`` gives ``reuters``. ``spoken``: the text's folded words.

    Most texts name no agency at either end, which their words say far faster than the marks.
    """
    if not (_is_named(spoken[:_EDGE]) or _is_named(spoken[-_EDGE:])):
        return None
    for part in (text[:_BEGINNING], text[-_CLOSING:]):
        for mark in _MARK.finditer(part):
            named = _NAMED.search(mark["paren"] or mark["lead"] or mark["after"])
            if named is not None:
                return named[0].casefold()
    return None


def _is_named(spoken: Collection[str]) -> bool:
    return not _FIRST_WORDS.isdisjoint(spoken)
