"""Is this page too much for a tree walker, and what does a parser that stays linear make of it?

trafilatura and libxml2 take minutes on pages that no newsroom writes: thousands of inline children, nesting without end, a
hundred thousand elements. A soft signal does not stop C code, so such pages are told apart before anybody walks them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
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
_LONGEST: Final = 200_000


def too_many_tags(html: str, most: int) -> bool:
    """Whether a page opens more than twice ``most`` elements: enough to refuse it before it is parsed."""
    return html.count("<") - html.count("</") > 2 * most


def may_be_steep(html: str) -> bool:
    """Whether a page might nest so deeply that resiliparse slows down: it leaves hundreds of elements open at once."""
    opened = html.count("<") - html.count("</") - html.count("/>") - sum(html.count(f"<{tag}") for tag in _COMMON_VOID)
    return (opened > _STEEP or html.count("<div") > _MANY) and _nesting(html) > _STEEP


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
    """The main text of a page as resiliparse sees it, one line a block; at most 4,000 lines.

    What is nested so deeply that resiliparse slows down as well (its time grows with the square of the depth) is read tag by tag.
    """
    html = _without_choices(html)
    if _nesting(html) > _STEEP:
        return _tag_by_tag(html)
    text = extract_plain_text(html, main_content=True, list_bullets=False, alt_texts=False)
    if not text.strip():
        text = extract_plain_text(html, main_content=False, list_bullets=False, alt_texts=False)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [line[:_LONGEST] for line in lines if line][:_LINES]


_STEEP: Final = 1_000
_MANY: Final = 5_000
"""Containers from which a page's nesting is counted tag by tag."""
_COMMON_VOID: Final = ("meta", "link", "img", "br", "input", "!")
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_CHOICE: Final = re.compile(r"<(/?)select\b[^<>]*>", re.IGNORECASE)
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SILENT: Final = frozenset(("script", "style", "template", "noscript", "select", "textarea", "svg"))
_JOINED: Final = frozenset("a abbr b bdi big cite code em font i ins mark q s small span strong sub sup tt u var".split())


def _nesting(html: str) -> int:
    """An upper bound of how deep a page goes: elements opened and not closed so far, at most."""
    open_now = deepest = 0
    for found in _TAG.finditer(html):
        if found[1]:
            open_now = max(0, open_now - 1)
        elif found[2].lower() not in _VOID:
            open_now += 1
            deepest = max(deepest, open_now)
    return deepest


def _without_choices(html: str) -> str:
    """Without the options of closed ``select`` elements: resiliparse's time grows with the square of their number."""
    pieces: list[str] = []
    at, opened = 0, -1
    for found in _CHOICE.finditer(html):
        if not found[1]:
            opened = found.start() if opened < 0 else opened
        elif opened >= 0:
            pieces.append(html[at:opened])
            at, opened = found.end(), -1
    return "".join((*pieces, html[at:]))


def _tag_by_tag(html: str) -> list[str]:
    lines: list[str] = []
    pieces: list[str] = []
    at, silent = 0, ""
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if silent:
            if found[1] and name == silent:
                silent, at = "", found.end()
            continue
        pieces.append(html[at : found.start()])
        at = found.end()
        if not found[1] and name in _SILENT:
            silent = name
        if name not in _JOINED:
            lines.append(" ".join(unescape("".join(pieces)).split())[:_LONGEST])
            pieces.clear()
        if len(lines) > 4 * _LINES:
            break
    pieces.append("" if silent else html[at : at + _LONGEST])
    lines.append(" ".join(unescape("".join(pieces)).split())[:_LONGEST])
    return [line for line in lines if line][:_LINES]


def head(html: str) -> str:
    """The part of a page that holds its metadata, closed so that it parses."""
    found = _HEAD.search(html, 0, _HEAD_BYTES)
    return html[: found.start() if found else _HEAD_BYTES // 10] + "</head><body></body></html>"
