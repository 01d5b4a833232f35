"""What is it like to be a worker's child? One page after the other over a pipe, until the line is closed or the parent kills.

The questions are ``{"analyse": page}``, ``{"glance": pages}`` and ``{"crashed": page, "reason": …}``; the answer is an ``Ending`` and a
word. What an analysis is, the ``Analyst`` knows.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import IO, Any, NoReturn, Protocol

from pipeline.broker.tether import call_me, die_with
from pipeline.errors import WirewatchError
from pipeline.telemetry import log
from workers.metrics import EVERY, own


class Analyst(Protocol):
    """What a child works with. Made in the child after the fork, so its connections are its own."""

    def analyse(self, page_id: str) -> str:
        """Claim, analyse and record one page. Returns the outcome as one word for logs and metrics."""

    def glance(self, page_ids: Sequence[str]) -> list[str]:
        """Claim, read and record many pages that hardly matter at once. Returns those that want to be analysed by themselves."""

    def crashed(self, page_id: str, reason: str) -> None:
        """Record that the page ended the process that worked on it."""

    def close(self) -> None:
        """Give connections back; called before a child ends in order."""


Opener = Callable[[], Analyst]
"""Called in a child right after the fork."""
Loader = Callable[[], Opener]
"""Called in the parent: load everything that children share (no connections, no threads), return how to begin."""


class Ending(StrEnum):
    """What became of a page that was handed to the child."""

    DONE = "done"
    CRASHED = "crashed"
    """The page is to blame: it hung, crashed or swelled its child, or raised what nobody expects. It is recorded."""
    UNAVAILABLE = "unavailable"
    """The ledger is out of reach. Nobody is to blame, and the page stays due."""


def live(parent: int, line: Connection, words: IO[bytes], opener: Opener, name: str) -> NoReturn:
    """The child's whole life; never returns."""
    code = 1
    try:
        for ours_to_ignore in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the parent decides when the child ends
            signal.signal(ours_to_ignore, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        die_with(parent)
        call_me(name)
        faulthandler.enable(file=words.fileno(), all_threads=False)
        faulthandler.register(signal.SIGUSR1, file=words.fileno(), all_threads=False)
        code = _serve(line, opener)
    except BaseException:  # noqa: BLE001 - nothing may escape into the code of the parent that was forked along
        log("work").exception("child_failed")
    finally:
        os._exit(code)


def _serve(line: Connection, opener: Opener) -> int:
    try:
        analyst = opener()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear it and try again later
        line.send_bytes(json.dumps(_answer(Ending.UNAVAILABLE, f"{type(error).__name__}: {error}")).encode())
        return 1
    line.send_bytes(json.dumps(_answer(Ending.DONE, "ready")).encode())
    told = 0.0
    try:
        while True:
            answer = _do(analyst, json.loads(line.recv_bytes()))
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                answer["metrics"] = own()
            line.send_bytes(json.dumps(answer).encode())
    except (EOFError, OSError):  # the parent let go
        analyst.close()
    return 0


def _do(analyst: Analyst, question: dict[str, Any]) -> dict[str, Any]:
    if "glance" in question:
        return _glanced(analyst, question["glance"])
    try:
        if "crashed" in question:
            analyst.crashed(question["crashed"], question["reason"])
            return _answer(Ending.DONE, "recorded")
        return _answer(Ending.DONE, analyst.analyse(question["analyse"]))
    except WirewatchError as error:
        if error.retryable:
            return _answer(Ending.UNAVAILABLE, str(error))
        return _raised(analyst, question, error)
    except Exception as error:  # noqa: BLE001 - one page must not end the others
        return _raised(analyst, question, error)


def _glanced(analyst: Analyst, page_ids: list[str]) -> dict[str, Any]:
    try:
        return {**_answer(Ending.DONE, "glanced"), "left": analyst.glance(page_ids)}
    except Exception as error:  # noqa: BLE001 - one by one, the pages show which of them it was, or that the ledger is away
        return _answer(Ending.UNAVAILABLE, f"{type(error).__name__}: {error}"[:500])


def _raised(analyst: Analyst, question: dict[str, Any], error: Exception) -> dict[str, str]:
    """A page that raises what nobody expects is blamed like one that crashes: tried again, and failed the third time."""
    reason = f"{type(error).__name__}: {error}"[:500]
    page_id = question.get("analyse") or question["crashed"]
    # the last frames only: a page that recurses has a thousand, and rendering them costs seconds of the page's deadline
    log("work").error("page_raised", page=page_id, reason=reason, at=traceback.format_exc(limit=-6))
    if "crashed" in question:
        return _answer(Ending.UNAVAILABLE, reason)
    try:
        analyst.crashed(page_id, reason)
    except Exception as second:  # noqa: BLE001 - then nothing can be recorded now, and the page's lease keeps it
        return _answer(Ending.UNAVAILABLE, f"{type(second).__name__}: {second}")
    return _answer(Ending.CRASHED, reason)


def _answer(ending: Ending, says: str) -> dict[str, str]:
    return {"ending": ending, "says": says}
