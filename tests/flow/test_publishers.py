"""What publishers see of us: no poll too early, no validator forgotten or invented, whatever restarts in between."""

from __future__ import annotations

import asyncio
import os
from random import Random

import pytest
from publisher_simulator import Publishers

from pipeline.feeds.spec import FeedSpec, PollPolicy
from pipeline.flow.pacing import Pacing
from pipeline.flow.poll import poll, poll_desk
from pipeline.flow.sources import sync
from pipeline.model import Politeness
from pipeline.net.fetch import Fetcher
from pipeline.net.policy import NetPolicy
from pipeline.net.politeness import Governor, Rules
from pipeline.store import open_store

FULL = bool(os.environ.get("WIREWATCH_FULL"))
FEEDS, POLLS, RESTARTS = (200, 10_000, 3) if FULL else (44, 900, 3)
NET = NetPolicy(allow_networks=("127.0.0.0/8",), networks={"127.0.0.0/8": Politeness(in_flight=8, gap=0.0)})
START = 1_800_000_000.0


class NoAuthority:
    async def read(self, _body, *, url="", content_type=None):
        raise AssertionError(f"{url} is sound")


def desk_for(store, publishers, name):
    governor = Governor(Rules(NET), clock=lambda: publishers.now)
    return poll_desk(
        store=store,
        fetcher=Fetcher(NET, governor),
        governor=governor,
        authority=NoAuthority(),
        pacing=Pacing(PollPolicy()),
        policy=PollPolicy(),
        feed_bytes=NET.feed_bytes,
        rng=Random(4),
        clock=lambda: publishers.now,
        owner=name,
    )


@pytest.mark.timeout(600)
async def test_publishers_have_nothing_to_complain_of(sqlite_url):
    publishers = Publishers(FEEDS, START)
    await publishers.open()
    polls, restarts = 0, 0
    with open_store(sqlite_url) as store:
        specs = [FeedSpec(url=publishers.url(feed)) for feed in publishers.feeds]
        sync(store, specs, PollPolicy(), START)
        desk = desk_for(store, publishers, "poller-0")
        while polls < POLLS:
            due = store.feeds.next_due_at()
            publishers.now = max(publishers.now, due + 150)  # a little late, so that many are due together
            claimed = store.feeds.claim_due(publishers.now, desk.owner, 120.0, 64)
            outcomes = await asyncio.gather(*(poll(feed, desk) for feed in claimed))
            polls += len(outcomes)
            if polls >= POLLS * (restarts + 1) / (RESTARTS + 1):
                restarts += 1
                await desk.fetcher.close()  # everything that was only in memory is gone
                sync(store, specs, PollPolicy(), publishers.now)
                desk = desk_for(store, publishers, f"poller-{restarts}")
        await desk.fetcher.close()
        health = store.feeds.health()
    await publishers.close()
    assert not publishers.faults
    assert restarts >= RESTARTS
    assert publishers.answers[304] > publishers.answers[200] / 10
    assert publishers.answers[429] + publishers.answers[503] > 0
    assert {feed.state for feed in health} <= {"ok", "failing"}
    assert all(feed.lag is not None for feed in health if feed.failures == 0 and feed.polls > 10)
