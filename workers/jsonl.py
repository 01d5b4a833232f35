"""JSON lines through every core: input order kept, memory bounded, a bad line never ends the run.

Used by ``extract --jsonl`` and ``match --jsonl``. The handler is built once in the parent and its memory shared with the
children by fork, so that a million names are loaded once.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, BinaryIO, Final

import orjson

from pipeline.errors import WirewatchError
from workers.cores import cores

Handler = Callable[[dict[str, Any]], dict[str, Any]]

BATCH: Final = 16
"""Lines sent to a child at once: pickling costs less than 1 % of the work from here on."""
AHEAD: Final = 4
"""Batches waiting for each child: enough to keep it busy, few enough to bound memory."""

_handler: Handler | None = None


def answer(line: bytes, handler: Handler, *, empty: dict[str, Any]) -> bytes:
    """One line in, one line out, whatever the line holds.

    ``empty`` is what an answer carries beside ``id`` and ``error`` when the line cannot be used.
    """
    try:
        request = orjson.loads(line)
    except orjson.JSONDecodeError:
        request = _lenient(line)
        if request is None:
            return orjson.dumps({"id": None, "error": "not JSON: expected one object a line", **empty})
    if not isinstance(request, dict):
        return orjson.dumps({"id": None, "error": 'not an object: expected {"id": …} on each line', **empty})
    ident = request.get("id")
    try:
        return _dump(handler(request))
    except WirewatchError as error:
        return _dump({"id": ident, "error": str(error), **empty})
    except Exception as error:  # noqa: BLE001 - the contract: a bad line gives an error line, never another exit code
        return _dump({"id": ident, "error": f"{type(error).__name__}: {error}", **empty})


def _dump(reply: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(reply)
    except (TypeError, orjson.JSONEncodeError):  # lone surrogates, which only \u escapes can carry
        import json

        return json.dumps(reply).encode("ascii")


def _lenient(line: bytes) -> Any:
    """What the strict parser refuses and Python's accepts: lone surrogates, NaN."""
    import json

    try:
        return json.loads(line.decode("utf-8", "replace"))
    except ValueError:
        return None


def _batch(lines: list[bytes], empty: dict[str, Any]) -> list[bytes]:
    assert _handler is not None
    return [answer(line, _handler, empty=empty) for line in lines]


def run(
    handler: Handler,
    *,
    source: BinaryIO | None = None,
    sink: BinaryIO | None = None,
    empty: dict[str, Any] | None = None,
    processes: int | None = None,
) -> int:
    """Answer every line of ``source`` on ``sink``. Returns how many lines there were."""
    global _handler
    lines = (line for line in (source or sys.stdin.buffer) if line.strip())
    out = sink or sys.stdout.buffer
    _handler, extra = handler, empty or {}
    workers = processes or cores()
    count = 0
    first = list(islice(lines, 2 * BATCH))
    if workers == 1 or len(first) < 2 * BATCH:
        for line in _chain(first, lines):
            out.write(answer(line, handler, empty=extra) + b"\n")
            count += 1
        out.flush()
        return count
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        waiting: deque[Future[list[bytes]]] = deque()
        for batch in _batches(_chain(first, lines)):
            waiting.append(pool.submit(_batch, batch, extra))
            if len(waiting) >= workers * AHEAD:
                count += _write(out, waiting.popleft().result())
        while waiting:
            count += _write(out, waiting.popleft().result())
    return count


def _chain(first: list[bytes], rest: Iterable[bytes]) -> Iterator[bytes]:
    yield from first
    yield from rest


def _batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _write(out: BinaryIO, replies: list[bytes]) -> int:
    out.write(b"".join(reply + b"\n" for reply in replies))
    out.flush()
    return len(replies)
