"""What is old enough to be forgotten? Retention in days, carried out in small steps between which everybody else may write.

It decides ages; what an alert rests on is kept by the store whatever they are. An interrupted prune goes on where it
stopped, and a second one finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pipeline.model import Duration, Instant

if TYPE_CHECKING:  # settings compose the policy below, and a command that only reads them needs no database
    from pipeline.store import Store

MARK: Final = "prune.bodies"
"""Where the walk over the pages' bytes has come to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionPolicy:
    """How long things are kept. What an alert rests on is kept until it is purged by name."""

    pages: Duration = 1_209_600.0
    """14 days: the bytes of pages that caused no alert. They are what a full extraction or ``explain`` starts from."""
    articles: Duration = 7_776_000.0
    """90 days: the archive's texts, what was decided about them, and the entries themselves."""
    unseen: Duration = 604_800.0
    """7 days: an old entry is forgotten only when no feed has shown it for so long, or it would come back as new."""
    index: Duration = 864_000.0
    """10 days: what finds copies and reports of one event; longer than the story windows with their lateness."""
    sites: Duration = 2_592_000.0
    """30 days: which lines a site repeats."""
    log: Duration = 15_552_000.0
    """180 days: events of feeds, what was kept quiet, digests and tests that were sent, refused configurations."""
    every: Duration = 3600.0
    """How often the service prunes by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What one prune forgot."""

    counts: dict[str, int] = field(default_factory=dict)
    """Rows by kind: ``pages``, ``articles``, ``index``, ``stories``, ``sites``, ``log``."""
    finished: bool = True
    """False where it was asked to stop before everything old was gone."""


def prune(store: Store, policy: RetentionPolicy, now: Instant, *, go_on: Callable[[], bool] = lambda: True) -> Pruned:
    """Forget everything that is old enough at ``now``, as long as ``go_on()`` says so between two steps.

    Raises:
        StoreError: the database refused a step; the steps before it are done.
    """
    keep = store.retention
    horizon = now - policy.articles
    steps: dict[str, Callable[[], int]] = {
        "pages": _bodies(store, now - policy.pages, now),
        "articles": lambda: keep.drop_entries(horizon, now - policy.unseen),
        "index": lambda: keep.drop_index(now - policy.index),
        "stories": lambda: keep.drop_stories(horizon),
        "sites": lambda: keep.drop_lessons(now - policy.sites),
        "log": lambda: keep.drop_log(now - policy.log),
    }
    counts: dict[str, int] = {}
    for kind, step in steps.items():
        counts[kind] = 0
        while True:
            if not go_on():
                return Pruned(counts=counts, finished=False)
            done = step()
            if done == 0:
                break
            counts[kind] += done
    keep.tidy()
    return Pruned(counts=counts)


def _bodies(store: Store, before: Instant, now: Instant) -> Callable[[], int]:
    """A step of the walk over pages that goes on from where the last one came to, in this prune or an earlier one."""

    def step() -> int:
        at, ident = store.reports.get_meta(MARK) or (0.0, "")
        while True:
            dropped, reached = store.retention.drop_bodies(before, (at, ident))
            if reached is None:
                return 0
            at, ident = reached
            store.reports.put_meta(MARK, [at, ident], now)
            if dropped:
                return dropped

    return step
