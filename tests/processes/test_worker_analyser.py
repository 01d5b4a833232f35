"""Workers on real queues: what is killed, flushed, forged or replaced under them costs a delay and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker
from pipeline.model import Lane
from workers.metrics import published_as

SCRIPT = """
import os, sys, time
from pathlib import Path
from pipeline.broker.policy import RunPolicy, WorkPolicy
from pipeline.errors import ConfigError, StoreError
from pipeline.telemetry import configure, stage_seconds
from workers.analyser import run_workers

configure("json")
url, book, processes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])

def note(*words):
    with open(book, "a") as out:
        out.write(" ".join(map(str, words)) + "\\n")

class Press:
    def __init__(self, edition):
        self.edition = edition
    def analyse(self, page):
        if (book.parent / "locked").exists():
            raise StoreError("the database is locked")
        with stage_seconds.labels(stage="test").time():
            if page.startswith("sl_"):
                time.sleep(int(page[3:]) / 1000)
            if page.startswith("ex_"):
                os._exit(3)
        note("page", page, self.edition, os.getpid(), os.getppid())
        return "no_match"
    def crashed(self, page, reason):
        note("crashed", page, reason)
    def close(self):
        pass

def load():
    edition = (book.parent / "edition").read_text()
    if edition == "broken":
        raise ConfigError("wagner.yaml:1:1: broken")
    note("loaded", edition, os.getpid())
    return lambda: Press(edition)

seen = [(book.parent / "edition").read_text()]
def changed():
    edition = (book.parent / "edition").read_text()
    differs, seen[0] = edition != seen[0], edition
    return differs

