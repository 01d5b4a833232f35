"""The killable process in which feedparser runs: one child, asked one feed at a time, replaced when it hangs or dies.

``python -m workers.authority`` is the child. A question is one line of JSON (``url``, ``content_type``, ``length``) and that many
bytes; the answer is one line of JSON.
"""

from __future__ import annotations

import asyncio
import dataclasses
import resource
import signal
import subprocess
import sys
from typing import Any, BinaryIO, Final

import orjson

from pipeline.feeds.parsed import ParsedFeed
from pipeline.model import Entry

SECONDS: Final = 5.0
"""Most computing time for one feed, after which the kernel ends the child. feedparser needs 0.1 s for a real feed."""
PATIENCE: Final = 20.0
"""Longest wait for an answer, on a machine that has other things to do."""
MEMORY: Final = 512 * 1024 * 1024
"""Most address space of the child."""
SERVED: Final = 500
"""Feeds after which the child is replaced, so that what it leaks is bounded."""


class Authority:
    """A feedparser behind a pipe. ``read`` answers None where the child hung, died or could not read the feed."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._served = 0

    async def read(self, body: bytes, *, url: str = "", content_type: str | None = None) -> ParsedFeed | None:
        """What feedparser reads in ``body``, or None."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._patience):
                    answer = await self._ask(question(body, url, content_type))
            except (TimeoutError, OSError, ValueError):
                await self._end()
                return None
            except asyncio.CancelledError:
                await self._end()
                raise
            if not answer:
                await self._end()
                return None
            self._served += 1
            if self._served >= SERVED:
                await self._end()
            return await asyncio.to_thread(parsed, answer)

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    async def _ask(self, asked: bytes) -> bytes:
        if self._child is None or self._child.returncode is not None:
            self._served = 0
            self._child = await asyncio.create_subprocess_exec(
                *command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, limit=256 * 1024 * 1024
            )
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(asked)
        await child.stdin.drain()
        return await child.stdout.readline()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.wait()
        child._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - asyncio closes the pipes of a killed child only when it is collected


def command() -> list[str]:
    """How the child is started."""
    return [sys.executable, "-m", "workers.authority"]


def question(body: bytes, url: str, content_type: str | None) -> bytes:
    """One question, as the child reads it."""
    return orjson.dumps({"url": url, "content_type": content_type, "length": len(body)}) + b"\n" + body


def parsed(answer: bytes) -> ParsedFeed | None:
    """One answer, as a feed; None where feedparser failed."""
    said: dict[str, Any] | None = orjson.loads(answer)
    if said is None:
        return None
    entries = tuple(Entry(**entry) for entry in said.pop("entries"))
    return ParsedFeed(**said, entries=entries)


def once(body: bytes, *, url: str = "", content_type: str | None = None) -> ParsedFeed | None:
    """One feed through a child of its own, for the command line. None where the child hung, died or failed."""
    try:
        asked = question(body, url, content_type)
        done = subprocess.run(command(), input=asked, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own module
    except (subprocess.TimeoutExpired, OSError):
        return None
    return parsed(done.stdout) if done.stdout else None


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """The child: answer until the questions end. A signal that nobody handles ends it even in the midst of C code."""
    from pipeline.feeds.authority import read

    while line := questions.readline():
        asked = orjson.loads(line)
        body = questions.read(asked["length"])
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            feed = read(body, url=asked["url"], content_type=asked["content_type"])
            said = {field: getattr(feed, field) for field in ("kind", "title", "link", "language", "damage")}
            answer = orjson.dumps({**said, "entries": [dataclasses.asdict(entry) for entry in feed.entries]})
        except Exception:  # noqa: BLE001 - whatever feedparser trips over is the parent's None
            answer = b"null"
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(answer + b"\n")
        answers.flush()


def bound() -> None:
    """Let this process have no more than ``MEMORY``; what asks for more gets a MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    bound()
    serve(sys.stdin.buffer, sys.stdout.buffer)
