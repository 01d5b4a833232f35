"""How do several processes run as one service? They are forked here, watched, started again, and ended in order.

A process shows that it advances by beating on a pipe; one that ends is started again after a pause that grows, one that
stalls is killed first. All of them, and the embedded server, end with this process even when it is killed. What the
processes do, this module does not know.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterable
from types import FrameType
from typing import Final, Protocol

from pipeline.broker.policy import RunPolicy
from pipeline.errors import WirewatchError
from pipeline.telemetry import log
from workers.notify import Notifier
from workers.post import SIGNALS, WRONG_CONFIGURATION, Beat, Post, hold

_TICK: Final = 0.5
_BEGINNING: Final = 5
"""How much longer a process may be silent before its first sign of life: names are compiled first, and a million take their time."""
_HURRY: Final = 2.0
"""Seconds that a second SIGTERM leaves."""


class Server(Protocol):
    """A server program that this process owns."""

    def start(self) -> None:
        """Have it answer; nothing to do where it does."""

    def alive(self) -> bool:
        """Whether it runs."""

    def stop(self) -> None:
        """End it."""


class _Holder:
    """A post and the process that holds it."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.pid = 0
        self.pipe = -1
        self.started = self.beaten = 0.0
        self.ever_beaten = False
        self.pause = 0.0
        self.due = 0.0
        self.asked_at: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether the process that runs now has shown that it advances."""
        return self.pid != 0 and self.beaten > self.started


class Supervisor:
    """The processes of one service. Single-threaded: it forks, so it must never own a thread, a loop or a connection."""

    def __init__(
        self,
        posts: Iterable[Post],
        policy: RunPolicy,
        *,
        server: Server | None = None,
        notifier: Notifier | None = None,
        beat: Beat | None = None,
        each: Callable[[Supervisor], None] | None = None,
    ) -> None:
        self.policy = policy
        self._holders = [_Holder(post) for post in posts]
        self._server = server
        self._server_due = 0.0
        self._server_pause = policy.backoff_first
        self._notifier = notifier or Notifier({})
        self._beat = beat
        """How this process, itself a post, shows that everything under it advances."""
        self._each = each
        """Called about twice a second."""
        self._selector = selectors.DefaultSelector()
        self._stops = 0
        self._rolling: list[_Holder] = []
        self._renewed: _Holder | None = None
        self._verdict: int | None = None
        self._on_terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now."""
        return {holder.post.name: holder.pid for holder in self._holders if holder.pid}

    def roll(self, names: Collection[str] | None = None) -> None:
        """Replace processes (all, or those named) by fresh ones, one after the other, each when its predecessor has ended."""
        self._rolling = [holder for holder in self._holders if names is None or holder.post.name in names]

    def run(self) -> int:
        """Run until SIGTERM or SIGINT. Returns 0, or 2 where a process says before its first beat that it cannot be.

        Raises:
            ConfigError: the embedded server cannot start with this configuration.
        """
        woken, wakes = socket.socketpair()
        woken.setblocking(False)
        wakes.setblocking(False)
        self._selector.register(woken, selectors.EVENT_READ)
        former = {number: signal.signal(number, self._hear) for number in SIGNALS}
        former_fd = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        try:
            if self._server is not None:
                self._server.start()
            while not self._stops and self._verdict is None:
                self._tick()
            self._drain()
        finally:
            self._kill_all()
            if self._server is not None:
                self._server.stop()
            signal.set_wakeup_fd(former_fd)
            for number, handler in former.items():
                signal.signal(number, handler)
            self._selector.close()
            woken.close()
            wakes.close()
        return self._verdict or 0

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        # Without a terminal that could be closing, SIGHUP asks for a reload; changed files are picked up by themselves.
        if number not in ((signal.SIGCHLD,) if self._on_terminal else (signal.SIGCHLD, signal.SIGHUP)):
            self._stops += 1

    def _tick(self) -> None:
        now = time.monotonic()
        self._mind_server(now)
        for holder in self._holders:
            if not holder.pid and now >= holder.due:
                self._start(holder)
        self._listen(_TICK)
        self._reap()
        now = time.monotonic()
        for holder in self._holders:
            self._check(holder, now)
        self._roll_on(now)
        self._tell(now)
        self._do_each()

    def _do_each(self) -> None:
        if self._each is None:
            return
        try:
            self._each(self)
        except Exception:  # noqa: BLE001 - whatever the look meets, the service must not end over it
            log("run").exception("supervision_failed", then="the processes go on")

    def _mind_server(self, now: float) -> None:
        if self._server is None or self._server.alive() or now < self._server_due:
            return
        try:
            self._server.start()
        except (WirewatchError, OSError) as error:
            log("run").error("server_not_started", error=str(error), next_try=round(self._server_pause, 1))
            self._server_due = now + self._server_pause
            self._server_pause = min(2 * self._server_pause, self.policy.backoff_most)
        else:
            self._server_pause = self.policy.backoff_first

    def _start(self, holder: _Holder) -> None:
        reads, writes = os.pipe()
        os.set_blocking(reads, False)
        os.set_blocking(writes, False)
        parent = os.getpid()
        sys.stdout.flush()  # else the child would say it again
        pid = os.fork()
        if pid == 0:
            os.close(reads)
            self._selector.close()
            hold(holder.post, parent, writes)
        os.close(writes)
        self._selector.register(reads, selectors.EVENT_READ, holder)
        holder.pid, holder.pipe, holder.asked_at = pid, reads, None
        holder.started = time.monotonic()
        holder.beaten = holder.beaten if holder.ever_beaten else holder.started
        log("run").debug("started", process=holder.post.name, pid=pid)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if isinstance(key.data, _Holder):
                self._hear_beat(key.data)
            else:
                assert isinstance(key.fileobj, socket.socket)
                key.fileobj.recv(4096)

    def _hear_beat(self, holder: _Holder) -> None:
        if os.read(holder.pipe, 4096):
            holder.beaten = time.monotonic()
            holder.ever_beaten = True
        else:  # it ended; the reaper says how
            self._selector.unregister(holder.pipe)
            os.close(holder.pipe)
            holder.pipe = -1

    def _reap(self) -> None:
        for holder in self._holders:
            if holder.pid:
                pid, status = os.waitpid(holder.pid, os.WNOHANG)
                if pid:
                    self._ended(holder, os.waitstatus_to_exitcode(status))

    def _ended(self, holder: _Holder, code: int) -> None:
        now = time.monotonic()
        lived, asked = now - holder.started, holder.asked_at is not None
        self._forget(holder)
        if code == WRONG_CONFIGURATION and not holder.ever_beaten:
            self._verdict = code
        if asked or self._stops:
            holder.due = now
            return
        healthy = lived >= self.policy.healthy_after or not holder.pause
        holder.pause = self.policy.backoff_first if healthy else min(2 * holder.pause, self.policy.backoff_most)
        holder.due = now + holder.pause
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        log("run").error("process_ended", process=holder.post.name, how=how, lived=round(lived, 1), next_try=round(holder.pause, 1))

    def _forget(self, holder: _Holder) -> None:
        if holder.pipe >= 0:
            self._selector.unregister(holder.pipe)
            os.close(holder.pipe)
        holder.pid, holder.pipe, holder.asked_at = 0, -1, None

    def _check(self, holder: _Holder, now: float) -> None:
        """Kill a process that stalls, or that was asked to end and does not."""
        silent = now - max(holder.beaten, holder.started)
        overdue = holder.asked_at is not None and now - holder.asked_at > self.policy.drain
        patience = self.policy.stalled * (1 if holder.fresh else _BEGINNING)
        if holder.pid and (silent > patience or overdue):
            log("run").error("process_killed", process=holder.post.name, why=f"no sign of life for {silent:.0f} s")
            os.kill(holder.pid, signal.SIGKILL)

    def _roll_on(self, now: float) -> None:
        """Ask the next process to end once the successor of the last one advances."""
        if self._renewed is not None and (self._renewed.asked_at is not None or not self._renewed.fresh):
            return
        self._renewed = self._rolling.pop(0) if self._rolling else None
        if self._renewed is not None and self._renewed.pid:
            self._renewed.asked_at = now
            os.kill(self._renewed.pid, signal.SIGTERM)

    def _tell(self, now: float) -> None:
        if any(now - holder.beaten > self.policy.stalled for holder in self._holders):
            return
        if self._beat is not None:
            self._beat()
        if all(holder.fresh for holder in self._holders):
            self._notifier.ready()
            self._notifier.alive(f"{len(self.pids)} processes")

    def _drain(self) -> None:
        self._notifier.stopping()
        stops = self._stops
        for pid in self.pids.values():
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + self.policy.drain
        while self.pids and time.monotonic() < until:
            self._listen(0.1)
            self._reap()
            if self._stops > max(stops, 1):
                until = min(until, time.monotonic() + _HURRY)
                stops = self._stops
        if self.pids:
            log("run").warning("killed_at_the_end", processes=sorted(self.pids))

    def _kill_all(self) -> None:
        for holder in self._holders:
            if holder.pid:
                os.kill(holder.pid, signal.SIGKILL)
                os.waitpid(holder.pid, 0)
                self._forget(holder)
