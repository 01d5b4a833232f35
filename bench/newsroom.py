"""A newsroom on the loopback: papers with feeds, pages with all that surrounds a story, a sink that may refuse, and the truth.

Each article is of a kind; a kind says what is planted and who must be alerted on. Everything follows from the seed. Used by
bench/service.py, which puts a system in front of it.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape

from aiohttp import web
from prose import headline, paragraph, person, story

WATCHED = [
    {
        "id": "wagner-group",
        "name": "Wagner Group",
        "kind": "organization",
        "aliases": ["Wagner", "PMC Wagner"],
        "context": ["mercenary", "mercenaries", "fighters", "private military"],
        "exclude": ["opera", "Bayreuth"],
        "namesakes": [{"name": "Richard Wagner", "context": ["composer"]}],
    },
    {
        "id": "halden",
        "name": "Halden Maritime",
        "kind": "organization",
        "aliases": ["Halden Lines"],
        "context": ["freight", "vessel"],
    },
    {"id": "okonjo", "name": "Ifeoma Okonjo-Bassey", "kind": "person", "aliases": [], "context": ["minister"]},
]
KINDS: dict[str, tuple[str | None, str, str]] = {
    # kind: who must be alerted on, what the text says, what the feed's summary says
    "plain": ("halden", "The vessel belongs to Halden Maritime, which did not answer questions.", ""),
    "alias": ("halden", "Halden Lines said that the freight was insured.", ""),
    "possessive": ("okonjo", "Ifeoma Okonjo-Bassey’s office published the letter on its site.", ""),
    "spelling": ("okonjo", "The letter was signed by Ifeoma Okonjo Bassey, the minister for trade.", ""),
    "short": ("wagner-group", "Mercenaries of Wagner guarded the mine, and two of the fighters were wounded.", ""),
    "full": ("wagner-group", "The Wagner Group, a private military company, denied the report.", ""),
    "feed_only": ("halden", "", "Halden Maritime sells two ferries."),
    "slow_page": ("okonjo", "Ifeoma Okonjo-Bassey opened the session at noon.", ""),
    "composer": (
        None,
        "The orchestra played Wagner, whose operas fill the house in Bayreuth each summer; Richard Wagner, the composer, died in 1883.",
        "",
    ),
    "related": (None, "", ""),
    "mayor": (None, "The mayor, Harald Wagner, cut the ribbon; Mr Wagner thanked the volunteers.", ""),
}
PRINTED = "2026-03-02T08:30:00+00:00"
OWING = [kind for kind, (entity, _, _) in KINDS.items() if entity]
TRAPS = [kind for kind, (entity, _, _) in KINDS.items() if not entity]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One article."""

    number: int
    paper: int
    kind: str
    title: str
    summary: str
    html: str

    @property
    def owes(self) -> str | None:
        """Who must be alerted on; None for nobody."""
        return KINDS[self.kind][0] if self.kind in KINDS else None


def page(rng: random.Random, title: str, paragraphs: list[str], related: list[str]) -> str:
    """A page of 40 to 60 kB with a story in it."""
    nav = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section/{n}" data-track="nav-{n}">{escape(headline(rng)[:18])}</a></li>'
        for n in range(60)
    )
    cards = "".join(
        f'<div class="card"><a href="/story/{n}"><img src="/i/{n}.jpg" alt="" width="320" height="180"><h3>{escape(line)}</h3></a>'
        f'<span class="card__time">{n} hours ago</span></div>'
        for n, line in enumerate(related)
    )
    styles = "".join(f".c{n}{{margin:{n}px;padding:{n % 7}px;color:#{n * 4099 % 0xFFFFFF:06x}}}" for n in range(200))
    script = "window.cfg=" + json.dumps({f"slot{n}": {"size": [300, 250], "path": f"/ads/{n}/{rng.random()}"} for n in range(80)})
    inside = []
    for number, text in enumerate(paragraphs):
        inside.append(f"<p>{escape(text)}</p>")
        if number % 3 == 1:
            inside.append(f'<div class="ad-slot" id="slot{number}"><span>Advertisement</span></div>')
        if number == 4:
            inside.append('<aside class="newsletter"><p>Get the morning briefing in your inbox. Sign up for our newsletter.</p></aside>')
    about = json.dumps(
        {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "author": {"@type": "Person", "name": person(rng)}}
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} | The Arlow Post</title><style>{styles}</style>'
        f'<meta property="article:published_time" content="{PRINTED}"><meta property="og:type" content="article">'
        f'<script type="application/ld+json">{about}</script><script>{script}</script></head><body>'
        f'<header class="masthead"><nav><ul>{nav}</ul></nav></header><main><article><h1>{escape(title)}</h1>'
        f'<div class="byline">By {escape(person(rng))} <time datetime="{PRINTED}">2 March 2026</time></div>{"".join(inside)}</article>'
        f'<section class="related"><h2>More stories</h2>{cards}</section></main>'
        f"<footer><p>© The Arlow Post. All rights reserved.</p><p>{escape(paragraph(rng, 2))}</p></footer></body></html>"
    )


