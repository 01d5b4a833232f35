"""Which processes make up the service, and what do they do under the configuration of the moment?

Two posts: ``news`` waits (polling, fetching, offering, delivering, serving pages: one event loop), ``work`` computes (one
process loads names and models and forks the workers that share them). Both are forked from the supervisor, which holds
the last good configuration; when files change it reads them, and a good change replaces the processes one after the
other, each after it has drained. A bad change is told and refused, and everything stays as it is.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Collection, Mapping
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import telemetry
from pipeline.errors import ConfigError, StoreError
from pipeline.flow import sources
from pipeline.settings.types import LogStyle
from workers.cores import cores
from workers.loop import run_loops
from workers.notify import Notifier
from workers.post import Beat, Post
from workers.roles import ALL, DELIVER, POLL, SERVE, WORK
from workers.supervise import Supervisor
from workers.wiring import Wiring, now

if TYPE_CHECKING:
    from pipeline.broker.embedded import EmbeddedServer
    from workers.lifetime import Opener

_LOOK_EVERY: Final = 1.0
"""Seconds between two looks at the files: a change must take effect within five."""

_MODULES: Final = {
    POLL: ("workers.poller", "workers.sweeper", "workers.reclaim", "workers.health"),
    WORK: ("workers.analyser", "workers.desk", "pipeline.mentions.compile"),
    DELIVER: ("workers.deliverer", "workers.health"),
    SERVE: ("workers.dashboard.app", "workers.health"),
}
"""What each role runs. None of these starts a thread or opens a connection when it is imported."""

log = telemetry.log("run")


class Service:
    """Some or all roles of the service in one process tree."""

    def __init__(self, directory: Path, roles: Collection[str] = ALL) -> None:
        self.directory = directory
        self.roles = frozenset(roles)
        self.wiring = Wiring.from_directory(directory)
        self._seen = fingerprint(directory)
        self._due = 0.0

    def run(self) -> int:
        """Run until SIGTERM or SIGINT. Returns the exit code.

        Raises:
            ConfigError: the embedded server cannot start with this configuration.
        """
        settings = self.wiring.configuration.settings
        say(settings.log.style, settings.log.level)
        self._import()
        self._take_over()
        self._compile()
        supervisor = Supervisor(self._posts(), settings.running, server=self._server(), notifier=Notifier(os.environ), each=self._look)
        return supervisor.run()

    def _import(self) -> None:
        """Import what the posts run before they are forked: they start, and start again, in milliseconds and share the memory."""
        for role in sorted(self.roles):
            for module in _MODULES[role]:
                import_module(module)

    def _compile(self) -> None:
        """Compile the names before anything is forked: the post that scans and the one that matches share them, and neither waits twice."""
        if self.roles & {POLL, WORK}:
            _ = self.wiring.matcher
            gc.collect()
            gc.freeze()  # the collector must not touch, and so copy, what the posts share

    def _server(self) -> EmbeddedServer | None:
        """The queue's server, where this process is its owner: a single role joins the one that ``run`` has started."""
        if not self.wiring.is_embedded or self.roles != ALL:
            return None
        from pipeline.broker.embedded import EmbeddedServer

        return EmbeddedServer(self.wiring.data_dir, policy=self.wiring.configuration.settings.broker)

    def _take_over(self) -> None:
        """Bring the ledger up to the configuration, before anybody works by it. Keeps no connection: forking forbids it."""
        configuration = self.wiring.configuration
        with self.wiring.open_store() as store:
            sources.sync(store, configuration.feeds, configuration.settings.polling, now())
            store.deliveries.sync_endpoints({one.id: one.kind.value for one in configuration.endpoints}, now())
            store.reports.record_revision(configuration.revision, now(), accepted=True, summary=summary(self.wiring))
        log.info("configuration", revision=configuration.revision[:19], **summary(self.wiring))
        for warning in configuration.warnings:
            log.warning("configuration_warning", problem=warning)

    def _posts(self) -> list[Post]:
        posts = [Post(name="news", run=self._news)] if self.roles - {WORK} else []
        return [*posts, Post(name="work", run=self._work)] if WORK in self.roles else posts

    def _news(self, beat: Beat) -> int:
        """Everything that waits, in one event loop."""
        from workers.loops import loops_of

        running = self.wiring.configuration.settings.running
        return run_loops(loops_of(self.wiring, self.roles), running, beat=beat)

    def _work(self, beat: Beat) -> int:
        """Everything that computes."""
        from workers.analyser import run_workers

        settings = self.wiring.configuration.settings
        changes = Changes(self.directory)
        loads = count()

        def load() -> Opener:
            from workers.desk import load as load_desk

            # The first load is of the configuration that the supervisor found good, whatever the files say by now.
            if next(loads):
                self.wiring = Wiring.from_directory(self.directory)
            return load_desk(self.wiring)

        return run_workers(
            load,
            redis_url=self.wiring.redis_url,
            processes=settings.workers or cores(),
            policy=settings.working,
            run_policy=settings.running,
            queue_policy=settings.queue,
            changed=changes.seen,
            beat=beat,
        )

    def _look(self, supervisor: Supervisor) -> None:
        """Take up a good change of the files, refuse a bad one."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _LOOK_EVERY
        there = fingerprint(self.directory)
        if there == self._seen:
            return
        self._seen = there
        try:
            wiring = Wiring.from_directory(self.directory)
            self.wiring, before = wiring, self.wiring
            if wiring.configuration.revision == before.configuration.revision:
                return
            self._take_over()
        except ConfigError as error:
            self._refuse(error)
        except StoreError as error:
            log.error("configuration_not_recorded", error=str(error))
        else:
            supervisor.roll({"news"})  # the workers look for themselves: they load anew while the old ones go on

    def _refuse(self, error: ConfigError) -> None:
        for problem in error.problems:
            log.error("configuration_refused", problem=problem, then="the former configuration stays")
        try:
            with self.wiring.open_store() as store:
                store.reports.record_revision("", now(), accepted=False, problems=error.problems)
        except StoreError as failed:
            log.error("refusal_not_recorded", error=str(failed))


class Changes:
    """Whether the files of a directory have changed since one last asked."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._seen = fingerprint(directory)

    def seen(self) -> bool:
        """True once for each change."""
        there = fingerprint(self._directory)
        changed, self._seen = there != self._seen, there
        return changed


def fingerprint(directory: Path) -> Mapping[str, tuple[int, int]]:
    """Name → time and size of every YAML file: what an edit changes, without reading any."""
    found: dict[str, tuple[int, int]] = {}
    for pattern in ("*.y*ml", "watchlists/*.y*ml"):
        for path in directory.glob(pattern):
            try:
                stat = path.stat()
            except OSError:  # an editor is just replacing it; the next look sees the new one
                continue
            found[str(path)] = (stat.st_mtime_ns, stat.st_size)
    return found


def summary(wiring: Wiring) -> dict[str, int]:
    """How much is watched, read and told, for the log and the dashboard."""
    found = wiring.configuration
    return {
        "feeds": sum(feed.enabled for feed in found.feeds),
        "entities": sum(len(one.entities) for one in found.watchlists),
        "endpoints": sum(endpoint.enabled for endpoint in found.endpoints),
    }


def say(style: LogStyle, level: str) -> None:
    """Send events to standard error in the style that suits who reads them."""
    human = style is LogStyle.HUMAN or (style is LogStyle.AUTO and os.isatty(2))
    telemetry.configure("human" if human else "json", level)
