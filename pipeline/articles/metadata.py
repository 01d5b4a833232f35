"""Who wrote this, when, under which title and address?

Each answer is taken from the most honest source that has one: the feed, then structured data, then the page's own
elements, then trafilatura's and htmldate's search. Knows nothing of the story's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.metadata import extract_title

from pipeline.articles import byline, structured
from pipeline.articles.blocks import Block


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHints:
    """What the feed said of this article; better than the page's own word."""

    title: str | None = None
    published: str | None = None
    """ISO 8601 in the publisher's offset."""
    author: str | None = None
    summary: str | None = None
    """Plain text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What a page says about itself."""

    title: str | None
    author: str | None
    """Names joined by ``; ``."""
    published: str | None
    canonical_url: str | None
    language: str | None
    """The page's own claim, as written in ``lang`` or in metadata."""
    description: str | None
    sections: tuple[str, ...]
    free: bool | None
    """``isAccessibleForFree`` where the page says so."""
    site_name: str | None = None
    host: str = ""
    """The page's own host, without ``www.``."""
    titles: tuple[str, ...] = ()
    """Everything else that the page calls itself: structured data, metadata, the title element and its parts."""

    def internal(self, href: str) -> bool:
        """Whether a link stays on the page's own site."""
        try:
            host = urlsplit(href).hostname
        except ValueError:
            return False
        return not host or not self.host or _site(host) == _site(self.host)


def _site(host: str) -> str:
    """The last labels of a host that tell sites apart: two, or three under a short second label (``co.uk``)."""
    labels = host.lower().split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 else labels[-2:])


_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LATEST: Final = "2100-01-01"
"""What htmldate would otherwise take from the clock: the same page must give the same answer on every day."""
_TITLE_META: Final = ("og:title", "twitter:title", "headline", "dc.title", "title")
_DATE_META: Final = (
    "article:published_time", "article:published", "datepublished", "og:published_time", "publish-date", "publish_date", "pubdate",
    "date.published", "parsely-pub-date", "sailthru.date", "dcterms.created", "dc.date.issued", "dcterms.date", "dc.date", "date",
    "cxenseparse:recs:publishtime", "originalpublicationdate", "published_time", "dc.created", "article.published", "publication_date",
)  # fmt: skip


def read(
    tree: HtmlElement,
    nodes: list[dict[str, Any]],
    blocks: Sequence[Block],
    *,
    url: str,
    feed: FeedHints | None = None,
    seen: str | None = None,
) -> Metadata:
    """Everything the page says about itself; ``nodes`` are its JSON-LD objects, ``blocks`` its lines, ``tree`` is not changed.

    ``seen`` is the date (ISO 8601) on which the page was fetched: no later date in its words is believed.
    """
    hints = feed or FeedHints()
    metas = _metas(tree)
    story = structured.article_of(nodes)
    return Metadata(
        title=hints.title or _title(tree, metas, story),
        author=byline.authors(tree, nodes, story, metas, blocks) or hints.author,
        published=hints.published or _published(tree, metas, story, url, seen),
        canonical_url=_canonical(tree, metas, url),
        language=tree.get("lang")
        or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
        or metas.get("og:locale")
        or metas.get("content-language"),
        description=metas.get("og:description") or metas.get("description") or structured.text_of(story.get("description")) or None,
        sections=_sections(metas, story),
        free=_free(nodes),
        site_name=metas.get("og:site_name"),
        host=_host(url),
        titles=_titles(tree, metas, story),
    )


def of_head(html: str, *, url: str, feed: FeedHints | None = None, seen: str | None = None) -> Metadata:
    """As ``read``, from the head of a page alone."""
    tree = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    return read(tree, structured.nodes_of(tree), (), url=url, feed=feed, seen=seen)


def from_state(about: Metadata, state: Mapping[str, Any], feed: FeedHints | None = None) -> Metadata:
    """``about`` with what the object says that holds the story in a page's embedded state."""
    hints = feed or FeedHints()
    said = {keys: next((state[key] for key in keys if state.get(key)), None) for keys in (structured.TITLE_KEYS, structured.AUTHOR_KEYS)}
    dates = [state[key] for key in structured.DATE_KEYS if isinstance(state.get(key), str) and _DATE.match(state[key])]
    return replace(
        about,
        title=hints.title or structured.text_of(said[structured.TITLE_KEYS]) or about.title,
        author=about.author or byline.names_in(said[structured.AUTHOR_KEYS]),
        published=hints.published or (dates[0] if dates else about.published),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key = (meta.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, content)
    return found


def _title(tree: HtmlElement, metas: dict[str, str], story: dict[str, Any]) -> str | None:
    said = structured.text_of(story.get("headline"))
    if said:
        return said
    for key in _TITLE_META:
        if metas.get(key):
            return structured.text_of(metas[key])
    return extract_title(tree) or None


def _titles(tree: HtmlElement, metas: dict[str, str], story: dict[str, Any]) -> tuple[str, ...]:
    said = [structured.text_of(story.get(key)) for key in ("headline", "alternativeHeadline", "name")]
    said += [metas.get(key, "") for key in _TITLE_META]
    element = tree.find(".//title")
    if element is not None:
        whole = " ".join(element.text_content().split())
        said += [whole, *re.split(r"\s+[|–—·»-]\s+", whole)[:1]]
    return tuple(dict.fromkeys(text for text in said if text))


def _published(tree: HtmlElement, metas: dict[str, str], story: dict[str, Any], url: str, seen: str | None) -> str | None:
    candidates = [story.get("datePublished"), *(metas.get(key) for key in _DATE_META), story.get("dateCreated")]
    for said in candidates:
        if isinstance(said, str) and _DATE.match(said.strip()):
            return said.strip()
    found = find_date(tree, url=url, original_date=True, extensive_search=True, max_date=seen or _LATEST)
    return str(found) if found else None


def _canonical(tree: HtmlElement, metas: dict[str, str], url: str) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return _absolute(url, link.get("href")) or url
    return _absolute(url, metas.get("og:url")) or url or None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _absolute(base: str, href: str | None) -> str | None:
    try:
        joined = urljoin(base, (href or "").strip())
        return joined if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).netloc else None
    except ValueError:
        return None


def _sections(metas: dict[str, str], story: dict[str, Any]) -> tuple[str, ...]:
    said = story.get("articleSection")
    values = said if isinstance(said, list) else [said]
    names = [structured.text_of(value) for value in values] + [metas.get("article:section") or ""]
    return tuple(dict.fromkeys(name for name in names if name))


def _free(nodes: list[dict[str, Any]]) -> bool | None:
    said = [str(node["isAccessibleForFree"]).lower() for node in nodes if "isAccessibleForFree" in node]
    if not said:
        return None
    return "false" not in said
