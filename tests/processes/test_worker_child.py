"""A child that serves many pages, and every way in which a page can end it."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.broker.policy import WorkPolicy
from pipeline.errors import StoreError
from workers.child import WarmChild
from workers.lifetime import Ending

QUICK = WorkPolicy(page_deadline=3.0, start_deadline=20.0, memory_growth_mb=200)


@dataclass
class Press:
    """An analyst that does to its process what the page's id says."""

    book: Path
    kept: list[bytes] = field(default_factory=list)

    def analyse(self, page_id: str) -> str:
        match page_id.split("-", maxsplit=1)[0]:
            case "hang":  # exponential backtracking: C code that holds the interpreter and hears no signal
                re.match(r"(a+)+$", "a" * 60 + "b")
            case "segfault":
                ctypes.string_at(8)
            case "exit":
                os._exit(3)
            case "swell":
                while True:
                    self.kept.append(bytearray(os.urandom(1 << 20)))
                    time.sleep(0.01)
            case "grow":
                self.kept.append(bytearray(b"x") * (120 << 20))
            case "raise":
                raise TypeError("not a page")
            case "recurse":
                return self.analyse(page_id)
            case "locked":
                raise StoreError("the database is locked")
            case "sleep":
                time.sleep(float(page_id.split("-")[1]))
        return f"done by {os.getpid()}"

    def crashed(self, page_id: str, reason: str) -> None:
        with self.book.open("a") as book:
            book.write(f"{page_id}: {reason}\n")

    def close(self) -> None:
        with self.book.open("a") as book:
            book.write("closed\n")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book"
    path.touch()
    return path


@pytest.fixture
def child(book: Path):
    warm = WarmChild(lambda: Press(book), QUICK)
    yield warm
    warm.stop()


def test_one_process_serves_page_after_page(child: WarmChild) -> None:
    answers = {child.analyse(f"fine-{number}").says for number in range(50)}
    assert answers == {f"done by {child.pid}"}
    assert child.pid != os.getpid()
    assert child.served == 50


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("hang-1", r"it ran for more than 3 s, in __init__\.py:\d+ \(match\)"),
        ("sleep-9", r"it ran for more than 3 s, in test_worker_child\.py:\d+ \(analyse\)"),
        ("segfault-1", r"the process ended by SIGSEGV, in "),
        ("exit-1", r"the process ended with exit code 3$"),
        ("raise-1", r"^TypeError: not a page$"),
        ("recurse-1", r"^RecursionError: "),
    ],
)
def test_the_guilty_page_is_blamed_and_the_next_is_served(child: WarmChild, book: Path, page: str, reason: str) -> None:
    assert child.analyse("fine-1").ending is Ending.DONE
    outcome = child.analyse(page)
    assert outcome.ending is Ending.CRASHED
    assert re.search(reason, outcome.says), outcome.says
    assert book.read_text().splitlines()[-1] == f"{page}: {outcome.says}"
    assert child.analyse("fine-2").ending is Ending.DONE


def test_a_page_that_eats_memory_is_stopped_before_the_machine_is(book: Path) -> None:
    child = WarmChild(lambda: Press(book), WorkPolicy(page_deadline=30, memory_growth_mb=100))
    outcome = child.analyse("swell-1")
    assert outcome.ending is Ending.CRASHED
    assert outcome.says.startswith("it took more than 100 MB")
    assert child.analyse("fine-1").ending is Ending.DONE
    child.stop()


def test_a_child_that_grew_is_replaced_and_nobody_blamed(book: Path) -> None:
    child = WarmChild(lambda: Press(book), WorkPolicy(page_deadline=60.0, memory_growth_mb=200))
    assert child.analyse("grow-1").ending is Ending.DONE
    assert child.pid == 0
    assert child.analyse("fine-1").ending is Ending.DONE
    assert book.read_text() == "closed\n"
    child.stop()


