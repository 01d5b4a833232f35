"""Which addresses does a sitemap name? Those of a news sitemap as entries, those of an index as further maps."""

from __future__ import annotations

from typing import Any

from pipeline.feeds.dates import instant
from pipeline.feeds.fields import date
from pipeline.feeds.links import resolved
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.plain import headline
from pipeline.feeds.tags import children, text_of
from pipeline.model import Entry


def read(root: Any, kind: str, url: str) -> ParsedFeed:
    """A news sitemap's addresses as entries, or the addresses of an index's maps."""
    if kind == "sitemap_index":
        parts = [children(child) for child in root if isinstance(child.tag, str)]
        parts.sort(key=lambda part: instant(date(part, ("lastmod",))) or 0.0, reverse=True)
        maps = (resolved(url, text_of(part, ("loc",))) for part in parts)
        return ParsedFeed(kind=kind, maps=tuple(address for address in maps if address))
    entries = []
    for child in root:
        part = children(child) if isinstance(child.tag, str) else {}
        if address := resolved(url, text_of(part, ("loc",))):
            news = children(part["news:news"][0]) if "news:news" in part else {}
            entries.append(
                Entry(
                    id=address,
                    url=address,
                    title=headline(text_of(news, ("news:title",))),
                    published=date(news, ("news:publication_date",)),
                    updated=date(part, ("lastmod",)),
                )
            )
    return ParsedFeed(kind=kind, entries=tuple(entries))
