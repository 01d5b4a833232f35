"""What does the poller do all day? Two loops under one governor: feeds that are due are polled, entries that are due get their page.

Everything here waits; deciding is done in ``flow``. What was claimed and not finished at the end is given back, and what a
dead poller held comes back when its lease runs out.
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from pipeline import telemetry
from pipeline.flow.collect import CollectDesk, CollectOutcome, collect, collect_desk
from pipeline.flow.hosts import recall, watch_hosts
from pipeline.flow.keep import Scanner
from pipeline.flow.pacing import Pacing
from pipeline.flow.poll import PollDesk, PollOutcome, poll, poll_desk
from pipeline.flow.sources import politeness_by_host
from pipeline.model import Politeness
from pipeline.net.fetch import Fetcher
from pipeline.net.politeness import Governor, Rules
from pipeline.net.robots import Robots
from pipeline.settings.types import Archive, Configuration
from pipeline.store import Store
from pipeline.store.entries import EntryForFetch
from pipeline.store.feeds import FeedForPoll
from pipeline.urls import host
from workers.authority import Authority
from workers.due import IDLE, work
from workers.loop import Loop, pause
from workers.post import Beat
from workers.wiring import Wiring, dice, now, process_name

if TYPE_CHECKING:
    from redis.asyncio import Redis

HOSTS_EVERY: Final = 60.0
THREADS: Final = 8
"""Transactions that may wait for the ledger at once; it commits those that wait together in one go."""
QUEUE_A_HOST: Final = 8
"""Entries of one polite host that may stand in line here. The others get a later place in the ledger, so that no host blocks the rest."""

log = telemetry.log("sources")


class Sources:
    """The poller's tools, shared by its loops and closed with the last of them."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        store: Store,
        scanner: Scanner,
        redis_url: str | None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """``redis_url`` None: politeness is kept in this process alone. ``wake`` is called when a page waits to be analysed."""
        self.configuration = configuration
        self.store = store
        self.owner = process_name("poller")
        self._scanner = scanner
        self._redis_url = redis_url
        self._wake = wake
        self._new_entries = asyncio.Event()
        self._users = 0
        self._redis: Redis | None = None
        self._authority: Authority | None = None
        self._poll: PollDesk | None = None
        self._collect: CollectDesk | None = None

    # -- the loops --------------------------------------------------------------------------------------------------

    async def polling(self, stop: asyncio.Event, beat: Beat) -> None:
        """Poll what is due until ``stop``."""
        async with self._open():
            desk = self._poll
            assert desk is not None
            await asyncio.to_thread(lambda: desk.pacing.seed(self.store.feeds.health(), desk.governor.minimum_interval))
            await recall(self.store, desk.governor, now())
            limit = desk.policy.in_flight

            async def one(feed: FeedForPoll) -> None:
                self._polled(await poll(feed, desk))

            def claim(free: int) -> Sequence[FeedForPoll]:
                return self.store.feeds.claim_due(now(), self.owner, desk.policy.lease, free)

            try:
                await work(stop, beat, limit=limit, due=self.store.feeds.next_due_at, claim=claim, one=one)
            finally:
                await asyncio.to_thread(self.store.feeds.release, self.owner)

    async def collecting(self, stop: asyncio.Event, beat: Beat) -> None:
        """Fetch what is due until ``stop``."""
        async with self._open():
            desk = self._collect
            assert desk is not None
            line: Counter[str] = Counter()
            places: dict[str, float] = {}

            async def one(entry: EntryForFetch) -> None:
                name = host(entry.entry.url)
                if line[name] >= QUEUE_A_HOST and (gap := desk.governor.gap(name)) > 0:
                    places[name] = max(places.get(name, 0.0), now() + line[name] * gap) + gap
                    await asyncio.to_thread(self.store.entries.postpone, [entry.id], places[name])
                    return
                line[name] += 1
                try:
                    self._collected(await collect(entry, desk))
                finally:
                    line[name] -= 1
                    if not line[name]:
                        del line[name]
                        if places.get(name, 0.0) < now():
                            places.pop(name, None)

            def claim(free: int) -> Sequence[EntryForFetch]:
                return self.store.entries.claim_fetch(now(), self.owner, desk.policy.lease, free)

            woken = self._new_entries
            try:
                await work(stop, beat, limit=desk.policy.in_flight, due=self.store.entries.next_due_at, claim=claim, one=one, woken=woken)
            finally:
                await asyncio.to_thread(self.store.entries.release, self.owner, now())

    async def watching(self, stop: asyncio.Event, beat: Beat) -> None:
        """Look at hosts as a whole every minute until ``stop``."""
        looked = now()
        while not await pause(stop, 5 * IDLE):
            beat()
            if now() - looked < HOSTS_EVERY:
                continue
            looked = now()
            for change in await asyncio.to_thread(watch_hosts, self.store, looked):
                log.warning("host_incident" if change.failing else "host_recovered", host=change.host, why=change.why)

    # -- what is told -----------------------------------------------------------------------------------------------

    def _polled(self, done: PollOutcome) -> None:
        telemetry.polls.labels(done.outcome).inc()
        telemetry.entries_seen.inc(done.new)
        for lag in done.lags:
            telemetry.feed_lag.observe(lag)
        quiet = done.outcome in {"ok", "unchanged", "held"} and not done.events
        level = log.info if done.new or done.edited else log.debug if quiet else log.warning
        level(
            "feed_polled",
            feed=done.url,
            outcome=done.outcome,
            new=done.new,
            edited=done.edited,
            state=done.state,
            reason=done.reason,
            events=list(done.events),
            next_in=round(done.next_try - now(), 1),
        )
        if done.new or done.edited:
            self._new_entries.set()

    def _collected(self, done: CollectOutcome) -> None:
        telemetry.fetches.labels(done.outcome).inc()
        (log.debug if done.outcome in {"page", "full_text", "postponed"} else log.info)(
            "page_collected", url=done.url, outcome=done.outcome, reason=done.reason, lane=done.lane and done.lane.value
        )
        if done.page_id is not None:
            self._wake()

    # -- the tools --------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[None]:
        """The tools exist while at least one loop is inside."""
        if not self._users:
            self._build()
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                await self._close()

    def _build(self) -> None:
        settings = self.configuration.settings
        gc.collect()
        gc.freeze()  # what is there now stays; looking through it again and again held up the event loop for 70 ms
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="ledger"))
        if self._redis_url:
            from redis.asyncio import Redis

            self._redis = Redis.from_url(self._redis_url, socket_timeout=5, socket_connect_timeout=2)
        governor = Governor(Rules(settings.net, self._politeness()), self._redis)
        fetcher = Fetcher(settings.net, governor)
        self._authority = Authority()
        shared: dict[str, Any] = {"store": self.store, "fetcher": fetcher, "governor": governor, "rng": dice(), "clock": now}
        self._poll = poll_desk(
            **shared,
            owner=self.owner,
            authority=self._authority,
            pacing=Pacing(settings.polling),
            policy=settings.polling,
            feed_bytes=settings.net.feed_bytes,
            endpoints=settings.polling.report_to or tuple(endpoint.id for endpoint in self.configuration.endpoints if endpoint.enabled),
        )
        self._collect = collect_desk(
            **shared,
            owner=self.owner,
            robots=Robots(fetcher, settings.net.user_agent),
            scanner=self._scanner,
            policy=settings.collecting,
            page_bytes=settings.net.page_bytes,
            site_headers={site.site: site.headers for site in self.configuration.sites if site.headers},
            hits_only=settings.archive is Archive.HITS,
        )

    def _politeness(self) -> dict[str, Politeness]:
        sites: dict[str, Politeness] = {}
        for site in self.configuration.sites:
            if site.politeness is not None:
                sites |= {site.site: site.politeness, f".{site.site}": site.politeness}
        return sites | politeness_by_host(self.configuration.feeds)

    async def _close(self) -> None:
        if self._poll is not None:
            await self._poll.fetcher.close()
        if self._authority is not None:
            await self._authority.close()
        if self._redis is not None:
            await self._redis.aclose()
        self._poll = self._collect = self._authority = self._redis = None


def loops(wiring: Wiring, wake: Callable[[], None] = lambda: None) -> dict[str, Loop]:
    """The poller's loops by name, for ``run_loops``. ``wake`` is called when a page waits to be offered."""
    sources = Sources(wiring.configuration, store=wiring.store, scanner=wiring.matcher, redis_url=wiring.redis_url, wake=wake)
    return {"polling": sources.polling, "collecting": sources.collecting, "hosts": sources.watching}
