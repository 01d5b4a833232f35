"""Which leases belong to processes of this machine that are no more? What they held is due again at once.

A lease says how long to wait for a process that may only be slow, and for one on another machine there is nothing better.
Whether a process of this machine lives, the machine knows. A name is ``role@host:pid:letters`` (``workers.wiring``).
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress

from pipeline.broker.jobs import Broker
from pipeline.errors import BrokerError
from pipeline.model import Instant
from pipeline.store import Store
from pipeline.telemetry import log
from workers.loop import Loop, pause
from workers.post import Beat

_EVERY = 3.0


def is_dead(owner: str, *, host: str, runs: Callable[[int], bool], own: int) -> bool:
    """Whether the process of this name ran on ``host`` and does no more.

    ``own`` is the pid of a process that holds nothing yet (0: none): whoever had it before a container's restart is gone.
    """
    _, at, place = owner.partition("@")
    found, _, rest = place.rpartition(":")[0].rpartition(":")
    return bool(at) and found == host and rest.isdigit() and (int(rest) == own or not runs(int(rest)))


def reclaim(store: Store, now: Instant, *, own: int = 0) -> int:
    """Free everything that dead processes of this machine hold. Returns how many rows.

    A process that has claimed nothing yet may name its ``own`` pid.
    """
    count = 0
    for owner in store.leases.holders(now):
        if _is_dead_here(owner, own=own):
            freed = store.leases.release(owner, now)
            log("reclaim").info("lease_of_the_dead_freed", owner=owner, rows=freed)
            count += freed
    return count


def reclaim_loop(store: Store, broker: Broker, now: Callable[[], Instant], wake: Callable[[], None]) -> Loop:
    """A loop that frees, every few seconds, what the dead held in the ledger and in the queue, and then calls ``wake``."""

    async def run(stop: asyncio.Event, beat: Beat) -> None:
        while not stop.is_set():
            beat()
            freed = await asyncio.to_thread(reclaim, store, now())
            with suppress(BrokerError):  # the sweeper says so
                if jobs := await asyncio.to_thread(broker.take_back, _is_dead_here):
                    log("reclaim").info("jobs_of_the_dead_taken_back", jobs=jobs)
            if freed:
                wake()
            await pause(stop, _EVERY)

    return run


def _is_dead_here(owner: str, *, own: int = 0) -> bool:
    return is_dead(owner, host=socket.gethostname(), runs=_runs, own=own)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
