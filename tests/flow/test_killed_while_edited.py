"""An article is edited and a process is killed on the way from the feed to the alert: what is new in it is told once, whatever the step.

A killed process leaves what it committed and its leases, nothing else. So does one that is abandoned in the midst of a step here.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate

import pytest
from edited_report import AFTER, BEFORE, LIST
from source_house import HOUR, START, House, item, open_house, rss

from pipeline.alerts.payload import Engine
from pipeline.alerts.policy import AlertPolicy
from pipeline.feeds.spec import FeedSpec
from pipeline.flow.analyse import Analyst, claim_and_analyse
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.telling import Teller
from pipeline.mentions.match import compile_watchlist
from pipeline.model import Lane

READER = Reader(matcher=compile_watchlist([LIST]), watched=watched_by((LIST,)))
LEASE = 60.0


class Killed(BaseException):
    """The process is no more."""


class Life:
    """One life of everything between the feed and the alert; ``dies`` names the step at which it ends."""

    def __init__(self, house: House, dies: str = "") -> None:
        self.house, self.dies = house, dies
        self.analyst = Analyst(
            store=house.store, reader=READER, teller=Teller(policy=AlertPolicy(), engine=Engine(version="t", extractor="t"))
        )
        house.polls = replace(house.polls, written=self._dying(house.polls.written, "the feed came", "the poll was recorded"))
        house.pages = replace(house.pages, kept=self._dying(house.pages.kept, "the page came", "the page was recorded"))

    def _reached(self, step: str) -> None:
        if step == self.dies:
            raise Killed(step)

    def _dying(self, work, before, after):
        async def done(asked):
            self._reached(before)
            answer = await work(asked)
            self._reached(after)
            return answer

        return done

    async def run(self) -> None:
        """Poll what is due, fetch what is due, analyse what waits."""
        await self.house.poll()
        self._reached("the poll was told")
        await self.house.collect()
        store, owner, now = self.house.store, self.house.owner, self.house.now
        pages = [page for lane in Lane for page in store.articles.offer_due(lane, now, LEASE, 100)]
        self._reached("the page was offered")
        if self.dies == "the page was claimed":
            claimed = store.articles.claim_pages(pages, owner, now, LEASE)
            assert claimed
            self._reached("the page was claimed")
        claim_and_analyse(pages, self.analyst, owner=owner, now=now, lease=LEASE)
        self._reached("the page was analysed")


def told(house: House) -> list[str]:
    return sorted(alert.entity for alert in house.store.alerts.list())


def publish(house: House, text: str, headline: str) -> None:
    page = f"<html lang=en><head><title>{headline}</title></head><body><article><h1>{headline}</h1><p>{text}</p></article></body></html>"
    house.site.say("/news/report-number-1", page)
    house.site.say("/feed", rss(item(1, title=headline, date=f"<pubDate>{formatdate(START - 60)}</pubDate>")))


STEPS = (
    "",
    "the feed came",
    "the poll was recorded",
    "the poll was told",
    "the page came",
    "the page was recorded",
    "the page was offered",
    "the page was claimed",
    "the page was analysed",
)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("edited", [False, True], ids=["new", "edited"])
async def test_what_is_new_is_told_once_wherever_a_process_is_killed(sqlite_url, step, edited):
    async with open_house(sqlite_url) as house:
        house.watch(FeedSpec(url=f"{house.site.home}/feed", backlog="24h"))
        publish(house, BEFORE, "A search")
        if edited:
            await Life(house).run()
            assert told(house) == ["ilmar"]
            publish(house, AFTER, "A search, and a question")
        if step:
            victim = House(house.store, house.site, owner="victim", now=house.now)
            with pytest.raises(Killed):
                await Life(victim, dies=step).run()
            await victim.fetcher.close()
            house.now = victim.now
        expected = ["ilmar", "oona"] if edited else ["ilmar"]
        for number in range(3):  # the same as before until the leases are out, then once more for good measure
            heir = House(house.store, house.site, owner=f"heir {number}", now=max(house.now, house.store.feeds.next_due_at() or 0) + HOUR)
            await Life(heir).run()
            await heir.fetcher.close()
            house.now = heir.now
        assert told(house) == expected
        assert house.store.entries.claim_fetch(house.now + HOUR, "nobody", LEASE, 10) == []
