"""How do page ids travel from whoever stored a page to whoever analyses it?

Through two RQ queues. A job carries ids and nothing else, may run twice, and may be lost: the ledger decides what is
offered again. This module knows neither the database nor what an analysis is.

Whoever can write to Redis can write jobs, so a job is data here and never a name to import (a forged JSON job made a
stock worker run ``os.mkdir``): the function must be on the allow list, callbacks and webhooks are dropped on reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry as ConnectionRetry
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.executions import Execution
from rq.job import Job, Retry
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.utils import utcparse

from pipeline.broker.keys import ANALYSE, EPOCH, LANES, METRICS, batches, is_page_id
from pipeline.broker.policy import QueuePolicy
from pipeline.errors import BrokerError, ConfigError
from pipeline.model import Lane
from pipeline.telemetry import log

_CONNECT_TIMEOUT: Final = 5.0
_REPLY_TIMEOUT: Final = 10.0
_SILENT_AFTER: Final = 30.0
"""Seconds after which a worker counts as gone: six of its signs of life are missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressure:
    """How full Redis is."""

    waiting: Mapping[Lane, int]
    """Jobs in each lane."""
    memory: float
    """Share of ``maxmemory`` in use, 0 where Redis has no limit or does not tell."""
    pause: bool
    """Whether whoever feeds the queues should wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerSeen:
    """A worker as Redis knows it."""

    name: str
    host: str
    pid: int
    state: str
    """``idle`` or ``busy``."""
    silent: float
    """Seconds since its last sign of life; an idle worker gives one each second, a busy one every five."""


class PageJob(Job):
    """A job as it comes back from Redis, with everything taken out that could run somebody else's code."""

    def restore(self, raw_data: Any) -> None:
        """Read the hash, then forget callbacks, webhooks and repetitions: ours have none, so these are forged."""
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        self.repeats_left = self.repeat_intervals = None
        self.rate_limit_key = self.rate_limit_concurrency = None

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> PageJob:  # noqa: A002 - RQ's name
        """The job of this id. One that cannot be read is deleted and reported as missing.

        RQ lets the error through, and the worker that met it exits, as does the next one.
        """
        try:
            return cast("PageJob", super().fetch(id, connection=connection, serializer=serializer))
        except (NoSuchJobError, RedisConnectionError, RedisTimeoutError):
            raise
        except Exception as error:
            key = cls.key_for(id)
            log("broker").warning("unreadable_job_deleted", job=id, error=f"{type(error).__name__}: {error}")
            if connection is not None:
                connection.delete(key)
            raise NoSuchJobError(f"No such job: {key}") from error

    @property
    def func(self) -> None:
        """Nothing: a job of ours is never imported and called, whatever it names."""
        raise BrokerError(f"job {self.id} cannot be called; workers read its page ids instead")

    def page_ids(self) -> tuple[str, ...]:
        """The pages that this job asks to analyse.

        Raises:
            BrokerError: it names another function or carries anything but ids of the ledger.
        """
        try:
            name, args, kwargs = self.func_name, self.args, self.kwargs
        except DeserializationError as error:
            raise BrokerError(f"job {self.id} is not JSON") from error
        if name != ANALYSE:
            raise BrokerError(f"job {self.id} names {name!r}, which is not on the allow list")
        if kwargs or not (isinstance(args, list) and len(args) == 1 and isinstance(args[0], list)):
            raise BrokerError(f"job {self.id} carries other arguments than one list of page ids")
        if not all(map(is_page_id, args[0])):
            raise BrokerError(f"job {self.id} carries something that is not a page id")
        return tuple(args[0])


class PageQueue(Queue):
    """A lane: jobs are ``PageJob`` and written as JSON whatever the caller says."""

    job_class = PageJob

    def __init__(self, name: str, connection: Redis | None = None, **kwargs: Any) -> None:
        kwargs.update(job_class=PageJob, serializer=JSONSerializer)
        super().__init__(name, connection=connection, **kwargs)


def connect(url: str) -> Redis:
    """A client for ``redis://``, ``rediss://`` (TLS) or ``unix://``; nothing is sent yet.

    Raises:
        ConfigError: the URL cannot be read.
    """
    try:
        return Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_TIMEOUT,
            socket_timeout=_REPLY_TIMEOUT,
            health_check_interval=30,
            retry=ConnectionRetry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        )
    except (ValueError, TypeError) as error:
        raise ConfigError(f"redis_url: {error}; write redis://host:6379/0, rediss://host:6379/0 or unix:///path") from error


def exposed(url: str) -> str | None:
    """What is unsafe about this URL, in words for ``check`` and ``doctor``; None where nothing is.

    Writing to the queue decides what workers do, so a Redis that others can reach needs TLS and a password.
    """
    client = connect(url)
    kwargs = client.connection_pool.connection_kwargs
    client.close()
    host = kwargs.get("host")
    if host is None or host in {"localhost", "127.0.0.1", "::1"}:
        return None
    wanted = {"TLS (rediss://)": url.startswith("rediss:"), "a password": bool(kwargs.get("password"))}
    missing = [what for what, there in wanted.items() if not there]
    return f"redis_url: {host} is reached without {' and without '.join(missing)}" if missing else None


