"""Which element is this? Its name as all dialects of feeds have it, whatever namespace and case a publisher wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pipeline.lately import remembered

_PREFIXES: Final = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_CORES: Final = frozenset(
    {
        "",
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0/",
        "http://purl.org/net/rss1.1#",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/modules/rss091#",
        "http://purl.org/atom/ns#",
        "http://www.w3.org/2005/atom",
        "http://purl.org/pie/",
        "http://purl.org/echo/",
        "http://example.com/necho",
        "http://example.com/newformat#",
        "uri/of/echo/namespace#",
        "http://www.sitemaps.org/schemas/sitemap/0.9",
        "http://www.google.com/schemas/sitemap/0.84",
    }
)
XML: Final = "{http://www.w3.org/XML/1998/namespace}"


@remembered
def name_of(tag: str) -> str:
    """``{http://purl.org/dc/elements/1.1/}creator`` to ``dc:creator``; the dialects' own names stand bare, in lower case."""
    space, _, local_name = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    lowered = space.lower()
    if not space or lowered in _CORES or "backend.userland.com/rss" in lowered:
        return local_name.rpartition(":")[2].lower() if not space else local_name.lower()
    return f"{_PREFIXES.get(lowered, '?')}:{local_name.lower()}"


def local(element: Any) -> str:
    """An element's name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def children(element: Any) -> dict[str, list[Any]]:
    """An element's children by name."""
    found: dict[str, list[Any]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(name_of(child.tag), []).append(child)
    return found


def text_in(element: Any) -> str:
    """An element's text, that of elements within it included."""
    return ((element.text or "") if len(element) == 0 else "".join(element.itertext())).strip()


def text_of(part: dict[str, list[Any]], names: Iterable[str]) -> str:
    """The first text that stands in any of these elements."""
    return next((text for name in names for element in part.get(name, ()) if (text := text_in(element))), "")


def attribute(element: Any, name: str) -> str | None:
    """CDF writes its attributes in any case."""
    if element.attrib:
        for key, value in element.attrib.items():
            if key.lower() == name:
                return str(value)
    return None
