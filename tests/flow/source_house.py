"""A site that answers as a test says, and a poller and a collector over a real ledger whose clock the test moves."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from random import Random

from aiohttp import web

from pipeline.feeds.spec import CollectPolicy, FeedSpec, PollPolicy
from pipeline.flow.collect import collect, collect_desk
from pipeline.flow.pacing import Pacing
from pipeline.flow.poll import poll, poll_desk
from pipeline.flow.sources import sync
from pipeline.model import Politeness
from pipeline.net.fetch import Fetcher
from pipeline.net.policy import NetPolicy
from pipeline.net.politeness import Governor, Rules
from pipeline.net.robots import Robots
from pipeline.store import open_store

LAB = "127.0.0.0/8"
NET = NetPolicy(allow_networks=(LAB,), networks={LAB: Politeness(in_flight=4, gap=0.0)}, deadline=3.0, read_timeout=0.5)
START = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0


def rss(*items: str) -> str:
    return f"<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel><title>Desk</title>{''.join(items)}</channel></rss>"


def item(number: int, *, title: str = "", date: str = "", more: str = "", link: str = "") -> str:
    link = link or f"/news/report-number-{number}"
    title = title or f"Report {number}"
    return f"<item><guid isPermaLink='false'>g-{number}</guid><title>{title}</title><link>{link}</link>{date}{more}</item>"


class Site:
    """Answers by path, as the test says."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str | bytes, dict[str, str]]] = {}
        self.asked: list[str] = []
        self.home = ""

    def say(self, path: str, body: str | bytes = "", status: int = 200, **headers: str) -> None:
        self.pages[path] = (status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path == "/never":
            await asyncio.sleep(3600)
        status, body, headers = self.pages.get(request.path, (404, "", {}))
        kind = {"Content-Type": "text/html; charset=utf-8"} | headers
        return web.Response(status=status, body=body.encode() if isinstance(body, str) else body, headers=kind)


class Names:
    """A quick scan for one name."""

    def scan(self, *texts: str) -> bool:
        return any("Prigozhin" in text for text in texts)


class Authority:
    async def read(self, _body, *, url="", content_type=None):
        return None


class House:
    """A poller and a collector whose clock the test moves."""

    def __init__(self, store, site, *, owner="house", now=START):
        self.store, self.site, self.owner, self.now = store, site, owner, now
        self.governor = Governor(Rules(NET), clock=lambda: self.now)
        self.fetcher = Fetcher(NET, self.governor)
        shared = {
            "store": store,
            "fetcher": self.fetcher,
            "governor": self.governor,
            "rng": Random(1),
            "clock": lambda: self.now,
            "owner": owner,
        }
        self.polls = poll_desk(
            **shared, authority=Authority(), pacing=Pacing(PollPolicy()), policy=PollPolicy(), feed_bytes=10**6, endpoints=("desk",)
        )
        self.pages = collect_desk(
            **shared,
            robots=Robots(self.fetcher, "Wirewatch", clock=lambda: self.now),
            scanner=Names(),
            policy=CollectPolicy(),
            page_bytes=10**6,
            site_headers={},
            hits_only=False,
        )

    def watch(self, *specs: FeedSpec) -> None:
        sync(self.store, specs, PollPolicy(), self.now)

    async def poll(self, *, at: float | None = None):
        """Poll the one feed that is due, moving on to when it is."""
        self.now = at or max(self.now, self.store.feeds.next_due_at() or 0)
        (claimed,) = self.store.feeds.claim_due(self.now, self.owner, 60, 10)
        return await poll(claimed, self.polls)

    async def collect(self, *, at: float | None = None):
        """Collect every page that is due."""
        self.now = at or self.now
        claimed = self.store.entries.claim_fetch(self.now, self.owner, 60, 100)
        return [await collect(entry, self.pages) for entry in claimed]

    def feed(self):
        return self.store.feeds.get(self.store.feeds.health()[0].id)


@asynccontextmanager
async def open_house(url):
    """A house over the ledger at ``url``, and a site of its own."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    bound = web.TCPSite(runner, "127.0.0.1", 0)
    await bound.start()
    site.home = f"http://127.0.0.1:{bound._server.sockets[0].getsockname()[1]}"
    with open_store(url) as store:
        made = House(store, site)
        yield made
        await made.fetcher.close()
    await runner.cleanup()
