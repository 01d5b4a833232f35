"""The poller's loops as the service runs them: real clock, real threads, real HTTP, and an end that gives everything back."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from aiohttp import web

from pipeline.feeds.spec import FeedSpec, PollPolicy
from pipeline.flow.sources import sync
from pipeline.model import EntryState, Politeness
from pipeline.net.policy import NetPolicy
from pipeline.settings.types import Configuration, Settings
from pipeline.store import open_store
from workers.poller import Sources
from workers.wiring import now

LAB = "127.0.0.0/8"


class Names:
    def scan(self, *texts: str) -> bool:
        return any("Prigozhin" in text for text in texts)


@pytest.fixture
async def paper():
    """A paper with a report that is refused, one that is late, one that never comes, and some that are there."""
    asked: Counter[str] = Counter()

    async def feed(_request: web.Request) -> web.Response:
        asked["feed"] += 1
        items = "".join(
            f"<item><title>Report {n}</title><guid>{n}</guid><link>/{n}</link></item>" for n in ("late", "no", "never", 1, 2, 3)
        )
        return web.Response(text=f"<rss><channel>{items}</channel></rss>", content_type="application/rss+xml")

    async def page(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        asked[name] += 1
        if name == "never":
            await asyncio.sleep(60)
        if name == "no":
            return web.Response(status=403)
        if name == "late" and asked[name] == 1:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response(text="<html><body><p>About Prigozhin.</p></body></html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/feed", feed)
    app.router.add_get("/{name}", page)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    bound = web.TCPSite(runner, "127.0.0.1", 0)
    await bound.start()
    yield f"http://127.0.0.1:{bound._server.sockets[0].getsockname()[1]}", asked
    await runner.cleanup()


async def until(true, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for happens in the ledger
            await asyncio.sleep(0.05)


async def test_every_entry_comes_to_its_page_and_everything_is_given_back(paper, sqlite_url):
    home, asked = paper
    net = NetPolicy(allow_networks=(LAB,), networks={LAB: Politeness(in_flight=4, gap=0.0)}, deadline=60.0)
    feeds = (FeedSpec(url=f"{home}/feed", every=0.5), FeedSpec(url="http://10.1.2.3/feed"))
    woken, beats = [], []
    with open_store(sqlite_url) as store:
        sync(store, feeds, PollPolicy(), now())
        configuration = Configuration(settings=Settings(net=net), feeds=feeds)
        sources = Sources(configuration, store=store, scanner=Names(), redis_url=None, wake=lambda: woken.append(1))
        stop = asyncio.Event()
        loops = [
            asyncio.create_task(loop(stop, lambda: beats.append(1))) for loop in (sources.polling, sources.collecting, sources.watching)
        ]
        await until(lambda: store.entries.counts_by_state().get(EntryState.FETCHED, 0) == 5)
        await until(lambda: asked["feed"] > 2)
        stop.set()
        loops[1].cancel()  # what hangs is cancelled at the end of the drain
        await asyncio.wait(loops, timeout=10)
        assert not any(loop.exception() for loop in loops if not loop.cancelled())
        assert asked["late"] == 2
        assert asked["no"] == asked["never"] == 1
        assert len(woken) == 5
        assert beats
        health = {feed.url: feed for feed in store.feeds.health()}
        assert health[f"{home}/feed"].state == "ok"
        assert "refused by the address guard" in health["http://10.1.2.3/feed"].reason
        (left,) = store.entries.claim_fetch(now() + 1, "next", 60, 10)
        assert left.entry.url == f"{home}/never"
