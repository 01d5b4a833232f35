"""The watchdog hears from the service while all is well, and only then."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from pipeline.alerts.endpoints import Reach
from pipeline.errors import StoreError
from pipeline.net.policy import NetPolicy
from pipeline.settings.types import HeartbeatSettings
from workers.health import Check
from workers.heartbeat import heartbeat_loop

WELL = [Check(name="database", ok=True, says="answers")]
SICK = [Check(name="work", ok=False, says="0 alive")]
PATH = "/ping/canary-5f0c"


class Watchdog:
    """A watchdog on the loopback that counts who asks."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.asked: list[str] = []
        self.status = 200
        self.url = ""

    async def ping(self, request: web.Request) -> web.Response:
        self.asked.append(request.method)
        if len(self.asked) >= 3:
            self.heard.set()
        return web.Response(status=self.status)


@pytest.fixture
async def watchdog() -> AsyncIterator[Watchdog]:
    found = Watchdog()
    app = web.Application()
    app.add_routes([web.get(PATH, found.ping)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield found
    await runner.cleanup()


async def run(watchdog: Watchdog, checks: object, *, until: float = 1.0, network: Reach = Reach.LOCAL) -> int:
    """Run the loop until the watchdog has heard three times or that time has passed. Returns how often it heard."""
    beats: list[None] = []
    stop = asyncio.Event()
    settings = HeartbeatSettings(url=watchdog.url, every=0.02, network=network)
    loop = heartbeat_loop(settings, NetPolicy(), checks, first=0.01)  # type: ignore[arg-type]
    task = asyncio.create_task(loop(stop, lambda: beats.append(None)))  # type: ignore[arg-type]
    with suppress(TimeoutError):
        await asyncio.wait_for(watchdog.heard.wait(), until)
    stop.set()
    await task
    assert beats
    return len(watchdog.asked)


async def test_it_is_asked_for_again_and_again_while_all_is_well(watchdog: Watchdog) -> None:
    assert await run(watchdog, lambda: WELL, until=10.0) >= 3
    assert set(watchdog.asked) == {"GET"}


async def test_it_hears_nothing_while_something_is_wrong(watchdog: Watchdog) -> None:
    assert await run(watchdog, lambda: [*WELL, *SICK], until=0.3) == 0


async def test_it_hears_nothing_while_the_database_is_away(watchdog: Watchdog) -> None:
    def away() -> Sequence[Check]:
        raise StoreError("the database does not answer")

    assert await run(watchdog, away, until=0.3) == 0


async def test_a_local_watchdog_must_be_allowed(watchdog: Watchdog) -> None:
    assert await run(watchdog, lambda: WELL, until=0.3, network=Reach.PUBLIC) == 0


async def test_its_address_is_never_said(watchdog: Watchdog) -> None:
    watchdog.status = 500
    with capture_logs() as said:
        await run(watchdog, lambda: WELL, until=0.5)
        watchdog.heard.clear()
        await run(watchdog, lambda: WELL, until=0.2, network=Reach.PUBLIC)
    assert {one["event"] for one in said} == {"heartbeat_refused", "heartbeat_failed"}
    assert "canary" not in json.dumps(said)
