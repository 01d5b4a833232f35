"""How is a page analysed where analysing may hang in C code, crash or eat all memory, without anybody else noticing?

In a child that lives for many pages. The parent has loaded everything before it forks, so a child starts in milliseconds
and shares that memory; it asks for one page after the other over a pipe, and the parent kills it at a deadline that no
signal handler could enforce (a signal does not interrupt C code). The page at which a child ended is known, so the
guilty one is blamed, and no other. This module does not know what an analysis is, nor the queue.

Measured against the alternatives on empty jobs and on NER: forking for each job 16 and 141 ms, a warm child 5 and 88,
no child at all 4 and 90, but there a hang takes the worker along.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Final

from pipeline.broker.policy import WorkPolicy
from pipeline.errors import WirewatchError
from pipeline.telemetry import log
from workers.lifetime import Ending, Opener, live

_BEAT_EVERY: Final = 0.5
"""How often the parent looks up while a page takes its time: for signs of life, memory and the deadline."""
_LEAVE_WITHIN: Final = 2.0
"""Seconds that a child whose line was closed may take to give its connections back."""
_KILLED: Final = "the process ended by SIGKILL"
"""An end that nothing inside the process has caused."""
_MB: Final = 1 << 20
_WHERE: Final = re.compile(r'File "([^"]+)", line (\d+) in (\S+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The answer to one page."""

    ending: Ending
    says: str
    """The analyst's word for what it decided, or the reason."""


class NoChildError(WirewatchError):
    """No child could be started."""

    retryable = True


