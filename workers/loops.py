"""Which loops does a process of these roles run? Put together here, so that one role a machine and all in one are the same code."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Collection
from contextlib import suppress
from importlib.metadata import version

from pipeline.errors import StoreError
from pipeline.store.reports import Heartbeat
from workers.health import publisher_loop
from workers.loop import Loop, pause
from workers.metrics import published_as
from workers.post import Beat
from workers.roles import DELIVER, POLL, SERVE, WORK
from workers.wiring import Wiring, now, process_name

BEAT_EVERY = 10.0
"""Seconds between two signs of life in the ledger; ``alive`` and the dashboard count four missed ones as dead."""


def loops_of(wiring: Wiring, roles: Collection[str]) -> dict[str, Loop]:
    """Name → loop, of the roles that wait; what computes has processes of its own."""
    from workers.reclaim import reclaim, reclaim_loop

    loops: dict[str, Loop] = {}
    waiting = sorted(set(roles) - {WORK})
    process = published_as(waiting)
    with suppress(StoreError):  # the loops say so; a restarted container has its name and its process ids again
        reclaim(wiring.store, now(), own=os.getpid())
    if POLL in roles:
        from workers import poller
        from workers.pruner import pruner_loop
        from workers.sweeper import Sweeper

        settings = wiring.configuration.settings
        sweeper = Sweeper(wiring.store, wiring.broker, policy=settings.sweeping, queue=settings.queue, now=now)
        loops |= {**poller.loops(wiring, wake=sweeper.wake), "offer": sweeper.run}
        loops["reclaim"] = reclaim_loop(wiring.store, wiring.broker, now, sweeper.wake)
        loops["prune"] = pruner_loop(wiring.store, settings.retention, now)
        if settings.heartbeat.url:
            from workers.health import Health
            from workers.heartbeat import heartbeat_loop

            health = Health(wiring.store, wiring.broker, process=process, now=now)
            loops["watchdog"] = heartbeat_loop(settings.heartbeat, settings.net, health.checks)
    if DELIVER in roles:
        from workers import deliverer

        loops |= deliverer.loops(wiring)
    if SERVE in roles:
        from workers.dashboard import app

        loops |= app.loops(wiring, process=process)
    return {**loops, "metrics": publisher_loop(wiring.broker, process), "heartbeat": _heartbeat(wiring, waiting)}


def _heartbeat(wiring: Wiring, roles: list[str]) -> Loop:
    started, name = now(), process_name("+".join(roles))

    async def run(stop: asyncio.Event, beat: Beat) -> None:
        while not stop.is_set():
            beat()
            for role in roles:
                life = Heartbeat(
                    process=f"{role}/{name}",
                    role=role,
                    host=socket.gethostname(),
                    pid=os.getpid(),
                    version=version("wirewatch"),
                    started_at=started,
                    at=now(),
                    state={"revision": wiring.configuration.revision},
                )
                await asyncio.to_thread(wiring.store.reports.beat, life)
            await pause(stop, BEAT_EVERY)
        for role in roles:
            await asyncio.to_thread(wiring.store.reports.silence, f"{role}/{name}")

    return run
