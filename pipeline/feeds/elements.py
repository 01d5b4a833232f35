"""What do the elements of a feed mean, in any of the XML dialects?

RSS 0.9x, 1.0, 1.1 and 2.0, Atom 0.3 and 1.0, CDF, news sitemaps and indexes of them. The choice among several candidates for one
field follows feedparser (checked against its own suite), except that titles come as plain text and that an entry without
a link falls back to any address that it names.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipeline.feeds.dates import instant, to_iso
from pipeline.feeds.parsed import ParsedFeed, PublisherHints
from pipeline.feeds.plain import headline, squeeze
from pipeline.model import Entry

_CORE: Final = ""
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
_KINDS: Final = {"rss": "rss", "feed": "atom", "rdf": "rdf", "channel": "cdf", "urlset": "sitemap", "sitemapindex": "sitemap_index"}
_ENTRIES: Final = ("{*}item", "{*}entry", "{*}ITEM", "{*}Item")
_CHANNELS: Final = ("{*}channel", "{*}CHANNEL", "{*}Channel")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LONGER: Final = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS: Final = {d: n for n, d in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))}
_EMAIL_NAME: Final = re.compile(r"^\s*<?[\w.+-]+@[\w.-]+>?\s*\((?P<name>[^)]+)\)\s*$|^(?P<before>[^<(]+?)\s*[<(][\w.+-]+@[\w.-]+[>)]\s*$")

_MARKUP_IN: Final = {"html": True, "text/html": True, "text": False, "xhtml": False, "application/xhtml+xml": False}
"""Whether a title of this type holds escaped markup; of any other type the text decides."""
_TITLES: Final = ("title", "dc:title", "media:title")
_PUBLISHED: Final = ("pubdate", "published", "issued", "dcterms:issued", "news:publication_date")
_UPDATED: Final = ("updated", "modified", "dc:date", "lastbuilddate", "dcterms:modified", "lastmod")
_SUMMARIES: Final = ("description", "summary", "abstract", "dc:description", "itunes:summary", "media:description", "tagline")
_CONTENTS: Final = ("content:encoded", "content", "body", "xhtml:body", "fullitem")
_AUTHORS: Final = ("author", "dc:creator", "dc:author", "itunes:author", "managingeditor")


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    """``{http://purl.org/dc/elements/1.1/}creator`` to ``dc:creator``; the dialects' own names stand bare, in lower case."""
    space, _, local_name = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    lowered = space.lower()
    if not space or lowered in _CORES or "backend.userland.com/rss" in lowered:
        return local_name.rpartition(":")[2].lower() if not space else local_name.lower()
    return f"{_PREFIXES.get(lowered, '?')}:{local_name.lower()}"


def local(element: Any) -> str:
    """An element's name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def read(root: Any, url: str, *, based: bool = True) -> ParsedFeed:
    """The feed that ``root`` is the root of. An unknown dialect gives ``kind="unknown"`` and whatever entries it holds.

    ``based`` False promises that no xml:base stands in the document, which saves looking for it at every element.
    """
    kind = _KINDS.get(local(root), "unknown")
    if kind.startswith("sitemap"):
        return _sitemap(root, kind, url)
    home = str(root.tag)[: str(root.tag).find("}") + 1]
    items = [e for e in root.iter(*_ENTRIES) if ":" not in _name(e.tag) or (home and e.tag.startswith(home))]
    channel = next(root.iter(*_CHANNELS), root)
    head = _children(channel)
    base = _base_of(channel, url)
    link, self_url, hub = _feed_links(head, base)
    link = link or _join(base, _attribute(channel, "href") or "")
    base = base or (link if _absolute(link) else self_url or "")
    bases = [_base_of(item, url) or base for item in items] if based else [base] * len(items)
    return ParsedFeed(
        kind=kind,
        entries=tuple(_entry(item, at) for item, at in zip(items, bases, strict=True)),
        title=_title(head),
        link=link,
        language=_text_of(head, ("language", "dc:language")) or root.get(f"{_XML}lang") or None,
        self_url=self_url,
        hub=hub,
        hints=_hints(head),
    )


def _children(element: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(_name(child.tag), []).append(child)
    return found


def _entry(item: Any, base: str) -> Entry:
    part = _children(item)
    link, permalink = _link(item, part, base), ""
    ident = item.get(_ABOUT) or ""
    for element in (*part.get("guid", ()), *part.get("id", ())):
        written = _text(element)
        if not written:
            continue
        is_link = (element.get("isPermaLink") or element.get("ispermalink") or "true").lower() == "true"
        is_link = is_link and local(element) == "guid"
        ident = _join(base, written) if is_link else written
        permalink = ident if is_link or local(element) == "id" else permalink
    url = link or (ident if _absolute(ident) else "") or _any_link(part, base) or permalink
    summary = _markup_of(part, _SUMMARIES)
    return Entry(
        id=ident or url,
        url=url,
        title=_title(part),
        summary=summary,
        content=_content(part, summary),
        author=_authors(part),
        published=_date(part, _PUBLISHED),
        updated=_date(part, _UPDATED) or (to_iso(stamp) if (stamp := _attribute(item, "lastmod")) else None),
    )


# -- links ------------------------------------------------------------------------------------------------------------


def _link(item: Any, part: dict[str, list[Any]], base: str) -> str:
    """The last alternate link wins, as in feedparser; CDF keeps it in an attribute."""
    found = _join(base, _attribute(item, "href") or "")
    for element in part.get("link", ()):
        href = element.get("href") or element.get("url") or element.get("uri")
        if href is None:
            written = _text(element).replace("&amp;", "&")
        elif element.get("rel", "alternate") in {"alternate", ""} and _is_page(element.get("type")):
            written = href
        else:
            continue
        at = _join(base, own) if (own := element.get(f"{_XML}base")) else base
        found = _join(at, written.strip()) or found
    return found


def _any_link(part: dict[str, list[Any]], base: str) -> str:
    """For entries that name no page: another alternate, a related one, the address behind a tracker."""
    links = [(e.get("rel", "alternate"), e.get("href") or "") for e in part.get("link", ())]
    for wanted in ("alternate", "related", "via"):
        for rel, href in links:
            if rel == wanted and href:
                return _join(base, href)
    return _join(base, _text_of(part, ("feedburner:origlink",)))


def _feed_links(head: dict[str, list[Any]], base: str) -> tuple[str, str | None, str | None]:
    page, self_url, hub = "", None, None
    for element in head.get("link", ()):
        href, rel = element.get("href"), element.get("rel", "alternate")
        if href is None:
            page = page or _join(base, _text(element))
        elif rel == "self":
            self_url = self_url or _join(base, href)
        elif rel == "hub":
            hub = hub or _join(base, href)
        elif rel == "alternate" and _is_page(element.get("type")):
            page = page or _join(base, href)
    return page, self_url, hub


def _is_page(media_type: str | None) -> bool:
    return (media_type or "text/html").split(";", 1)[0].strip().lower() in {"text/html", "application/xhtml+xml", "html", "xhtml"}


def _absolute(address: str) -> bool:
    return address[:8].lower().startswith(("http://", "https://"))


def _join(base: str, address: str) -> str:
    """``address`` as an absolute one where a base is known. A broken address comes back as it was written."""
    address = squeeze(address) if address else ""
    if not address or not base or _absolute(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _base_of(element: Any, base: str) -> str:
    """xml:base of the element and of everything above it, outermost first (XML Base, section 4)."""
    written = [value for e in (element, *element.iterancestors()) if (value := e.get(f"{_XML}base"))]
    for value in reversed(written):
        base = _join(base, value)
    return base if _has_scheme(base) else ""


def _has_scheme(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme)
    except ValueError:
        return False


# -- text -------------------------------------------------------------------------------------------------------------


def _text(element: Any) -> str:
    return ((element.text or "") if len(element) == 0 else "".join(element.itertext())).strip()


def _text_of(part: dict[str, list[Any]], names: Iterable[str]) -> str:
    return next((text for name in names for element in part.get(name, ()) if (text := _text(element))), "")


def _title(part: dict[str, list[Any]]) -> str:
    for name in _TITLES:
        for element in part.get(name, ()):
            if title := headline(_decoded(element), markup=_MARKUP_IN.get((element.get("type") or "").lower())):
                return title
    return ""


def _decoded(element: Any) -> str:
    """An element's text; Atom allows any media type, and base64 for those that are not text (RFC 4287, 4.1.3.3)."""
    written = _text(element)
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


def _markup_of(part: dict[str, list[Any]], names: Iterable[str]) -> str:
    return next((text for name in names for element in part.get(name, ()) if (text := _markup(element))), "")


def _content(part: dict[str, list[Any]], summary: str) -> str:
    """The longest of the candidates: some feeds repeat the summary in one of them."""
    candidates = [_markup(element) for name in _CONTENTS for element in part.get(name, ()) if not element.get("src")]
    best = max(candidates, key=len, default="")
    return best if best != summary else ""


def _authors(part: dict[str, list[Any]]) -> str | None:
    for name in _AUTHORS:
        names = [n for element in part.get(name, ()) if (n := _person(element))]
        if names:
            return "; ".join(dict.fromkeys(names))
    return None


def _person(element: Any) -> str:
    for child in element:
        if isinstance(child.tag, str) and local(child) == "name":
            return squeeze(_text(child))
    written = headline(_text(element)) if len(element) == 0 else ""
    match = _EMAIL_NAME.match(written)
    return squeeze(match["name"] or match["before"]) if match else written


def _date(part: dict[str, list[Any]], names: Iterable[str]) -> str | None:
    for name in names:
        for element in reversed(part.get(name, ())):
            if written := to_iso(_text(element)):
                return written
    return None


def _attribute(element: Any, name: str) -> str | None:
    """CDF writes its attributes in any case."""
    if element.attrib:
        for key, value in element.attrib.items():
            if key.lower() == name:
                return str(value)
    return None


# -- the feed itself --------------------------------------------------------------------------------------------------


def _hints(head: dict[str, list[Any]]) -> PublisherHints:
    ttl = _number(_text_of(head, ("ttl",)))
    period = _LONGER.get(_text_of(head, ("sy:updateperiod",)).lower())
    times = _number(_text_of(head, ("sy:updatefrequency",))) or 1
    wanted = [ttl * 60 if ttl else None, period / times if period and times > 0 else None]
    hours = {int(n) % 24 for e in head.get("skiphours", ()) for h in e if (n := _number(_text(h))) is not None}
    days = {_DAYS[d] for e in head.get("skipdays", ()) for day in e if (d := _text(day).lower()) in _DAYS}
    return PublisherHints(
        interval=max((w for w in wanted if w), default=None), skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days))
    )


def _number(written: str) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None  # noqa: PLR2004 - a ttl of 2,000 years is a typing error


def _sitemap(root: Any, kind: str, url: str) -> ParsedFeed:
    """A news sitemap's addresses as entries, or the addresses of an index's maps."""
    if kind == "sitemap_index":
        parts = [_children(child) for child in root if isinstance(child.tag, str)]
        parts.sort(key=lambda part: instant(_date(part, ("lastmod",))) or 0.0, reverse=True)
        maps = (_join(url, _text_of(part, ("loc",))) for part in parts)
        return ParsedFeed(kind=kind, maps=tuple(address for address in maps if address))
    entries = []
    for child in root:
        part = _children(child) if isinstance(child.tag, str) else {}
        if address := _join(url, _text_of(part, ("loc",))):
            news = _children(part["news:news"][0]) if "news:news" in part else {}
            entries.append(
                Entry(
                    id=address,
                    url=address,
                    title=headline(_text_of(news, ("news:title",))),
                    published=_date(news, ("news:publication_date",)),
                    updated=_date(part, ("lastmod",)),
                )
            )
    return ParsedFeed(kind=kind, entries=tuple(entries))
