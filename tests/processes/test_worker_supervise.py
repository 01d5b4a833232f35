"""One service of many processes: started again, ended in order, and never left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HEAD = """
import os, signal, sys, time
from pathlib import Path
from pipeline.broker.policy import RunPolicy
from pipeline.errors import ConfigError
from pipeline.telemetry import configure
from workers.notify import Notifier
from workers.post import Post
from workers.supervise import Supervisor

configure("json")
book = Path(sys.argv[1])
def note(*words):
    with book.open("a") as out:
        out.write(" ".join(map(str, words)) + "\\n")

def worker(name, life=3600.0, end=0.0, code=0, beats=True):
    def run(beat):
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
        note(name, "started", os.getpid())
        until = time.monotonic() + life
        while not stopped and time.monotonic() < until:
            if beats:
                beat()
            time.sleep(0.02)
        if stopped:
            time.sleep(end)
        note(name, "ended", os.getpid())
        return code
    return Post(name=name, run=run)

def service(*posts, **more):
    policy = more.pop("policy", RunPolicy(drain=5.0, stalled=1.5, backoff_first=0.05, backoff_most=0.4))
    supervisor = Supervisor(posts, policy, **more)
    note("run", "started", os.getpid())
    sys.exit(supervisor.run())
"""


class Service:
    def __init__(self, process: subprocess.Popen[str], book: Path) -> None:
        self.process = process
        self.book = book

    def said(self) -> list[str]:
        return self.book.read_text().splitlines() if self.book.exists() else []

    def pids(self, name: str) -> list[int]:
        return [int(line.split()[2]) for line in self.said() if line.startswith(f"{name} started")]

    def wait(self, until: Callable[[], bool], within: float = 60.0) -> None:
        end = time.monotonic() + within
        while not until():
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)

    def begun(self, name: str, times: int = 1) -> int:
        self.wait(lambda: len(self.pids(name)) >= times)
        return self.pids(name)[times - 1]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.fixture
def run(tmp_path: Path):
    @contextmanager
    def running(body: str, **environment: str) -> Iterator[Service]:
        book = tmp_path / "book"
        command = [sys.executable, "-c", HEAD + body, str(book)]
        with subprocess.Popen(
            command, text=True, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=os.environ | environment
        ) as process:
            try:
                yield Service(process, book)
            finally:
                process.kill()

    return running


def test_sigterm_lets_the_work_end_and_exits_zero(run) -> None:
    with run('service(worker("one", end=0.5), worker("two"))') as service:
        service.begun("one"), service.begun("two")
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert sorted(line.rsplit(" ", 1)[0] for line in service.said()[-2:]) == ["one ended", "two ended"]


def test_a_process_that_does_not_end_is_killed_after_the_drain(run) -> None:
    with run('service(worker("one", end=60), policy=RunPolicy(drain=0.5))') as service:
        pid = service.begun("one")
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert not alive(pid)
        assert "one ended" not in "".join(service.said())


def test_a_second_signal_hurries(run) -> None:
    with run('service(worker("one", end=60), policy=RunPolicy(drain=60))') as service:
        service.begun("one")
        service.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(10) == 0


def test_what_is_killed_comes_back_and_the_others_stay(run) -> None:
    with run('service(worker("one"), worker("two"))') as service:
        first, other = service.begun("one"), service.begun("two")
        os.kill(first, signal.SIGKILL)
        second = service.begun("one", 2)
        assert second != first
        os.kill(second, signal.SIGKILL)
        service.begun("one", 3)
        assert service.pids("two") == [other]


def test_a_process_that_ends_at_once_is_started_ever_more_slowly(run) -> None:
    with run('service(worker("one", life=0.0, code=1), worker("two"))') as service:
        service.begun("one", 5)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert service.process.stderr is not None
        pauses = [float(found) for found in re.findall(r'"next_try": ([\d.]+)', service.process.stderr.read())]
        assert pauses[:4] == sorted(pauses[:4])
        assert max(pauses) <= 0.4


def test_a_process_that_stalls_is_killed_and_started_again(run) -> None:
    with run('service(worker("one", beats=False), worker("two"))') as service:
        first = service.begun("one")
        service.begun("one", 2)
        assert not alive(first)
        assert len(service.pids("two")) == 1


def test_a_stopped_process_counts_as_stalled(run) -> None:
    with run('service(worker("one"))') as service:
        first = service.begun("one")
        os.kill(first, signal.SIGSTOP)
        service.begun("one", 2)
        assert not alive(first)


def test_a_wrong_configuration_found_by_a_process_ends_the_service_with_its_words(run) -> None:
    body = """
