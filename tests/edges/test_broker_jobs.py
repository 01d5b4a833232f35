"""Page ids through the queues, and everything that somebody else may have written into them."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from redis import Redis
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker, PageJob, PageQueue, connect, exposed
from pipeline.broker.policy import QueuePolicy
from pipeline.errors import BrokerError, ConfigError
from pipeline.model import Lane


def page(number: int) -> str:
    return f"pg_{number:020x}"


def waiting(broker: Broker, lane: Lane) -> list[PageJob]:
    queue = PageQueue(lane.value, connection=broker.redis)
    return [job for ident in queue.get_job_ids() if (job := queue.fetch_job(ident)) is not None]


def forge(broker: Broker, lane: Lane, **fields: Any) -> str:
    """A job as somebody with access to Redis could write it; returns its id."""
    key = "rq:job:forged"
    data = fields.pop("data", json.dumps(["os.mkdir", None, ["/tmp/forged"], {}]).encode())
    broker.redis.hset(key, mapping={"data": zlib.compress(data), "created_at": "2026-01-01T00:00:00.000000Z", "status": "queued", **fields})
    broker.redis.rpush(f"rq:queue:{lane.value}", "forged")
    return "forged"


def take(broker: Broker, *lanes: Lane) -> PageJob | None:
    queues = [PageQueue(lane.value, connection=broker.redis) for lane in lanes]
    taken = PageQueue.dequeue_any(queues, None, connection=broker.redis, job_class=PageJob, serializer=JSONSerializer)
    return taken[0] if taken else None


@pytest.mark.parametrize(("lane", "jobs", "largest"), [(Lane.HOT, 9, 4), (Lane.COLD, 3, 16)])
def test_pages_travel_in_batches_and_in_order(broker: Broker, lane: Lane, jobs: int, largest: int) -> None:
    pages = [page(number) for number in range(33)]
    assert broker.enqueue(lane, pages) == jobs == broker.depth(lane)
    carried = [job.page_ids() for job in waiting(broker, lane)]
    assert max(map(len, carried)) == largest
    assert [ident for batch in carried for ident in batch] == pages


def test_an_id_named_twice_travels_once(broker: Broker) -> None:
    broker.enqueue(Lane.HOT, [page(1), page(2), page(1)])
    assert [job.page_ids() for job in waiting(broker, Lane.HOT)] == [(page(1), page(2))]


def test_nothing_to_offer_is_no_job(broker: Broker) -> None:
    assert broker.enqueue(Lane.HOT, []) == 0
    assert broker.depth(Lane.HOT) == 0


def test_pages_given_back_go_first(broker: Broker) -> None:
    broker.enqueue(Lane.COLD, [page(1)])
    broker.enqueue(Lane.COLD, [page(2)], first=True)
    assert [job.page_ids() for job in waiting(broker, Lane.COLD)] == [(page(2),), (page(1),)]


def test_hot_is_taken_before_cold(broker: Broker) -> None:
    broker.enqueue(Lane.COLD, [page(1)])
    broker.enqueue(Lane.HOT, [page(2)])
    taken = [take(broker, Lane.HOT, Lane.COLD) for _ in range(2)]
    assert [job.page_ids() for job in taken if job] == [(page(2),), (page(1),)]


def test_a_forged_function_is_refused_and_cannot_be_called(broker: Broker) -> None:
    forge(broker, Lane.HOT)
    job = take(broker, Lane.HOT)
    assert job is not None
    with pytest.raises(BrokerError, match=r"'os.mkdir', which is not on the allow list"):
        job.page_ids()
    with pytest.raises(BrokerError, match="cannot be called"):
        job.perform()


@pytest.mark.parametrize(
    "data",
    [
        b"not json",
        b'["wirewatch.analyse", null, [["../../etc/passwd"]], {}]',
        b'["wirewatch.analyse", null, [[7]], {}]',
        b'["wirewatch.analyse", null, ["pg_00000000"], {}]',
        b'["wirewatch.analyse", null, [["pg_00000000"]], {"extra": 1}]',
        b'["wirewatch.analyse", null, [["pg_00000000"], 1], {}]',
        b'"wirewatch.analyse"',
        b"[1, 2]",
        b"\x80\x04\x95",
    ],
)
def test_forged_arguments_are_refused(broker: Broker, data: bytes) -> None:
    forge(broker, Lane.HOT, data=data)
    job = take(broker, Lane.HOT)
    assert job is not None
    with pytest.raises(BrokerError):
        job.page_ids()


def test_forged_callbacks_and_webhooks_are_forgotten(broker: Broker) -> None:
    ident = forge(
        broker,
        Lane.HOT,
        success_callback_name="os.getcwd",
        failure_callback_name="os.getcwd",
        stopped_callback_name="os.getcwd",
        webhooks=json.dumps([{"url": "http://127.0.0.1:1/", "statuses": ["failed"]}]),
        repeats_left="5",
    )
    job = PageJob.fetch(ident, connection=broker.redis, serializer=JSONSerializer)
    assert job.success_callback is None
    assert job.failure_callback is None
    assert job.stopped_callback is None
    assert job.webhooks == []
    assert job.repeats_left is None


@pytest.mark.parametrize("field", [{"status": "no such status"}, {"timeout": "soon"}, {"created_at": "yesterday"}, {"result_ttl": "x"}])
def test_an_unreadable_job_is_deleted_and_the_next_one_taken(broker: Broker, field: dict[str, str]) -> None:
    forge(broker, Lane.HOT, **field)
    broker.enqueue(Lane.HOT, [page(1)])
    job = take(broker, Lane.HOT)
    assert job is not None
    assert job.page_ids() == (page(1),)
    assert not broker.redis.exists("rq:job:forged")


def test_a_job_of_another_type_is_deleted_too(broker: Broker) -> None:
    broker.redis.set("rq:job:forged", "a string")
    broker.redis.rpush("rq:queue:hot", "forged")
    assert take(broker, Lane.HOT) is None
    assert not broker.redis.exists("rq:job:forged")


def test_a_stock_worker_cannot_run_our_jobs(broker: Broker) -> None:
    broker.enqueue(Lane.HOT, [page(1)])
    ident = Queue("hot", connection=broker.redis).get_job_ids()[0]
    with pytest.raises(ValueError, match="Invalid attribute name"):
        Job.fetch(ident, connection=broker.redis, serializer=JSONSerializer).perform()


def test_nothing_in_redis_is_pickled(broker: Broker) -> None:
    broker.enqueue(Lane.COLD, [page(1)])
    key = next(broker.redis.scan_iter(match="rq:job:*"))
    assert json.loads(zlib.decompress(broker.redis.hget(key, "data"))) == ["wirewatch.analyse", None, [[page(1)]], {}]


def test_pressure_tells_when_to_pause(server: EmbeddedServer) -> None:
    broker = Broker(server.url, policy=QueuePolicy(pause_depth=2))
    assert not broker.pressure().pause
    broker.enqueue(Lane.COLD, [page(number) for number in range(32)])
    pressure = broker.pressure()
    assert pressure.pause
    assert pressure.waiting == {Lane.HOT: 0, Lane.COLD: 2}
    assert 0 < pressure.memory < 0.5
    broker.close()


def test_memory_pressure_pauses(broker: Broker) -> None:
    used = broker.redis.info("memory")["used_memory"]
    broker.redis.config_set("maxmemory", int(used * 1.2))
    assert broker.pressure().pause


def test_a_full_server_is_an_error_of_ours(broker: Broker) -> None:
    broker.redis.config_set("maxmemory", 1)
    with pytest.raises(BrokerError, match="maxmemory"):
        broker.enqueue(Lane.HOT, [page(1)])


def test_a_server_that_is_gone_is_an_error_of_ours(broker: Broker, server: EmbeddedServer) -> None:
    server.stop()
    for question in (broker.ping, broker.pressure, broker.workers, broker.forgot, broker.published_metrics):
        with pytest.raises(BrokerError):
            question()
    with pytest.raises(BrokerError):
        broker.enqueue(Lane.HOT, [page(1)])
    assert BrokerError.retryable


def test_a_loss_is_told_once(broker: Broker) -> None:
    assert broker.forgot()
    assert not broker.forgot()
    broker.redis.flushall()
    assert broker.forgot()
    assert not broker.forgot()


def test_metrics_of_processes_are_kept_apart(broker: Broker) -> None:
    assert broker.published_metrics() == {}
    broker.publish_metrics("work-1", "one", seconds=60)
    broker.publish_metrics("work-2", "two", seconds=60)
    assert broker.published_metrics() == {"work-1": "one", "work-2": "two"}


@pytest.mark.parametrize("url", ["http://host", "redis://host:port", "nonsense"])
def test_a_url_that_cannot_be_read_is_the_configurations_fault(url: str) -> None:
    with pytest.raises(ConfigError, match="redis_url"):
        connect(url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("unix:///run/x.sock", None),
        ("redis://localhost/0", None),
        ("redis://queue.example/0", "without TLS .rediss://. and without a password"),
        ("rediss://queue.example/0", "without a password"),
        ("rediss://:secret@queue.example/0", None),
    ],
)
def test_an_exposed_redis_is_pointed_out(url: str, says: str | None) -> None:
    said = exposed(url)
    if says is None:
        assert said is None
    else:
        import re

        assert said is not None
        assert re.search(says, said)
        assert "secret" not in said


def test_the_client_speaks_tls() -> None:
    client: Redis = connect("rediss://queue.example:6380/0")
    assert client.connection_pool.connection_class.__name__ == "SSLConnection"


def test_workers_are_counted_while_they_show_life(broker: Broker) -> None:
    assert broker.crew() == []
    seconds = broker.redis.time()[0]
    for name, host, silent in (("one", "a", 0), ("two", "b", 0), ("three", "b", 31)):
        at = utcformat(datetime.fromtimestamp(seconds - silent, UTC))
        broker.redis.sadd("rq:workers", f"rq:worker:{name}")
        broker.redis.hset(f"rq:worker:{name}", mapping={"hostname": host, "pid": 7, "state": "busy", "last_heartbeat": at})
    broker.redis.sadd("rq:workers", "rq:worker:long-gone")
    assert next((seen.name, seen.host, seen.pid, seen.state) for seen in broker.crew()) == ("one", "a", 7, "busy")
    assert len(broker.crew()) == 3
    assert broker.workers() == 2
    assert broker.workers(host="b") == 1
