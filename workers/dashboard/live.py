"""What has changed since a page was loaded? Server-sent events that name it; the page then asks for itself again.

One look at the ledger every two seconds serves every reader, and nobody looks while nobody reads.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from aiohttp import web

from pipeline.errors import StoreError
from pipeline.telemetry import log
from workers.dashboard.web import BOARD, STOP, caller

EVERY: Final = 2.0
"""Seconds between two looks."""
QUIET: Final = 15.0
"""Seconds of silence after which a line is sent, so that nothing between here and there gives the connection up."""
READERS: Final = 200
"""Connections at the same time."""


class Pulse:
    """Who listens, and what was seen last."""

    def __init__(self) -> None:
        """Nobody yet."""
        self.readers: set[asyncio.Queue[list[str]]] = set()
        self._seen: dict[str, Any] = {}

    async def watch(self, app: web.Application) -> None:
        """Look until the service ends."""
        while not app[STOP].is_set():
            if self.readers:
                try:
                    await self._look(app)
                except StoreError as error:
                    log("serve").warning("pulse_not_read", error=str(error))
            else:
                self._seen = {}
            await asyncio.sleep(EVERY)

    async def _look(self, app: web.Application) -> None:
        now = await asyncio.to_thread(app[BOARD].listings.pulse)
        changed = [name for name, value in now.items() if self._seen and self._seen.get(name) != value]
        self._seen = now
        for reader in self.readers if changed else ():
            if reader.empty():
                reader.put_nowait(changed)


PULSE: Final = web.AppKey("pulse", Pulse)


async def events(request: web.Request) -> web.StreamResponse:
    """``event: change`` with the kinds of things that there is something new of, as a JSON list."""
    if caller(request) is None:
        raise web.HTTPUnauthorized(text="log in, or send a token")
    pulse = request.app[PULSE]
    if len(pulse.readers) >= READERS:
        raise web.HTTPServiceUnavailable(text="too many pages are open", headers={"Retry-After": "60"})
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    mine: asyncio.Queue[list[str]] = asyncio.Queue(maxsize=1)
    pulse.readers.add(mine)
    try:
        await response.write(b"retry: 5000\n\n")
        while not request.app[STOP].is_set():
            await response.write(await _next(mine, request.app[STOP]))
    except (ConnectionResetError, asyncio.CancelledError):
        pass  # the reader went away, or the service ends
    finally:
        pulse.readers.discard(mine)
    return response


async def _next(mine: asyncio.Queue[list[str]], stop: asyncio.Event) -> bytes:
    news, end = asyncio.ensure_future(mine.get()), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({news, end}, timeout=QUIET, return_when=asyncio.FIRST_COMPLETED)
        return b"event: change\ndata: " + orjson.dumps(news.result()) + b"\n\n" if news.done() else b": still here\n\n"
    finally:
        news.cancel()
        end.cancel()
