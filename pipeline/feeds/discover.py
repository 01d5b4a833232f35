"""Where may a site keep its feeds? Candidates from a page, from robots.txt and from habit, the likeliest first.

Nothing here asks the network: whoever does tries the candidates and lets ``parse`` decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from pipeline.feeds.plain import squeeze
from pipeline.urls import host, is_web, join, origin

REQUESTS: Final = 12
"""Most requests that one discovery may cost the site."""

_TYPES: Final = {
    "application/rss+xml": 0,
    "application/atom+xml": 0,
    "application/feed+json": 0,
    "application/rdf+xml": 1,
    "application/json": 3,
    "application/xml": 2,
    "text/xml": 2,
}
_LOOKS: Final = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom|rdf)(?:$|[/._?-])|\.(?:rss|atom|rdf)$|/feed/?$", re.IGNORECASE)
_COMMENTS: Final = re.compile(r"comment|kommentar|comentario|commentaire", re.IGNORECASE)
_NEWS_MAP: Final = re.compile(r"news", re.IGNORECASE)
# Where sites keep feeds that they do not link, by how often that is so.
_PATHS: Final = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/all.atom.xml")
_LINKED: Final = 4
"""Plain links that look like feeds and are tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An address that may be a feed."""

    url: str
    why: str
    """``link`` (the page declares it), ``anchor`` (the page links it), ``robots``, ``habit``."""
    title: str = ""


def from_page(body: str, url: str) -> tuple[Candidate, ...]:
    """What a page declares and links, declared ones first, feeds of comments last."""
    page = LexborHTMLParser(body)
    base = page.css_first("base[href]")
    home = join(url, (base.attributes.get("href") or "") if base is not None else "") or url
    found = sorted(_declared(page, home), key=lambda pair: pair[0])
    return _distinct([candidate for _, candidate in found] + list(_linked(page, home, url))[:_LINKED])


def _declared(page: LexborHTMLParser, home: str) -> Iterator[tuple[int, Candidate]]:
    for node in page.css("link[href][type]"):
        said = {name: value or "" for name, value in node.attributes.items()}
        rank = _TYPES.get(said["type"].partition(";")[0].strip().lower())
        rels = said.get("rel", "").lower().split()
        if rank is None or not {"alternate", "feed"} & set(rels) or "stylesheet" in rels:
            continue
        title = squeeze(said.get("title", ""))
        rank += 5 if _COMMENTS.search(f"{title} {said['href']}") else 0
        yield rank, Candidate(url=join(home, said["href"]), why="link", title=title)


def _linked(page: LexborHTMLParser, home: str, url: str) -> Iterator[Candidate]:
    for node in page.css("a[href]"):
        address = join(home, node.attributes.get("href") or "")
        if _LOOKS.search(address.partition("#")[0]) and _near(address, url):
            yield Candidate(url=address.partition("#")[0], why="anchor", title=squeeze(node.text(deep=True))[:100])


def _near(address: str, url: str) -> bool:
    """On the same host, or one that shares its last two labels (feeds.example.org for www.example.org)."""
    return host(address).split(".")[-2:] == host(url).split(".")[-2:]


def from_robots(sitemaps: Iterable[str]) -> tuple[Candidate, ...]:
    """News sitemaps that robots.txt names; others hold a site's whole history and are no source of news."""
    return _distinct([Candidate(url=address, why="robots") for address in sitemaps if _NEWS_MAP.search(address)])


def from_habit(url: str) -> tuple[Candidate, ...]:
    """The usual places, below the page first where it is a section."""
    home = origin(url)
    path = url.removeprefix(home).partition("?")[0].rstrip("/")
    below = [f"{home}{path}/feed", f"{home}{path}/rss"] if path.count("/") == 1 and "." not in path else []
    return _distinct([Candidate(url=address, why="habit") for address in (*below, *(home + place for place in _PATHS))])


def _distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        if is_web(candidate.url):
            found.setdefault(candidate.url, candidate)
    return tuple(found.values())
