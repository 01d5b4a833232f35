"""One entry's page: fetch it politely or find that it is not needed, scan it quickly, and put it before the analyser.

Whatever happens, the entry goes on: with its page, with the whole text that its feed carries, or, when the page is refused or never
comes, with the title and summary that the feed gave. Only what is worth another try waits for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from pipeline.errors import FetchError
from pipeline.feeds.caching import retry_after
from pipeline.feeds.fulltext import as_page, is_whole
from pipeline.feeds.plain import words
from pipeline.feeds.retry import next_try
from pipeline.feeds.spec import CollectPolicy
from pipeline.flow.hosts import hold
from pipeline.flow.keep import MOST, Got, Kept, Scanner, keep
from pipeline.flow.together import Together
from pipeline.model import EntryState, Lane
from pipeline.net.fetch import Fetcher, Response
from pipeline.net.politeness import Governor
from pipeline.net.robots import Robots
from pipeline.store import Store
from pipeline.store.entries import EntryForFetch
from pipeline.urls import host, is_web

ACCEPT: Final = "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.8, text/plain;q=0.7, */*;q=0.1"
_READABLE: Final = ("text/", "application/xhtml", "application/xml", "application/json", "application/ld+json")
_KEPT_HEADERS: Final = ("Content-Type", "Content-Language", "Last-Modified", "ETag", "Date", "X-Robots-Tag", "Link")
UTF8: Final = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectDesk:
    """Everything that collecting needs, built once a process by ``collect_desk``."""

    store: Store
    fetcher: Fetcher
    governor: Governor
    robots: Robots
    scanner: Scanner
    policy: CollectPolicy
    page_bytes: int
    site_headers: Mapping[str, Mapping[str, str]]
    """By host; a site's headers hold for its subdomains too."""
    rng: Random
    clock: Callable[[], float]
    owner: str
    kept: Together[Got, Kept]
    """What was collected, on its way through the quick scan into the ledger."""


