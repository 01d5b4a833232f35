"""The demo from the first page printed to the verdict: opens the papers, runs the service on them, waits, judges.

What is shown on the way goes to an ``Audience``; what is right is decided by ``truth``.
"""

from __future__ import annotations

import asyncio
import math
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from pipeline.errors import WirewatchError
from pipeline.settings.types import DashboardSettings
from pipeline.store import Store, open_store
from workers.demo import truth
from workers.demo.edition import Article, Edition
from workers.demo.newsroom import HOST, Asking, Newsroom
from workers.demo.receiver import Received, read
from workers.demo.service import Place, Service, free_port, new_keys, write_configuration
from workers.demo.truth import Evidence, LedgerLine, Outcome
from workers.sink import Posted, Sink

READY: Final = 90.0
"""Seconds that the service may take from its start until it has read every feed once."""
WAIT: Final = 60.0
"""Seconds from the opening of the papers that the service may take to be through with everything."""
_PATIENCE: Final = 15.0
"""Seconds to wait for an alert once the service is through with every article."""
_GRACE: Final = 1.0
"""Seconds to wait for a false alarm once everything that was owed has come."""
_TICK: Final = 0.25
_ARTICLE: Final = re.compile(r"ar_[0-9a-f]{20}")


class Audience(Protocol):
    """Whoever is shown what happens."""

    def began(self, place: Place) -> None:
        """The newsroom is up, and the service is about to start."""

    def opened(self) -> None:
        """Every feed was read once; the papers begin to publish."""

    def asked(self, asking: Asking) -> None:
        """The service asked something of the newsroom."""

    def received(self, received: Received, article: Article | None, seconds: float | None) -> None:
        """A webhook came, so many seconds after the article appeared."""

    def judged(self, outcome: Outcome, place: Place) -> None:
        """It is over."""

    def serving(self, place: Place, dashboard: str) -> None:
        """It is over and the service goes on; ``dashboard`` is the address that opens its pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What a demo takes from the process that it runs in."""

    clock: Callable[[], float]
    """Unix seconds."""
    environment: Mapping[str, str]
    """For the service's process."""
    root: Path
    """An empty directory for everything that is kept."""


class Demo:
    """One performance."""

    def __init__(self, edition: Edition, world: World, audience: Audience) -> None:
        keys = new_keys()
        self.edition = edition
        self.place = Place(root=world.root)
        self.received: list[Received] = []
        self._clock = world.clock
        self._audience = audience
        self._newsroom = Newsroom(edition, clock=world.clock, tell=audience.asked)
        self._sink = Sink(keys.signing, clock=world.clock, tell=self._on_posted)
        self._service = Service(self.place, keys=keys, environment=world.environment)
        self._ledger: dict[str, LedgerLine] = {}
        self._token = keys.opening
        self._titles: dict[str, str] = {}
        self._store: Store | None = None

    async def play(self, *, serve: bool = False) -> Outcome:
        """Everything in its order. With ``serve`` the service goes on until SIGINT or SIGTERM.

        Raises:
            WirewatchError: the service ended, or never read its feeds.
        """
        await self._newsroom.start()
        webhook = await self._sink.start(HOST, 0)
        try:
            feeds = {self._newsroom.feed_url(paper): paper.name for paper in self.edition.papers}
            port = free_port(DashboardSettings().port) if serve else None
            write_configuration(self.place, feeds=feeds, webhook=webhook, dashboard=port)
            self._audience.began(self.place)
            await self._service.start()
            return await self._perform(port)
        finally:
            await self._service.stop()
            await self._sink.stop()
            await self._newsroom.stop()

    async def _perform(self, dashboard: int | None) -> Outcome:
        await self._must(lambda: not self._newsroom.unread, "read every feed")
        with await asyncio.to_thread(open_store, self.place.database_url) as store:
            self._store = store
            # what stood in the feeds has gone all the way when every part of the service is at work
            await self._must(lambda: self._finished(backlog=True), "finish with what stood in its feeds")
            self._newsroom.open()
            self._audience.opened()
            await self._wait(lambda: self._newsroom.is_all_printed and self._finished(backlog=False), WAIT)
            await self._wait(self._all_told, _PATIENCE)
            await self._wait(lambda: False, _GRACE)
            self._store = None
        outcome = self._judge()
        if dashboard is not None:
            self._audience.judged(outcome, self.place)
            self._audience.serving(self.place, f"http://{HOST}:{dashboard}/login?token={self._token}")
            await self._wait(_interrupted(), None)
            return outcome
        code = await self._service.stop()
        if code:
            outcome = replace(outcome, faults=(*outcome.faults, f"the service was told to stop and ended with {code}"))
        self._audience.judged(outcome, self.place)
        return outcome

    async def _must(self, is_so: Callable[[], bool], what: str) -> None:
        if not await self._wait(is_so, READY):
            raise WirewatchError(f"the service did not {what} within {READY:.0f} s; it said:\n{self._service.last_words()}")

    async def _wait(self, is_so: Callable[[], bool], limit: float | None) -> bool:
        """Look again and again, and at the ledger too; False when ``limit`` seconds have gone by. An ended service is an error."""
        until = math.inf if limit is None else self._clock() + limit
        while not is_so():
            if self._service.ended is not None:
                raise WirewatchError(f"the service ended with {self._service.ended}; it said:\n{self._service.last_words()}")
            if self._clock() > until:
                return False
            await asyncio.sleep(_TICK)
            if self._store is not None:
                await asyncio.to_thread(self._read_ledger, self._store)
        return True

    def _finished(self, *, backlog: bool) -> bool:
        """Whether the service is through with every article, or with the backlog alone."""
        asked = (article for article in self.edition.articles if article.backlog or not backlog)
        return all(truth.is_finished(article, self._ledger.get(article.id)) for article in asked)

    def _all_told(self) -> bool:
        told = {(article.story, one.entity) for one in self.received if (article := self._newsroom.article_at(one.url))}
        return set(truth.owed(self.edition)) <= told

    def _read_ledger(self, store: Store) -> None:
        for article in self.edition.articles:
            if article.edit or not truth.is_finished(article, self._ledger.get(article.id)):
                for found in store.entries.why(self._newsroom.url_of(article)):
                    self._ledger[article.id] = LedgerLine(state=found["entry"]["state"], reason=self._plain(found["entry"]["reason"]))
                    if found["article"] is not None:
                        self._titles[found["article"]["id"]] = article.title

    def _plain(self, reason: str) -> str:
        """The ledger's words with headlines in place of the ids of articles."""
        return _ARTICLE.sub(lambda id_: f"“{self._titles[id_[0]]}”" if id_[0] in self._titles else id_[0], reason)

    def _judge(self) -> Outcome:
        evidence = Evidence(received=self.received, ledger=self._ledger, article_at=self._newsroom.article_at, since=self._since)
        return truth.judge(self.edition, evidence)

    def _since(self, article: Article, entity: str) -> float:
        """When that entity first stood in what the article's feed announces."""
        in_edit = article.edit is not None and entity in article.edit.expect
        since = self._newsroom.changes(article) if in_edit else self._newsroom.appears(article)
        assert since is not None
        return since

    def _on_posted(self, posted: Posted) -> None:
        received = read(posted)
        self.received.append(received)
        article = self._newsroom.article_at(received.url)
        owing = truth.owed(self.edition).get((article.story, received.entity)) if article else None
        self._audience.received(received, article, received.at - self._since(owing, received.entity) if owing else None)


def _interrupted() -> Callable[[], bool]:
    """Whether somebody has asked this process to end, from now on."""
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked.is_set
