"""The demo's papers over real HTTP: what they show before and after they open, how they answer conditions, what never answers."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping

import aiohttp
import feedparser
import pytest

from pipeline.errors import InputError
from pipeline.feeds.parse import parse
from pipeline.model import Entry
from workers.demo import edition
from workers.demo.edition import Article, Paper, Trick
from workers.demo.newsroom import Asked, Asking, Newsroom

LATE = 30.0


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Visit:
    """A newsroom, its clock, what it told, and a client."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.told: list[Asking] = []
        self.edition = edition.load(1)
        self.room = Newsroom(self.edition, clock=self.clock, tell=self.told.append)
        self.client = aiohttp.ClientSession()

    async def feed(self, paper: Paper, unless: str = "") -> tuple[int, bytes, Mapping[str, str]]:
        headers = {"If-None-Match": unless} if unless else {}
        async with self.client.get(self.room.feed_url(paper), headers=headers) as response:
            return response.status, await response.read(), response.headers

    async def page(self, article: Article) -> tuple[int, str]:
        async with self.client.get(self.room.url_of(article)) as response:
            return response.status, (await response.read()).decode(article.paper.encoding, "replace")

    def article(self, ident: str) -> Article:
        return next(article for article in self.edition.articles if article.id == ident)


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    here = Visit()
    await here.room.start()
    try:
        yield here
    finally:
        await here.client.close()
        await here.room.stop()


def entries(paper: Paper, body: bytes) -> list[tuple[str, str]]:
    if paper.broken:  # what the fast reader must give up on, the authority reads
        return [(entry.title, entry.link) for entry in feedparser.parse(io.BytesIO(body)).entries]
    found = parse(body, url="http://127.0.0.1/feed.xml")
    assert not found.needs_authority
    return [(entry.title, entry.url) for entry in found.entries]


def read(body: bytes) -> tuple[Entry, ...]:
    try:
        return parse(body).entries
    except InputError:
        return ()


async def test_a_feed_holds_its_backlog_first_and_everything_later(visit: Visit) -> None:
    for paper in visit.edition.papers:
        _, body, _ = await visit.feed(paper)
        backlog = [article for article in visit.edition.of(paper) if article.backlog]
        assert entries(paper, body) == [(article.title, visit.room.url_of(article)) for article in backlog]
    assert visit.room.unread == ()
    visit.room.open()
    visit.clock.now += LATE
    for paper in visit.edition.papers:
        _, body, _ = await visit.feed(paper)
        everything = {(article.title, visit.room.url_of(article)) for article in visit.edition.of(paper)}
        assert set(entries(paper, body)) == everything
    seen = [asking.article.id for asking in visit.told if asking.what in (Asked.SEEN, Asked.EDITED) and asking.article]
    assert sorted(seen) == sorted(article.id for article in visit.edition.articles)


async def test_the_broken_feed_is_one_that_a_reader_must_notice(visit: Visit) -> None:
    visit.room.open()
    visit.clock.now += LATE
    broken = next(paper for paper in visit.edition.papers if paper.broken)
    _, body, _ = await visit.feed(broken)
    assert body.count(b"<item>") == body.count(b"</item>") + 1
    found = parse(body)
    assert found.needs_authority
    assert len(found.entries) <= len(visit.edition.of(broken))


async def test_a_feed_that_is_unchanged_says_so(visit: Visit) -> None:
    paper = visit.edition.papers[0]
    status, _, headers = await visit.feed(paper)
    assert (status, headers["Last-Modified"][-3:]) == (200, "GMT")
    status, body, _ = await visit.feed(paper, headers["ETag"])
    assert (status, body) == (304, b"")
    visit.room.open()
    visit.clock.now += LATE
    status, body, _ = await visit.feed(paper, headers["ETag"])
    assert status == 200
    assert len(read(body)) == len(visit.edition.of(paper))


async def test_a_page_stands_where_its_feed_says_once_it_has_appeared(visit: Visit) -> None:
    article = visit.article("samolet")
    assert (await visit.page(article))[0] == 404
    visit.room.open()
    visit.clock.now += LATE
    status, text = await visit.page(article)
    assert status == 200
    assert all(paragraph in text for paragraph in article.paragraphs)
    assert visit.room.article_at(visit.room.url_of(article)) is article
    assert visit.room.article_at("http://127.0.0.1:9/2026/samolet.html") is None


async def test_an_edit_changes_page_and_feed_at_its_moment(visit: Visit) -> None:
    article = visit.article("convoy")
    assert article.edit is not None
    visit.room.open()
    visit.clock.now += article.after + article.edit.after - 0.5
    before = await visit.page(article)
    _, feed_before, _ = await visit.feed(article.paper)
    visit.clock.now += 1.0
    after = await visit.page(article)
    _, feed_after, _ = await visit.feed(article.paper)
    assert article.edit.paragraphs[0] not in before[1]
    assert article.edit.paragraphs[0] in after[1]
    one, other = ({entry.url: entry.updated for entry in read(body)} for body in (feed_before, feed_after))
    assert one[visit.room.url_of(article)] != other[visit.room.url_of(article)]
    assert visit.told[-1].what is Asked.EDITED


async def test_one_page_never_answers_and_lets_go_when_the_newsroom_closes(visit: Visit) -> None:
    article = next(article for article in visit.edition.articles if article.trick is Trick.NEVER)
    visit.room.open()
    visit.clock.now += LATE
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await visit.page(article)
    assert visit.told[-1].what is Asked.HELD
