"""What does the page say about itself in JSON?

Reads JSON-LD (schema.org) and the state that frameworks embed (``__NEXT_DATA__``). Returns plain dictionaries and strings;
what they are worth against the visible page is decided elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

from lxml.html import HtmlElement

ARTICLE_TYPES: Final = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle",
        "ReviewNewsArticle", "AskPublicNewsArticle", "BlogPosting", "LiveBlogPosting", "Report", "ScholarlyArticle", "TechArticle",
        "SocialMediaPosting", "AdvertiserContentArticle", "SatiricalArticle", "Review", "CreativeWork", "VideoObject", "WebPage",
    }
)  # fmt: skip
"""schema.org types that describe the page's own story; in this order of trust: all articles, then the last three."""
_WEAK: Final = ("CreativeWork", "VideoObject", "WebPage")
_NODES: Final = 20_000
"""JSON nodes walked at most: state blobs of whole shops exist."""
_DEPTH: Final = 40


def nodes_of(tree: HtmlElement) -> list[dict[str, Any]]:
    """Every JSON-LD object of the page that has a ``@type``, in document order, nested ones after their parent."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            found.extend(node for node in walk(loads(script.text)) if node.get("@type"))
    return found


def article_of(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The object that describes the page's own story, or an empty one. Articles come before videos and bare web pages."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    strong = [node for node in articles if not types_of(node) & set(_WEAK)]
    dated = [node for node in strong if node.get("datePublished") or node.get("headline")]
    for choice in (dated, strong, articles):
        if choice:
            return choice[0]
    return {}


def types_of(node: dict[str, Any]) -> set[str]:
    """The short names of a node's types: ``https://schema.org/NewsArticle`` gives ``NewsArticle``."""
    said = node.get("@type")
    names = said if isinstance(said, list) else [said]
    return {name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)}


def loads(raw: str) -> Any:
    """JSON as publishers write it: wrapped in comments or CDATA, with raw line breaks, a trailing semicolon. None if hopeless."""
    text = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$", "", raw).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            return json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
        except (ValueError, RecursionError):
            return None


def walk(data: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary in ``data``, parents first, bounded in depth and number."""
    pending: list[tuple[Any, int]] = [(data, 0)]
    seen = 0
    while pending and seen < _NODES:
        value, depth = pending.pop()
        seen += 1
        if depth > _DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            pending.extend((child, depth + 1) for child in reversed(list(value.values())) if isinstance(child, (dict, list)))
        elif isinstance(value, list):
            pending.extend((child, depth + 1) for child in reversed(value) if isinstance(child, (dict, list)))


def text_of(value: Any) -> str:
    """A JSON value as one plain line: unescaped (publishers often do it twice), tags taken out."""
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, (str, dict))), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    if not isinstance(value, str):
        return ""
    return " ".join(re.sub(r"<[^<>]{0,500}>", " ", unescape(unescape(value))).split())


@dataclass(frozen=True, slots=True)
class Embedded:
    """A story found in a page's embedded state."""

    lines: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
    """The object that holds it, with what it says of title, author and date."""


def embedded_story(tree: HtmlElement) -> Embedded:
    """The paragraphs of the story in a page's embedded state (``__NEXT_DATA__`` and its kin), or nothing.

    The story is taken to be the text under one path: strings that differ only in the numbers of the lists that they stand in.
    """
    groups: dict[str, list[str]] = {}
    holders: dict[str, dict[str, Any]] = {}
    for script in tree.iter("script"):
        if script.text and (script.get("id") in _STATE_IDS or (script.get("type") or "") == "application/json"):
            for path, text, holder in _strings(loads(script.text)):
                groups.setdefault(path, []).append(text)
                holders.setdefault(path, holder)
    best = max(groups, key=lambda path: sum(len(text) for text in groups[path] if _PROSE.search(text)), default="")
    lines = groups.get(best, [])
    return Embedded(tuple(dict.fromkeys(lines)), holders[best]) if sum(map(len, lines)) >= _STORY else Embedded()


_STATE_IDS: Final = ("__NEXT_DATA__", "__NUXT_DATA__", "__APOLLO_STATE__", "__PRELOADED_STATE__", "fusion-metadata")
_STORY: Final = 400
_PROSE: Final = re.compile(r"\w\W+\w+\W+\w+\W+\w+|[\u3040-\u9fff\uac00-\ud7af]{12}")
_PATHED: Final = re.compile(r"^(?:https?:)?//\S+$|[{}]|function\s*\(")


def _strings(data: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every string of words in ``data`` as lines, with the path that it stands at and the object around it that has a title."""
    pending: list[tuple[Any, str, int, dict[str, Any]]] = [(data, "", 0, {})]
    seen = 0
    while pending and seen < _NODES:
        value, path, depth, holder = pending.pop()
        seen += 1
        if isinstance(value, str):
            if (" " in value.strip() and not _PATHED.search(value)) or _PROSE.search(value):
                yield from ((path, line, holder) for line in lines_of(value))
        elif isinstance(value, dict) and depth < _DEPTH:
            inner = value if any(isinstance(value.get(key), str) for key in TITLE_KEYS) and len(value) > 2 else holder
            pending.extend((child, f"{path}.{key}", depth + 1, inner) for key, child in reversed(list(value.items())))
        elif isinstance(value, list) and depth < _DEPTH:
            pending.extend((child, f"{path}[]", depth + 1, holder) for child in reversed(value))


TITLE_KEYS: Final = ("headline", "title")
AUTHOR_KEYS: Final = ("author", "authors", "byline", "creator")
DATE_KEYS: Final = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishedDate",
    "published",
    "publishDate",
    "firstPublished",
    "createdAt",
    "date",
)


def lines_of(body: str) -> list[str]:
    """A text from JSON as lines: by its tags or line breaks, where it has any."""
    broken = re.sub(r"<(?:/p|br|/div|/h\d|/li)[^>]{0,200}>", "\n", body.replace("&lt;", "<").replace("&gt;", ">"), flags=re.IGNORECASE)
    return [text for part in re.split(r"[\r\n]+", broken) if (text := text_of(part))]
