"""Who notices when the whole machine is gone? A watchdog elsewhere, which this loop asks for an address every few minutes.

The address is asked for while the service is ready as ``/readyz`` means it: database and queue answer, every role shows
life, no stage is behind. Otherwise it is not, and the watchdog raises the alarm that a dead machine cannot raise itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.alerts.endpoints import Reach
from pipeline.errors import FetchError, WirewatchError
from pipeline.flow.senders import HOME
from pipeline.net.fetch import Fetcher
from pipeline.net.guard import Guard
from pipeline.net.policy import NetPolicy
from pipeline.settings.types import HeartbeatSettings
from pipeline.telemetry import log
from workers.health import Check
from workers.loop import Loop, pause
from workers.post import Beat

_FIRST = 20.0
"""Seconds after the start: every role has shown life by then."""
_AGAIN = 30.0
"""Seconds to the next look where the service is not ready or the watchdog did not answer."""
_DEADLINE = 10.0


def heartbeat_loop(settings: HeartbeatSettings, net: NetPolicy, checks: Callable[[], Sequence[Check]], *, first: float = _FIRST) -> Loop:
    """A loop that asks for the watchdog's address every ``settings.every`` seconds while all ``checks`` hold."""
    reach = HOME if settings.network is Reach.LOCAL else ()

    async def run(stop: asyncio.Event, beat: Beat) -> None:
        guard = Guard(net.allow_networks + reach)
        async with Fetcher(replace(net, deadline=_DEADLINE), guard=guard) as fetcher:
            wait = first
            while not await _pause(stop, wait, beat):
                wait = settings.every if await _tell(fetcher, settings.url, checks) else min(_AGAIN, settings.every)

    return run


async def _pause(stop: asyncio.Event, seconds: float, beat: Beat) -> bool:
    """As ``pause``, showing life meanwhile: hours may lie between two heartbeats."""
    while seconds > 0:
        beat()
        if await pause(stop, step := min(seconds, _AGAIN)):
            return True
        seconds -= step
    return stop.is_set()


async def _tell(fetcher: Fetcher, url: str, checks: Callable[[], Sequence[Check]]) -> bool:
    try:
        wrong = [f"{check.name}: {check.says}" for check in await asyncio.to_thread(checks) if not check.ok]
    except WirewatchError as error:
        wrong = [str(error)]
    if wrong:
        log("heartbeat").warning("heartbeat_withheld", because=wrong)
        return False
    try:
        reply = await fetcher.get(url, limit=4096, cut=True)
    except FetchError as error:
        log("heartbeat").warning("heartbeat_failed", error=error.code)  # not its text: the address is a secret of its own
        return False
    if not reply.ok:
        log("heartbeat").warning("heartbeat_refused", status=reply.status)
    return reply.ok
