"""The deliverer against real receivers on the loopback, good and evil, and a real ledger."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from standardwebhooks import Webhook
from storelife import NOW, alerted

from pipeline.alerts import sample
from pipeline.alerts.endpoints import Breaker, EndpointSpec, Failing, Reach, Severity
from pipeline.alerts.payload import alert as alert_payload
from pipeline.alerts.payload import encode, envelope
from pipeline.alerts.retry import RetryPolicy
from pipeline.flow.chores import send_digests
from pipeline.flow.outbox import OutboxPolicy
from pipeline.net.policy import NetPolicy
from pipeline.store import Store, open_store
from pipeline.store.analysis import DeliveryPlan
from pipeline.store.deliveries import DeliveryState, MessageRecord
from workers.deliverer import Deliverer

SECRET = "whsec_" + "QUJD" * 8
FAST = RetryPolicy(schedule=(0.0, 0.2, 0.4, 0.4, 0.4, 0.4), jitter=0.0)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Receiver:
    """A server that keeps what it was sent and answers as told."""

    url: str = ""
    seen: list[tuple[str, bytes, dict[str, str], float]] = field(default_factory=list)
    answers: list[web.Response | Handler] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [ident for ident, _, _, _ in self.seen]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append((request.headers.get("webhook-id", ""), body, dict(request.headers), time.time()))
        answer = self.answers.pop(0) if self.answers else web.Response(status=204)
        return await answer(request) if callable(answer) and not isinstance(answer, web.Response) else answer  # type: ignore[return-value]


@asynccontextmanager
async def receiver(*answers: web.Response | Handler) -> AsyncIterator[Receiver]:
    found = Receiver(answers=list(answers))
    app = web.Application()
    app.router.add_post("/{tail:.*}", found.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield found
    finally:
        await runner.cleanup()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened  # type: ignore[misc]
    opened.close()


def spec(url: str, ident: str = "ops", **changes: object) -> EndpointSpec:
    given = {"id": ident, "url": url, "secret": SECRET, "network": Reach.LOCAL, "timeout": 2.0}
    return EndpointSpec(**{**given, **changes})  # type: ignore[arg-type]


def put(store: Store, *endpoints: str, count: int = 1, story: str | None = None, start: int = 0) -> list[str]:
    names = [f"al_{number:06d}{story or ''}" for number in range(start, start + count)]
    for name in names:
        body = encode(envelope("alert.match", {"alert_id": name}, now=time.time()))
        store.deliveries.add_message(
            MessageRecord(
                id=name, type="alert.match", body=body, created_at=time.time(), endpoints=tuple(endpoints), route="notice", story_id=story
            )
        )
    return names


@asynccontextmanager
async def delivering(store: Store, *endpoints: EndpointSpec, retry: RetryPolicy = FAST) -> AsyncIterator[Deliverer]:
    made = Deliverer(
        store, endpoints, NetPolicy(), owner="test", now=time.time, rng=random.Random(1), policy=OutboxPolicy(idle=0.05), retry=retry
    )
    await made.prepare()
    stop = asyncio.Event()
    task = asyncio.create_task(made.run(stop, lambda: None))
    try:
        yield made
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until(done: Callable[[], bool], seconds: float = 15.0) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - the ledger tells nobody when it changes
            await asyncio.sleep(0.02)


def states(store: Store) -> set[str]:
    return {row["state"] for row in store.deliveries.list(limit=10_000)}


def all_delivered(store: Store) -> Callable[[], bool]:
    return lambda: states(store) == {"delivered"}


async def test_a_message_arrives_signed_and_is_logged(store: Store) -> None:
    async with receiver() as there, delivering(store, spec(there.url)):
        names = put(store, "ops", count=3)
        await until(all_delivered(store))
    assert sorted(there.ids) == names
    for _, body, headers, _ in there.seen:
        Webhook(SECRET).verify(body, headers)
    logged = store.deliveries.attempts(store.deliveries.list()[0]["id"])
    assert [row["outcome"] for row in logged] == ["delivered"]
    assert logged[0]["status"] == 204
    assert "first_byte" in logged[0]["detail"]["timings"]


async def test_a_retry_carries_the_same_id_and_bytes(store: Store) -> None:
    async with receiver(web.Response(status=500, text="broken"), web.Response(status=503)) as there, delivering(store, spec(there.url)):
        put(store, "ops")
        await until(all_delivered(store))
    assert len(there.seen) == 3
    assert len({(ident, body) for ident, body, _, _ in there.seen}) == 1
    gaps = [later[3] - earlier[3] for earlier, later in zip(there.seen, there.seen[1:], strict=False)]
    assert gaps[0] >= 0.2
    assert gaps[1] >= 0.4
    logged = store.deliveries.attempts(store.deliveries.list()[0]["id"])
    assert [row["outcome"] for row in logged] == ["server_error", "server_error", "delivered"]
    assert logged[0]["error"] == "broken"
    assert "its own log" in logged[0]["detail"]["hint"]


async def test_retry_after_is_kept_to(store: Store) -> None:
    refused = web.Response(status=429, headers={"Retry-After": "1"})
    async with receiver(refused) as there, delivering(store, spec(there.url)):
        put(store, "ops")
        await until(all_delivered(store))
    assert there.seen[1][3] - there.seen[0][3] >= 1.0


async def test_a_redirect_is_a_failure_and_never_followed(store: Store) -> None:
    async with receiver() as other:
        answers = [web.Response(status=307, headers={"Location": other.url}) for _ in FAST.schedule]
        async with receiver(*answers) as there, delivering(store, spec(there.url, breaker=Breaker(failures=100))):
            put(store, "ops")
            await until(lambda: states(store) == {"failed"})
        assert other.seen == []
    assert len(there.seen) == len(FAST.schedule)


@pytest.mark.parametrize("answer", [{"status": 410}, {"status": 200, "headers": {"webhook-delivery": "disable"}}])
async def test_a_receiver_that_wants_no_more_gets_no_more(store: Store, answer: dict[str, object]) -> None:
    async with receiver(web.Response(**answer)) as there, delivering(store, spec(there.url)):  # type: ignore[arg-type]
        put(store, "ops", story="st_1", count=3)
        await until(lambda: (state := store.deliveries.endpoint("ops")) is not None and state.state == "disabled")
        await asyncio.sleep(0.3)
    assert len(there.seen) == 1
    assert states(store) == {"waiting"}


async def test_switched_on_again_everything_goes_out_in_order(store: Store) -> None:
    async with receiver(web.Response(status=410)) as there:
        async with delivering(store, spec(there.url)):
            names = put(store, "ops", story="st_1", count=3)
            await until(lambda: (state := store.deliveries.endpoint("ops")) is not None and state.state == "disabled")
        store.deliveries.set_endpoint("ops", state="active", reason="", failures=0, failing_since=None, parked_until=None)
        async with delivering(store, spec(there.url)):
            await until(all_delivered(store))
        assert there.ids[1:] == names


async def test_a_story_is_told_in_order_even_when_its_beginning_fails(store: Store) -> None:
    async with receiver(web.Response(status=500), web.Response(status=500)) as there, delivering(store, spec(there.url)):
        first = put(store, "ops", story="st_a", count=4)
        await until(all_delivered(store))
    delivered = list(dict.fromkeys(there.ids))
    assert delivered == first
    assert there.ids[:3] == [first[0]] * 3


async def test_new_messages_do_not_wait_behind_retries(store: Store) -> None:
    slow = RetryPolicy(schedule=(0.0, 2.0), jitter=0.0)
    answers = [web.Response(status=500) for _ in range(20)]
    async with receiver(*answers) as there, delivering(store, spec(there.url, breaker=Breaker(failures=1000)), retry=slow):
        put(store, "ops", count=20)
        await until(lambda: len(there.seen) == 20)
        fresh = put(store, "ops", count=5, start=500)
        await until(lambda: len(there.seen) >= 25)
        assert sorted(there.ids[20:25]) == fresh


async def test_the_breaker_parks_without_burning_attempts(store: Store) -> None:
    broken = spec("http://127.0.0.1:9/hook", breaker=Breaker(failures=2, pause=60.0), concurrency=1)
    async with delivering(store, broken):
        put(store, "ops", count=30)
        await until(lambda: (state := store.deliveries.endpoint("ops")) is not None and state.state == "parked")
        await asyncio.sleep(0.5)
    assert sum(row["attempts"] for row in store.deliveries.list(limit=100)) <= 4
    logged = [row for each in store.deliveries.list(limit=100) for row in store.deliveries.attempts(each["id"])]
    assert {row["outcome"] for row in logged} == {"connect"}


async def test_a_parked_endpoint_recovers_by_one_that_goes_ahead(store: Store) -> None:
    answers = [web.Response(status=500) for _ in range(3)]
    held = {"breaker": Breaker(failures=3, pause=0.5), "concurrency": 1}
    async with receiver(*answers) as there, delivering(store, spec(there.url, **held)):
        put(store, "ops", count=10)
        await until(all_delivered(store))
    state = store.deliveries.endpoint("ops")
    assert state is not None
    assert (state.state, state.failures, state.failing_since) == ("active", 0, None)
    assert len(there.seen) == 13


async def test_a_private_address_needs_network_local(store: Store) -> None:
    async with receiver() as there, delivering(store, spec(there.url, network=Reach.PUBLIC)):
        put(store, "ops")
        await until(lambda: any(store.deliveries.attempts(row["id"]) for row in store.deliveries.list()))
    assert there.seen == []
    logged = store.deliveries.attempts(store.deliveries.list()[0]["id"])
    assert logged[0]["outcome"] == "blocked_address"
    assert "network: local" in logged[0]["detail"]["hint"]


async def test_a_failing_endpoint_is_reported_on_another(store: Store) -> None:
    failing = Failing(report_after=(0.2,))
    async with receiver() as healthy:
        broken = spec("http://127.0.0.1:9/hook", "pager", failing=failing, breaker=Breaker(failures=2, pause=0.1))
        async with delivering(store, spec(healthy.url), broken) as made:
            put(store, "pager", count=2)
            await until(lambda: (state := store.deliveries.endpoint("pager")) is not None and state.failing_since is not None)
            await asyncio.sleep(0.3)
            stop = asyncio.Event()
            chores = asyncio.create_task(made.run_chores(stop, lambda: None))
            await until(lambda: len(healthy.seen) >= 1)
            stop.set()
            await chores
    assert len(healthy.seen) == 1
    assert b'"type":"delivery.failing"' in healthy.seen[0][1]
    assert b"is the receiver running" in healthy.seen[0][1]


async def test_a_rate_is_kept(store: Store) -> None:
    started = time.time()  # before the first is counted: on a busy machine the first arrives late, the last no earlier
    async with receiver() as there, delivering(store, spec(there.url, rate=10.0)):
        put(store, "ops", count=25)
        await until(all_delivered(store))
    assert there.seen[-1][3] - started >= 1.3  # 10 at once, then 10 a second


async def test_a_stopped_deliverer_holds_nothing(store: Store) -> None:
    async def slowly(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return web.Response(status=204)

    async with receiver(*[slowly for _ in range(40)]) as there:
        async with delivering(store, spec(there.url, concurrency=2)):
            put(store, "ops", count=8)
            await until(lambda: len(there.seen) >= 2)
        waiting = store.deliveries.list(state=DeliveryState.WAITING)
        assert all(row["lease_owner"] is None for row in waiting)
        async with delivering(store, spec(there.url, concurrency=8)):
            await until(all_delivered(store))
        assert len(there.ids) == len(set(there.ids)) == 8


async def drip(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(status=200)
    await answer.prepare(request)
    for _ in range(600):
        await answer.write(b".")
        await asyncio.sleep(0.1)
    return answer


async def flood(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(status=500)
    await answer.prepare(request)
    for _ in range(2048):  # 128 MB
        await answer.write(b"x" * 65536)
    return answer


async def silence(_request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


@pytest.mark.parametrize(("evil", "outcome"), [(drip, "timeout"), (flood, "server_error"), (silence, "timeout")])
async def test_an_evil_receiver_is_bounded_and_harms_no_other(store: Store, evil: Handler, outcome: str) -> None:
    bad_spec_limits = {"timeout": 1.0, "breaker": Breaker(failures=100), "concurrency": 4}
    async with receiver(*[evil] * 40) as bad, receiver() as good:
        both = spec(bad.url, "bad", **bad_spec_limits), spec(good.url, "good")
        async with delivering(store, *both, retry=RetryPolicy(schedule=(0.0,))):
            put(store, "bad", count=4)
            put(store, "good", count=50, start=1000)
            await until(lambda: len(good.seen) == 50, 5.0)
            await until(lambda: not store.deliveries.list(state=DeliveryState.WAITING))
    rows = [row for each in store.deliveries.list(endpoint="bad") for row in store.deliveries.attempts(each["id"])]
    assert {row["outcome"] for row in rows} == {outcome}
    assert all(row["seconds"] <= 2.0 for row in rows)
    assert all(len(row["error"]) <= 300 for row in rows)


async def test_endless_headers_and_a_half_open_connection_are_bounded(store: Store) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError):
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"x-more: " + b"y" * 1000 + b"\r\n")
                await writer.drain()

    async def half_open(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError):
            await reader.read()

    for ident, behave in (("endless", endless), ("half", half_open)):
        server = await asyncio.start_server(behave, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with delivering(store, spec(url, ident, timeout=1.0), retry=RetryPolicy(schedule=(0.0,))):
            put(store, ident, count=2, start=ord(ident[0]) * 10)
            await until(partial(_gave_up, store, ident))
        server.close()
        for writer in writers:
            writer.close()
        rows = [row for each in store.deliveries.list(endpoint=ident) for row in store.deliveries.attempts(each["id"])]
        assert all(row["seconds"] <= 2.0 for row in rows)
        assert {row["outcome"] for row in rows} <= {"bad_reply", "timeout", "connect"}


def _gave_up(store: Store, endpoint: str) -> bool:
    return len(store.deliveries.list(endpoint=endpoint, state=DeliveryState.FAILED)) == 2


async def test_what_was_held_back_arrives_as_one_signed_digest(store: Store) -> None:
    bodies = [encode(alert_payload(replace(sample.alert(now=NOW), severity=severity))) for severity in Severity]
    plan = DeliveryPlan(endpoint="ops", next_at=NOW - 1, digest="digest", reason="hourly_cap")
    for number, body in enumerate(bodies):
        alerted(store, number, "ops", body=body, deliveries=(plan,))
    async with receiver() as there, delivering(store, spec(there.url)) as made:
        stop = asyncio.Event()
        chores = asyncio.create_task(made.run_chores(stop, lambda: None))
        assert await asyncio.to_thread(send_digests, store, NOW) != []
        assert await asyncio.to_thread(send_digests, store, NOW) == [], "nothing is gathered twice"
        store.deliveries.postpone([row["id"] for row in store.deliveries.list()], time.time())
        await until(lambda: len(there.seen) == 1)
        stop.set()
        await chores
    _, body, headers, _ = there.seen[0]
    sent = Webhook(SECRET).verify(body, headers)
    assert (sent["type"], sent["data"]["count"], len(sent["data"]["alerts"])) == ("alert.digest", 3, 3)
    assert {each["held_back"] for each in sent["data"]["alerts"]} == {"hourly_cap"}
