"""Which words could matter on this page, seen from a distance?

The quick scan reads this before anybody extracts anything: it must hold every word that extraction could ever return, and
cost a fraction of a millisecond. It is no text to read: order and furniture do not matter here.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.articles.sniff import sniff

_SCRIPTS: Final = 'script[type*="ld+json"],script#__NEXT_DATA__,script[type="application/json"]'
_UNSEEN: Final = ["script", "style", "template", "svg"]
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\([nrt\"/\\])")


def visible_text(body: bytes | str, charset: str | None = None, *, max_bytes: int = 3_000_000) -> str:
    """Title, text, image texts, meta contents, JSON-LD and ``__NEXT_DATA__`` strings of a page; empty where it is not HTML."""
    html = sniff(body, charset, max_bytes=max_bytes).html
    if html is None:
        return ""
    page = LexborHTMLParser(html)
    parts = [_unescaped(node.text(deep=True)) for node in page.css(_SCRIPTS)]
    parts += [node.attributes.get("content") or "" for node in page.css("meta[content]")]
    parts += [
        value for node in page.css("img[alt],[title]") for value in (node.attributes.get("alt"), node.attributes.get("title")) if value
    ]
    parts.append(" ".join(node.text(deep=True) for node in page.css("title")))
    page.strip_tags(_UNSEEN)
    if page.body is not None:
        parts.append(page.body.text(deep=True, separator=" "))
        parts.append(page.body.text(deep=True, separator=""))  # names cut by <b> or <mark>: "Prigo" and "zhin" are one word
    return "\n".join(parts).replace("\xad", "")


def _unescaped(raw: str) -> str:
    return unescape(_ESCAPED.sub(_character, raw))


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else " "