def test_a_child_that_served_enough_is_replaced(book: Path) -> None:
    child = WarmChild(lambda: Press(book), WorkPolicy(pages_per_child=3))
    answers = [child.analyse("fine-1").says for _ in range(7)]
    assert [answers.index(answer) for answer in answers] == [0, 0, 0, 3, 3, 3, 6]
    child.stop()


def test_a_child_killed_while_idle_costs_no_page_its_name(child: WarmChild, book: Path) -> None:
    child.analyse("fine-1")
    os.kill(child.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert child.analyse("fine-2").ending is Ending.DONE
    assert book.read_text() == ""


def killer_of(child: WarmChild, times: int) -> subprocess.Popen[bytes]:
    """A process that kills the child, and then its successors, a while after each has begun."""
    script = f"""
import os, subprocess, time
killed = 0
while killed < {times}:
    time.sleep(0.2)
    for pid in subprocess.run(["ps", "--ppid", "{os.getpid()}", "-o", "pid=,comm="], capture_output=True, text=True).stdout.splitlines():
        if pid.split()[1] == "press":
            os.kill(int(pid.split()[0]), 9)
            killed += 1
            time.sleep(0.4)
"""
    return subprocess.Popen([sys.executable, "-c", script])


def test_a_child_killed_from_outside_in_the_middle_of_a_page_is_tried_again(child: WarmChild, book: Path) -> None:
    child.name = "press"
    child.analyse("fine-1")
    killer = killer_of(child, 1)
    outcome = child.analyse("sleep-1.5")
    killer.wait()
    assert outcome.ending is Ending.DONE
    assert book.read_text() == ""


def test_killed_twice_running_counts_against_the_page(child: WarmChild) -> None:
    child.name = "press"
    child.analyse("fine-1")
    killer = killer_of(child, 2)
    outcome = child.analyse("sleep-1.5")
    killer.kill()
    killer.wait()
    assert outcome == type(outcome)(ending=Ending.CRASHED, says="the process ended by SIGKILL")


def test_a_ledger_out_of_reach_blames_nobody(child: WarmChild, book: Path) -> None:
    before = child.analyse("fine-1").says
    outcome = child.analyse("locked-1")
    assert (outcome.ending, outcome.says) == (Ending.UNAVAILABLE, "the database is locked")
    assert child.analyse("fine-1").says == before
    assert book.read_text() == ""


def test_a_child_that_cannot_begin_blames_nobody_and_is_tried_again(book: Path) -> None:
    broken = [True]

    def opener() -> Press:
        if broken:
            raise StoreError("no such host")
        return Press(book)

    child = WarmChild(opener, QUICK)
    outcome = child.analyse("fine-1")
    assert outcome.ending is Ending.UNAVAILABLE
    assert "no such host" in outcome.says
    broken.clear()
    assert child.analyse("fine-1").ending is Ending.DONE
    child.stop()


def test_a_crash_is_told_to_the_ledger_when_it_can_be(book: Path) -> None:
    away = book.parent / "away"

    def opener() -> Press:
        if away.exists():
            raise StoreError("no such host")
        return Press(book)

    child = WarmChild(opener, QUICK)
    child.analyse("fine-1")
    away.touch()
    assert child.analyse("exit-1").ending is Ending.CRASHED
    assert book.read_text() == ""
    away.unlink()
    assert child.analyse("fine-1").ending is Ending.DONE
    assert book.read_text() == "exit-1: the process ended with exit code 3\n"
    child.stop()


def test_signs_of_life_are_given_while_a_page_takes_its_time(book: Path) -> None:
    beats: list[float] = []
    child = WarmChild(lambda: Press(book), WorkPolicy(page_deadline=20), beat=lambda: beats.append(time.monotonic()))
    child.analyse("sleep-1.7")
    assert len(beats) >= 3
    child.stop()


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from pipeline.broker.policy import WorkPolicy
from test_worker_child import Press
from workers.child import WarmChild
child = WarmChild(lambda: Press(Path({str(tmp_path / "book")!r})), WorkPolicy())
child.analyse("fine-1")
print(child.pid, flush=True)
child.analyse("sleep-60")
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.kill()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("the child outlived its parent")
