"""Is the service alive, is it ready, and what does it count? Three answers over HTTP for machines that ask.

``/healthz``: this process answers. ``/readyz``: every part of the service, on whichever machine, is there and does its
work in time; 503 and the parts that are not otherwise. ``/metrics``: the counters of all processes and the age of the
oldest row at each stage. Who may ask is for whoever mounts these routes; nothing here names an article or a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from pipeline import telemetry
from pipeline.broker.jobs import Broker
from pipeline.errors import BrokerError, WirewatchError
from pipeline.model import Instant
from pipeline.store import Store
from workers.dashboard.words import span
from workers.loop import Loop, pause
from workers.metrics import EVERY, Publisher, own, together
from workers.post import Beat

ROLES: Final = ("poll", "deliver")
"""Roles that leave a sign of life in the ledger; workers leave theirs in Redis."""
SILENT_AFTER: Final = 45.0
"""Seconds after which a process counts as gone: four of its signs of life are missing."""
LATE_AFTER: Final = {"poll": 900.0, "collect": 600.0, "analyse_hot": 60.0, "deliver": 300.0}
"""Seconds that the oldest due row of a stage may wait before the service counts as not keeping up. The archive may."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that must hold."""

    name: str
    ok: bool
    says: str


class Health:
    """The answers, over one ledger and one queue. Synchronous, like them."""

    def __init__(self, store: Store, broker: Broker, *, process: str, now: Callable[[], Instant]) -> None:
        self.process = process
        """What this process publishes its own counters under, so that they are not counted twice."""
        self._store = store
        self._broker = broker
        self._now = now

    def checks(self) -> list[Check]:
        """Everything that must hold for the service to be ready."""
        database = _holds("database", self._store.ping)
        queue = _holds("queue", self._broker.ping)
        found = [database, queue]
        if database.ok:
            found += [*self._alive(), *self._in_time()]
        if queue.ok:
            found.append(self._workers())
        return found

    def _alive(self) -> Iterable[Check]:
        now = self._now()
        lately = {life.role: now - life.at for life in self._store.reports.heartbeats(now - SILENT_AFTER)}
        for role in ROLES:
            yield Check(name=role, ok=role in lately, says="alive" if role in lately else f"no sign of life for {SILENT_AFTER:.0f} s")

    def _in_time(self) -> Iterable[Check]:
        for stage in self._store.reports.backlog(self._now()):
            limit = LATE_AFTER.get(stage.stage)
            if limit is not None:
                says = f"{stage.due} due, the oldest for {span(stage.past_due)}"
                yield Check(name=f"{stage.stage} in time", ok=stage.past_due <= limit, says=says)

    def _workers(self) -> Check:
        alive = self._broker.workers()
        return Check(name="work", ok=alive > 0, says=f"{alive} alive")

    def metrics(self) -> bytes:
        """Counters of every process, and gauges read from the ledger, in the format of Prometheus."""
        for stage in self._store.reports.backlog(self._now()):
            telemetry.backlog.labels(stage.stage).set(stage.waiting)
            telemetry.past_due.labels(stage.stage).set(stage.past_due)
        try:
            published = self._broker.published_metrics()
            telemetry.degraded.labels("queue").set(0)
        except BrokerError:
            published = {}
            telemetry.degraded.labels("queue").set(1)
        return together({**published, self.process: own()})


def _holds(name: str, try_it: Callable[[], None]) -> Check:
    try:
        try_it()
    except WirewatchError as error:
        return Check(name=name, ok=False, says=str(error))
    return Check(name=name, ok=True, says="answers")


def routes(health: Health) -> list[web.RouteDef]:
    """The three addresses, to be mounted in any aiohttp application."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        try:
            checks = await asyncio.to_thread(health.checks)
        except WirewatchError as error:  # the database went away between two questions
            checks = [Check(name="database", ok=False, says=str(error))]
        ready = all(check.ok for check in checks)
        body = {"ready": ready, "checks": {check.name: {"ok": check.ok, "says": check.says} for check in checks}}
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        try:
            text = await asyncio.to_thread(health.metrics)
        except WirewatchError as error:
            return web.json_response({"error": str(error)}, status=503)
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


def build_app(health: Health, *parts: Callable[[web.Application], None]) -> web.Application:
    """An application with the three addresses and whatever the parts add to it."""
    app = web.Application()
    app.add_routes(routes(health))
    for add in parts:
        add(app)
    return app


def publisher_loop(broker: Broker, process: str) -> Loop:
    """A loop that leaves this process's counters where the one that answers /metrics finds them."""
    publisher = Publisher(broker, process)

    async def run(stop: asyncio.Event, beat: Beat) -> None:
        while not stop.is_set():
            beat()
            await asyncio.to_thread(publisher.publish)
            await pause(stop, EVERY)

    return run