policy = WorkPolicy(page_deadline=2.0, yield_after=0.1)
run_policy = RunPolicy(drain=10.0, backoff_first=0.1, backoff_most=1.0)
sys.exit(run_workers(load, redis_url=url, processes=processes, policy=policy, run_policy=run_policy, changed=changed))
"""


def page(number: int) -> str:
    return f"pg_{number:020x}"


def slow(milliseconds: int) -> str:
    return f"sl_{milliseconds:08d}"


class Workers:
    def __init__(self, process: subprocess.Popen[str], directory: Path) -> None:
        self.process = process
        self.directory = directory

    def said(self, kind: str) -> list[list[str]]:
        book = self.directory / "book"
        lines = book.read_text().splitlines() if book.exists() else []
        return [line.split(" ", 3)[1:] for line in lines if line.startswith(kind)]

    def pages(self) -> list[str]:
        return [words[0] for words in self.said("page")]

    def wait(self, until: Callable[[], bool], within: float = 60.0) -> None:
        end = time.monotonic() + within
        while not until():
            assert time.monotonic() < end, (self.directory / "book").read_text() if (self.directory / "book").exists() else "nothing"
            time.sleep(0.02)

    def child(self) -> int:
        return int(self.said("page")[-1][2].split()[0])

    def worker(self) -> int:
        return int(self.said("page")[-1][2].split()[1])


@pytest.fixture
def start(tmp_path: Path, server: EmbeddedServer):
    @contextmanager
    def started(processes: int = 1) -> Iterator[Workers]:
        (tmp_path / "edition").write_text("first")
        command = [sys.executable, "-c", SCRIPT, server.url, str(tmp_path / "book"), str(processes)]
        with subprocess.Popen(command, text=True, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            try:
                yield Workers(process, tmp_path)
            finally:
                process.kill()

    return started


def test_every_page_is_analysed_once_hot_ones_first(start, broker: Broker) -> None:
    cold, hot = [page(number) for number in range(100)], [page(number) for number in range(200, 210)]
    broker.enqueue(Lane.COLD, cold)
    broker.enqueue(Lane.HOT, hot)
    with start() as workers:
        workers.wait(lambda: len(workers.pages()) == 110)
        assert workers.pages() == hot + cold
        assert len({words[2] for words in workers.said("page")}) == 1, "one warm child for all"
        workers.process.send_signal(signal.SIGTERM)
        assert workers.process.wait(10) == 0
    assert broker.depth(Lane.HOT) == broker.depth(Lane.COLD) == 0
    assert list(broker.redis.scan_iter(match="rq:job:*")) == []


def test_names_are_loaded_once_for_all_workers(start, broker: Broker) -> None:
    with start(3) as workers:
        broker.enqueue(Lane.COLD, [slow(number) for number in range(50, 98)])
        workers.wait(lambda: len(workers.pages()) == 48)
        assert len(workers.said("loaded")) == 1
        assert len({words[2] for words in workers.said("page")}) == 3


def test_a_hot_page_passes_an_archive_batch(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [slow(number) for number in range(200, 216)])
        workers.wait(lambda: len(workers.pages()) >= 1)
        broker.enqueue(Lane.HOT, [page(1)])
        workers.wait(lambda: len(workers.pages()) == 17)
        assert workers.pages().index(page(1)) < 6
        assert sorted(workers.pages()[:-1] + workers.pages()[-1:]) == sorted([page(1), *(slow(number) for number in range(200, 216))])


def test_sigterm_finishes_the_page_at_hand_and_gives_the_others_back(start, broker: Broker) -> None:
    pages = [slow(number) for number in range(300, 316)]
    with start() as workers:
        broker.enqueue(Lane.COLD, pages)
        workers.wait(lambda: len(workers.pages()) >= 1)
        workers.process.send_signal(signal.SIGTERM)
        assert workers.process.wait(10) == 0
        done = workers.pages()
    assert 1 <= len(done) < 5
    assert broker.depth(Lane.COLD) == 1
    with start() as workers:
        workers.wait(lambda: sorted(workers.pages()) == pages)


def test_a_killed_child_is_replaced_and_its_page_done_again(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [page(1), slow(1500), page(2)])
        workers.wait(lambda: len(workers.pages()) == 1)
        child = workers.child()
        os.kill(child, signal.SIGKILL)
        workers.wait(lambda: page(2) in workers.pages())
        assert workers.child() != child
        assert workers.said("crashed") == []
        assert workers.pages() == [page(1), slow(1500), page(2)]


def test_a_page_that_ends_its_process_costs_nobody_else_anything(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [page(1), "ex_00000000", page(2), slow(9999), page(3)])
        workers.wait(lambda: page(3) in workers.pages())
        assert workers.pages() == [page(1), page(2), page(3)]
        assert [words[0] for words in workers.said("crashed")] == ["ex_00000000", slow(9999)]


def test_a_killed_worker_comes_back(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [page(1)])
        workers.wait(lambda: len(workers.pages()) == 1)
        before = workers.worker()
        os.kill(before, signal.SIGKILL)
        time.sleep(0.5)  # the server may still hand a job to the dead one; the ledger is what brings that back
        broker.enqueue(Lane.COLD, [page(2)])
        workers.wait(lambda: len(workers.pages()) == 2)
        assert workers.worker() != before


def test_a_server_killed_in_the_middle_is_only_waited_for(start, broker: Broker, server: EmbeddedServer) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [slow(number) for number in range(100, 148)])
        workers.wait(lambda: len(workers.pages()) >= 5)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        while server.alive():
            time.sleep(0.01)
        time.sleep(1)
        server.start()
        workers.wait(lambda: set(workers.pages()) == {slow(number) for number in range(100, 148)})
        assert len(workers.pages()) - 48 <= 16, "a batch at most is done twice"


def test_a_flush_in_the_middle_of_a_batch_stops_nobody(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.COLD, [slow(number) for number in range(100, 110)])
        workers.wait(lambda: len(workers.pages()) >= 2)
        broker.redis.flushall()
        workers.wait(lambda: len(workers.pages()) == 10)
        broker.enqueue(Lane.HOT, [page(1)])
        workers.wait(lambda: page(1) in workers.pages())
        assert workers.process.poll() is None


def test_forged_and_unreadable_jobs_are_passed_over(start, broker: Broker, tmp_path: Path) -> None:
    target = tmp_path / "forged"
    made = {"created_at": "2026-01-01T00:00:00.000000Z", "status": "queued"}
    forged = zlib.compress(json.dumps(["os.mkdir", None, [str(target)], {}]).encode())
    broker.redis.hset("rq:job:one", mapping={"data": forged, "failure_callback_name": "os.mkdir", **made})
    broker.redis.hset("rq:job:two", mapping={"data": b"\x80\x04N.", **made})
    broker.redis.hset("rq:job:three", mapping={"data": b"", **made, "status": "nonsense"})
    broker.redis.rpush("rq:queue:hot", "one", "two", "three", "no such job")
    broker.enqueue(Lane.HOT, [page(1)])
    with start() as workers:
        workers.wait(lambda: workers.pages() == [page(1)])
        workers.wait(lambda: list(broker.redis.scan_iter(match="rq:job:*")) == [])
        assert not target.exists()


def test_nothing_is_lost_or_blamed_while_the_ledger_is_away(start, broker: Broker, tmp_path: Path) -> None:
    (tmp_path / "locked").touch()
    with start() as workers:
        broker.enqueue(Lane.COLD, [page(number) for number in range(20)])
        time.sleep(2)
        assert workers.pages() == []
        (tmp_path / "locked").unlink()
        workers.wait(lambda: sorted(workers.pages()) == [page(number) for number in range(20)])
        assert workers.said("crashed") == []


def test_a_change_is_loaded_once_and_taken_up_by_every_worker(start, broker: Broker, tmp_path: Path) -> None:
    with start(2) as workers:
        broker.enqueue(Lane.COLD, [slow(number) for number in range(100, 132)])
        workers.wait(lambda: len(workers.pages()) >= 2)
        (tmp_path / "edition").write_text("second")
        workers.wait(lambda: len(workers.pages()) == 32 and len(workers.said("loaded")) == 2)

        def news() -> bool:
            broker.enqueue(Lane.HOT, [page(int(time.monotonic() * 1000))])
            time.sleep(0.05)
            latest = workers.said("page")[-20:]
            return {words[1] for words in latest} == {"second"} and len({words[2] for words in latest}) == 2

        workers.wait(news)
        assert len(set(workers.pages())) == len(workers.pages())


def test_a_change_that_is_wrong_leaves_everything_as_it_is(start, broker: Broker, tmp_path: Path) -> None:
    with start() as workers:
        broker.enqueue(Lane.HOT, [page(1)])
        workers.wait(lambda: len(workers.pages()) == 1)
        (tmp_path / "edition").write_text("broken")
        time.sleep(3)
        broker.enqueue(Lane.HOT, [page(2)])
        workers.wait(lambda: len(workers.pages()) == 2)
        assert [words[1] for words in workers.said("page")] == ["first", "first"]
        assert len(workers.said("loaded")) == 1


def test_counters_of_worker_and_child_are_published(start, broker: Broker) -> None:
    with start() as workers:
        broker.enqueue(Lane.HOT, [page(number) for number in range(8)])
        workers.wait(lambda: len(workers.pages()) == 8)
        worker, child = published_as(["work-1"]), published_as(["work-1.child"])
        workers.wait(lambda: child in broker.published_metrics())
        published = broker.published_metrics()
        assert 'wirewatch_stage_seconds_count{stage="test"}' in published[child]
        broker.enqueue(Lane.HOT, ["ex_00000000"])
        workers.wait(lambda: 'wirewatch_analyses_total{outcome="crashed"} 1.0' in broker.published_metrics()[worker])
