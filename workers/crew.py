"""How are many items worked through at once when any of them may hang in C code or take all memory?

In child processes that are forked from the caller, so they share what it has loaded, and that are killed at a deadline which no
signal handler could enforce. Answers come back in the order of the items, and only the item at which a child ended is lost.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final

Work = Callable[[bytes], bytes]
Lost = Callable[[bytes, str], bytes]
"""The answer for an item whose child ended, and why it did."""

_FORK: Final = multiprocessing.get_context("fork")
_MB: Final = 1 << 20
_LOOK_UP: Final = 0.5
"""Seconds between two looks at children that say nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrewPolicy:
    """What a child may take."""

    deadline: float = 5.0
    """Seconds of processor time for one item."""
    patience: float = 30.0
    """Seconds by the clock for one item: a busy machine is not the item's fault, a sleeping child is."""
    memory_mb: int = 600
    """Megabytes that one item may add to what the caller had loaded."""
    batch: int = 16
    """Items sent to a child at once."""
    ahead: int = 4
    """Batches in flight or waiting for each child: enough to keep it busy, few enough to bound memory."""


@dataclass(slots=True)
class _Batch:
    items: list[bytes]
    answers: list[bytes] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return len(self.answers) == len(self.items)


@dataclass(slots=True)
class _Child:
    process: Any
    pipe: Connection
    batch: _Batch | None = None
    since: float = 0.0
    """When it began with the item that it is at."""
    used: float = 0.0
    """Seconds of processor time that it had taken by then."""


def work_through(items: Iterable[bytes], work: Work, lost: Lost, *, processes: int, policy: CrewPolicy) -> Iterator[bytes]:
    """The answers to ``items``, in their order. ``work`` runs in children and must not raise."""
    crew = _Crew(work, lost, policy)
    try:
        yield from crew.run(iter(items), processes)
    finally:
        crew.dismiss()


class _Crew:
    def __init__(self, work: Work, lost: Lost, policy: CrewPolicy) -> None:
        self._work, self._lost, self._policy = work, lost, policy
        self._children: list[_Child] = []
        self._queue: deque[_Batch] = deque()

    def run(self, items: Iterator[bytes], processes: int) -> Iterator[bytes]:
        self._children = [self._hire() for _ in range(processes)]
        more = True
        while more or self._queue:
            while more and len(self._queue) < processes * self._policy.ahead:
                batch = _Batch([item for _, item in zip(range(self._policy.batch), items, strict=False)])
                more = len(batch.items) == self._policy.batch
                if batch.items:
                    self._queue.append(batch)
            self._hand_out()
            self._listen()
            while self._queue and self._queue[0].done:
                yield from self._queue.popleft().answers

    def dismiss(self) -> None:
        for child in self._children:
            child.pipe.close()
            child.process.kill()
            child.process.join()
        self._children = []

    def _hire(self) -> _Child:
        here, there = _FORK.Pipe()
        process = _FORK.Process(target=_serve, args=(there, self._work, self._policy.memory_mb), daemon=True)
        process.start()
        there.close()
        return _Child(process, here)

    def _hand_out(self) -> None:
        taken = {id(child.batch) for child in self._children if child.batch}
        waiting = deque(batch for batch in self._queue if not batch.done and id(batch) not in taken)
        for child in self._children:
            if child.batch is None and waiting:
                child.batch = waiting.popleft()
                self._send(child)

    def _send(self, child: _Child) -> None:
        assert child.batch is not None
        child.since, child.used = time.monotonic(), _cpu(child.process.pid)
        try:
            child.pipe.send(child.batch.items[len(child.batch.answers) :])
        except OSError:
            self._replace(child, "its process ended")

    def _listen(self) -> None:
        busy = [child for child in self._children if child.batch]
        if not busy:
            return
        ready = set(wait([child.pipe for child in busy], timeout=_LOOK_UP))
        for child in busy:
            if child.pipe in ready:
                self._take(child)
            elif self._overdue(child):
                self._replace(child, f"it took longer than {self._policy.deadline:g} s")

    def _overdue(self, child: _Child) -> bool:
        waited = time.monotonic() - child.since
        if waited <= self._policy.deadline:
            return False
        return waited > self._policy.patience or _cpu(child.process.pid) - child.used > self._policy.deadline

    def _take(self, child: _Child) -> None:
        assert child.batch is not None
        try:
            answer = child.pipe.recv_bytes()
        except (EOFError, OSError):
            self._replace(child, "its process ended")
            return
        child.batch.answers.append(answer)
        child.since, child.used = time.monotonic(), _cpu(child.process.pid)
        if child.batch.done:
            child.batch = None

    def _replace(self, child: _Child, why: str) -> None:
        """Another child goes on after the item at which this one ended."""
        batch = child.batch
        assert batch is not None
        child.pipe.close()
        child.process.kill()
        child.process.join()
        fresh = self._hire()
        child.process, child.pipe = fresh.process, fresh.pipe
        batch.answers.append(self._lost(batch.items[len(batch.answers)], why))
        if batch.done:
            child.batch = None
        else:
            self._send(child)


def _serve(pipe: Connection, work: Work, memory_mb: int) -> None:
    """A child's life: items in, answers out, until the pipe closes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    limit = _address_space() + memory_mb * _MB
    resource.setrlimit(resource.RLIMIT_AS, (max(limit, used + memory_mb * _MB),) * 2)
    while True:
        try:
            items = pipe.recv()
        except (EOFError, OSError):
            return
        for item in items:
            pipe.send_bytes(work(item))


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has taken; 0 where the system has no /proc, and then only the clock counts."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _address_space() -> int:
    """Bytes of address space that this process has mapped; 0 where the system has no /proc."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0
