"""Which entries does a document that was got hold? Read here or by feedparser, in one file or in many, in maps that an index names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol, TypeVar

from pipeline import telemetry
from pipeline.errors import FetchError, InputError
from pipeline.feeds.dates import instant
from pipeline.feeds.health import Trouble
from pipeline.feeds.parse import count_openings, fuller, parse
from pipeline.feeds.parsed import ParsedFeed
from pipeline.flow.obtain import LARGE, Document, ungzipped
from pipeline.model import Entry, Instant
from pipeline.net.fetch import Fetcher

MANY: Final = 200
"""Entries from which a document is worked on in a thread: knowing them again costs 50 µs each."""
MAPS: Final = 3
"""Maps of a sitemap index that are read, the newest ones."""
MAP_AGE: Final = 2 * 86400.0
"""Age up to which a sitemap's pages are news, as the news sitemap protocol has it."""
MAP_ENTRIES: Final = 1000
"""Pages of a sitemap that are read: the most that the protocol allows."""

T = TypeVar("T")


class Authority(Protocol):
    """feedparser, somewhere where it can do no harm."""

    async def read(self, body: bytes, *, url: str = "", content_type: str | None = None) -> ParsedFeed | None:
        """Its reading, or None."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingDesk:
    """What reading documents needs."""

    fetcher: Fetcher
    """For the maps of an index."""
    authority: Authority
    feed_bytes: int
    computing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held for what computes in the event loop."""
    beside: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held for what computes beside it: with many threads at it, the event loop would wait for the interpreter behind all of them."""

    async def in_turn(self, work: Callable[[], T], *, long: bool = False) -> T:
        """Some milliseconds of computing, one at a time: between two of them everybody else in the event loop comes to run.

        What is ``long`` is done in a thread, one at a time too.
        """
        if long:
            async with self.beside:
                return await asyncio.to_thread(work)
        async with self.computing:
            result = work()
            await asyncio.sleep(0)
            return result


async def read_document(document: Document, desk: ReadingDesk, now: Instant) -> ParsedFeed | Trouble:
    """The entries of a document, of all its files, or of the newest maps of a sitemap index."""
    feeds: list[ParsedFeed] = []
    for body in document.bodies:
        try:
            feeds.append(await _read_one(body, document.url, document.content_type, desk))
        except InputError as error:
            if len(document.bodies) == 1:
                return Trouble(code="not_a_feed", message=f"{document.url}: {error}")
    merged = feeds[0] if len(feeds) == 1 else ParsedFeed(kind="files", entries=tuple(entry for feed in feeds for entry in feed.entries))
    if merged.kind == "sitemap_index":
        merged = await _maps(merged, desk)
    if not merged.kind.startswith("sitemap"):
        return merged
    return await desk.in_turn(partial(_recent, merged, now), long=len(merged.entries) >= MANY)


async def _read_one(body: bytes, url: str, content_type: str | None, desk: ReadingDesk) -> ParsedFeed:
    work = partial(parse, body, url=url, content_type=content_type)
    ask = partial(desk.authority.read, body, url=url, content_type=content_type)
    try:
        feed = await desk.in_turn(work, long=len(body) >= LARGE)
    except InputError:
        said = await ask() if await desk.in_turn(partial(count_openings, body), long=len(body) >= LARGE) else None
        if said is None or not said.entries:
            raise
        return said
    return fuller(feed, await ask()) if feed.needs_authority else feed


async def _maps(index: ParsedFeed, desk: ReadingDesk) -> ParsedFeed:
    entries: list[Entry] = []
    for address in index.maps[:MAPS]:
        try:
            answer = await desk.fetcher.get(address, limit=desk.feed_bytes)
            body = await asyncio.to_thread(ungzipped, answer.body, desk.feed_bytes)
            entries += (await _read_one(body, answer.url, answer.headers.get("Content-Type"), desk)).entries
        except (FetchError, InputError, ValueError) as error:
            telemetry.log("poll").info("map_skipped", url=address, why=str(error))
    return replace(index, entries=tuple(entries))


def _recent(feed: ParsedFeed, now: Instant) -> ParsedFeed:
    """The entries of the last two days, undated ones included, at most as many as the protocol allows."""
    kept = [e for e in feed.entries if (at := instant(e.published or e.updated)) is None or now - at <= MAP_AGE]
    return replace(feed, entries=tuple(kept[:MAP_ENTRIES]))
