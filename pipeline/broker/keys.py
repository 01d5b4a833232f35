"""What is anything of ours called in Redis, and what may a job ask for?

Knows names and their shape only; it opens no connection. Everything under these names may be lost at any time: the
ledger in the database holds the truth, and the sweeper offers again what Redis forgot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipeline.model import Lane

LANES: Final = (Lane.HOT, Lane.COLD)
"""The queues in the order in which workers look at them; RQ's own names for them are the lanes' names."""

ANALYSE: Final = "wirewatch.analyse"
"""The only function that a job may name. It is a label, not an import path: a stock RQ worker cannot run it, and nothing
that somebody else writes into the queue is ever imported."""

EPOCH: Final = "wirewatch:epoch"
"""Stands as long as Redis remembers what it was given. Its absence tells the sweeper that all offers are void."""

METRICS: Final = "wirewatch:metrics:"
"""Before the name of a process: its counters as text, for the process that answers /metrics."""

_PAGE_ID: Final = re.compile(r"[a-z]{2}_[0-9a-f]{8,64}")


def is_page_id(written: object) -> bool:
    """Whether this is what an id of the ledger looks like. Job arguments come from Redis, so they are checked again."""
    return isinstance(written, str) and _PAGE_ID.fullmatch(written) is not None


def batches(page_ids: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    """The ids in order and without repetition, at most ``size`` in each batch."""
    unique = list(dict.fromkeys(page_ids))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]
