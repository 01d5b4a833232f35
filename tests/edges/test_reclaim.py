"""What a dead process of this machine held is due at once; what a living or a distant one holds is left alone."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from rq.executions import Execution
from storelife import feed

from pipeline.broker.jobs import Broker, PageJob, PageQueue
from pipeline.model import Entry, Lane
from pipeline.store import Store, open_store
from pipeline.store.entries import DirectArticle
from workers.loops import loops_of
from workers.reclaim import is_dead, reclaim, reclaim_loop
from workers.roles import DELIVER, POLL
from workers.wiring import Wiring, now, process_name

NOW = 1_800_000_000.0


@pytest.fixture
def dead() -> int:
    """The id of a process that has just ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def stored(store: Store, number: int) -> str:
    entry = Entry(id=f"guid-{number}", url=f"https://paper.example/{number}")
    store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=b"<p>text</p>", lane=Lane.HOT), NOW)
    (page,) = store.articles.offer_due(Lane.HOT, NOW, 25.0, 10)
    return page


@pytest.mark.parametrize(
    ("owner", "own", "expected"),
    [
        ("poller@here:7:abcdef", 0, True),
        ("poller@here:8:abcdef", 0, False),
        ("poller@here:8:abcdef", 8, True),
        ("poller@there:7:abcdef", 0, False),
        ("poller+serve@here:7:abcdef", 0, True),
        ("poller", 0, False),
        ("poller@here", 0, False),
        ("poller@here:seven:abcdef", 0, False),
    ],
)
def test_only_the_dead_of_this_machine_are_dead(owner: str, own: int, *, expected: bool) -> None:
    assert is_dead(owner, host="here", runs=lambda pid: pid == 8, own=own) is expected


def test_names_are_read_as_they_are_made() -> None:
    assert is_dead(process_name("poller"), host=socket.gethostname(), runs=lambda _pid: False, own=0)
    assert not is_dead(process_name("poller"), host=socket.gethostname(), runs=lambda pid: pid == os.getpid(), own=0)


def test_every_kind_of_row_is_freed(store: Store, dead: int) -> None:
    gone, here = f"x@{socket.gethostname()}:{dead}:aa", process_name("x")
    pages = [stored(store, 1), stored(store, 2)]
    assert store.articles.claim_pages(pages[:1], gone, NOW, 100.0)
    assert store.articles.claim_pages(pages[1:], here, NOW, 100.0)
    assert feed(store)
    assert store.leases.holders(NOW) == {gone, here, "poller"}
    assert reclaim(store, NOW + 1) == 1
    assert store.leases.holders(NOW + 1) == {here, "poller"}
    assert store.articles.offer_due(Lane.HOT, NOW + 1, 25.0, 10) == pages[:1]
    assert store.leases.release("poller", NOW + 1) == 1
    assert len(store.feeds.claim_due(NOW + 1, "other", 60, 10)) == 1


@pytest.mark.parametrize("role", [POLL, DELIVER])
def test_a_restarted_container_begins_with_what_it_held_before(tmp_path: Path, role: str) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.yaml").write_text(f"data_dir: {tmp_path / 'data'}\nmodels: {{}}\n")
    wiring = Wiring.from_directory(config)
    page = stored(wiring.store, 1)
    before = f"poller@{socket.gethostname()}:{os.getpid()}:abcdef"  # the same host name and process id, in an earlier life
    assert wiring.store.articles.claim_pages([page], before, now(), 100.0)
    loops_of(wiring, [role])
    assert wiring.store.leases.holders(now()) == set()
    wiring.store.close()


def test_a_lease_that_has_ended_has_no_holder(store: Store) -> None:
    store.articles.claim_pages([stored(store, 1)], "x", NOW, 10.0)
    assert store.leases.holders(NOW + 10) == set()


def begun_by(worker: str, broker: Broker, page: str) -> None:
    """A job in the hands of a worker, as RQ writes it down."""
    broker.enqueue(Lane.HOT, [page])
    queue = PageQueue("hot", connection=broker.redis)
    job = PageJob.fetch(queue.pop_job_id(), connection=broker.redis, serializer=queue.serializer)
    with broker.redis.pipeline() as pipeline:
        Execution.create(job, 15, pipeline, worker_name=worker)
        pipeline.execute()


def test_jobs_that_the_dead_had_begun_go_first(broker: Broker, dead: int) -> None:
    here = socket.gethostname()
    begun_by(f"worker@{here}:{dead}:aa", broker, "pg_00000001")
    begun_by(f"worker@{here}:{os.getpid()}:aa", broker, "pg_00000002")
    begun_by("worker@elsewhere:1:aa", broker, "pg_00000003")
    broker.enqueue(Lane.HOT, ["pg_00000004"])
    assert broker.take_back(lambda name: is_dead(name, host=here, runs=lambda pid: pid == os.getpid(), own=0)) == 1
    queue = PageQueue("hot", connection=broker.redis)
    assert [job.page_ids() for job in queue.get_jobs()] == [("pg_00000001",), ("pg_00000004",)]
    assert queue.started_job_registry.count == 2


async def test_the_loop_wakes_whoever_offers(sqlite_url: str, broker: Broker, dead: int) -> None:
    with open_store(sqlite_url) as store:
        store.articles.claim_pages([stored(store, 1)], f"x@{socket.gethostname()}:{dead}:aa", NOW, 100.0)
        stop, woken = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(reclaim_loop(store, broker, lambda: NOW, woken.set)(stop, lambda: None))
        await asyncio.wait_for(woken.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
