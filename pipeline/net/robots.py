"""Does robots.txt (RFC 9309) let us read this address, how slowly, and which sitemaps does it name?

A missing file allows everything, one that cannot be reached allows nothing for the moment: then ask again later. Files are kept for
a day at most, and 500 KiB of each are read, as the RFC says. The file is asked for politely, like everything else.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from protego import Protego

from pipeline.errors import FetchError
from pipeline.net.fetch import Fetcher, Response
from pipeline.urls import origin

KEEP: Final = 86400.0
"""Seconds that an answer holds (RFC 9309, 2.4)."""
UNREACHABLE: Final = 600.0
"""Seconds until a file that could not be reached is asked for again."""
LIMIT: Final = 500 * 1024
"""Bytes read of one file (RFC 9309, 2.5)."""
KEPT: Final = 4096
"""Origins remembered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What robots.txt says of one address."""

    allowed: bool
    reachable: bool = True
    """False: nobody knows, ask again later."""
    delay: float | None = None
    """Crawl-delay in seconds."""
    retry_in: float = 0.0
    """Seconds until it is worth asking again, where it was not reachable."""


@dataclass(slots=True)
class _Known:
    rules: Any
    until: float
    reachable: bool = True


class Robots:
    """robots.txt of the origins that were asked for lately."""

    def __init__(self, fetcher: Fetcher, agent: str, clock: Callable[[], float] | None = None) -> None:
        """``agent`` is the product token that rules are looked up for. ``clock`` counts seconds; the loop's by default."""
        self._fetcher = fetcher
        self._agent = agent.partition("/")[0]
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[_Known]] = {}

    async def ruling(self, url: str) -> Ruling:
        """Whether ``url`` may be read."""
        known = await self._of(origin(url))
        if not known.reachable:
            return Ruling(allowed=False, reachable=False, retry_in=max(1.0, known.until - self._now()))
        if known.rules is None:
            return Ruling(allowed=True)
        return Ruling(allowed=known.rules.can_fetch(url, self._agent), delay=known.rules.crawl_delay(self._agent))

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the site's robots.txt names."""
        known = await self._of(origin(url))
        return tuple(known.rules.sitemaps) if known.rules is not None else ()

    async def _of(self, site: str) -> _Known:
        known = self._known.get(site)
        if known is not None and known.until > self._now():
            self._known.move_to_end(site)
            return known
        task = self._asking.get(site)
        if task is None:
            task = self._asking[site] = asyncio.ensure_future(self._ask(site))
            task.add_done_callback(lambda _done: self._asking.pop(site, None))
        return await _unhurried(task)

    async def _ask(self, site: str) -> _Known:
        try:
            answer = await self._fetcher.get(f"{site}/robots.txt", limit=LIMIT, cut=True, headers={"Accept": "text/plain, */*;q=0.5"})
            known = await asyncio.to_thread(self._read, answer, self._now())
        except FetchError as error:
            known = _later(self._now()) if error.retryable else _Known(None, self._now() + KEEP)
        self._known[site] = known
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return known

    @staticmethod
    def _read(answer: Response, now: float) -> _Known:
        """In a thread: the longest files take a fifth of a second."""
        if answer.status >= 500 or answer.status == 429:  # noqa: PLR2004 - RFC 9309, 2.3.1.4
            return _later(now)
        if not answer.ok:
            return _Known(None, now + KEEP)
        return _Known(Protego.parse(answer.body.decode("utf-8", "replace")), now + KEEP)

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()


def _later(now: float) -> _Known:
    return _Known(None, now + UNREACHABLE, reachable=False)


async def _unhurried(task: asyncio.Task[_Known]) -> _Known:
    """One caller's cancellation must not take the answer away from the others."""
    waiting: Awaitable[_Known] = asyncio.shield(task)
    return await waiting
