"""Serves the demo's papers on this machine: one port a paper, so that each is a site of its own.

What a feed holds is a function of the time: the backlog at once, everything else after ``open``, each article at its own
moment. Feeds answer conditional requests as real servers do. The newsroom tells what is asked of it and knows nothing of
who asks.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from workers.demo import feeds, pages
from workers.demo.edition import Article, Edition, Layout, Paper, Trick

HOST: Final = "127.0.0.1"
_BACKLOG_AGE: Final = 7200.0
"""Seconds before the start at which the backlog was published."""


class Asked(StrEnum):
    """What somebody asked of the newsroom."""

    FEED = "feed"
    """A feed for the first time."""
    SEEN = "seen"
    """A feed that shows this article for the first time."""
    EDITED = "edited"
    """A feed that shows for the first time that this article was edited."""
    PAGE = "page"
    """An article's page."""
    HELD = "held"
    """The page that never answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """One request that is worth telling."""

    at: float
    what: Asked
    paper: Paper
    article: Article | None = None


class Newsroom:
    """All papers of one edition, served until ``stop``."""

    def __init__(self, edition: Edition, *, clock: Callable[[], float], tell: Callable[[Asking], None]) -> None:
        """``clock`` gives Unix seconds; ``tell`` is called for every request that is worth telling."""
        self.edition = edition
        self.clock = clock
        self.tell = tell
        self.started = clock()
        self._opened: float | None = None
        self._sites: dict[str, _Site] = {}

    async def start(self) -> None:
        """Listen on a free port for each paper."""
        for paper in self.edition.papers:
            site = _Site(self, paper)
            await site.start()
            self._sites[paper.id] = site

    async def stop(self) -> None:
        """Stop listening; pages that are held are let go."""
        await asyncio.gather(*(site.stop() for site in self._sites.values()))

    def open(self) -> None:
        """Begin to publish: every article appears so many seconds from now as it says."""
        self._opened = self.clock()

    @property
    def unread(self) -> tuple[Paper, ...]:
        """Papers whose feed nobody has asked for yet."""
        return tuple(site.paper for site in self._sites.values() if not site.read)

    def feed_url(self, paper: Paper) -> str:
        """Where the paper's feed is."""
        return f"{self._sites[paper.id].home}/feed.xml"

    def url_of(self, article: Article) -> str:
        """Where the article's page is."""
        return f"{self._sites[article.paper.id].home}{path_of(article)}"

    def article_at(self, url: str) -> Article | None:
        """The article whose page that is, or None."""
        asked = urlsplit(url)
        for site in self._sites.values():
            if urlsplit(site.home).netloc == asked.netloc:
                return site.articles.get(asked.path)
        return None

    def appears(self, article: Article) -> float | None:
        """When the article stands in its feed; None while the papers are not open."""
        if article.backlog:
            return self.started - _BACKLOG_AGE
        return None if self._opened is None else self._opened + article.after

    def changes(self, article: Article) -> float | None:
        """When its edit stands in the feed; None where there is none, or not yet a time."""
        appears = self.appears(article)
        return None if appears is None or article.edit is None else appears + article.edit.after

    @property
    def is_all_printed(self) -> bool:
        """Whether every article and every edit has appeared."""
        moments = [self.changes(article) or self.appears(article) for article in self.edition.articles]
        return all(moment is not None and moment <= self.clock() for moment in moments)

    def is_edited(self, article: Article, now: float) -> bool:
        """Whether the page carries its later paragraphs."""
        changes = self.changes(article)
        return changes is not None and changes <= now

    def printed(self, paper: Paper, now: float) -> list[Article]:
        """What the paper's feed holds, the newest first."""
        due = [(appears, article) for article in self.edition.of(paper) if (appears := self.appears(article)) is not None]
        return [article for appears, article in sorted(due, key=lambda one: -one[0]) if appears <= now]


def path_of(article: Article) -> str:
    """The article's page within its paper's site."""
    return f"/2026/{article.id}.html"


class _Site:
    """One paper's server."""

    def __init__(self, newsroom: Newsroom, paper: Paper) -> None:
        self.paper = paper
        self.read = False
        self.home = ""
        self.articles = {path_of(article): article for article in newsroom.edition.of(paper)}
        self._newsroom = newsroom
        self._shown: set[tuple[str, bool]] = set()
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/feed.xml", self._feed)
        app.router.add_get("/2026/{name}", self._page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.home = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _robots(self, _request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nAllow: /\n")

    async def _feed(self, request: web.Request) -> web.Response:
        room, now = self._newsroom, self._newsroom.clock()
        printed = room.printed(self.paper, now)
        items = [self._item(article, now) for article in printed]
        body = feeds.render(self.paper, items, home=self.home)
        validators = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": formatdate(max((item.updated for item in items), default=room.started), usegmt=True),
        }
        self._tell_of_feed(printed, now)
        if request.headers.get("If-None-Match") == validators["ETag"]:
            return web.Response(status=304, headers=validators)
        return web.Response(body=body, headers={"Content-Type": feeds.TYPES[self.paper.format], **validators})

    def _item(self, article: Article, now: float) -> feeds.Item:
        room = self._newsroom
        published = room.appears(article) or now
        return feeds.Item(
            url=room.url_of(article),
            title=article.title,
            summary=article.standfirst or article.paragraphs[0],
            published=published,
            updated=(room.changes(article) or published) if room.is_edited(article, now) else published,
        )

    def _tell_of_feed(self, printed: list[Article], now: float) -> None:
        if not self.read:
            self.read = True
            self._newsroom.tell(Asking(at=now, what=Asked.FEED, paper=self.paper))
        for article in printed:
            edited = self._newsroom.is_edited(article, now)
            if (article.id, edited) not in self._shown:
                self._shown.add((article.id, edited))
                self._newsroom.tell(Asking(at=now, what=Asked.EDITED if edited else Asked.SEEN, paper=self.paper, article=article))

    async def _page(self, request: web.Request) -> web.Response:
        room, now = self._newsroom, self._newsroom.clock()
        article = self.articles.get(request.path)
        if article is None or article not in room.printed(self.paper, now):
            raise web.HTTPNotFound
        if article.trick is Trick.NEVER:
            room.tell(Asking(at=now, what=Asked.HELD, paper=self.paper, article=article))
            await self._closing.wait()
        else:
            room.tell(Asking(at=now, what=Asked.PAGE, paper=self.paper, article=article))
        edited, published = room.is_edited(article, now), room.appears(article) or now
        body = pages.render(
            article,
            seed=room.edition.seed,
            url=room.url_of(article),
            published=feeds.moment(published),
            modified=feeds.moment((room.changes(article) or published) if edited else published),
            edited=edited,
        )
        return web.Response(body=body, headers={"Content-Type": self._content_type()})

    def _content_type(self) -> str:
        """Half of the papers leave it to the page to name its encoding."""
        return f"text/html; charset={self.paper.encoding}" if self.paper.layout is Layout.BLOCKS else "text/html"
