"""Find the feeds of a site: read its page, try what it declares, links or usually has, and keep what really is a feed."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import FetchError, InputError
from pipeline.feeds import discover
from pipeline.feeds.document import decode
from pipeline.feeds.parse import parse
from pipeline.feeds.parsed import ParsedFeed
from pipeline.flow.obtain import ungzipped
from pipeline.net.fetch import Fetcher, Response
from pipeline.net.robots import Robots
from pipeline.urls import canonical, is_web


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """A feed that was found and read."""

    url: str
    title: str
    kind: str
    entries: int
    why: str
    """``itself``, ``link``, ``anchor``, ``robots``, ``habit``."""


class _Budget:
    def __init__(self, fetcher: Fetcher, limit: int) -> None:
        self.fetcher, self.limit, self.left = fetcher, limit, discover.REQUESTS

    async def get(self, url: str) -> Response | None:
        """The answer where it is a good one and the budget lasts."""
        if self.left <= 0:
            return None
        self.left -= 1
        try:
            answer = await self.fetcher.get(url, limit=self.limit, cut=True)
        except FetchError:
            return None
        self.left -= len(answer.hops)
        return answer if answer.ok else None


async def discover_feeds(url: str, fetcher: Fetcher, robots: Robots, *, limit: int) -> tuple[Discovered, ...]:
    """The feeds of the site or page at ``url``, in at most a dozen requests. Raises FetchError where the page itself does not come."""
    address = url if "://" in url else f"https://{url}"
    if not is_web(address):
        raise FetchError("bad_url", f"{url!r} is no web address", retryable=False)
    page = await fetcher.get(address, limit=limit, cut=True)
    itself = _read(page)
    if itself is not None:
        return (_found(page.url, itself, "itself"),)
    budget = _Budget(fetcher, limit)
    budget.left -= 1 + len(page.hops)
    found = await _try(discover.from_page(decode(page.body, page.headers.get("Content-Type")), page.url), budget) if page.ok else {}
    if not found:
        budget.left -= 1
        candidates = (*discover.from_robots(await robots.sitemaps(page.url)), *discover.from_habit(page.url))
        found = await _try(candidates, budget, enough=1)
    return tuple(found.values())


async def _try(candidates: tuple[discover.Candidate, ...], budget: _Budget, *, enough: int = 8) -> dict[str, Discovered]:
    found: dict[str, Discovered] = {}
    for candidate in candidates:
        answer = await budget.get(candidate.url) if len(found) < enough else None
        feed = _read(answer) if answer is not None else None
        if answer is not None and feed is not None:
            found.setdefault(canonical(answer.url), _found(answer.url, feed, candidate.why))
    return found


def _read(answer: Response) -> ParsedFeed | None:
    try:
        body = ungzipped(answer.body, 64 * 1024 * 1024)
        return parse(body, url=answer.url, content_type=answer.headers.get("Content-Type"))
    except (InputError, ValueError):
        return None


def _found(url: str, feed: ParsedFeed, why: str) -> Discovered:
    return Discovered(url=url, title=feed.title, kind=feed.kind, entries=len(feed.entries) or len(feed.maps), why=why)
