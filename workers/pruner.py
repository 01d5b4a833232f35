"""When is what is old forgotten? Once an hour by one process of the service, a step at a time, and never in anybody's way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from pipeline.errors import StoreError
from pipeline.flow.prune import RetentionPolicy, prune
from pipeline.model import Instant
from pipeline.store import Store
from pipeline.telemetry import log
from workers.loop import Loop, pause
from workers.post import Beat

_LOOK_EVERY = 30.0
_BETWEEN = 0.05
"""Seconds between two steps of a prune, for those who wait to write."""


def pruner_loop(store: Store, policy: RetentionPolicy, now: Callable[[], Instant]) -> Loop:
    """A loop that prunes when it is this process's turn."""

    async def run(stop: asyncio.Event, beat: Beat) -> None:
        while not await pause(stop, _LOOK_EVERY):
            beat()
            try:
                await asyncio.to_thread(_prune, store, policy, now, stop, beat)
            except StoreError as error:
                log("prune").warning("prune_broke_off", error=str(error), then="it goes on where it stopped")

    return run


def _prune(store: Store, policy: RetentionPolicy, now: Callable[[], Instant], stop: asyncio.Event, beat: Beat) -> None:
    if not store.reports.take_turn("prune", now(), policy.every):
        return

    def go_on() -> bool:
        beat()
        time.sleep(_BETWEEN)
        return not stop.is_set()

    done = prune(store, policy, now(), go_on=go_on)
    if any(done.counts.values()):
        log("prune").info("pruned", finished=done.finished, **done.counts)
