"""How do pages get from the queue to a child that analyses them? By an RQ worker that keeps one child warm.

A stock RQ worker forks for each job, and cannot end a job that hangs in C code before a minute and a half has passed.
This one takes jobs hot before cold and hands their pages, one by one, to its ``WarmChild``. It never loses a page: what
it cannot finish it gives back, and what it takes along when it is killed, the ledger offers again when its lease ends.
Several workers are forked from one process that has loaded the names and models once, so they share that memory.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import Final

from redis.exceptions import RedisError
from rq.exceptions import DequeueTimeout, StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.worker import Worker
from rq.worker.base import WorkerStatus

from pipeline.broker.jobs import Broker, PageJob, PageQueue
from pipeline.broker.keys import LANES
from pipeline.broker.policy import QueuePolicy, RunPolicy, WorkPolicy
from pipeline.errors import BrokerError, WirewatchError
from pipeline.model import Lane
from pipeline.telemetry import analyses, log
from workers.child import Ending, Loader, Opener, WarmChild
from workers.metrics import Publisher, published_as
from workers.notify import Notifier
from workers.post import Beat, Post
from workers.supervise import Supervisor

_WAIT: Final = 1
"""Seconds that a worker waits for a job at a time, so that it hears of its end that soon."""
_HEARTBEAT_TTL: Final = 15
"""Seconds after which RQ counts a job as abandoned whose worker is silent; its own figure is 90."""
_WORKER_TTL: Final = 20
_MONITORING: Final = 5
_MAINTENANCE: Final = 10
_LOOK_FOR_CHANGES: Final = 2.0


class PageWorker(Worker):
    """RQ's worker with a warm child in place of a fork for each job, and without its remote control."""

    job_class = PageJob
    queue_class = PageQueue  # type: ignore[assignment] # RQ does not say that a subclass may stand here

    def __init__(self, broker: Broker, child: WarmChild, policy: WorkPolicy, *, stop: Callable[[], bool], beat: Beat) -> None:
        super().__init__(
            [PageQueue(lane.value, connection=broker.redis) for lane in LANES],
            name=f"worker@{socket.gethostname()}:{os.getpid()}:{os.urandom(3).hex()}",
            connection=broker.redis,
            job_class=PageJob,
            queue_class=PageQueue,
            serializer=JSONSerializer,
            worker_ttl=_WORKER_TTL,
            job_monitoring_interval=_MONITORING,
            maintenance_interval=_MAINTENANCE,
            log_job_description=False,
        )
        self.log_result_lifespan = False
        self._broker = broker
        self._child = child
        self._policy = policy
        self._stop = stop
        self._beat = beat
        self.trouble = False
        """Whether the last page found the ledger out of reach."""

    def _install_signal_handlers(self) -> None:
        """The process has its own: RQ's raise in the middle of a dequeue, and the job just popped is lost."""

    def subscribe(self) -> None:
        """No remote control: it needs a thread, which forking forbids, and obeys whoever can write to Redis."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def check_for_suspension(self, burst: bool) -> None:  # noqa: FBT001 - RQ's signature
        """Never suspended: waiting for it to end would show no life and hear no end."""

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Seconds until RQ's maintenance counts the job as abandoned."""
        return _HEARTBEAT_TTL

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None) -> tuple[Job, Queue] | None:
        """The next job, hot before cold.

        Raises:
            StopRequested: the end was asked for, or the ledger is out of reach; no job is held then.
        """
        self.set_state(WorkerStatus.IDLE)
        while not (self._stop() or self.trouble):
            self._beat()
            self.heartbeat()
            if self.should_run_maintenance_tasks:
                self.run_maintenance_tasks()  # type: ignore[no-untyped-call] # RQ's
            try:
                return self.queue_class.dequeue_any(
                    self._ordered_queues, _WAIT, connection=self.connection, job_class=PageJob, serializer=JSONSerializer
                )
            except DequeueTimeout:
                continue
        raise StopRequested

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Have the child analyse the job's pages. As far as RQ can tell, every job succeeds: the ledger knows better."""
        assert isinstance(job, PageJob)
        try:
            pages = job.page_ids()
        except BrokerError as error:
            log("work").warning("job_refused", job=job.id, error=str(error))
            job.delete()
            return
        execution = self.prepare_execution(job)
        self.prepare_job_execution(job)
        lane = Lane(queue.name)
        self._child.beat = self._during(job, execution)
        left = self._analyse(pages, lane)
        if left:
            self._broker.enqueue(lane, left, first=True)
        self._finish(job, execution)
        self.set_state(WorkerStatus.IDLE)

    def _finish(self, job: PageJob, execution: Execution) -> None:
        """Take the job out of Redis.

        RQ's own way keeps results and looks after dependents and retries, none of which ours have, in three times as many
        commands; and it fails where a flush or a restart of the server has taken half of the job away.
        """
        with self.connection.pipeline() as pipeline:
            self.increment_successful_job_count(pipeline)
            self.cleanup_execution(job, pipeline, execution)
            pipeline.delete(job.key, job.execution_registry.key)
            pipeline.execute()

    def _during(self, job: PageJob, execution: Execution) -> Beat:
        """The sign of life while a page takes its time: ours always, RQ's every few seconds."""
        due = time.monotonic() + _MONITORING

        def beat() -> None:
            nonlocal due
            self._beat()
            if time.monotonic() < due:
                return
            due = time.monotonic() + _MONITORING
            try:
                self.maintain_heartbeats(job, execution)
            except RedisError as error:  # the page at hand needs the ledger, not Redis
                log("work").debug("heartbeat_not_sent", error=str(error))

        return beat

    def _analyse(self, pages: Sequence[str], lane: Lane) -> Sequence[str]:
        """Analyse the pages in turn. Returns those to give back: at the end, in trouble, or where a hot page waits."""
        since = time.monotonic()
        self.trouble = False
        for number, page_id in enumerate(pages):
            if self._stop() or (number and self._gives_way(lane, since)):
                return pages[number:]
            outcome = self._child.analyse(page_id)
            self._beat()
            if outcome.ending is Ending.UNAVAILABLE:
                log("work").warning("ledger_unavailable", page=page_id, error=outcome.says)
                self.trouble = True
                return pages[number:]
            if outcome.ending is Ending.CRASHED:  # what went well the child counts itself
                analyses.labels(outcome=outcome.ending.value).inc()
        return ()

    def _gives_way(self, lane: Lane, since: float) -> bool:
        if lane is Lane.HOT or time.monotonic() - since < self._policy.yield_after:
            return False
        try:
            return self._broker.depth(Lane.HOT) > 0
        except BrokerError:  # the batch at hand needs the ledger, not Redis
            return False


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
