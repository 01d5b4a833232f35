"""Which sentence does this name stand in? Offsets in code points, for scripts with and without spaces.

A quote must be short enough to read in a chat and must never run into a neighbouring paragraph. This module refuses to
parse grammar: an end mark, a space and a capital (or any character of a script without capitals) end a sentence, unless
what stands before the mark is a title, an initial or another short form.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 400
"""Code points of a quote: what chat channels show without folding it away."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*|\n+")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(\"'“‘«])(?:\w|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Gov|Sen|Rep|St|No|Jr|Sr|vs|Inc|Ltd|Co|Corp|Jan|Feb|Aug|Sept|Oct|Nov|Dec"
    r"|Hr|Fr|bzw|ca|Mme|Mlle|Sra|Sr|им|ул|гг|руб|тыс|млн|млрд)\.$"
)


def around(text: str, start: int, end: int, *, longest: int = LONGEST) -> tuple[int, int]:
    """The start and end, in ``text``, of the sentence that holds ``text[start:end]``.

    Without surrounding white space, at most ``longest`` code points unless the mention itself is longer, and always
    ``sentence_start <= start`` and ``end <= sentence_end``.
    """
    left, right = _left(text, start), _right(text, end)
    if right - left > longest:
        left, right = _window(text, start, end, within=(left, right), longest=longest)
    while left < start and text[left].isspace():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right


def _left(text: str, start: int) -> int:
    base = max(0, start - 4 * LONGEST)
    found = base
    for mark in _END.finditer(text, base, start):
        if _ends_a_sentence(text, mark):
            found = mark.end()
    return found


def _right(text: str, end: int) -> int:
    for mark in _END.finditer(text, end, min(len(text), end + 4 * LONGEST)):
        if _ends_a_sentence(text, mark):
            return mark.start() if text[mark.start()] == "\n" else mark.end()
    return min(len(text), end + 4 * LONGEST)


def _ends_a_sentence(text: str, mark: re.Match[str]) -> bool:
    if mark[0][0] not in ".!?…":
        return True
    following = text[mark.end() : mark.end() + 40].lstrip(" \t\u00a0\"'“‘«(")[:1]
    if following.islower() or (following.isdigit() and mark[0] == "."):
        return False
    return mark[0] != "." or not _SHORT_FORM.search(text[max(0, mark.start() - 12) : mark.end()])


def _window(text: str, start: int, end: int, *, within: tuple[int, int], longest: int) -> tuple[int, int]:
    """A part of a very long sentence, cut at spaces where there are any near."""
    left, right = within
    spare = max(0, longest - (end - start)) // 2
    low, high = max(left, start - spare), min(right, end + spare)
    if low > left:
        space = text.find(" ", low, min(start, low + 40))
        low = space + 1 if space >= 0 else low
    if high < right:
        space = text.rfind(" ", max(end, high - 40), high)
        high = space if space >= 0 else high
    return low, high


def opening(text: str, *, longest: int = LONGEST) -> str:
    """The beginning of an article on one line, cut at a space, with an ellipsis where something was left out."""
    line = " ".join(text[: 2 * longest].split())
    if len(line) <= longest and len(text) <= 2 * longest:
        return line
    cut = line[:longest].rpartition(" ")[0] or line[:longest]
    return cut + " …"
