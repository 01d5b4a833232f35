"""When are pages offered to the workers? As soon as one was stored, and every second for what anybody lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pipeline.broker.jobs import Broker
from pipeline.broker.policy import QueuePolicy, SweepPolicy
from pipeline.errors import BrokerError
from pipeline.flow.offer import offer
from pipeline.model import Instant
from pipeline.store import Store
from pipeline.telemetry import log
from workers.loop import Loop
from workers.post import Beat

_GATHER = 0.02
"""Seconds between being woken and looking, in which further pages of the same feed arrive and share a job."""


class Sweeper:
    """The loop that offers. ``wake`` it from the same event loop when a page was stored."""

    def __init__(self, store: Store, broker: Broker, *, policy: SweepPolicy, queue: QueuePolicy, now: Callable[[], Instant]) -> None:
        self._store = store
        self._broker = broker
        self._policy = policy
        self._queue = queue
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something to offer."""
        self._woken.set()

    async def run(self, stop: asyncio.Event, beat: Beat) -> None:
        """Offer until ``stop``."""
        while not stop.is_set():
            beat()
            await self._look()
            await self._wait(stop)

    async def _look(self) -> None:
        self._woken.clear()
        try:
            done = await asyncio.to_thread(offer, self._store, self._broker, now=self._now(), policy=self._policy, queue=self._queue)
        except BrokerError as error:
            log("offer").warning("queue_unavailable", error=str(error))
            return
        if done.withdrawn:
            log("offer").warning("queue_was_lost", withdrawn=done.withdrawn, then="offered again")
        if done.paused:
            log("offer").warning("queue_is_full", then="pages wait in the ledger")
        if any(done.pages.values()):
            log("offer").debug("offered", **{lane.value: count for lane, count in done.pages.items()})

    async def _wait(self, stop: asyncio.Event) -> None:
        ends = asyncio.create_task(stop.wait())
        wakes = asyncio.create_task(self._woken.wait())
        await asyncio.wait({ends, wakes}, timeout=self._policy.every, return_when=asyncio.FIRST_COMPLETED)
        for task in (ends, wakes):
            task.cancel()
        if self._woken.is_set():
            await asyncio.sleep(_GATHER)


def sweeper_loop(store: Store, broker: Broker, *, policy: SweepPolicy, queue: QueuePolicy, now: Callable[[], Instant]) -> Loop:
    """The same as a loop that nobody wakes."""
    return Sweeper(store, broker, policy=policy, queue=queue, now=now).run
