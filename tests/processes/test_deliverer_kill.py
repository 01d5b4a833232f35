"""A deliverer killed with SIGKILL again and again loses nothing, and repeats little, with the same id and the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.store import open_store
from pipeline.store.deliveries import DeliveryState, MessageRecord

COUNT, KILLS = 600, 6
DELIVERER = """
import asyncio, random, sys, time
from pipeline import telemetry
from pipeline.alerts.endpoints import EndpointSpec, Reach
from pipeline.flow.outbox import OutboxPolicy
from pipeline.net.policy import NetPolicy
from pipeline.store import open_store
from workers.deliverer import Deliverer

telemetry.configure("json", "critical")
database, url, owner = sys.argv[1:]
spec = EndpointSpec(id="ops", url=url, secret="whsec_" + "QUJD" * 8, network=Reach.LOCAL, timeout=2.0)
made = Deliverer(open_store(database), [spec], NetPolicy(), owner=owner, now=time.time, rng=random.Random(), policy=OutboxPolicy(spare=1.0))
asyncio.run(made.run(asyncio.Event(), lambda: None))
"""


@pytest.fixture
def receiver() -> Iterator[tuple[str, dict[str, list[bytes]]]]:
    seen: dict[str, list[bytes]] = defaultdict(list)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # the other end is killed on purpose
                super().handle()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen[self.headers["webhook-id"]].append(body)
            time.sleep(0.005)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.timeout(180)
def test_kill_after_kill_nothing_is_lost(tmp_path: Path, receiver: tuple[str, dict[str, list[bytes]]]) -> None:
    url, seen = receiver
    database = f"sqlite:///{tmp_path / 'ledger.db'}"
    rng = random.Random(11)
    with open_store(database) as store:
        store.deliveries.sync_endpoints({"ops": "standard"}, time.time())
        for number in range(COUNT):
            body = b'{"type":"alert.match","number":%d}' % number
            record = MessageRecord(
                id=f"al_{number:020d}", type="alert.match", body=body, created_at=time.time(), endpoints=("ops",), route="notice"
            )
            store.deliveries.add_message(record)
        run = 0
        while store.deliveries.list(state=DeliveryState.WAITING, limit=1):
            run += 1
            process = subprocess.Popen([sys.executable, "-c", DELIVERER, database, url, f"deliver-{run}"], cwd=Path(__file__).parents[2])
            before = len(seen)
            deadline = time.monotonic() + (30 if run <= KILLS else 120)
            moment = rng.randint(5, 80)
            while time.monotonic() < deadline and store.deliveries.list(state=DeliveryState.WAITING, limit=1):
                if run <= KILLS and len(seen) >= before + moment:
                    break
                time.sleep(0.01)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    assert run > KILLS
    assert len(seen) == COUNT, "nothing is lost"
    assert all(len(set(bodies)) == 1 for bodies in seen.values()), "one id, one body"
    repeated = sum(len(bodies) - 1 for bodies in seen.values())
    assert repeated <= KILLS * 16, f"{repeated} came twice: more than what can be under way at a kill"