class WarmChild:
    """The child of this process, started when it is needed and replaced when it ends, hangs, grows or has served enough."""

    def __init__(self, opener: Opener, policy: WorkPolicy, *, name: str = "child", beat: Callable[[], None] | None = None) -> None:
        self.opener = opener
        self.policy = policy
        self.name = name
        self.beat = beat or _nothing
        """Called at least twice a second while a page is worked on."""
        self.pid = 0
        self.served = 0
        self.metrics = ""
        """The child's counters as text, a few seconds old."""
        self._line: Connection | None = None
        self._words: IO[bytes] | None = None
        self._size = 0
        self._blame: dict[str, str] = {}

    def analyse(self, page_id: str) -> Outcome:
        """Have the child analyse one page, and wait for the answer or for the child's end."""
        try:
            answer = self._attempt({"analyse": page_id})
            if answer == _KILLED:  # by an operator, perhaps, or for another process's memory: twice running is the page's doing
                log("work").warning("child_killed", page=page_id, then="the page is tried again")
                answer = self._attempt({"analyse": page_id})
        except NoChildError as error:
            return Outcome(ending=Ending.UNAVAILABLE, says=str(error))
        if isinstance(answer, str):
            return self._blamed(page_id, answer)
        self.served += 1
        self._retire_when_due()
        return Outcome(ending=Ending(answer["ending"]), says=answer["says"])

    def glance(self, page_ids: Sequence[str]) -> Sequence[str]:
        """Have the child glance at many pages at once. Returns those to be analysed one by one: all, where that went wrong.

        Nobody is blamed here: the page at which it went wrong does it again when it is alone.
        """
        try:
            answer = self._attempt({"glance": list(page_ids)})
        except NoChildError:
            return page_ids
        if isinstance(answer, str) or answer["ending"] != Ending.DONE:
            says = answer if isinstance(answer, str) else answer["says"]
            log("work").warning("glance_failed", pages=len(page_ids), reason=says, then="they are analysed one by one")
            return page_ids
        self.served += len(page_ids)
        self._retire_when_due()
        left: list[str] = answer["left"]
        return left

    def _attempt(self, question: dict[str, Any]) -> dict[str, Any] | str:
        try:
            return self._ask(self._ready(), question, self.policy.page_deadline)
        except BaseException:
            self._bury()  # its answer to this page must not be taken for the answer to the next
            raise

    def stop(self) -> None:
        """End the child and tell the ledger of a crash that it has not heard of yet."""
        if self._blame:
            try:
                self._ready()
            except NoChildError:
                log("work").warning("crash_not_recorded", pages=list(self._blame))
        self._bury()

    def _blamed(self, page_id: str, reason: str) -> Outcome:
        log("work").error("child_ended", page=page_id, reason=reason, served=self.served)
        self._blame[page_id] = reason
        try:
            self._ready()
        except NoChildError as error:
            # The next child that can be started tells the ledger; until then the page's lease keeps it.
            log("work").warning("crash_not_recorded_yet", page=page_id, error=str(error))
        return Outcome(ending=Ending.CRASHED, says=reason)

    def _ready(self) -> Connection:
        """A living child's line, with every crash told."""
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:  # it was ended while it waited: no page is to blame
            self.pid = 0
            self._bury()
        if self._line is None:
            self._fork()
        assert self._line is not None
        for page_id, reason in list(self._blame.items()):
            answer = self._ask(self._line, {"crashed": page_id, "reason": reason}, self.policy.start_deadline)
            if isinstance(answer, str) or answer["ending"] != Ending.DONE:
                raise NoChildError(answer if isinstance(answer, str) else answer["says"])
            del self._blame[page_id]
        return self._line

    def _fork(self) -> None:
        mine, theirs = multiprocessing.Pipe()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            mine.close()
            live(parent, theirs, self._words, self.opener, self.name)
        theirs.close()
        self.pid, self.served, self._line = pid, 0, mine
        answer = self._hear(mine, self.policy.start_deadline)
        if isinstance(answer, str) or answer["ending"] != Ending.DONE:
            self._bury()
            raise NoChildError(f"no child can be started: {answer if isinstance(answer, str) else answer['says']}")
        self._size = _resident(pid)

    def _ask(self, line: Connection, question: dict[str, Any], deadline: float) -> dict[str, Any] | str:
        try:
            line.send_bytes(json.dumps(question).encode())
        except OSError:
            return self._end_of_child()
        return self._hear(line, deadline)

    def _hear(self, line: Connection, deadline: float) -> dict[str, Any] | str:
        """The child's answer, or why there will be none; then the child is gone."""
        until = time.monotonic() + deadline
        while True:
            left = until - time.monotonic()
            try:
                if line.poll(max(0.0, min(_BEAT_EVERY, left))):
                    answer: dict[str, Any] = json.loads(line.recv_bytes())
                    self.metrics = answer.get("metrics", self.metrics)
                    return answer
            except (OSError, EOFError, ValueError):
                return self._end_of_child()
            self.beat()
            if left <= 0:
                return f"it ran for more than {deadline:g} s{self._kill_and_ask_where()}"
            if self._growth() > self.policy.memory_growth_mb:
                return f"it took more than {self.policy.memory_growth_mb} MB{self._kill_and_ask_where()}"

    def _growth(self) -> float:
        return (_resident(self.pid) - self._size) / _MB if self._size else 0.0

    def _retire_when_due(self) -> None:
        grown = self._growth() * 2 > self.policy.memory_growth_mb
        if grown or self.served >= self.policy.pages_per_child:
            log("work").info("child_retired", served=self.served, why="it grew" if grown else "it served enough")
            self._bury()

    def _kill_and_ask_where(self) -> str:
        """End a child that does not answer. Says where in the code it was, which the fault handler knows even in C."""
        try:
            os.kill(self.pid, signal.SIGUSR1)
            time.sleep(0.1)
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        where = self._where()
        self._bury()
        return where

    def _end_of_child(self) -> str:
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        code = os.waitstatus_to_exitcode(status)
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        where = self._where()
        self._bury()
        return f"the process ended {how}{where}"

    def _where(self) -> str:
        if self._words is None:
            return ""
        self._words.seek(0)
        frame = _WHERE.search(self._words.read(1 << 16).decode("utf-8", "replace"))
        return f", in {Path(frame[1]).name}:{frame[2]} ({frame[3]})" if frame else ""

    def _bury(self) -> None:
        """End the child if it lives, and forget it."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._words is not None:
            self._words.close()
            self._words = None
        if self.pid and not self._leaves_by_itself():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.pid = self._size = 0

    def _leaves_by_itself(self) -> bool:
        until = time.monotonic() + _LEAVE_WITHIN
        while time.monotonic() < until:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
            time.sleep(0.005)
        return False


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system has no /proc, and then only age retires a child."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _nothing() -> None:
    """No sign of life wanted."""
