"""Publishers that count what they are asked, and remember what they answered. They know nothing of who asks.

Each feed has an address of its own (127.3.x.y) and manners of its own: which validators it sends, how it spells them, what it says about
freshness, when it wants to be left alone, and how often it speaks. Time is a number that the test moves.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web

ODD_ETAGS = ('"{0}"', 'W/"{0}"', "{0}", '"{0}-gzip"', '"{0}"  ', "'{0}'", '"{0};{0}"')
MANNERS = ("etag", "modified", "both", "none", "max-age", "expires", "ttl", "limited", "broken", "moved", "silent-304")


@dataclass
class Publisher:
    """One feed."""

    number: int
    manner: str
    every: float
    """Seconds between two entries."""
    etags: set[str] = field(default_factory=set)
    etag: str | None = None
    modified: str | None = None
    answered: bool = False
    allowed: float = 0.0
    """Nothing may be asked before: Retry-After."""
    fresh_until: float = 0.0
    """Nothing need be asked before: what the publisher said about freshness."""
    polls: int = 0

    @property
    def host(self) -> str:
        return f"127.3.{self.number // 200}.{self.number % 200 + 1}"


class Publishers:
    """All of them behind one server."""

    def __init__(self, count: int, start: float) -> None:
        self.now = start
        self.start = start
        self.feeds = [Publisher(number=n, manner=MANNERS[n % len(MANNERS)], every=900.0 * (1 + n % 13)) for n in range(count)]
        self.faults: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.runner: web.AppRunner | None = None
        self.port = 0

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "0.0.0.0", 0, backlog=512)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self.runner:
            await self.runner.cleanup()

    def url(self, feed: Publisher) -> str:
        return f"http://{feed.host}:{self.port}/{'old' if feed.manner == 'moved' else 'feed'}"

    async def answer(self, request: web.Request) -> web.Response:
        parts = request.host.split(":")[0].split(".")
        feed = self.feeds[int(parts[2]) * 200 + int(parts[3]) - 1]
        if request.path == "/old":
            return web.Response(status=302, headers={"Location": "/feed"})
        feed.polls += 1
        self._check(feed, request)
        answer = self._answer(feed, request)
        self.answers[answer.status] += 1
        await asyncio.sleep(0)
        return answer

    def _check(self, feed: Publisher, request: web.Request) -> None:
        sent_etag, sent_date = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        if feed.answered and (feed.etag or feed.modified) and not (sent_etag or sent_date):
            self.faults["unconditional"] += 1
        if sent_etag is not None and sent_etag != (feed.etag or "").strip():
            self.faults["invented etag"] += 1
        if sent_date is not None and sent_date != feed.modified:
            self.faults["invented date"] += 1
        if self.now < feed.allowed - 0.01:
            self.faults["inside retry-after"] += 1
        elif self.now < feed.fresh_until - 0.01:
            self.faults["early"] += 1
        if set(request.headers) & {"Cookie", "Referer"}:
            self.faults["cookie or referrer"] += 1
        if request.query_string:
            self.faults["query added"] += 1

    def _answer(self, feed: Publisher, request: web.Request) -> web.Response:
        if feed.manner == "limited" and feed.polls % 4 == 2:
            feed.allowed = int(self.now) + 2400 * (1 + feed.polls % 3)  # dates have whole seconds
            later = formatdate(feed.allowed, usegmt=True) if feed.polls % 8 == 2 else str(math.ceil(feed.allowed - self.now))
            return web.Response(status=429 if feed.polls % 3 else 503, headers={"Retry-After": later})
        if feed.manner == "broken" and feed.polls % 5 == 3:
            return web.Response(status=500)
        issue = int((self.now - self.start) // feed.every)
        headers = self._headers(feed, issue)
        body = self._body(feed, issue)
        matches = (request.headers.get("If-None-Match") or "?") == (headers.get("ETag") or "!").strip()
        if matches or (not feed.etag and request.headers.get("If-Modified-Since") == headers.get("Last-Modified", "!")):
            kept = {} if feed.manner == "silent-304" else headers
            return web.Response(status=304, headers={name: value for name, value in kept.items() if name != "Content-Type"})
        feed.etag, feed.modified = headers.get("ETag"), headers.get("Last-Modified")
        feed.answered = True
        return web.Response(body=body, headers=headers)

    def _headers(self, feed: Publisher, issue: int) -> dict[str, str]:
        headers = {"Content-Type": "application/rss+xml"}
        if feed.manner in {"etag", "both", "max-age", "limited", "broken", "moved", "silent-304"}:
            mark = hashlib.md5(f"{feed.number}/{issue}".encode(), usedforsecurity=False).hexdigest()[:8]
            headers["ETag"] = ODD_ETAGS[feed.number % len(ODD_ETAGS)].format(mark)
        if feed.manner in {"modified", "both", "ttl", "expires"}:
            headers["Last-Modified"] = formatdate(self.start + issue * feed.every, usegmt=True)
        if feed.manner == "max-age":
            headers["Cache-Control"] = "public, max-age=1800"
            feed.fresh_until = self.now + 1800
        if feed.manner == "expires":
            headers["Date"], headers["Expires"] = formatdate(self.now, usegmt=True), formatdate(self.now + 2700, usegmt=True)
            feed.fresh_until = self.now + 2699
        if feed.manner == "ttl":
            feed.fresh_until = self.now + 3600
        return headers

    def _body(self, feed: Publisher, issue: int) -> bytes:
        ttl = "<ttl>60</ttl>" if feed.manner == "ttl" else ""
        items = "".join(
            f"<item><guid isPermaLink='false'>{feed.number}-{n}</guid><title>Report {n} of desk {feed.number}</title>"
            f"<link>http://{feed.host}:{self.port}/{n}</link><pubDate>{formatdate(self.start + n * feed.every)}</pubDate></item>"
            for n in range(issue, max(-5, issue - 15), -1)
        )
        return f"<rss version='2.0'><channel><title>Desk {feed.number}</title>{ttl}{items}</channel></rss>".encode()
