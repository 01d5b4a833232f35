"""What the ledger offers to the workers, and offers again after every way of losing it. On both databases, on a real queue."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from dataclasses import replace

import pytest

from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker, PageQueue
from pipeline.broker.policy import QueuePolicy, SweepPolicy
from pipeline.errors import BrokerError
from pipeline.flow.offer import Offered, offer, room
from pipeline.model import Entry, Lane
from pipeline.store import Store
from pipeline.store.entries import DirectArticle
from workers.sweeper import Sweeper

NOW = 1_800_000_000.0
SWEEP = SweepPolicy()
QUEUE = QueuePolicy()


def stored(store: Store, number: int, lane: Lane = Lane.HOT, at: float = NOW) -> None:
    entry = Entry(id=f"guid-{number}", url=f"https://paper.example/{number}", title=f"Headline {number}")
    store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=b"<p>text</p>", lane=lane), at)


def look(store: Store, broker: Broker, now: float = NOW, policy: SweepPolicy = SWEEP) -> Offered:
    return offer(store, broker, now=now, policy=policy, queue=QUEUE)


def queued(broker: Broker, lane: Lane = Lane.HOT) -> list[str]:
    queue = PageQueue(lane.value, connection=broker.redis)
    return [page for job in queue.get_jobs() for page in job.page_ids()]


def take_all(broker: Broker, lane: Lane = Lane.HOT) -> list[str]:
    """What a worker that pops everything and dies at once would take along."""
    taken = queued(broker, lane)
    broker.redis.delete(f"rq:queue:{lane.value}")
    return taken


@pytest.mark.parametrize(
    ("waiting", "workers", "batch", "expected"),
    [(0, 1, 16, 256), (0, 4, 16, 1024), (10, 1, 16, 96), (16, 1, 16, 0), (500, 2, 16, 0), (0, 0, 4, 256), (60, 1, 4, 16)],
)
def test_a_lane_takes_some_seconds_of_work_for_each_worker(waiting: int, workers: int, batch: int, expected: int) -> None:
    assert room(waiting, workers, batch=batch, policy=SWEEP) == expected


def test_new_pages_are_offered_once_each_in_its_lane(store: Store, broker: Broker) -> None:
    for number in range(6):
        stored(store, number, Lane.HOT if number < 2 else Lane.COLD)
    assert look(store, broker).pages == {Lane.HOT: 2, Lane.COLD: 4}
    assert len(queued(broker, Lane.HOT)) == 2
    assert len(queued(broker, Lane.COLD)) == 4
    assert look(store, broker, NOW + 1).pages == {Lane.HOT: 0, Lane.COLD: 0}


def test_a_backlog_stays_in_the_ledger(store: Store, broker: Broker) -> None:
    policy = replace(SWEEP, pages_per_worker=32)
    for number in range(100):
        stored(store, number, Lane.COLD)
    assert look(store, broker, policy=policy).pages[Lane.COLD] == 32
    assert look(store, broker, NOW + 1, policy).pages[Lane.COLD] == 0
    take_all(broker, Lane.COLD)
    assert look(store, broker, NOW + 2, policy).pages[Lane.COLD] == 32


def test_what_a_worker_took_along_unclaimed_is_offered_again_within_thirty_seconds(store: Store, broker: Broker) -> None:
    stored(store, 1)
    look(store, broker)
    (page,) = take_all(broker)
    assert look(store, broker, NOW + SWEEP.offer_lease - 0.1).pages[Lane.HOT] == 0
    assert look(store, broker, NOW + SWEEP.offer_lease).pages[Lane.HOT] == 1
    assert queued(broker) == [page]
    assert SWEEP.offer_lease + SWEEP.every < 30


def test_a_claimed_page_is_offered_again_when_its_claim_has_run_out(store: Store, broker: Broker) -> None:
    stored(store, 1)
    look(store, broker)
    (page,) = take_all(broker)
    assert store.articles.claim_pages([page], "worker", NOW + 20, 25.0)
    assert look(store, broker, NOW + 44).pages[Lane.HOT] == 0
    assert look(store, broker, NOW + 45).pages[Lane.HOT] == 1


def test_a_flush_is_noticed_at_once_and_what_is_claimed_is_left_alone(store: Store, broker: Broker) -> None:
    for number in range(5):
        stored(store, number)
    look(store, broker)
    claimed = queued(broker)[0]
    assert store.articles.claim_pages([claimed], "worker", NOW, 25.0)
    broker.redis.flushall()
    again = look(store, broker, NOW + 1)
    assert again.withdrawn == 4
    assert again.pages[Lane.HOT] == 4
    assert claimed not in queued(broker)


def test_a_queue_that_refuses_leaves_the_pages_due(store: Store, broker: Broker, server: EmbeddedServer) -> None:
    look(store, broker)
    stored(store, 1)
    broker.redis.config_set("maxmemory", 1)
    with pytest.raises(BrokerError):
        look(store, broker)
    broker.redis.config_set("maxmemory", 0)
    assert look(store, broker).pages[Lane.HOT] == 1


def test_a_redis_that_fills_up_is_given_no_more(store: Store, broker: Broker) -> None:
    stored(store, 1)
    broker.redis.config_set("maxmemory", int(broker.redis.info("memory")["used_memory"] * 1.2))
    assert look(store, broker) == Offered(withdrawn=0, paused=True)
    broker.redis.config_set("maxmemory", 0)
    assert look(store, broker).pages[Lane.HOT] == 1


def test_a_queue_out_of_reach_leaves_the_pages_due(store: Store, broker: Broker, server: EmbeddedServer) -> None:
    stored(store, 1)
    server.stop()
    with pytest.raises(BrokerError):
        look(store, broker)
    server.start()
    assert look(store, broker).pages[Lane.HOT] == 1


async def test_the_loop_offers_at_once_when_woken_and_looks_by_itself(sqlite_url: str, broker: Broker) -> None:
    from pipeline.store import open_store

    with open_store(sqlite_url) as store:
        sweeper = Sweeper(store, broker, policy=replace(SWEEP, every=30.0), queue=QUEUE, now=lambda: NOW)
        stop, beats = asyncio.Event(), []
        running = asyncio.create_task(sweeper.run(stop, lambda: beats.append(1)))
        await _until(lambda: len(beats) == 1 and broker.redis.exists("wirewatch:epoch"))
        await asyncio.to_thread(stored, store, 1)
        sweeper.wake()
        await _until(lambda: len(queued(broker)) == 1)
        stop.set()
        await asyncio.wait_for(running, 5)


async def test_the_loop_outlives_its_server(sqlite_url: str, broker: Broker, server: EmbeddedServer) -> None:
    from pipeline.store import open_store

    with open_store(sqlite_url) as store:
        sweeper = Sweeper(store, broker, policy=replace(SWEEP, every=0.05), queue=QUEUE, now=lambda: NOW)
        stop = asyncio.Event()
        running = asyncio.create_task(sweeper.run(stop, lambda: None))
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.to_thread(stored, store, 1)
        await _until(lambda: not server.alive())
        await asyncio.to_thread(server.start)
        await _until(lambda: len(queued(broker)) == 1)
        stop.set()
        await asyncio.wait_for(running, 10)


async def _until(there, within: float = 20.0) -> None:
    end = time.monotonic() + within
    while not there():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
