"""One poll of one feed: ask, read, tell new from known, plan the next poll, and write it all down in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any, Final, Protocol, TypeVar

from pipeline import telemetry
from pipeline.errors import FetchError, InputError
from pipeline.feeds import health, redirects, schedule
from pipeline.feeds.caching import fresh_for
from pipeline.feeds.dates import instant
from pipeline.feeds.health import Trouble
from pipeline.feeds.identity import keys_of
from pipeline.feeds.novelty import Fresh, Novelty, sort
from pipeline.feeds.parse import count_openings, fuller, parse
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.schedule import Learned
from pipeline.feeds.spec import PollPolicy
from pipeline.flow.hosts import hold
from pipeline.flow.obtain import Document, obtain, ungzipped
from pipeline.flow.pacing import Pacing
from pipeline.flow.signals import RECOVERED, SILENT, tell
from pipeline.flow.sources import backlog_age
from pipeline.model import Entry
from pipeline.net.fetch import Fetcher
from pipeline.net.politeness import Governor
from pipeline.store import Store
from pipeline.store.feeds import EditedEntry, FeedEvent, FeedForPoll, NewEntry, PollRecord, PollWritten

LARGE: Final = 200_000
"""Bytes from which a document is read in a thread, so that the event loop is not held up."""
MAPS: Final = 3
"""Maps of a sitemap index that are read, the newest ones."""
MAP_AGE: Final = 2 * 86400.0
"""Age up to which a sitemap's pages are news, as the news sitemap protocol has it."""
LAG_MEMORY: Final = 0.1
"""Weight of one entry in a feed's mean lag."""


T = TypeVar("T")


