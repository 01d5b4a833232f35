"""When do two lines say the same?

Normal forms shared by the steps that compare lines. Knows nothing of pages.
"""

from __future__ import annotations

import re
from typing import Final

WORD: Final = re.compile(r"\w+")
_WIDE: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯ก-๛]")


def key_of(text: str) -> str:
    """The words of a line, lower-cased, joined by one space: blind to punctuation, spacing and soft hyphens."""
    return " ".join(WORD.findall(text.replace("\xad", "").lower()))


def size_of(text: str) -> int:
    """How many words; scripts written without spaces count two letters as one word."""
    words = WORD.findall(text)
    wide = len(_WIDE.findall(text))
    return len(words) if not wide else max(len(words), wide // 2)
