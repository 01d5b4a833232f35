"""The stream that bench/chaos.py publishes: made-up people, an article for each, the papers that print them, and a receiver."""

from __future__ import annotations

import hashlib
import json
import random
import time
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PAPERS = 6


@dataclass
class Stream:
    """The articles, in the order in which they appear."""

    seed: int
    count: int
    rate: float
    began: float = 0.0
    people: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
        word = lambda most: "".join(rng.choices(syllables, k=rng.randint(2, most)))  # noqa: E731
        names = {f"{word(3).capitalize()} {word(4).capitalize()}" for _ in range(2 * self.count)}
        self.people = rng.sample(sorted(names), self.count)
        little = ["the", "of", "and", "to", "in", "that", "was", "for", "on", "with", "as", "by", "at", "from"]
        for person in self.people:
            paragraphs = [
                " ".join(rng.choice(little) if rng.random() < 0.4 else word(4) for _ in range(60)).capitalize() + "." for _ in range(5)
            ]
            paragraphs.insert(rng.randrange(5), f"{person} said on Tuesday that the harbour would be open again by the end of the week.")
            self.texts.append("\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))

    def appears(self, number: int) -> float:
        """When an article stands in its feed."""
        return self.began + number / self.rate

    def printed(self, paper: int) -> list[int]:
        """The articles of one paper that stand in its feed now, the newest first."""
        now = time.time()
        mine = [number for number in range(paper, self.count, PAPERS) if self.began and self.appears(number) <= now]
        return mine[::-1]


class Newsroom:
    """The papers and the receiver on one loopback port."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.polled: set[int] = set()
        self.posts: list[tuple[float, str, tuple[str, str], str]] = []
        """Time, webhook-id, entity and story, hash of the body."""
        self.unsigned = 0
        self.app = web.Application()
        self.app.add_routes([web.get("/{paper}/feed", self.feed), web.get("/{paper}/{number}", self.page), web.post("/hook", self.hook)])
        self.url = ""

    def people(self) -> set[str]:
        """Who was alerted on."""
        return {about[0] for _, _, about, _ in self.posts}

    async def feed(self, request: web.Request) -> web.Response:
        paper = int(request.match_info["paper"])
        self.polled.add(paper)
        items = "".join(
            f"<item><title>Notes {n}</title><link>{self.url}/{paper}/{n}</link><guid>{self.url}/{paper}/{n}</guid>"
            f"<pubDate>{formatdate(self.stream.appears(n))}</pubDate></item>"
            for n in self.stream.printed(paper)
        )
        text = (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {paper}</title><link>{self.url}</link>{items}</channel></rss>'
        )
        return web.Response(text=text, content_type="application/rss+xml")

    async def page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        head = f"<html lang=en><head><title>Notes {number}</title></head><body><article><h1>Notes {number}</h1>"
        return web.Response(text=f"{head}{self.stream.texts[number]}</article></body></html>", content_type="text/html")

    async def hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            Webhook(SECRET).verify(body.decode(), dict(request.headers))
        except WebhookVerificationError:
            self.unsigned += 1
            return web.Response(status=401)
        said = json.loads(body)
        if said["type"] == "alert.match":
            about = (said["data"]["watch"]["entity_id"], said["data"]["story"]["id"])
            self.posts.append((time.time(), request.headers["webhook-id"], about, hashlib.sha256(body).hexdigest()))
        return web.Response(status=204)
