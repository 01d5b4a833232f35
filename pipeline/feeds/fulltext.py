"""Does this entry carry its whole article, so that nobody needs to fetch the page?"""

from __future__ import annotations

import html
import re
from typing import Final

from pipeline.feeds.plain import words
from pipeline.model import Entry

_CUT: Final = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|&hellip;|»|>>|→)\s*(?:\([^)]{0,40}\))?\s*$")
_TAIL: Final = 160
"""Characters at the end in which a teaser says that there is more."""
# What stands at the end of a text that was cut short, in the languages of the feeds that do so most.
_MORE: Final = re.compile(
    r"\b(?:continue reading|read (?:more|on|the (?:full|rest))|full (?:story|article)|keep reading|weiterlesen|mehr lesen|zum artikel|"
    r"lire la suite|lire plus|leer m[aá]s|seguir leyendo|continua a leggere|leggi tutto|continue lendo|leia mais|lees (?:meer|verder)|"
    r"czytaj (?:więcej|dalej|całość)|číst (?:více|dál)|читать (?:далее|дальше|полностью)|читати далі|подробнее|läs mer|les mer|læs mere)\b",
    re.IGNORECASE,
)


def is_whole(entry: Entry, *, chars: int) -> bool:
    """Whether ``entry.content`` is the article: at least ``chars`` characters of words, and not cut short."""
    if len(entry.content) < chars:
        return False
    text = words(entry.content)
    if len(text) < chars or _CUT.search(text):
        return False
    return not _MORE.search(text[-_TAIL:])


def as_page(entry: Entry) -> bytes:
    """What the feed says of an entry, as an HTML page in UTF-8 that is read like any other."""
    body = entry.content if len(entry.content) > len(entry.summary) else entry.summary
    title = html.escape(entry.title)
    if "<" not in body:
        body = f"<p>{html.escape(html.unescape(body))}</p>"
    head = f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode("utf-8", "replace")
