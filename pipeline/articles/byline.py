"""Who signed this story?

Structured data first, as long as it names people and not the publisher itself; then what the page's markup calls a byline; the
publisher last. Knows nothing of the story's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipeline.articles import structured
from pipeline.articles.blocks import Block
from pipeline.articles.words import key_of

META: Final = (
    "author",
    "article:author",
    "byl",
    "sailthru.author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
)
_PREFIX: Final = re.compile(
    r"^(?:written by|posted by|story by|article by|reported by|by|von|par|por|di|a cura di|door|av|af|"
    r"text|texto|texte|autor|autore|autorka|auteur|author|"
    r"автор|текст|написал|od|yazan|oleh|penulis|reporter|words by|tekst|skrevet av|foto og tekst)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\s*(?:;|,|\||•|·|\s/\s|\n| and | und | et | och | og | en (?=[A-Z])| y (?=[A-Z])| e (?=[A-Z])| i (?=[A-Z])|&)\s*"
)
_NOISE: Final = re.compile(r"\d|@|https?:|www\.|/|[?!:]|\.com\b", re.IGNORECASE)
_LONGEST: Final = 70
_LOOKED_AT: Final = 12
_HEAD: Final = 120
_MARKED: Final = XPath(
    ".//body//*[contains(@class, 'author') or contains(@class, 'byline') or contains(@class, 'autor')"
    " or contains(@class, 'Author') or @rel='author'"
    " or contains(@itemprop, 'author') or contains(@class, 'Byline')"
    " or contains(@data-testid, 'author') or contains(@data-testid, 'byline')"
    " or contains(concat(' ', @class, ' '), ' fn ')]"
)
SIGNED: Final = re.compile(
    r"^(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|[Dd]oor|[Aa]v|AV|[Aa]f|"
    r"[Tt]ext|[Tt]exto|[Aa]utor|[Oo]d|Автор|Автори|Текст|Yazan|Oleh|Written by|Posted by|Story by|Interview:?)"
    r"\s*:?\s+(?:[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'’\-]*[\s,&|]*(?:(?:and|und|et|y|e|og|och|en|i|и|та|de|van|von|der|da|di|al)\s+)*){2,8}$"
)
"""A line that is a byline by its spelling: a preposition and capitalised names."""


def authors(
    tree: HtmlElement, nodes: Sequence[dict[str, Any]], story: Mapping[str, Any], metas: Mapping[str, str], blocks: Sequence[Block]
) -> str | None:
    """Names joined by ``; ``, or None. ``story`` is the JSON-LD object of the article, ``metas`` the page's meta contents."""
    people, publishers = _structured(nodes, story)
    site = {key_of(name) for name in (metas.get("og:site_name", ""), *publishers, _publisher(story)) if name}
    if [name for name in people if key_of(name) not in site]:
        return "; ".join(dict.fromkeys([*people, *publishers]))
    said = [name for key in META for name in _split(metas.get(key)) if key_of(name) not in site]
    signed = said or _on_page(tree, blocks)
    return "; ".join(dict.fromkeys(signed or people or publishers)) or None


def names_in(said: Any) -> str | None:
    """The names in an author field of any shape, joined by ``; ``, or None."""
    values = said if isinstance(said, list) else [said]
    return "; ".join(dict.fromkeys(name for value in values for name in _split(structured.text_of(value)))) or None


def _structured(nodes: Sequence[dict[str, Any]], story: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    people: list[str] = []
    publishers: list[str] = []
    said = story.get("author") or story.get("creator")
    for value in said if isinstance(said, list) else [said]:
        node = _resolved(nodes, value)
        names = _split(structured.text_of(node) or _full_name(node))
        organised = isinstance(node, dict) and any("Organization" in kind or kind == "Corporation" for kind in structured.types_of(node))
        (publishers if organised else people).extend(names)
    return people, publishers


def _resolved(nodes: Sequence[dict[str, Any]], value: Any) -> Any:
    """A node that only points to another by ``@id`` becomes that other."""
    if isinstance(value, dict) and not value.get("name") and value.get("@id"):
        return next((node for node in nodes if node.get("@id") == value["@id"] and node.get("name")), value)
    return value


def _full_name(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    return " ".join(part for key in ("givenName", "familyName") if isinstance(part := node.get(key), str))


def _publisher(story: Mapping[str, Any]) -> str:
    return structured.text_of(story.get("publisher"))


def _split(text: str | None) -> list[str]:
    names = (_PREFIX.sub("", part.strip()).strip(" .-–—") for part in _SPLIT.split(_PREFIX.sub("", (text or "").strip())))
    return [name for name in names if 2 < len(name) <= _LONGEST and not _NOISE.search(name)]  # initials are no name


def _on_page(tree: HtmlElement, blocks: Sequence[Block]) -> list[str]:
    """The first short element that its markup calls a byline, or line that is spelt like one, and that reads like names."""
    marked = (" ".join(element.text_content().split()) for element in _MARKED(tree)[:_LOOKED_AT])
    spelt = (block.text for block in blocks[:_HEAD] if SIGNED.match(block.text))
    for text in (*marked, *spelt):
        names = [name for name in _split(text) if _like_a_name(name)]
        if names and len(text) <= 2 * _LONGEST:
            return names
    return []


def _like_a_name(name: str) -> bool:
    words: Iterable[str] = name.split()
    words = list(words)
    capital = sum(word[:1].isupper() for word in words)
    return 2 <= len(words) <= 5 and capital >= 2 and len(words) - capital <= 2  # "Ana de la Cruz"
