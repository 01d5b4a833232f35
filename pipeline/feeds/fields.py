"""What do the parts of an entry say? Title, summary, content, authors and dates, out of whichever elements a publisher chose.

The choice among several candidates follows feedparser (checked against its own suite), except that titles come as plain text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any, Final

from lxml import etree

from pipeline.feeds.dates import to_iso
from pipeline.feeds.plain import headline, squeeze
from pipeline.feeds.tags import local, text_in

_EMAIL_NAME: Final = re.compile(r"^\s*<?[\w.+-]+@[\w.-]+>?\s*\((?P<name>[^)]+)\)\s*$|^(?P<before>[^<(]+?)\s*[<(][\w.+-]+@[\w.-]+[>)]\s*$")

_MARKUP_IN: Final = {"html": True, "text/html": True, "text": False, "xhtml": False, "application/xhtml+xml": False}
"""Whether a title of this type holds escaped markup; of any other type the text decides."""
_TITLES: Final = ("title", "dc:title", "media:title")
PUBLISHED: Final = ("pubdate", "published", "issued", "dcterms:issued", "news:publication_date")
UPDATED: Final = ("updated", "modified", "dc:date", "lastbuilddate", "dcterms:modified", "lastmod")
SUMMARIES: Final = ("description", "summary", "abstract", "dc:description", "itunes:summary", "media:description", "tagline")
_CONTENTS: Final = ("content:encoded", "content", "body", "xhtml:body", "fullitem")
_AUTHORS: Final = ("author", "dc:creator", "dc:author", "itunes:author", "managingeditor")


def title(part: dict[str, list[Any]]) -> str:
    """The headline as plain text."""
    for name in _TITLES:
        for element in part.get(name, ()):
            if title := headline(_decoded(element), markup=_MARKUP_IN.get((element.get("type") or "").lower())):
                return title
    return ""


def _decoded(element: Any) -> str:
    """An element's text; Atom allows any media type, and base64 for those that are not text (RFC 4287, 4.1.3.3)."""
    written = text_in(element)
    kind = (element.get("type") or "text").lower()
    if element.get("mode") == "base64" or ("/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))):
        try:
            return base64.b64decode(written, validate=True).decode("utf-8")
        except ValueError:
            return written
    return written


def _markup(element: Any) -> str:
    """An element's content as HTML: escaped markup is unescaped by the XML parser, inline markup is written out again."""
    if len(element) == 0:
        return (element.text or "").strip()
    inner = (element.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
    return inner.strip()


def markup_of(part: dict[str, list[Any]], names: Iterable[str]) -> str:
    """The first content that stands in any of these elements, as HTML."""
    return next((text for name in names for element in part.get(name, ()) if (text := _markup(element))), "")


def content(part: dict[str, list[Any]], summary: str) -> str:
    """The longest of the candidates: some feeds repeat the summary in one of them."""
    candidates = [_markup(element) for name in _CONTENTS for element in part.get(name, ()) if not element.get("src")]
    best = max(candidates, key=len, default="")
    return best if best != summary else ""


def authors(part: dict[str, list[Any]]) -> str | None:
    """Names joined by ``; ``; None where nobody is named."""
    for name in _AUTHORS:
        names = [n for element in part.get(name, ()) if (n := _person(element))]
        if names:
            return "; ".join(dict.fromkeys(names))
    return None


def _person(element: Any) -> str:
    for child in element:
        if isinstance(child.tag, str) and local(child) == "name":
            return squeeze(text_in(child))
    written = headline(text_in(element)) if len(element) == 0 else ""
    match = _EMAIL_NAME.match(written)
    return squeeze(match["name"] or match["before"]) if match else written


def date(part: dict[str, list[Any]], names: Iterable[str]) -> str | None:
    """The last date that can be read, of the first element that has one, as ISO 8601."""
    for name in names:
        for element in reversed(part.get(name, ())):
            if written := to_iso(text_in(element)):
                return written
    return None
