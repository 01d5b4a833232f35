"""How do several endless loops live in one process? Side by side in one event loop, each started again when it fails.

A loop is a coroutine function that takes an event, which says when to come to an end, and a function, which it calls to
show that it advances. The process shows that it advances only while all of its loops do. What they do is theirs.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping

from pipeline.broker.policy import RunPolicy
from pipeline.telemetry import log
from workers.post import Beat

Loop = Callable[[asyncio.Event, Beat], Awaitable[None]]

_LOOK_EVERY = 1.0


def run_loops(loops: Mapping[str, Loop], policy: RunPolicy, *, beat: Beat) -> int:
    """Run the loops until SIGTERM or SIGINT, then give them ``policy.drain`` to end. Returns the exit code, 0.

    A second signal cancels what is left at once.
    """
    asyncio.run(_run(loops, policy, beat))
    return 0


async def pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, but not past the end. Returns whether the end has come."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    return True


async def _run(loops: Mapping[str, Loop], policy: RunPolicy, beat: Beat) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()
    events = asyncio.get_running_loop()

    def asked() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        events.add_signal_handler(number, asked)
    seen = dict.fromkeys(loops, events.time())
    tasks = {asyncio.create_task(_keep(name, loop, stop, policy, seen), name=name) for name, loop in loops.items()}
    watch = asyncio.create_task(_show_life(seen, policy, beat))
    await stop.wait()
    urged = asyncio.create_task(hurry.wait())
    try:
        async with asyncio.timeout(policy.drain):
            while any(not task.done() for task in tasks) and not urged.done():
                await asyncio.wait({*(task for task in tasks if not task.done()), urged}, return_when=asyncio.FIRST_COMPLETED)
    except TimeoutError:
        log("run").warning("cancelled_at_the_end", loops=sorted(task.get_name() for task in tasks if not task.done()))
    for task in (*tasks, watch, urged):
        task.cancel()
    await asyncio.gather(*tasks, watch, urged, return_exceptions=True)


async def _keep(name: str, loop: Loop, stop: asyncio.Event, policy: RunPolicy, seen: dict[str, float]) -> None:
    """One loop, started again after a pause that grows, for as long as nobody asks for the end."""
    clock = asyncio.get_running_loop().time
    wait = policy.backoff_first

    def beat() -> None:
        seen[name] = clock()

    while not stop.is_set():
        started = clock()
        try:
            await loop(stop, beat)
            why = "it returned"
        except Exception as error:  # noqa: BLE001 - one loop's fault must not end the others
            why = f"{type(error).__name__}: {error}"
            log("run").exception("loop_failed", loop=name)
        if stop.is_set():
            return
        wait = policy.backoff_first if clock() - started >= policy.healthy_after else min(2 * wait, policy.backoff_most)
        log("run").error("loop_ended", loop=name, why=why, next_try=round(wait, 1))
        await pause(stop, wait)


async def _show_life(seen: Mapping[str, float], policy: RunPolicy, beat: Beat) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        if clock() - min(seen.values(), default=clock()) <= policy.stalled:
            beat()
        await asyncio.sleep(_LOOK_EVERY)
