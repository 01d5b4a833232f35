"""How is the service, what is degraded, and what should be done next?"""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from pipeline.errors import BrokerError
from workers.dashboard.answers.deliveries import endpoint_lines
from workers.dashboard.answers.shared import Moment
from workers.dashboard.answers.sources import is_troubled
from workers.dashboard.board import DAY, Board
from workers.health import LATE_AFTER, Health

SILENT: Final = 120.0
"""Seconds without a sign of life after which a process is not shown any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StageLine:
    """What waits at one stage."""

    stage: str
    waiting: int
    due: int
    past_due: float
    """Seconds that the oldest is overdue."""
    late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessLine:
    """A process that is alive."""

    process: str
    role: str
    host: str
    pid: int
    version: str
    started_at: Moment
    at: Moment
    state: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionLine:
    """A configuration that was loaded or refused."""

    revision: str
    at: Moment
    accepted: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Something to do on the first day."""

    title: str
    says: str
    command: str
    done: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusAnswer:
    """The whole service."""

    version: str
    python: str
    database: str
    schema: str | None
    """Revision of the database's tables."""
    configuration: str
    """Revision of the files that this process read."""
    degraded: tuple[str, ...]
    stages: tuple[StageLine, ...]
    processes: tuple[ProcessLine, ...]
    """Of the roles that wait."""
    workers: int | None
    """Processes that analyse; null where the queue does not answer."""
    revisions: tuple[RevisionLine, ...]
    today: dict[str, int]
    """Counts of the last 24 hours."""
    entries: dict[str, int]
    """Entries by state; they add up to all entries."""
    articles: int
    feeds: int
    entities: int
    endpoints: int
    steps: tuple[Step, ...]
    """What to do next on a new installation."""
    started: bool
    """Whether every step is done."""


def status(board: Board) -> StatusAnswer:
    """Everything about the service as a whole."""
    now = board.now()
    reports = board.store.reports
    stages = tuple(
        StageLine(**asdict(each), late=each.past_due > LATE_AFTER.get(each.stage, float("inf"))) for each in reports.backlog(now)
    )
    processes = tuple(
        ProcessLine(**{name: getattr(each, name) for name in ProcessLine.__slots__ if name != "state"}, state=dict(each.state or {}))
        for each in reports.heartbeats(now - SILENT)
    )
    revisions = tuple(
        RevisionLine(revision=row["revision"], at=row["at"], accepted=row["accepted"], problems=tuple(row["problems"] or ()))
        for row in reports.revisions(10)
    )
    found = steps(board)
    return StatusAnswer(
        version=board.version,
        python=platform.python_version(),
        database=board.store.dialect,
        schema=board.store.revision,
        configuration=board.configuration.revision,
        degraded=tuple(_degraded(board, processes, revisions)),
        stages=stages,
        processes=processes,
        workers=_workers(board),
        revisions=revisions,
        today=reports.totals(now - DAY),
        entries=board.store.entries.counts_by_state(),
        articles=board.store.articles.count(),
        feeds=len(board.configuration.feeds),
        entities=len(board.watched),
        endpoints=len(board.configuration.endpoints),
        steps=found,
        started=all(step.done for step in found),
    )


def _workers(board: Board) -> int | None:
    try:
        return board.wiring.broker.workers()
    except BrokerError:
        return None


def _degraded(board: Board, processes: tuple[ProcessLine, ...], revisions: tuple[RevisionLine, ...]) -> Iterator[str]:
    yield from board.configuration.warnings
    if revisions and not revisions[0].accepted:
        yield f"the newest configuration was refused and the old one stays: {'; '.join(revisions[0].problems)}"
    asked = Health(board.store, board.wiring.broker, process="dashboard", now=board.now)
    yield from (f"{check.name}: {check.says}" for check in asked.checks() if not check.ok)
    yield from (f"{process.role}: {what}" for process in processes for what in process.state.get("degraded", ()))
    yield from _outside(board)


def _outside(board: Board) -> Iterator[str]:
    """What the service depends on."""
    for model in board.configuration.settings.models.values():
        if importlib.util.find_spec(model) is None:
            yield f"the language model {model} is not installed; names alone and their context decide"
    for endpoint in endpoint_lines(board):
        if endpoint.enabled and endpoint.state != "active":
            yield f"endpoint {endpoint.id} is {endpoint.state}: {endpoint.reason}"
    troubled = sum(is_troubled(feed) for feed in board.store.feeds.health())
    if troubled:
        yield f"{troubled} of {len(board.configuration.feeds)} sources are in trouble"


def steps(board: Board) -> tuple[Step, ...]:
    """What a new installation still needs, in order."""
    directory = board.wiring.directory
    health = board.store.feeds.health()
    return (
        Step(
            title="Name who to watch",
            says=f"One YAML file a list, in {directory}/watchlists. Only an id and a name are required.",
            command="wirewatch check",
            done=bool(board.watched),
        ),
        Step(
            title="Add feeds",
            says=f"In {directory}/feeds.yaml, or by a command that finds a site's feeds.",
            command="wirewatch feeds discover https://www.example.org/",
            done=bool(board.configuration.feeds),
        ),
        Step(
            title="Say where alerts go",
            says=f"An endpoint in {directory}/endpoints.yaml. Without one, alerts are kept and shown here.",
            command="wirewatch deliveries test",
            done=bool(board.configuration.endpoints),
        ),
        Step(
            title="Let it run",
            says="The first read of a feed is its backlog: archived and matched, and not alerted.",
            command="wirewatch run",
            done=any(feed.last_success for feed in health),
        ),
        Step(
            title="See what would fire",
            says="Paste a text on the page Try it, or look through the archive with Search.",
            command="",
            done=board.store.articles.count() > 0,
        ),
    )
