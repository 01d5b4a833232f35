"""What does a JSON Feed say? Versions 1 and 1.1 (jsonfeed.org), read forgivingly: any value may have any type."""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import urljoin

import orjson

from pipeline.errors import InputError
from pipeline.feeds.dates import to_iso
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.plain import squeeze
from pipeline.model import Entry


def read(text: str, url: str) -> ParsedFeed:
    """The feed in ``text``. Raises InputError when it is no JSON, or JSON of another kind."""
    feed = _loads(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise InputError("this is JSON but not a JSON Feed: it has no list of items")
    base = url or _string(feed.get("home_page_url")) or _string(feed.get("feed_url"))
    hubs = [hub for hub in _list(feed.get("hubs")) if isinstance(hub, dict)]
    return ParsedFeed(
        kind="json",
        entries=tuple(_entry(item, base) for item in items if isinstance(item, dict)),
        title=squeeze(_string(feed.get("title"))),
        link=_string(feed.get("home_page_url")),
        language=_string(feed.get("language")) or None,
        self_url=_string(feed.get("feed_url")) or None,
        hub=next((_string(hub.get("url")) for hub in hubs), None) or None,
    )


def _loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:  # NaN, lone surrogates and raw control characters, which the strict reader refuses
        return json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError):
        raise InputError("this is not a feed: it begins like JSON and is none") from None


def _entry(item: dict[str, Any], base: str) -> Entry:
    address = _join(base, _string(item.get("url")) or _string(item.get("external_url")))
    ident = _string(item.get("id")) or address
    content = _string(item.get("content_html"))
    if not content and (written := _string(item.get("content_text"))):
        content = "".join(f"<p>{html.escape(line)}</p>" for line in written.splitlines() if line.strip())
    return Entry(
        id=ident,
        url=address or (ident if ident.startswith(("http://", "https://")) else ""),
        title=squeeze(_string(item.get("title"))),
        summary=_string(item.get("summary")),
        content=content,
        author=_authors(item),
        published=to_iso(_string(item.get("date_published"))),
        updated=to_iso(_string(item.get("date_modified"))),
    )


def _authors(item: dict[str, Any]) -> str | None:
    people = [*_list(item.get("authors")), item.get("author")]
    names = [squeeze(_string(person.get("name") if isinstance(person, dict) else person)) for person in people]
    return "; ".join(dict.fromkeys(filter(None, names))) or None


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return address


def _string(value: Any) -> str:
    """Text as it is, numbers as text, everything else as nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
