"""How does a job become pages that a child analyses? RQ's worker with everything replaced that forks, loses or obeys too much.

It takes jobs hot before cold, hands their pages one by one to a ``WarmChild``, lets an archive batch give way to a hot page, and
gives back what it cannot finish. It knows neither what an analysis is nor how many workers there are.
"""

from __future__ import annotations

import os
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
from pipeline.broker.policy import WorkPolicy
from pipeline.errors import BrokerError
from pipeline.model import Lane
from pipeline.telemetry import analyses, log
from workers.child import WarmChild
from workers.lifetime import Ending
from workers.post import Beat

_WAIT: Final = 1
"""Seconds that a worker waits for a job at a time, so that it hears of its end that soon."""
_HEARTBEAT_TTL: Final = 15
"""Seconds after which RQ counts a job as abandoned whose worker is silent; its own figure is 90."""
_WORKER_TTL: Final = 20
_MONITORING: Final = 5
_MAINTENANCE: Final = 10


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
        if lane is Lane.COLD and not self._stop():
            pages = self._child.glance(pages)
            self._beat()
        for number, page_id in enumerate(pages):
            if self._stop() or self._gives_way(lane, since):
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