def broken(beat):
    raise ConfigError("settings.yaml:3:1: the port is taken; choose another")
service(Post(name="serve", run=broken), worker("one"))
"""
    with run(body) as service:
        assert service.process.wait(10) == 2
        assert service.process.stderr is not None
        assert "settings.yaml:3:1: the port is taken" in service.process.stderr.read()


def test_sighup_without_a_terminal_changes_nothing(run) -> None:
    with run('service(worker("one"))') as service:
        pid = service.begun("one")
        service.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert service.process.poll() is None
        assert service.pids("one") == [pid]


def test_a_fault_in_what_is_looked_at_each_time_ends_nothing(run) -> None:
    with run('service(worker("one"), each=lambda supervisor: 1 / 0)') as service:
        pid = service.begun("one")
        time.sleep(1.5)
        assert service.process.poll() is None
        assert service.pids("one") == [pid]


def test_kill_minus_nine_of_the_service_ends_everything(run) -> None:
    body = """
def nested(beat):
    return Supervisor([worker("inner")], RunPolicy(), beat=beat).run()
service(worker("one"), Post(name="outer", run=nested))
"""
    with run(body) as service:
        pids = [service.begun("one"), service.begun("inner")]
        service.process.kill()
        service.wait(lambda: not any(map(alive, pids)))


def test_rolling_replaces_each_process_once_its_predecessor_is_done(run) -> None:
    body = """
import itertools
ticks = itertools.count()
service(worker("one", end=0.3), worker("two"), each=lambda supervisor: next(ticks) == 1 and supervisor.roll())
"""
    with run(body) as service:
        service.begun("one", 2), service.begun("two", 2)
        kinds = [line.rsplit(" ", 1)[0] for line in service.said()]
        assert kinds.index("one ended") < kinds.index("two ended")
        assert kinds[kinds.index("one ended") + 1] == "one started"


def test_systemd_is_told_when_it_is_up_alive_and_ending(run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        body = 'service(worker("one"), worker("two"), notifier=Notifier(os.environ))'
        with run(body, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="3000000") as service:
            assert manager.recv(100) == b"READY=1"
            assert manager.recv(100) == b"WATCHDOG=1\nSTATUS=2 processes"
            assert manager.recv(100) == b"WATCHDOG=1\nSTATUS=2 processes"
            service.process.send_signal(signal.SIGTERM)
            while (message := manager.recv(100)).startswith(b"WATCHDOG"):
                pass
            assert message == b"STOPPING=1"
            assert service.process.wait(10) == 0


def test_the_watchdog_starves_when_a_process_never_shows_life(run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(2.5)
        body = 'service(worker("one"), worker("two", beats=False), notifier=Notifier(os.environ))'
        with run(body, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="300000") as service:
            service.begun("two")
            with pytest.raises(TimeoutError):
                manager.recv(100)


def test_an_embedded_server_comes_back_and_ends_with_the_service(run, tmp_path: Path) -> None:
    body = f"""
from pipeline.broker.embedded import EmbeddedServer
server = EmbeddedServer(Path({str(tmp_path)!r}))
seen = set()
def each(supervisor):
    if server.alive() and server.pid not in seen:
        seen.add(server.pid)
        note("server", "started", server.pid)
service(worker("one"), server=server, each=each)
"""
    with run(body) as service:
        first = service.begun("server")
        os.kill(first, signal.SIGKILL)
        second = service.begun("server", 2)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert not alive(second)
