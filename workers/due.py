"""How is work that falls due claimed and seen to, so many pieces at a time, until the end? What the work is, is the caller's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from pipeline import telemetry
from pipeline.errors import StoreError
from workers.post import Beat
from workers.wiring import now

IDLE: Final = 1.0
"""Longest time between two looks at the ledger: what another process or a person changed is seen within this."""
AT_ONCE: Final = 4
"""Pieces of work begun in one turn of the event loop, each of which computes for half a millisecond before it first waits."""
PATIENCE: Final = 0.05
"""Seconds for which a full house waits until a quarter of it is free: claiming one by one would cost a transaction each."""

log = telemetry.log("sources")
T = TypeVar("T")


async def work(
    stop: asyncio.Event,
    beat: Beat,
    *,
    limit: int,
    due: Callable[[], float | None],
    claim: Callable[[int], Sequence[T]],
    one: Callable[[T], Awaitable[None]],
    woken: asyncio.Event | None = None,
) -> None:
    """Claim what is due, as much as there is room for, and see to each by itself, until ``stop``; then finish what was begun.

    ``due`` answers when something is due next, ``claim`` takes up to so many; both are called in a thread. ``woken`` says that
    something new may be due.
    """
    woken = woken or asyncio.Event()
    house = _House(limit)
    try:
        while not stop.is_set():
            beat()
            woken.clear()
            free = await house.room()
            found, wait = await _claim(free, due, claim) if free else ((), 0.0)
            for number, item in enumerate(found, 1):
                house.take(_safely(one, item))
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            if free and not found:
                await _rest(stop, woken, wait)
        await house.empty(beat)
    finally:
        await house.close()


class _House:
    """Pieces of work under way."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: set[asyncio.Task[None]] = set()
        self._roomy = asyncio.Event()

    def take(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._leave)

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._free() * 4 >= self._limit:
            self._roomy.set()

    def _free(self) -> int:
        return self._limit - len(self._tasks)

    async def room(self) -> int:
        """Free places: a quarter of all at least, or what there is after some patience."""
        if self._free() * 4 < self._limit:
            self._roomy.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._roomy.wait()
        return self._free()

    async def empty(self, beat: Beat) -> None:
        """Wait until everything is done."""
        while self._tasks:
            beat()
            await asyncio.wait(self._tasks, timeout=IDLE)

    async def close(self) -> None:
        """Break off what is left."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _claim(free: int, due: Callable[[], float | None], claim: Callable[[int], Sequence[T]]) -> tuple[Sequence[T], float]:
    """What is due, and how long to wait where nothing is."""

    def look() -> tuple[Sequence[T], float]:
        first = due()
        if first is None or first > now():
            return (), IDLE if first is None else min(IDLE, max(0.005, first - now()))
        return claim(free), IDLE / 10

    try:
        return await asyncio.to_thread(look)
    except StoreError as error:
        log.warning("ledger_unavailable", error=str(error))
        return (), IDLE


async def _rest(stop: asyncio.Event, woken: asyncio.Event, seconds: float) -> None:
    ends, wakes = asyncio.ensure_future(stop.wait()), asyncio.ensure_future(woken.wait())
    await asyncio.wait({ends, wakes}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in (ends, wakes):
        task.cancel()


async def _safely(one: Callable[[T], Awaitable[None]], item: T) -> None:
    """One fault must not end the loop: the item's lease runs out, and it is tried again."""
    try:
        await one(item)
    except StoreError as error:
        log.warning("not_recorded", error=str(error), then="tried again when the lease runs out")
    except Exception:
        log.exception("unexpected", item=getattr(item, "id", None))