def items(seed: int, count: int, papers: int, naming: float, *, first: int = 0) -> list[Item]:
    """Articles of which the share ``naming`` names somebody watched, and half as many are traps."""
    rng = random.Random(seed)
    made = []
    for number in range(first, first + count):
        dice = rng.random()
        kind = rng.choice(OWING) if dice < naming else rng.choice(TRAPS) if dice < 1.5 * naming else "other"
        _, said, summary = KINDS.get(kind, (None, "", ""))
        title = f"{headline(rng)} ({number})"
        related = [headline(rng) for _ in range(30)]
        if kind == "related":
            related[rng.randrange(30)] = "Halden Maritime to publish its results"
        html = page(rng, title, story(rng, paragraphs=rng.randint(6, 14), planted=[said] if said else []), related)
        made.append(Item(number=number, paper=number % papers, kind=kind, title=title, summary=summary, html=html))
    return made


@dataclass
class Newsroom:
    """The papers and the sink on one loopback port."""

    papers: int
    refusing: float = 0.0
    """Share of the bodies whose first POST is answered with 503."""
    seed: int = 1
    shown: list[Item] = field(default_factory=list)
    published: dict[int, float] = field(default_factory=dict)
    polls: dict[int, int] = field(default_factory=dict)
    posts: list[tuple[float, bytes]] = field(default_factory=list)
    touched: float = 0.0
    """When anybody last asked for a page or posted."""
    pages: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._refused: set[bytes] = set()
        self._asked: set[int] = set()
        self._by_number: dict[int, Item] = {}

    def publish(self, some: list[Item]) -> None:
        """These stand in their feeds from now on."""
        now = time.time()
        self.shown += some
        self._by_number |= {item.number: item for item in some}
        self.published |= {item.number: now for item in some}

    async def start(self) -> web.AppRunner:
        """Listen on any free port of the loopback."""
        app = web.Application(client_max_size=1 << 24)
        app.add_routes([web.get("/{paper}/feed", self.feed), web.get("/{paper}/{number}", self.page), web.post("/hook", self.hook)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def feed(self, request: web.Request) -> web.Response:
        paper = int(request.match_info["paper"])
        self.polls[paper] = self.polls.get(paper, 0) + 1
        mine = [item for item in self.shown if item.paper == paper]
        tag = f'"{len(mine)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        entries = "".join(
            f"<item><title>{escape(item.title)}</title><link>{self.url}/{paper}/{item.number}</link><guid>{self.url}/{paper}/{item.number}</guid>"
            f"<description>{escape(item.summary or item.title)}</description>"
            f"<pubDate>{formatdate(self.published[item.number])}</pubDate></item>"
            for item in mine[::-1]
        )
        head = f"<title>Paper {paper}</title><link>{self.url}/{paper}</link>"
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": tag})

    async def page(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        item = self._by_number[number]
        self.touched, self.pages = time.time(), self.pages + 1
        if item.kind == "feed_only":
            return web.Response(status=410)
        if item.kind == "slow_page" and number not in self._asked:  # the publisher's server hiccups once
            self._asked.add(number)
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.Response(text=item.html, content_type="text/html")

    async def hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.touched = time.time()
        if body not in self._refused and self._rng.random() < self.refusing:
            self._refused.add(body)
            return web.Response(status=503)
        self.posts.append((time.time(), body))
        return web.Response(status=204)
