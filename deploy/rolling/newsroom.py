"""The papers of the rolling kill and the endpoint that hears of them: twelve hosts, a stream of articles, and a count of who asked when.

GET http://paper-N:8000/feed.xml, GET /a/NUMBER, POST /hook, POST /begin, GET /report

Every tenth article names a made-up person whom nobody else names; every fifth of those is agency copy that three papers
carry at once. So each person owes exactly one alert.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import time
from collections import Counter, defaultdict
from email.utils import formatdate
from itertools import pairwise

from aiohttp import web
from stream import NAMING, PAPERS, people, printed_by, story

SECRET = os.environ["ROLLING_SECRET"]
RATE = float(os.environ["RATE"])
COUNT = int(os.environ["COUNT"])
GAP = float(os.environ["GAP"])
HELD = 240
"""Articles that a feed holds; at 20 articles a second, two minutes and a half."""
REFUSED = 0.03
"""Share of the POSTs that are answered 503."""
WINDOW = 10.0


class Newsroom:
    """What was printed, who asked, and what was told."""

    def __init__(self) -> None:
        self.began = 0.0
        self.people = people(COUNT // NAMING + 1)
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.fetched: Counter[tuple[str, str]] = Counter()
        self.polled: set[str] = set()
        self.posts: list[tuple[float, str, str, str, str]] = []
        """Time, webhook-id, entity, story, hash of the body."""
        self.refused = self.unsigned = 0
        self.dice = random.Random(7)
        self.mine = [[n for n in range(COUNT) if paper in printed_by(n)] for paper in range(PAPERS)]

    @web.middleware
    async def watch(self, request: web.Request, handler: web.RequestHandler) -> web.StreamResponse:
        """Write down who is asked when, and how many at once."""
        host = request.host.partition(":")[0]
        if not host.startswith("paper-"):
            return await handler(request)
        self.asked[host].append(time.monotonic())
        self.open[host] += 1
        self.most_open[host] = max(self.most_open[host], self.open[host])
        try:
            return await handler(request)
        finally:
            self.open[host] -= 1

    async def feed(self, request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        self.polled.add(host)
        until = (time.time() - self.began) * RATE if self.began else 0
        mine = [n for n in self.mine[int(host.removeprefix("paper-"))] if n < until][-HELD:]
        items = "".join(
            f"<item><title>Notes {n}</title><link>http://{host}:8000/a/{n}</link><guid>{host}-{n}</guid>"
            f"<pubDate>{formatdate(self.began + n / RATE)}</pubDate></item>"
            for n in reversed(mine)
        )
        head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title><link>http://{host}:8000/</link>'
        return web.Response(text=f"{head}{items}</channel></rss>", content_type="application/rss+xml")

    async def page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.fetched[request.host, str(number)] += 1
        head = f"<html lang=en><head><title>Notes {number}</title></head><body><article><h1>Notes {number}</h1>"
        return web.Response(text=f"{head}{story(number, self.people[number // NAMING])}</article></body></html>", content_type="text/html")

    async def hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not signed(request, body):
            self.unsigned += 1
            return web.Response(status=401)
        said = json.loads(body)
        if said["type"] == "alert.match":
            digest = hashlib.sha256(body).hexdigest()
            data = said["data"]
            self.posts.append((time.time(), request.headers["webhook-id"], data["watch"]["entity_id"], data["story"]["id"], digest))
        if self.dice.random() < REFUSED:
            self.refused += 1
            return web.Response(status=503)
        return web.Response(status=204)

    async def begin(self, _request: web.Request) -> web.Response:
        self.began = time.time()
        return web.Response(text="begun")

    async def report(self, _request: web.Request) -> web.Response:
        return web.json_response(self.said())

    def said(self) -> dict[str, object]:
        """Everything that was counted."""
        first: dict[str, float] = {}
        ids, bodies, stories = defaultdict(set), defaultdict(set), defaultdict(set)
        for at, ident, entity, about, digest in self.posts:
            first.setdefault(entity, at)
            ids[entity, about].add(ident)
            stories[entity].add(about)
            bodies[ident].add(digest)
        owed = [f"p{n // NAMING}" for n in range(0, COUNT, NAMING)]
        lags = sorted(first[f"p{n // NAMING}"] - self.began - n / RATE for n in range(0, COUNT, NAMING) if f"p{n // NAMING}" in first)
        gaps = {host: [after - before for before, after in pairwise(times)] for host, times in self.asked.items()}
        return {
            "articles": COUNT,
            "polled": len(self.polled),
            "printed": sum(map(len, self.mine)),
            "owed": len(owed),
            "came": len(first),
            "lost": [one for one in owed if one not in first],
            "two_ids": [about for about, found in ids.items() if len(found) > 1],
            "two_stories": [entity for entity, found in stories.items() if len(found) > 1],
            "torn": [ident for ident, found in bodies.items() if len(found) > 1],
            "unsigned": self.unsigned,
            "refused": self.refused,
            "posts": len(self.posts),
            "repeated": len(self.posts) - sum(map(len, ids.values())),
            "lags": [lags[min(len(lags) - 1, int(share * len(lags)))] for share in (0.5, 0.95, 0.99, 1.0)] if lags else [],
            "requests": sum(map(len, self.asked.values())),
            "pages_again": sum(count - 1 for count in self.fetched.values()),
            "most_open": max(self.most_open.values(), default=0),
            "allowed_in_window": int(WINDOW / GAP) + 1,
            "most_in_window": max((most_within(times, WINDOW) for times in self.asked.values()), default=0),
            "shortest_gap": min((min(each) for each in gaps.values() if each), default=None),
            "early": sum(gap < GAP for each in gaps.values() for gap in each),
        }


def most_within(times: list[float], window: float) -> int:
    """The most of these that lie within a window of so many seconds."""
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] > window:
            start += 1
        most = max(most, end - start + 1)
    return most


def signed(request: web.Request, body: bytes) -> bool:
    """Whether a Standard Webhooks signature is right, by the letter of the specification."""
    said = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), said, "sha256")).decode()
    return f"v1,{right}" in request.headers["webhook-signature"].split()


def main() -> None:
    newsroom = Newsroom()
    app = web.Application(middlewares=[newsroom.watch])
    app.add_routes(
        [
            web.get("/feed.xml", newsroom.feed),
            web.get("/a/{number}", newsroom.page),
            web.post("/hook", newsroom.hook),
            web.post("/begin", newsroom.begin),
            web.get("/report", newsroom.report),
        ]
    )
    web.run_app(app, port=8000, access_log=None, print=None)


if __name__ == "__main__":
    main()
