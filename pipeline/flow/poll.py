"""One poll of one feed: ask, read, look up, decide, write down. The order of things is here; what follows from them is in ``decide``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TypeAlias

from pipeline.feeds.health import Trouble
from pipeline.feeds.identity import keys_of
from pipeline.feeds.novelty import Novelty, sort
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.spec import PollPolicy
from pipeline.flow import decide
from pipeline.flow.document import MANY, Authority, ReadingDesk, read_document
from pipeline.flow.hosts import hold
from pipeline.flow.obtain import Document, obtain
from pipeline.flow.pacing import Pacing
from pipeline.flow.signals import tell
from pipeline.flow.together import Together
from pipeline.model import Instant
from pipeline.net.fetch import Fetcher
from pipeline.net.politeness import Governor
from pipeline.store import Store
from pipeline.store.feeds import FeedForPoll, KnownEntry, PollRecord, PollWritten

__all__ = ["Authority", "PollDesk", "PollOutcome", "poll", "poll_desk"]

Asked: TypeAlias = tuple[str, Sequence[str]]
"""A feed's id, and identity keys."""
Done: TypeAlias = tuple[FeedForPoll, PollRecord]


@dataclass(frozen=True, kw_only=True, slots=True)
class PollDesk:
    """Everything that polling needs, built once a process by ``poll_desk``."""

    store: Store
    fetcher: Fetcher
    governor: Governor
    reading: ReadingDesk
    pacing: Pacing
    policy: PollPolicy
    rng: Random
    clock: Callable[[], float]
    owner: str
    known: Together[Asked, Mapping[str, KnownEntry]]
    """Which keys the ledger knows."""
    written: Together[Done, PollWritten]
    """What polls brought, on its way into the ledger."""


def poll_desk(
    *,
    store: Store,
    fetcher: Fetcher,
    governor: Governor,
    authority: Authority,
    pacing: Pacing,
    policy: PollPolicy,
    feed_bytes: int,
    rng: Random,
    clock: Callable[[], float],
    owner: str,
    endpoints: tuple[str, ...] = (),
) -> PollDesk:
    """A desk for one event loop. ``endpoints`` are told of sources that fall silent."""

    def write(done: Sequence[Done]) -> list[PollWritten]:
        """What people must hear of goes first: it is idempotent, and the poll that noticed may be done again."""
        for feed, record in done:
            tell(store, feed, record.events, endpoints, record.at)
        return store.feeds.record_polls([record for _, record in done])

    return PollDesk(
        store=store,
        fetcher=fetcher,
        governor=governor,
        reading=ReadingDesk(fetcher=fetcher, authority=authority, feed_bytes=feed_bytes),
        pacing=pacing,
        policy=policy,
        rng=rng,
        clock=clock,
        owner=owner,
        known=Together(store.feeds.known_keys_of),
        written=Together(write),
    )


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
    await desk.pacing.renew(now)
    if (wait := desk.governor.held(feed.site)) > 0:
        await asyncio.to_thread(desk.store.feeds.reschedule, feed.id, now + wait, now=now)
        return PollOutcome(feed_id=feed.id, url=feed.url, outcome="held", state=feed.state, reason=feed.reason, next_try=now + wait)
    got = await obtain(feed, desk.fetcher, limit=desk.reading.feed_bytes, now=now)
    if isinstance(got, Trouble):
        return await _failed(feed, got, desk, now)
    if not got.bodies:
        return await _record(feed, decide.unchanged(feed, got, _ground(feed, desk, now)), desk)
    parsed = await read_document(got, desk.reading, desk.clock())
    if isinstance(parsed, Trouble):
        return await _failed(feed, parsed, desk, now)
    return await _changed(feed, got, parsed, desk, now)


async def _changed(feed: FeedForPoll, document: Document, parsed: ParsedFeed, desk: PollDesk, now: Instant) -> PollOutcome:
    many = len(parsed.entries) >= MANY
    keys = await desk.reading.in_turn(partial(keys_of, parsed.entries), long=many)
    known = await desk.known((feed.id, [key for own in keys for key in own]))
    novelty = await desk.reading.in_turn(partial(sort, feed.id, parsed.entries, keys, known), long=many)
    verdict = partial(decide.changed, feed, document, parsed, novelty, known, _ground(feed, desk, now))
    return await _record(feed, await desk.reading.in_turn(verdict, long=many), desk, novelty)


async def _failed(feed: FeedForPoll, trouble: Trouble, desk: PollDesk, now: Instant) -> PollOutcome:
    if trouble.retry_after and trouble.status in {429, 503}:
        await hold(desk.store, desk.governor, feed.site, trouble.retry_after, now)
    return await _record(feed, decide.failed(feed, trouble, _ground(feed, desk, now)), desk)


def _ground(feed: FeedForPoll, desk: PollDesk, now: Instant) -> decide.Ground:
    least = desk.governor.minimum_interval(feed.site)
    return decide.Ground(
        policy=desk.policy, pace=partial(desk.pacing.of, feed, least=least, now=now), least=least, rng=desk.rng, owner=desk.owner, now=now
    )


async def _record(feed: FeedForPoll, record: PollRecord, desk: PollDesk, novelty: Novelty | None = None) -> PollOutcome:
    written = await desk.written((feed, record))
    return PollOutcome(
        feed_id=feed.id,
        url=feed.url,
        outcome=record.outcome,
        state=record.state,
        reason=record.reason,
        next_try=record.next_try,
        new=len(written.new),
        edited=len(record.edited),
        known=novelty.known if novelty else 0,
        lags=record.lags,
        events=tuple(event.kind for event in record.events),
        written=written.held,
    )
