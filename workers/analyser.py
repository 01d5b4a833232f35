"""How do pages get from the queue to a child that analyses them? By RQ workers that keep one child warm each.

A stock RQ worker forks for each job, and cannot end a job that hangs in C code before a minute and a half has passed. Ours never
lose a page: what one cannot finish it gives back, and what it takes along when it is killed, the ledger offers again when its lease
ends. All are forked from one process that has loaded the names and models once, so they share that memory.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable
from typing import Final

from redis.exceptions import RedisError

from pipeline.broker.jobs import Broker
from pipeline.broker.policy import QueuePolicy, RunPolicy, WorkPolicy
from pipeline.errors import WirewatchError
from pipeline.telemetry import log
from workers.child import WarmChild
from workers.lifetime import Loader, Opener
from workers.metrics import Publisher, published_as
from workers.notify import Notifier
from workers.page_worker import PageWorker
from workers.post import Beat, Post
from workers.supervise import Supervisor

_LOOK_FOR_CHANGES: Final = 2.0


def work(
    broker: Broker, opener: Opener, name: str, *, policy: WorkPolicy, run_policy: RunPolicy, beat: Beat, stop: Callable[[], bool]
) -> None:
    """Be a worker until ``stop`` says so, over every loss of Redis and of the ledger."""
    child = WarmChild(opener, policy, name=f"ww:{name}.child")
    publisher = Publisher(broker, published_as([name]), also=lambda: {published_as([f"{name}.child"]): child.metrics})

    def alive() -> None:
        beat()
        publisher.when_due()

    wait = run_policy.backoff_first
    while not stop():
        began = time.monotonic()
        troubled = _work_once(broker, child, policy, stop=stop, beat=alive)
        if not troubled and time.monotonic() - began > run_policy.healthy_after:
            wait = run_policy.backoff_first
        _sleep(wait, beat, stop)
        wait = min(2 * wait, run_policy.backoff_most / 3)
    child.stop()


def _work_once(broker: Broker, child: WarmChild, policy: WorkPolicy, *, stop: Callable[[], bool], beat: Beat) -> bool:
    """Be an RQ worker until the end, or until something is out of reach. Returns whether something is."""
    try:
        worker = PageWorker(broker, child, policy, stop=stop, beat=beat)
        worker.work(logging_level="WARNING")
    except (RedisError, OSError, WirewatchError) as error:
        log("work").warning("queue_unavailable", error=f"{type(error).__name__}: {error}")
        return True
    return worker.trouble


def _sleep(seconds: float, beat: Beat, stop: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not stop() and time.monotonic() < until:
        beat()
        time.sleep(0.1)


class Crew:
    """The workers of one process tree, and what they share."""

    def __init__(
        self,
        load: Loader,
        *,
        redis_url: str,
        policy: WorkPolicy,
        run_policy: RunPolicy,
        queue_policy: QueuePolicy | None = None,
        changed: Callable[[], bool] | None = None,
    ) -> None:
        """Nothing is loaded yet.

        ``load`` is called before any fork and must leave no thread and no connection behind. ``changed`` is asked every
        two seconds; where it says so, ``load`` is called again and the workers are replaced one by one. If that fails, the
        former load stays.
        """
        self._load = load
        self._redis_url = redis_url
        self._policy = policy
        self._run_policy = run_policy
        self._queue_policy = queue_policy
        self._changed = changed
        self._look_due = 0.0
        self._opener: Opener | None = None

    def run(self, processes: int, *, notifier: Notifier | None = None, beat: Beat | None = None) -> int:
        """Load, and keep so many workers at work until SIGTERM. Returns the exit code.

        Raises:
            ConfigError: ``load`` found the configuration wrong.
        """
        for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):  # their threads do not survive a fork
            os.environ.setdefault(library, "1")
        self._opener = self._loaded()
        posts = [self._post(f"work-{number}") for number in range(1, max(1, processes) + 1)]
        return Supervisor(posts, self._run_policy, notifier=notifier, beat=beat, each=self._look).run()

    def _loaded(self) -> Opener:
        opener = self._load()
        gc.collect()
        gc.freeze()  # the collector must not touch, and so copy, what the children share
        return opener

    def _post(self, name: str) -> Post:
        return Post(name=name, run=lambda beat: self._be(name, beat))

    def _be(self, name: str, beat: Beat) -> int:
        """A worker's whole life, in its own process."""
        assert self._opener is not None
        asked: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
        broker = Broker(self._redis_url, policy=self._queue_policy)
        work(broker, self._opener, name, policy=self._policy, run_policy=self._run_policy, beat=beat, stop=lambda: bool(asked))
        broker.close()
        return 0

    def _look(self, supervisor: Supervisor) -> None:
        if self._changed is None or time.monotonic() < self._look_due:
            return
        self._look_due = time.monotonic() + _LOOK_FOR_CHANGES
        if not self._changed():
            return
        try:
            self._opener = self._loaded()
        except WirewatchError as error:
            log("work").error("change_refused", error=str(error), then="the former configuration stays")
        else:
            log("work").info("change_taken_up")
            supervisor.roll()


def run_workers(
    load: Loader,
    *,
    redis_url: str,
    processes: int,
    policy: WorkPolicy,
    run_policy: RunPolicy,
    queue_policy: QueuePolicy | None = None,
    changed: Callable[[], bool] | None = None,
    notifier: Notifier | None = None,
    beat: Beat | None = None,
) -> int:
    """Load what analysing needs and keep ``processes`` workers on it until SIGTERM. Returns the exit code.

    Raises:
        ConfigError: ``load`` found the configuration wrong at the start.
    """
    crew = Crew(load, redis_url=redis_url, policy=policy, run_policy=run_policy, queue_policy=queue_policy, changed=changed)
    return crew.run(processes, notifier=notifier, beat=beat)
