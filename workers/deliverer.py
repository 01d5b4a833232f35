"""What does the deliverer do all day? Claim what is due, send it side by side, write down in batches how it went.

Two loops: one moves the outbox, one does the chores (digests, endpoints that do not recover). Both are coroutines that
take a stop event and a beat. All that is waited for is waited for here; deciding is done in ``flow`` and ``alerts``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.alerts.endpoints import EndpointSpec
from pipeline.alerts.retry import Attempt, AttemptClass, RetryPolicy
from pipeline.errors import StoreError
from pipeline.flow import chores
from pipeline.flow.deliver import Sent, record
from pipeline.flow.outbox import Board, OutboxPolicy, write_health
from pipeline.flow.senders import Senders
from pipeline.model import Instant
from pipeline.net.policy import NetPolicy
from pipeline.store.deliveries import AttemptRecord, DeliveryForSend
from pipeline.telemetry import deliveries as delivery_counter
from pipeline.telemetry import delivery_seconds, log
from workers.wiring import Wiring, dice, now, process_name

if TYPE_CHECKING:
    from pipeline.store import Store

UNWRITTEN = 2
"""Attempts under way or not yet written, for each one that may be under way."""

Beat = Callable[[], None]
Clock = Callable[[], Instant]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """An attempt that wants to be written."""

    delivery: DeliveryForSend
    sent: Sent
    record: AttemptRecord
    health_changed: bool
    """Whether the endpoint's health wants to be written too."""


