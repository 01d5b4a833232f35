"""What machines are told about the service, from a real ledger and a real queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from rq.utils import utcformat

from pipeline import telemetry
from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker
from pipeline.model import Entry, Lane
from pipeline.store import Store, open_store
from pipeline.store.entries import DirectArticle
from pipeline.store.reports import Heartbeat
from workers.health import Health, build_app, publisher_loop
from workers.metrics import together

NOW = 1_800_000_000.0


@pytest.fixture
def ledger(sqlite_url: str):
    with open_store(sqlite_url) as store:
        yield store


def ask(store: Store, broker: Broker, question: Callable[[TestClient], Awaitable[Any]]) -> Any:
    async def asking() -> Any:
        app = build_app(Health(store, broker, process="serve", now=lambda: NOW))
        async with TestClient(TestServer(app)) as client:
            return await question(client)

    return asyncio.run(asking())


def readiness(store: Store, broker: Broker) -> tuple[int, dict[str, Any]]:
    async def question(client: TestClient) -> tuple[int, dict[str, Any]]:
        async with client.get("/readyz") as reply:
            return reply.status, await reply.json()

    return ask(store, broker, question)


def alive(store: Store, role: str, at: float = NOW) -> None:
    store.reports.beat(Heartbeat(process=f"{role}/x", role=role, host="h", pid=1, version="0", started_at=at, at=at))


def worker_seen(broker: Broker, silent: float = 0.0) -> None:
    at = utcformat(datetime.fromtimestamp(time.time() - silent, UTC))
    broker.redis.sadd("rq:workers", "rq:worker:one")
    broker.redis.hset("rq:worker:one", mapping={"hostname": "h", "pid": 7, "state": "idle", "last_heartbeat": at})


def test_a_process_that_answers_is_alive(ledger: Store, broker: Broker) -> None:
    async def question(client: TestClient) -> Any:
        async with client.get("/healthz") as reply:
            return reply.status, await reply.json()

    assert ask(ledger, broker, question) == (200, {"status": "ok"})


def test_it_is_ready_when_every_part_is_there(ledger: Store, broker: Broker) -> None:
    status, said = readiness(ledger, broker)
    assert status == 503
    assert {name for name, check in said["checks"].items() if not check["ok"]} == {"poll", "deliver", "work"}
    alive(ledger, "poll"), alive(ledger, "deliver"), worker_seen(broker)
    status, said = readiness(ledger, broker)
    assert status == 200, said
    assert said["checks"]["work"] == {"ok": True, "says": "1 alive"}


def test_signs_of_life_grow_old(ledger: Store, broker: Broker) -> None:
    alive(ledger, "poll", NOW - 46), alive(ledger, "deliver"), worker_seen(broker, 31)
    status, said = readiness(ledger, broker)
    assert status == 503
    assert not said["checks"]["poll"]["ok"]
    assert not said["checks"]["work"]["ok"]


def test_it_is_not_ready_while_hot_pages_wait(ledger: Store, broker: Broker) -> None:
    alive(ledger, "poll"), alive(ledger, "deliver"), worker_seen(broker)
    entry = Entry(id="1", url="https://paper.example/1")
    ledger.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=b"x", lane=Lane.HOT), NOW - 61)
    status, said = readiness(ledger, broker)
    assert status == 503
    assert said["checks"]["analyse_hot in time"] == {"ok": False, "says": "1 due, the oldest for 1 min"}


def test_a_queue_out_of_reach_is_named_and_metrics_still_answer(ledger: Store, broker: Broker, server: EmbeddedServer) -> None:
    server.stop()
    status, said = readiness(ledger, broker)
    assert status == 503
    assert not said["checks"]["queue"]["ok"]

    async def question(client: TestClient) -> str:
        async with client.get("/metrics") as reply:
            assert reply.status == 200
            return await reply.text()

    assert 'wirewatch_degraded{process="serve",what="queue"} 1.0' in ask(ledger, broker, question)


def test_metrics_join_all_processes(ledger: Store, broker: Broker) -> None:
    telemetry.polls.labels(outcome="ok").inc()
    broker.publish_metrics(
        "work-1",
        '# HELP wirewatch_polls_total x\n# TYPE wirewatch_polls_total counter\nwirewatch_polls_total{outcome="ok"} 5\n',
        seconds=60,
    )
    entry = Entry(id="1", url="https://paper.example/1")
    ledger.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=b"x", lane=Lane.COLD), NOW - 5)

    async def question(client: TestClient) -> str:
        async with client.get("/metrics") as reply:
            assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            return await reply.text()

    text = ask(ledger, broker, question)
    assert 'wirewatch_polls_total{outcome="ok",process="work-1"} 5.0' in text
    assert 'wirewatch_polls_total{outcome="ok",process="serve"}' in text
    assert text.count("# TYPE wirewatch_polls_total counter") == 1
    assert 'wirewatch_backlog{process="serve",stage="analyse_cold"} 1.0' in text
    assert 'wirewatch_past_due_seconds{process="serve",stage="analyse_cold"} 5.0' in text


def test_histograms_survive_being_joined() -> None:
    from workers.metrics import own

    telemetry.stage_seconds.labels(stage="joined").observe(0.02)
    text = together({"a": own(), "b": own()}).decode()
    assert 'wirewatch_stage_seconds_bucket{le="0.03",process="a",stage="joined"} 1.0' in text
    assert 'wirewatch_stage_seconds_bucket{le="+Inf",process="b",stage="joined"} 1.0' in text
    assert 'wirewatch_stage_seconds_count{process="b",stage="joined"} 1.0' in text


def test_the_dashboard_can_be_mounted_beside(ledger: Store, broker: Broker) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="a page")

    app = build_app(Health(ledger, broker, process="serve", now=lambda: NOW), lambda app: app.add_routes([web.get("/", page)]))
    assert {str(route.resource.canonical) for route in app.router.routes() if route.resource} == {"/", "/healthz", "/readyz", "/metrics"}


async def test_a_process_leaves_its_counters(broker: Broker) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(publisher_loop(broker, "poll@h")(stop, lambda: None))
    for _ in range(500):
        if "poll@h" in await asyncio.to_thread(broker.published_metrics):
            break
        await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert "wirewatch_polls" in broker.published_metrics()["poll@h"]