def collect_desk(
    *,
    store: Store,
    fetcher: Fetcher,
    governor: Governor,
    robots: Robots,
    scanner: Scanner,
    policy: CollectPolicy,
    page_bytes: int,
    site_headers: Mapping[str, Mapping[str, str]],
    hits_only: bool,
    rng: Random,
    clock: Callable[[], float],
    owner: str,
) -> CollectDesk:
    """A desk for one event loop. ``hits_only``: pages without a hit are kept unread."""
    return CollectDesk(
        store=store,
        fetcher=fetcher,
        governor=governor,
        robots=robots,
        scanner=scanner,
        policy=policy,
        page_bytes=page_bytes,
        site_headers=site_headers,
        rng=rng,
        clock=clock,
        owner=owner,
        kept=Together(partial(keep, store=store, scanner=scanner, owner=owner, hits_only=hits_only), most=MOST),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectOutcome:
    """What became of one entry's page."""

    entry_id: str
    url: str
    outcome: str
    """``page``, ``full_text``, ``feed_only``, ``retrying``, ``postponed``."""
    reason: str = ""
    lane: Lane | None = None
    """Where the page waits now; None where there is none."""
    page_id: str | None = None
    status: int | None = None
    next_at: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failure:
    code: str
    reason: str
    status: int | None = None
    retryable: bool = False
    retry_after: float | None = None


async def collect(claimed: EntryForFetch, desk: CollectDesk) -> CollectOutcome:
    """Bring one claimed entry on. Raises StoreError where the ledger is away; the lease then runs out by itself."""
    entry, wanted = claimed.entry, claimed.feed.options.get("full_text")
    whole = wanted is True or (wanted is None and desk.policy.use_full_text and is_whole(entry, chars=desk.policy.full_text_chars))
    if whole and (entry.content or entry.summary):
        return await _from_feed(claimed, desk, "full_text", "")
    if not is_web(entry.url):
        return await _from_feed(claimed, desk, "feed_only", "the entry names no page")
    if (wait := desk.governor.held(host(entry.url))) > 0:
        return await _postpone(claimed, desk, desk.clock() + wait)
    got = await _fetch(claimed, desk)
    if isinstance(got, Response):
        return await _page(claimed, got, desk)
    return await _without(claimed, got, desk)


async def _fetch(claimed: EntryForFetch, desk: CollectDesk) -> Response | _Failure:
    url = claimed.entry.url
    if desk.policy.robots:
        ruling = await desk.robots.ruling(url)
        if not ruling.reachable:
            return _Failure(code="robots_unreachable", reason="robots.txt cannot be reached", retryable=True, retry_after=ruling.retry_in)
        if not ruling.allowed:
            return _Failure(code="robots", reason="robots.txt does not allow it")
        if ruling.delay:
            desk.governor.slow_down(host(url), ruling.delay)
    try:
        answer = await desk.fetcher.get(url, headers=_headers(claimed, desk), limit=desk.page_bytes, cut=True)
    except FetchError as error:
        return _Failure(code=error.code, reason=str(error), retryable=error.retryable)
    if answer.ok:
        return answer
    wait = retry_after(answer.headers, desk.clock())
    if wait and answer.status in {429, 503}:
        await hold(desk.store, desk.governor, host(answer.url), wait, desk.clock())
    return _Failure(code=f"http_{answer.status}", reason=f"the page answers {answer.status}", status=answer.status, retry_after=wait)


def _headers(claimed: EntryForFetch, desk: CollectDesk) -> dict[str, str]:
    name = host(claimed.entry.url)
    own = claimed.feed.options.get("headers") or {} if name == claimed.feed.site else {}
    site: dict[str, str] = {}
    for known, headers in desk.site_headers.items():
        if name == known or name.endswith(f".{known}"):
            site.update(headers)
    return {"Accept": ACCEPT, **own, **site}


async def _page(claimed: EntryForFetch, answer: Response, desk: CollectDesk) -> CollectOutcome:
    kind = answer.headers.get("Content-Type", "text/html").lower()
    if not kind.startswith(_READABLE) and answer.body[:512].lstrip()[:1] != b"<":
        return await _from_feed(claimed, desk, "feed_only", f"the page is no text but {kind.partition(';')[0]}")
    headers = {name: value for name in _KEPT_HEADERS if (value := answer.headers.get(name))}
    return await _keep(claimed, desk, "page", body=answer.body, url=answer.url, headers=headers, status=answer.status, reason="")


async def _from_feed(claimed: EntryForFetch, desk: CollectDesk, outcome: str, reason: str) -> CollectOutcome:
    url = claimed.entry.url
    return await _keep(claimed, desk, outcome, body=as_page(claimed.entry), url=url, headers=UTF8, status=None, reason=reason)


async def _keep(
    claimed: EntryForFetch,
    desk: CollectDesk,
    outcome: str,
    *,
    body: bytes,
    url: str,
    headers: Mapping[str, str],
    status: int | None,
    reason: str,
) -> CollectOutcome:
    origin = "page" if outcome == "page" else "feed"
    got = Got(claimed=claimed, body=body, url=url, headers=headers, status=status, origin=origin, reason=reason, at=desk.clock())
    page_id, lane = await desk.kept(got)
    return CollectOutcome(
        entry_id=claimed.id, url=claimed.entry.url, outcome=outcome, reason=reason, lane=lane, page_id=page_id, status=status
    )


async def _without(claimed: EntryForFetch, failure: _Failure, desk: CollectDesk) -> CollectOutcome:
    now, attempts = desk.clock(), claimed.attempts + 1
    again = next_try(
        status=failure.status,
        retryable=failure.retryable,
        attempts=attempts,
        now=now,
        policy=desk.policy,
        rng=desk.rng,
        retry_after=failure.retry_after,
    )
    if again is None or (attempts >= desk.policy.hot_attempts and desk.scanner.scan(claimed.entry.title, words(claimed.entry.summary))):
        tries = f" ({attempts} tries)" if attempts > 1 else ""
        return await _from_feed(claimed, desk, "feed_only", f"{failure.reason}{tries}")
    await asyncio.to_thread(
        desk.store.entries.record_fetch_failure,
        claimed.id,
        owner=desk.owner,
        revision=claimed.revision,
        state=EntryState.RETRYING,
        reason=failure.reason,
        next_at=again.at,
        now=now,
    )
    return CollectOutcome(
        entry_id=claimed.id,
        url=claimed.entry.url,
        outcome="retrying",
        reason=f"{failure.code}: {failure.reason}",
        status=failure.status,
        next_at=again.at,
    )


async def _postpone(claimed: EntryForFetch, desk: CollectDesk, at: float) -> CollectOutcome:
    await asyncio.to_thread(desk.store.entries.postpone, [claimed.id], at)
    return CollectOutcome(entry_id=claimed.id, url=claimed.entry.url, outcome="postponed", next_at=at)