class Broker:
    """The queues as the rest of the service sees them. Synchronous; async callers cross with ``asyncio.to_thread``."""

    def __init__(self, url: str, *, policy: QueuePolicy | None = None) -> None:
        self.url = url
        self.policy = policy or QueuePolicy()
        self.redis = connect(url)
        self._queues = {lane: PageQueue(lane.value, connection=self.redis) for lane in LANES}

    def enqueue(self, lane: Lane, page_ids: Iterable[str], *, first: bool = False) -> int:
        """Offer pages to the workers, in as few jobs as the lane's batch size allows. Returns the number of jobs.

        ``first`` puts them before all others of the lane: pages that a worker gives back when it has to go.

        Raises:
            BrokerError: Redis is out of reach or full; the ledger still holds the pages.
        """
        size = self.policy.hot_batch if lane is Lane.HOT else self.policy.cold_batch
        jobs = [self._job(batch, first=first) for batch in batches(page_ids, size)]
        if jobs:
            with _translated("enqueue"):
                self._queues[lane].enqueue_many(jobs)
        return len(jobs)

    def _job(self, batch: Sequence[str], *, first: bool) -> Any:
        # Retry without intervals: a kill inside ``Retry(interval=)`` loses the job.
        return Queue.prepare_data(
            ANALYSE,
            args=(list(batch),),
            timeout=int(self.policy.job_timeout),
            result_ttl=0,
            failure_ttl=int(self.policy.failure_ttl),
            description=f"{len(batch)} pages from {batch[0]}",
            at_front=first,
            retry=Retry(max=2),
        )

    def depth(self, lane: Lane) -> int:
        """Jobs that wait in a lane."""
        with _translated("depth"):
            return int(self._queues[lane].count)

    def workers(self, *, host: str = "") -> int:
        """Workers, on that host if one is named, that have shown life lately."""
        return sum(worker.silent < _SILENT_AFTER and host in {"", worker.host} for worker in self.crew())

    def crew(self) -> list[WorkerSeen]:
        """Every worker that has not said that it ended."""
        with _translated("crew"):
            keys = sorted(key.decode() for key in cast("set[bytes]", self.redis.smembers("rq:workers")))
            pipeline = self.redis.pipeline(transaction=False)
            pipeline.time()  # the clock of the one machine that all of them share
            for key in keys:
                pipeline.hmget(key, "hostname", "pid", "state", "last_heartbeat")
            (seconds, _), *rows = pipeline.execute()
        return [_seen(key, seconds, *row) for key, row in zip(keys, rows, strict=True) if row[3] is not None]

    def take_back(self, is_dead: Callable[[str], bool]) -> int:
        """Put the jobs that dead workers had begun before all others of their lane. Returns how many.

        RQ does so itself some 20 s later. ``is_dead`` is asked about names of workers.
        """
        with _translated("take_back"):
            return sum(self._take_back(queue, is_dead) for queue in self._queues.values())

    def _take_back(self, queue: PageQueue, is_dead: Callable[[str], bool]) -> int:
        registry, count = queue.started_job_registry, 0
        for begun in cast("list[bytes]", self.redis.zrange(registry.key, 0, -1)):
            execution = Execution.from_composite_key(begun.decode(), connection=self.redis)
            worker = cast("bytes | None", self.redis.hget(execution.key, "worker_name"))
            if worker is None or not is_dead(worker.decode()):
                continue
            # only one of several that look at the same time gets it
            if self.redis.zrem(registry.key, begun):
                self.redis.delete(execution.key)
                queue.push_job_id(execution.job_id, at_front=True)
                count += 1
        return count

    def pressure(self) -> Pressure:
        """How full the lanes and the memory are, and whether to pause feeding them."""
        waiting = {lane: self.depth(lane) for lane in LANES}
        memory = self._memory()
        pause = memory >= self.policy.pause_memory or max(waiting.values()) >= self.policy.pause_depth
        return Pressure(waiting=waiting, memory=memory, pause=pause)

    def _memory(self) -> float:
        with _translated("memory"):
            try:
                info: Any = self.redis.info("memory")
            except ResponseError:  # hosted servers may forbid INFO; the depth still guards
                return 0.0
            limit = int(info.get("maxmemory", 0))
            return int(info["used_memory"]) / limit if limit else 0.0

    def forgot(self) -> bool:
        """Whether Redis has lost what it was given since anybody last asked: it is new, was flushed, or lost its disk.

        True exactly once for each loss, however many ask: whoever is told must make all offers void.
        """
        with _translated("epoch"):
            return bool(self.redis.set(EPOCH, 1, nx=True))

    def ping(self) -> None:
        """Return if Redis answers.

        Raises:
            BrokerError: it does not.
        """
        with _translated("ping"):
            self.redis.ping()

    def publish_metrics(self, process: str, text: str, *, seconds: int) -> None:
        """Leave the counters of a process for the one that answers /metrics; they vanish after ``seconds``."""
        with _translated("metrics"):
            self.redis.set(METRICS + process, text, ex=seconds)

    def published_metrics(self) -> dict[str, str]:
        """What every living process has published, by its name."""
        with _translated("metrics"):
            keys = sorted(self.redis.scan_iter(match=METRICS + "*", count=500))
            texts: Any = self.redis.mget(keys) if keys else []
        prefix = len(METRICS)
        return {key.decode()[prefix:]: text.decode() for key, text in zip(keys, texts, strict=True) if text is not None}

    def close(self) -> None:
        """Give the connections back."""
        self.redis.close()


def _seen(key: str, now: int, host: bytes | None, pid: bytes | None, state: bytes | None, at: bytes) -> WorkerSeen:
    return WorkerSeen(
        name=key.removeprefix("rq:worker:"),
        host=(host or b"").decode("utf-8", "replace"),
        pid=int(pid) if pid and pid.isdigit() else 0,
        state=(state or b"").decode("utf-8", "replace"),
        silent=max(0.0, now - utcparse(at.decode()).timestamp()),
    )


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Redis' errors as ours, with the cause kept."""
    try:
        yield
    except RedisError as error:
        raise BrokerError(f"Redis ({what}): {error}") from error
    except OSError as error:
        raise BrokerError(f"Redis ({what}) is out of reach: {error}") from error