class Authority(Protocol):
    """feedparser, somewhere where it can do no harm."""

    async def read(self, body: bytes, *, url: str = "", content_type: str | None = None) -> ParsedFeed | None:
        """Its reading, or None."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PollDesk:
    """Everything that polling needs, built once a process."""

    store: Store
    fetcher: Fetcher
    governor: Governor
    authority: Authority
    pacing: Pacing
    policy: PollPolicy
    feed_bytes: int
    rng: Random
    clock: Callable[[], float]
    owner: str
    computing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held for what computes in the event loop."""
    endpoints: tuple[str, ...] = ()
    """Who is told of sources that fall silent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PollOutcome:
    """What a poll brought; the loop counts and logs it, and wakes the collector where there is something new."""

    feed_id: str
    url: str
    outcome: str
    """``ok``, ``unchanged``, ``held`` (the host wants to be left alone) or the class of the error."""
    state: str
    reason: str
    next_try: float
    new: int = 0
    edited: int = 0
    known: int = 0
    lags: tuple[float, ...] = ()
    """Seconds from published to seen of the new entries."""
    events: tuple[str, ...] = ()
    written: bool = True
    """False where another poller had taken the feed over."""


async def poll(feed: FeedForPoll, desk: PollDesk) -> PollOutcome:
    """Poll one claimed feed. Raises StoreError where the ledger is away; the lease then runs out by itself."""
    now = desk.clock()
    if (wait := desk.governor.held(feed.site)) > 0:
        await asyncio.to_thread(desk.store.feeds.reschedule, feed.id, now + wait, now=now)
        return PollOutcome(feed_id=feed.id, url=feed.url, outcome="held", state=feed.state, reason=feed.reason, next_try=now + wait)
    got = await obtain(feed, desk.fetcher, limit=desk.feed_bytes, now=now)
    if isinstance(got, Document) and got.bodies:
        read = await read_document(got, desk)
        if isinstance(read, ParsedFeed):
            return await _changed(feed, got, read, desk, now)
        got = read
    if isinstance(got, Document):
        return await _unchanged(feed, got, desk, now)
    return await _failed(feed, got, desk, now)


# -- reading ----------------------------------------------------------------------------------------------------------


async def read_document(document: Document, desk: PollDesk) -> ParsedFeed | Trouble:
    """The entries of a document, of all its files, or of the newest maps of a sitemap index."""
    feeds: list[ParsedFeed] = []
    for body in document.bodies:
        try:
            feeds.append(await _read_one(body, document.url, document.content_type, desk))
        except InputError as error:
            if len(document.bodies) == 1:
                return Trouble(code="not_a_feed", message=f"{document.url}: {error}")
    merged = feeds[0] if len(feeds) == 1 else ParsedFeed(kind="files", entries=tuple(entry for feed in feeds for entry in feed.entries))
    if merged.kind == "sitemap_index":
        merged = await _maps(merged, desk)
    return _recent(merged, desk.clock()) if merged.kind.startswith("sitemap") else merged


async def _read_one(body: bytes, url: str, content_type: str | None, desk: PollDesk) -> ParsedFeed:
    work = partial(parse, body, url=url, content_type=content_type)
    ask = partial(desk.authority.read, body, url=url, content_type=content_type)
    try:
        feed = await (asyncio.to_thread(work) if len(body) >= LARGE else _in_turn(desk.computing, work))
    except InputError:
        said = await ask() if count_openings(body) else None
        if said is None or not said.entries:
            raise
        return said
    return fuller(feed, await ask()) if feed.needs_authority else feed


async def _in_turn(turn: asyncio.Lock, work: Callable[[], T]) -> T:
    """Some milliseconds of computing, one at a time: between two of them everybody else in the event loop comes to run."""
    async with turn:
        result = work()
        await asyncio.sleep(0)
        return result


async def _maps(index: ParsedFeed, desk: PollDesk) -> ParsedFeed:
    entries: list[Entry] = []
    for address in index.maps[:MAPS]:
        try:
            answer = await desk.fetcher.get(address, limit=desk.feed_bytes)
            body = ungzipped(answer.body, desk.feed_bytes)
            entries += (await _read_one(body, answer.url, answer.headers.get("Content-Type"), desk)).entries
        except (FetchError, InputError, ValueError) as error:
            telemetry.log("poll").info("map_skipped", url=address, why=str(error))
    return replace(index, entries=tuple(entries))


def _recent(feed: ParsedFeed, now: float) -> ParsedFeed:
    """The entries of the last two days, undated ones included, at most the 1,000 that the protocol allows."""
    kept = [e for e in feed.entries if (at := instant(e.published or e.updated)) is None or now - at <= MAP_AGE]
    return replace(feed, entries=tuple(kept[:1000]))


# -- what follows -----------------------------------------------------------------------------------------------------


async def _changed(feed: FeedForPoll, document: Document, parsed: ParsedFeed, desk: PollDesk, now: float) -> PollOutcome:
    keys = await _in_turn(desk.computing, partial(keys_of, parsed.entries))
    known = await asyncio.to_thread(desk.store.feeds.known_keys, feed.id, [key for own in keys for key in own])
    novelty = sort(feed.id, parsed.entries, keys, known)
    fresh = [_new_entry(fresh, feed, desk.policy, now) for fresh in novelty.fresh]
    lags = tuple(_lag(entry, now) for entry in fresh if not entry.backlog and _lag(entry, now) >= 0)
    learned = schedule.with_hints(_learn(feed, novelty, fresh, now, len(parsed.entries)), parsed.hints)
    record = _record(feed, document, desk, now, learned=learned, fresh=bool(fresh), shares=novelty.known > 0 or not parsed.entries)
    record = replace(
        record,
        outcome="ok",
        entries=tuple(fresh),
        edited=tuple(EditedEntry(entry_id=c.entry_id, entry=c.entry, keys=c.keys, content_hash=c.content_hash) for c in novelty.changed),
        seen=novelty.seen,
        lags=lags,
        lag=_mean_lag(feed.lag, lags),
    )
    written = await asyncio.to_thread(_write, feed, record, desk)
    return _outcome(feed, record, written, novelty)


async def _unchanged(feed: FeedForPoll, document: Document, desk: PollDesk, now: float) -> PollOutcome:
    before = Learned.from_json(feed.learned.get("habits") or {})
    learned = schedule.learn(before, elapsed=now - (feed.last_success or now), times=(), silence=0.0, window=None, known=None)
    record = replace(_record(feed, document, desk, now, learned=learned, fresh=False, shares=True), outcome="unchanged", lag=feed.lag)
    written = await asyncio.to_thread(_write, feed, record, desk)
    return _outcome(feed, record, written, Novelty())


async def _failed(feed: FeedForPoll, trouble: Trouble, desk: PollDesk, now: float) -> PollOutcome:
    if trouble.retry_after and trouble.status in {429, 503}:
        await hold(desk.store, desk.governor, feed.site, trouble.retry_after, now)
    failures = feed.failures + 1
    prognosis = health.after_failure(
        trouble,
        failures=failures,
        interval=feed.every or feed.interval,
        now=now,
        policy=desk.policy,
        rng=desk.rng,
        gone_at=feed.learned.get("gone_at"),
    )
    events = (FeedEvent(kind="parked", detail={"why": prognosis.reason}),) if prognosis.state == health.PARKED else ()
    record = PollRecord(
        feed_id=feed.id,
        owner=desk.owner,
        at=now,
        outcome=trouble.code,
        succeeded=False,
        state=prognosis.state,
        reason=prognosis.reason,
        next_try=prognosis.next_try,
        fetch_url=feed.fetch_url,
        etag=feed.etag,
        last_modified=feed.last_modified,
        validators_url=feed.validators_url,
        body_hash=feed.body_hash,
        failures=failures,
        interval=feed.interval,
        rate=feed.rate,
        lag=feed.lag,
        learned={**feed.learned, "gone_at": prognosis.gone_at},
        events=events,
    )
    written = await asyncio.to_thread(_write, feed, record, desk)
    return _outcome(feed, record, written, Novelty())


def _write(feed: FeedForPoll, record: PollRecord, desk: PollDesk) -> PollWritten:
    """What people must hear of goes first: it is idempotent, and the poll that noticed may be done again."""
    tell(desk.store, feed, record.events, desk.endpoints, record.at)
    return desk.store.feeds.record_poll(record)


def _record(
    feed: FeedForPoll, document: Document, desk: PollDesk, now: float, *, learned: Learned, fresh: bool, shares: bool
) -> PollRecord:
    """What every successful poll writes: schedule, validators, state, redirects."""
    plan = schedule.plan(
        now,
        learned,
        policy=desk.policy,
        pace=desk.pacing.of(feed, learned, now),
        every=feed.every,
        tier=feed.tier,
        fresh_for=fresh_for(document.headers, now),
        least=desk.governor.minimum_interval(feed.site),
        rng=desk.rng,
    )
    before = redirects.Sighting.from_json(feed.learned.get("moved"))
    move = redirects.judge(document.hops, before, shares_entry=shares, now=now, policy=desk.policy)
    state, reason, events = _state(feed, learned, desk.policy, now, fresh=fresh)
    if move.believed:
        events += (FeedEvent(kind="redirect", detail={"from": feed.fetch_url, "to": move.believed}),)
    remembered: dict[str, Any] = {"habits": learned.to_json()}
    if move.watching:
        remembered["moved"] = move.watching.to_json()
    return PollRecord(
        feed_id=feed.id,
        owner=desk.owner,
        at=now,
        outcome="ok",
        succeeded=True,
        state=state,
        reason=reason,
        next_try=plan.at,
        fetch_url=move.believed or feed.fetch_url,
        etag=document.etag,
        last_modified=document.last_modified,
        validators_url=document.url,
        body_hash=document.body_hash,
        failures=0,
        interval=plan.interval,
        rate=schedule.rate(learned, desk.policy),
        learned=remembered,
        events=events,
    )


def _state(feed: FeedForPoll, learned: Learned, policy: PollPolicy, now: float, *, fresh: bool) -> tuple[str, str, tuple[FeedEvent, ...]]:
    """Sound or silent, and what to tell when that changes."""
    if feed.last_entry is not None and not fresh and health.is_silent(learned, feed.last_entry, now, policy):
        if feed.state == health.SILENT:
            return health.SILENT, feed.reason, ()
        reason = health.silence_words(feed.last_entry, now, learned, policy)
        return health.SILENT, reason, (FeedEvent(kind=SILENT, detail={"why": reason, "since": feed.last_entry}),)
    was_parked = (FeedEvent(kind="resumed"),) if feed.state == health.PARKED else ()
    if feed.state == health.SILENT and fresh:
        why = f"it spoke again after {(now - (feed.last_entry or now)) / schedule.HOUR:.0f} hours"
        return health.OK, "", (FeedEvent(kind=RECOVERED, detail={"why": why, "since": feed.last_entry}),)
    return health.OK, "", was_parked


def _learn(feed: FeedForPoll, novelty: Novelty, fresh: Sequence[NewEntry], now: float, window: int) -> Learned:
    if feed.last_success is None or not feed.learned.get("habits"):
        return schedule.first_lesson([at for new in fresh if (at := new.published_at) is not None], now, window)
    times = [at if (at := new.published_at) is not None and feed.last_success - 86400 < at <= now else now for new in fresh]
    elapsed = now - feed.last_success
    if novelty.known == 0 and times:  # the whole window turned over: nobody knows what else was there
        elapsed = min(elapsed, max(now - min(times), 60.0))
    return schedule.learn(
        Learned.from_json(feed.learned["habits"]),
        elapsed=elapsed,
        times=times,
        silence=min(times) - feed.last_entry if times and feed.last_entry else 0.0,
        window=window,
        known=novelty.known,
    )


def _new_entry(fresh: Fresh, feed: FeedForPoll, policy: PollPolicy, now: float) -> NewEntry:
    entry = fresh.entry
    published = instant(entry.published or entry.updated)
    at = None if published is None else min(published, now)
    is_first = feed.first_success is None
    recent = at is not None and now - at <= backlog_age(feed.options, policy)
    return NewEntry(
        entry=entry,
        keys=fresh.keys,
        content_hash=fresh.content_hash,
        published_at=at,
        backlog=is_first and not recent,
        late=not is_first and at is not None and now - at > policy.late_after,
    )


def _lag(entry: NewEntry, now: float) -> float:
    """Seconds from published to seen; -1 where the publisher gave no time of day or something absurd."""
    written = entry.entry.published or ""
    if entry.published_at is None or len(written) <= len("2026-01-01"):
        return -1.0
    lag = now - entry.published_at
    return lag if lag <= 7 * schedule.DAY else -1.0


def _mean_lag(before: float | None, lags: Sequence[float]) -> float | None:
    for lag in lags:
        before = lag if before is None else before + LAG_MEMORY * (lag - before)
    return before


def _outcome(feed: FeedForPoll, record: PollRecord, written: PollWritten, novelty: Novelty) -> PollOutcome:
    return PollOutcome(
        feed_id=feed.id,
        url=feed.url,
        outcome=record.outcome,
        state=record.state,
        reason=record.reason,
        next_try=record.next_try,
        new=len(written.new),
        edited=len(record.edited),
        known=novelty.known,
        lags=record.lags,
        events=tuple(event.kind for event in record.events),
        written=written.held,
    )