class Deliverer:
    """Moves the outbox of one ledger to the endpoints of one configuration."""

    def __init__(
        self,
        store: Store,
        endpoints: Sequence[EndpointSpec],
        net: NetPolicy,
        *,
        owner: str,
        now: Clock,
        rng: random.Random,
        policy: OutboxPolicy | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        """``owner`` names this process in leases; ``now`` is the clock, ``rng`` the dice for jitter."""
        self._store = store
        self._senders = Senders(net)
        self._owner = owner
        self._now = now
        self._rng = rng
        self._policy = policy or OutboxPolicy()
        self._retry = retry or RetryPolicy()
        self._endpoints = tuple(endpoints)
        self._board = Board(endpoints, now())
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._unwritten: dict[str, asyncio.Semaphore] = {}
        """What was sent and is not yet written comes twice if we are killed now, so there is never much of it."""
        self._lease = max((spec.timeout for spec in endpoints), default=20.0) + self._policy.spare
        self._ended: asyncio.Queue[_Ended] = asyncio.Queue()
        self._running: set[asyncio.Task[None]] = set()
        self._moved = asyncio.Event()
        self._log = log("deliver")

    async def prepare(self) -> None:
        """Tell the ledger which endpoints there are, and learn how they are doing. Nothing is under way yet."""
        self._board = Board(self._endpoints, self._now())
        self._turns = {spec.id: asyncio.Semaphore(spec.concurrency) for spec in self._endpoints}
        self._unwritten = {spec.id: asyncio.Semaphore(UNWRITTEN * spec.concurrency) for spec in self._endpoints}
        kinds = {spec.id: str(spec.kind) for spec in self._endpoints}
        await asyncio.to_thread(self._store.deliveries.sync_endpoints, kinds, self._now())
        self._board.learn(await asyncio.to_thread(self._store.deliveries.endpoints))

    async def run(self, stop: asyncio.Event, beat: Beat) -> None:
        """Move the outbox until ``stop``; then finish what is under way, and give back the rest."""
        await self.prepare()
        writer = asyncio.create_task(self._write())
        learned_at = self._now()
        try:
            while not stop.is_set():
                beat()
                if self._now() - learned_at > self._policy.chores:
                    self._board.learn(await asyncio.to_thread(self._store.deliveries.endpoints))
                    learned_at = self._now()
                if not await self._claim():
                    await self._rest(stop)
            while self._running or not self._ended.empty():
                beat()
                await asyncio.sleep(0.05)
        finally:
            await _cancelled(writer, *self._running)
            await self._flush(self._drained())
            await asyncio.to_thread(self._store.deliveries.release, self._owner, self._now())
            await self._senders.close()

    async def _claim(self) -> int:
        """Claim what there is room for and start sending it. Returns how many."""
        now = self._now()
        room = self._board.room(now)
        due = await asyncio.to_thread(self._store.deliveries.next_due_at)
        if due is None or due > now or not any(room.values()):
            return 0
        batch = await asyncio.to_thread(self._store.deliveries.claim_due, now, self._owner, self._lease, self._policy.batch, room)
        for delivery in batch:
            self._board.lines[delivery.endpoint].took(1)
            task = asyncio.create_task(self._deliver(delivery, now + self._lease))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(batch)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait until something finished or it is time to look again."""
        self._moved.clear()
        waits = [asyncio.create_task(self._moved.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waits, timeout=self._policy.idle, return_when=asyncio.FIRST_COMPLETED)
        await _cancelled(*waits)

    async def _deliver(self, delivery: DeliveryForSend, leased_until: Instant) -> None:
        line = self._board.lines[delivery.endpoint]
        await self._unwritten[delivery.endpoint].acquire()
        async with self._turns[delivery.endpoint]:
            started = self._now()
            if not line.is_open(started) or started + line.spec.timeout > leased_until:
                await self._give_back(delivery, line.health.open_until)
                return
            sent = await self._attempt(line.spec, delivery, started)
        ended = self._now()
        made = record(delivery, sent, owner=self._owner, policy=self._retry, at=ended, seconds=ended - started, jitter=self._rng.random())
        # at once and not with the batch, so that a breaker opens before the next one is sent
        changed = self._board.finished(delivery.endpoint, sent.attempt, ended)
        self._ended.put_nowait(_Ended(delivery=delivery, sent=sent, record=made, health_changed=changed))

    async def _attempt(self, spec: EndpointSpec, delivery: DeliveryForSend, now: Instant) -> Sent:
        try:
            sender = await self._senders.for_endpoint(spec)
            return await sender.send(spec, ident=delivery.message_id, body=delivery.body, now=now, deadline=spec.timeout)
        except Exception as error:  # noqa: BLE001 - a sender's own fault is an attempt that failed, and says so in the log
            self._log.exception("sender_failed", endpoint=spec.id, delivery=delivery.id)
            return Sent(attempt=_fault(error))

    async def _give_back(self, delivery: DeliveryForSend, until: Instant | None) -> None:
        """It waited too long for its turn, or the endpoint was parked meanwhile: somebody claims it later, no attempt is lost."""
        await asyncio.to_thread(self._store.deliveries.postpone, [delivery.id], until if until is not None else self._now())
        self._board.lines[delivery.endpoint].held -= 1
        self._unwritten[delivery.endpoint].release()
        self._moved.set()

    async def _write(self) -> None:
        """Write attempts in batches: one transaction for all that ended within ``gather`` seconds."""
        while True:
            batch = [await self._ended.get()]
            await asyncio.sleep(self._policy.gather)
            batch += self._drained()
            await self._flush(batch)

    def _drained(self) -> list[_Ended]:
        batch = []
        while not self._ended.empty():
            batch.append(self._ended.get_nowait())
        return batch

    async def _flush(self, batch: Sequence[_Ended]) -> None:
        if not batch:
            return
        await self._surely(self._store.deliveries.record_attempts, [ended.record for ended in batch])
        changed = {}
        for ended in batch:
            line = self._board.lines[ended.delivery.endpoint]
            line.held -= 1
            self._unwritten[ended.delivery.endpoint].release()
            if ended.health_changed:
                changed[ended.delivery.endpoint] = write_health(line.health, now=ended.record.at)
            self._tell(ended)
        for endpoint, fields in changed.items():
            await self._surely(_set_endpoint(self._store, endpoint, fields))
        self._moved.set()

    async def _surely(self, write: Callable[..., Any], *arguments: Any) -> None:
        """Write, and again while the database is busy or away: what was sent must not be forgotten while we live."""
        for pause in (0.1, 0.3, 1.0, 3.0, None):
            try:
                await asyncio.to_thread(write, *arguments)
            except StoreError:
                if pause is None:
                    raise
                self._log.warning("ledger_busy", again_in=pause)
                await asyncio.sleep(pause)
            else:
                return

    def _tell(self, ended: _Ended) -> None:
        delivery, made = ended.delivery, ended.record
        delivery_counter.labels(delivery.endpoint, made.outcome).inc()
        delivery_seconds.labels(delivery.endpoint).observe(made.seconds or 0.0)
        event = self._log.info if ended.sent.attempt.outcome is AttemptClass.OK else self._log.warning
        event(
            "delivery",
            endpoint=delivery.endpoint,
            id=delivery.message_id,
            type=delivery.type,
            outcome=made.outcome,
            status=made.status,
            seconds=made.seconds,
            attempt=delivery.attempts + 1,
            waited=round(made.at - delivery.created_at, 3),
        )

    async def run_chores(self, stop: asyncio.Event, beat: Beat) -> None:
        """Digests when they are due, and word of endpoints that do not recover, until ``stop``."""
        while not stop.is_set():
            beat()
            now = self._now()
            # one of all deliverers: two that gather at the same moment would put an alert into two digests
            mine = await asyncio.to_thread(self._store.reports.take_turn, "digests", now, self._policy.chores / 2)
            for made in await asyncio.to_thread(chores.send_digests, self._store, now) if mine else ():
                self._log.info("digest", id=made)
            for line in self._board.to_report(now):
                told = await asyncio.to_thread(chores.report_failing, self._store, line, self._endpoints, now)
                self._board.reported(line)
                self._log.error("endpoint_failing", endpoint=line.spec.id, told=list(told))
            await _wait(stop, self._policy.chores)


def loops(wiring: Wiring) -> Mapping[str, Callable[[asyncio.Event, Beat], Awaitable[None]]]:
    """What a process that delivers runs, under one configuration."""
    deliverer = Deliverer(
        wiring.store, wiring.endpoints, wiring.configuration.settings.net, owner=process_name("deliver"), now=now, rng=dice()
    )
    return {"deliver": deliverer.run, "deliver_chores": deliverer.run_chores}


def _fault(error: Exception) -> Attempt:
    return Attempt(outcome=AttemptClass.CANNOT_SEND, detail=f"{type(error).__name__}: {error}"[:300])


def _set_endpoint(store: Store, endpoint: str, fields: Mapping[str, Any]) -> Callable[[], bool]:
    return lambda: store.deliveries.set_endpoint(endpoint, **fields)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
