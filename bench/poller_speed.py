"""How many feeds a second does one poller process poll, how long does its event loop stall, and does its memory grow?

    python bench/poller_speed.py [--feeds 1000] [--hosts 100] [--seconds 20]
    python bench/poller_speed.py --polls 100000                # what the process holds at each tenth of them
    python bench/poller_speed.py --entries 2000 --feeds 50     # long documents: does the event loop stall?

A server in another process holds feeds on loopback addresses (127.4.0.x) of 20 entries each (or --entries); 70 % of the answers are
unchanged. The real loop of ``workers.poller`` polls them all as fast as it can, into SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import multiprocessing
import resource
import tempfile
import time
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from pipeline import telemetry
from pipeline.feeds.spec import FeedSpec, PollPolicy
from pipeline.flow.sources import sync
from pipeline.model import Politeness
from pipeline.net.policy import NetPolicy
from pipeline.settings.types import Configuration, Settings
from pipeline.store import open_store
from workers.poller import Sources

UNCHANGED = 0.7


def serve(port: int, entries: int, ready: multiprocessing.Event) -> None:
    """Feeds whose document changes at three polls of ten."""
    from aiohttp import web

    polls: dict[str, int] = {}

    async def feed(request: web.Request) -> web.Response:
        key = f"{request.host}{request.path}"
        polls[key] = number = polls.get(key, -1) + 1
        issue = int(number * (1 - UNCHANGED))
        etag = f'"{hashlib.md5(f"{key}{issue}".encode(), usedforsecurity=False).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        text = "The council of the harbour town met on Monday and voted on the ferry, the bridge and the lights of the quay. " * 4
        items = "".join(
            f"<item><guid isPermaLink='false'>{key}-{n}</guid><title>Report {n} from the harbour</title><link>http://{key}/{n}</link>"
            f"<pubDate>{formatdate(1_800_000_000 + n * 60)}</pubDate><description>{text}</description></item>"
            for n in range(issue, issue - entries, -1)
        )
        body = f"<rss version='2.0'><channel><title>{key}</title>{items}</channel></rss>"
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", feed)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", port, backlog=1024).start()
        ready.set()
        await asyncio.Event().wait()

    asyncio.run(main())


async def measure(asked: argparse.Namespace, home: str) -> None:
    """Poll for some seconds and print what was seen."""
    feeds = tuple(
        FeedSpec(url=f"http://127.4.0.{n % asked.hosts + 1}:{asked.port}/feed/{n}", every=asked.every) for n in range(asked.feeds)
    )
    net = NetPolicy(allow_networks=("127.0.0.0/8",), networks={"127.0.0.0/8": Politeness(in_flight=8, gap=0.0)})
    settings = Settings(net=net, polling=PollPolicy(in_flight=asked.in_flight))
    with open_store(f"sqlite:///{home}/bench.db") as store:
        sync(store, feeds, settings.polling, time.time())
        sources = Sources(Configuration(settings=settings, feeds=feeds), store=store, scanner=Never(), redis_url=None)
        stop = asyncio.Event()
        task = asyncio.create_task(sources.polling(stop, lambda: None))
        stall = Stall()
        watch = asyncio.create_task(stalling(stall))
        await asyncio.sleep(asked.warm)
        stall.forget()
        polls, cpu, began = count(), time.process_time(), time.monotonic()
        for part in range(1, asked.parts + 1):
            before, then = count(), time.monotonic()
            await part_of(asked, part, polls)
            now = count()
            speed = (now - before) / (time.monotonic() - then)
            print(f"{part:3}  {now - polls:8.0f} polls  {speed:7.1f} feeds/s  {memory():6.1f} MB", flush=True)
        seconds, done = time.monotonic() - began, count() - polls
        print(
            f"{done / seconds:.1f} feeds/s, {1000 * (time.process_time() - cpu) / done:.2f} ms CPU a feed, longest stall of the loop "
            f"{1000 * stall.late:.0f} ms, in which this process computed for {1000 * stall.meanwhile:.0f} ms; longest by the loop's own "
            f"computing {1000 * stall.own:.0f} ms"
        )
        stop.set()
        await task
        watch.cancel()


async def part_of(asked: argparse.Namespace, part: int, before: float) -> None:
    """Wait for the next part of the polls, or of the time, that was asked for."""
    if not asked.polls:
        await asyncio.sleep(asked.seconds / asked.parts)
    while asked.polls and count() - before < asked.polls * part / asked.parts:  # noqa: ASYNC110 - the poller has no event for a number
        await asyncio.sleep(0.05)


class Never:
    """No page is scanned here."""

    def scan(self, *_texts: str) -> bool:
        return False


def memory() -> float:
    """What this process holds, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def count() -> float:
    return sum(sample.value for metric in telemetry.polls.collect() for sample in metric.samples if sample.name.endswith("_total"))


@dataclass
class Stall:
    """The longest so far, in seconds. Nothing else is kept: the watcher must not be what grows."""

    late: float = 0.0
    """Later than asked."""
    meanwhile: float = 0.0
    """Computed by all threads of this process during that one; what is missing was other processes' time."""
    own: float = 0.0
    """Computed by the event loop's thread between two of the watcher's turns."""

    def forget(self) -> None:
        self.late = self.meanwhile = self.own = 0.0


async def stalling(stall: Stall) -> None:
    """Measure how much later than asked the loop comes back. A busy machine adds to the whole, not to the loop's own computing."""
    clock = asyncio.get_running_loop().time
    while True:
        then, own, process = clock(), time.thread_time(), time.process_time()
        await asyncio.sleep(0.005)
        late = clock() - then - 0.005
        stall.own = max(stall.own, time.thread_time() - own)
        if late > stall.late:
            stall.late, stall.meanwhile = late, time.process_time() - process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {"feeds": 1000, "hosts": 100, "port": 18431, "in-flight": 64, "entries": 20, "parts": 10, "polls": 0}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in {"seconds": 20.0, "warm": 5.0, "every": 1.0}.items():
        parser.add_argument(f"--{name}", type=float, default=default)
    asked = parser.parse_args()
    telemetry.configure("json", "error")
    logging.disable(logging.INFO)
    ready = multiprocessing.Event()
    server = multiprocessing.Process(target=serve, args=(asked.port, asked.entries, ready), daemon=True)
    server.start()
    ready.wait(20)
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(measure(asked, home))
    server.terminate()


if __name__ == "__main__":
    main()
