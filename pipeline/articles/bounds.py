"""Is this page too much for a tree walker, and what does a parser that stays linear make of it?

trafilatura and libxml2 take minutes on pages that no newsroom writes: thousands of inline children, nesting without end, a
hundred thousand elements. A soft signal does not stop C code, so such pages are told apart before anybody walks them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml.etree import XPath
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

_INLINE: Final = " or ".join(
    f"self::{tag}"
    for tag in "a abbr b bdi big br cite code em font i img ins kbd label mark q s small span strong sub sup tt u var wbr".split()
)
_COUNT: Final = XPath("count(//*)")
_HEAD: Final = re.compile(r"</head\s*>|<body[\s>]", re.IGNORECASE)
_HEAD_BYTES: Final = 200_000
_LINES: Final = 4_000
_LONGEST: Final = 20_000


def too_many_tags(html: str, most: int) -> bool:
    """Whether a page opens more than twice ``most`` elements: enough to refuse it before it is parsed."""
    return html.count("<") - html.count("</") > 2 * most


def too_much(tree: HtmlElement, *, elements: int, depth: int, inline: int) -> bool:
    """Whether a parsed page has more ``elements``, ``depth`` or inline children in one element than can be walked in time."""
    count = int(_COUNT(tree))
    if count > elements or _deeper(depth)(tree):
        return True
    return count > inline and bool(_wider(inline)(tree))


@lru_cache(maxsize=8)
def _deeper(depth: int) -> XPath:
    return XPath(f"boolean({'/*' * (depth + 1)})")


@lru_cache(maxsize=8)
def _wider(inline: int) -> XPath:
    return XPath(f"boolean(//*[count(*[{_INLINE}]) > {inline}])")


def plain_lines(html: str) -> list[str]:
    """The main text of a page as resiliparse sees it, one line a block; at most 4,000 lines."""
    text = extract_plain_text(html, main_content=True, list_bullets=False, alt_texts=False)
    if not text.strip():
        text = extract_plain_text(html, main_content=False, list_bullets=False, alt_texts=False)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line[:_LONGEST] for line in lines if line][:_LINES]


def head(html: str) -> str:
    """The part of a page that holds its metadata, closed so that it parses."""
    found = _HEAD.search(html, 0, _HEAD_BYTES)
    return html[: found.start() if found else _HEAD_BYTES // 10] + "</head><body></body></html>"
