"""How many durable alerts a second does one deliverer move, and what do evil receivers cost the others?

    python bench/deliveries.py                   # speed: one healthy endpoint, SQLite, every attempt on disk
    python bench/deliveries.py --evil            # nineteen healthy endpoints, alone and beside an evil one, by turns in one run
    python bench/deliveries.py --npm             # 1,000 random payloads by every route, verified by the npm library (needs npm)

The receiver runs in a process of its own. Compare numbers of one run only: a shared machine is never quiet.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from pipeline import telemetry
from pipeline.alerts import payload, sample, signature
from pipeline.alerts.endpoints import Breaker, EndpointSpec, Reach
from pipeline.alerts.retry import RetryPolicy
from pipeline.net.policy import NetPolicy
from pipeline.store import Store, open_store
from pipeline.store.deliveries import DeliveryState, MessageRecord
from workers.deliverer import Deliverer

SECRET = "whsec_" + "QUJD" * 8
EVIL_DEADLINE = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--evil", action="store_true")
    parser.add_argument("--repeats", type=int, default=5, help="pairs of runs of --evil")
    parser.add_argument("--npm", action="store_true")
    args = parser.parse_args()
    telemetry.configure("json", "critical")
    if args.npm:
        verify_with_npm()
    elif args.evil:
        asyncio.run(measure_evil(args.count, args.repeats))
    else:
        asyncio.run(measure_speed(args.count))


def serve(*, evil: bool) -> None:
    """The receiver's process: healthy, or every torment by turns."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    async def run() -> None:
        if evil:
            turns = itertools.cycle(TORMENTS)
            server = await asyncio.start_server(lambda reader, writer: torment(next(turns), reader, writer), "127.0.0.1", 0)
            print(server.sockets[0].getsockname()[1], flush=True)
        else:
            app = web.Application()
            app.router.add_post("/{path:.*}", handle)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(run())


TORMENTS = ("half-open", "silence", "drip", "slow headers", "endless headers", "flood")


async def torment(kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, and what it does to its client."""
    with suppress(ConnectionError):
        if kind != "half-open":  # that one takes the connection and never reads a byte
            await reader.readuntil(b"\r\n\r\n")
        match kind:
            case "half-open" | "silence":
                await asyncio.sleep(60)
            case "drip":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6000\r\n\r\n")
                await pour(writer, itertools.repeat(b".", 600), pause=0.1)
            case "slow headers":
                writer.write(b"HTTP/1.1 200 OK\r\n")
                await pour(writer, (b"X-%d: a\r\n" % n for n in range(600)), pause=0.1)
            case "endless headers":
                writer.write(b"HTTP/1.1 200 OK\r\n")
                await pour(writer, (b"X-%d: %s\r\n" % (n, b"a" * 4000) for n in range(32_000)))
            case _:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 134217728\r\n\r\n")
                await pour(writer, itertools.repeat(b"x" * 65536, 2048))
    writer.close()


async def pour(writer: asyncio.StreamWriter, parts: Iterable[bytes], *, pause: float = 0.0) -> None:
    for part in parts:
        writer.write(part)
        await writer.drain()
        if pause:
            await asyncio.sleep(pause)


class Receiver:
    """A receiver's process and its address."""

    def __init__(self, *, evil: bool = False) -> None:
        command = [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import deliveries; deliveries.serve(evil={evil})",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}/hook"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def put(store: Store, count: int, endpoints: Sequence[str], *, start: int = 0) -> None:
    body = payload.encode(payload.alert(sample.alert(now=time.time())))
    for number in range(start, start + count):
        store.deliveries.add_message(
            MessageRecord(
                id=f"al_{number:08d}",
                type="alert.match",
                body=body,
                created_at=time.time(),
                endpoints=(endpoints[number % len(endpoints)],),
                route="notice",
            )
        )


async def deliver(
    store: Store, endpoints: Sequence[EndpointSpec], *, retry: RetryPolicy | None = None, more: asyncio.Task[None] | None = None
) -> float:
    """Run a deliverer until ``more`` is done and nothing waits. Returns the seconds it took."""
    made = Deliverer(store, endpoints, NetPolicy(), owner="bench", now=time.time, rng=random.Random(1), retry=retry)
    await made.prepare()
    stop = asyncio.Event()
    started = time.perf_counter()
    task = asyncio.create_task(made.run(stop, lambda: None))
    while (more is not None and not more.done()) or await asyncio.to_thread(_waiting, store):  # noqa: ASYNC110 - the ledger tells nobody when it changes
        await asyncio.sleep(0.05)
    took = time.perf_counter() - started
    stop.set()
    await task
    return took


def _waiting(store: Store) -> int:
    return len(store.deliveries.list(state=DeliveryState.WAITING, limit=1))


async def measure_speed(count: int) -> None:
    receiver = Receiver()
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/ledger.db") as store:
        store.deliveries.sync_endpoints({"ops": "standard"}, time.time())
        put(store, count, ["ops"])
        cpu = time.process_time()
        took = await deliver(store, [EndpointSpec(id="ops", url=receiver.url, secret=SECRET, network=Reach.LOCAL)])
        used = time.process_time() - cpu
    receiver.stop()
    print(json.dumps({"alerts": count, "per_second": round(count / took), "cpu_ms_each": round(1000 * used / count, 2)}))


async def measure_evil(count: int, repeats: int) -> None:
    """The same load on nineteen healthy endpoints, with and without an evil twentieth, in turns."""
    healthy, evil = Receiver(), Receiver(evil=True)
    good = [EndpointSpec(id=f"good{n}", url=healthy.url, secret=SECRET, network=Reach.LOCAL) for n in range(19)]
    bad = EndpointSpec(id="evil", url=evil.url, secret=SECRET, network=Reach.LOCAL, timeout=EVIL_DEADLINE, breaker=Breaker(failures=1000))
    results: dict[str, list[dict[str, float]]] = {"alone": [], "beside_evil": []}
    await under_load(good, 200)  # what is imported and opened at first is nobody's cost
    for turn in range(repeats):
        turns = [("alone", good), ("beside_evil", [*good, bad])]
        for name, specs in turns if turn % 2 == 0 else turns[::-1]:
            results[name].append(await under_load(specs, count))
            print(json.dumps({name: results[name][-1]}), flush=True)
    healthy.stop()
    evil.stop()
    p99 = {name: statistics.median(one["p99_s"] for one in found) for name, found in results.items()}
    grown = {name: statistics.median(one["memory_mb"] for one in found) for name, found in results.items()}
    longest = max(one["evil_longest_s"] for one in results["beside_evil"])
    said = {"p99_s": p99, "p99_rises": round(p99["beside_evil"] / p99["alone"] - 1, 3), "memory_mb": grown}
    print(json.dumps(said | {"evil_longest_s": longest, "evil_deadline_s": EVIL_DEADLINE}))


async def under_load(specs: Sequence[EndpointSpec], count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/ledger.db") as store:
        store.deliveries.sync_endpoints({spec.id: "standard" for spec in specs}, time.time())
        gc.collect()
        before, most = resident(), [0.0]
        watch = asyncio.create_task(watch_memory(most))
        more = asyncio.create_task(trickle(store, count, [spec.id for spec in specs]))
        await deliver(store, specs, retry=RetryPolicy(schedule=(0.0,)), more=more)
        watch.cancel()
        return {**waited(store), "memory_mb": round(most[0] - before, 1)}


async def watch_memory(most: list[float]) -> None:
    while True:
        most[0] = max(most[0], resident())
        await asyncio.sleep(0.05)


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


async def trickle(store: Store, count: int, endpoints: Sequence[str]) -> None:
    """Messages at about 100 a second, so that waiting times are those of a service that keeps up."""
    for number in range(0, count, 10):
        await asyncio.to_thread(put, store, 10, endpoints, start=number)
        await asyncio.sleep(0.1)


def waited(store: Store) -> dict[str, float]:
    rows = store.deliveries.list(limit=100_000)
    waits = sorted(row["done_at"] - row["created_at"] for row in rows if row["endpoint"] != "evil" and row["done_at"])
    evil = [attempt["seconds"] for row in rows if row["endpoint"] == "evil" for attempt in store.deliveries.attempts(row["id"])]
    found = {"delivered": len(waits), "p50_s": round(waits[len(waits) // 2], 3), "p99_s": round(waits[int(len(waits) * 0.99)], 3)}
    return found | ({"evil_attempts": len(evil), "evil_longest_s": round(max(evil), 2)} if evil else {})


def verify_with_npm() -> None:
    """Sign 1,000 random payloads as every route does and have the npm library accept them, and refuse a changed one."""
    rng = random.Random(7)
    alphabet = 'aZ09 \n"\\/<>&ßжש漢🗞\u202e\u0000\u2028'
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for number in range(1000):
            size = rng.choice([0, 1, 10, 100, 1_000, 10_000]) if number % 50 else 256_000 // 3
            text = "".join(rng.choices(alphabet, k=size))
            body = payload.encode(payload.envelope("alert.match", {"text": text}, now=time.time()))
            body = payload.as_test(body, now=time.time()) if number % 5 == 0 else body
            secrets = [SECRET] if number % 3 else ["whsec_" + "REVG" * 8, SECRET]
            headers = signature.headers(secrets, ident=f"al_{number:020d}", sent=int(time.time()), body=body)
            lines.append(json.dumps({"headers": headers, "body": body.decode()}))
        Path(folder, "bodies.jsonl").write_text("\n".join(lines), encoding="utf-8")
        Path(folder, "verify.js").write_text(_VERIFY)
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "standardwebhooks@1"], cwd=folder, check=True)
        subprocess.run(["node", "verify.js", SECRET], cwd=folder, check=True, env={**os.environ})


_VERIFY = """
const { Webhook } = require("standardwebhooks");
const lines = require("fs").readFileSync("bodies.jsonl", "utf8").split("\\n");
const hook = new Webhook(process.argv[2]);
let accepted = 0, refused = 0;
for (const line of lines) {
  const { headers, body } = JSON.parse(line);
  hook.verify(body, headers);
  accepted += 1;
  const place = Math.floor(body.length / 2);
  const changed = body.slice(0, place) + (body[place] === "x" ? "y" : "x") + body.slice(place + 1);
  try { hook.verify(changed, headers); } catch { refused += 1; }
}
console.log(JSON.stringify({ accepted, refused, of: lines.length }));
if (accepted !== lines.length || refused !== lines.length) process.exit(1);
"""


if __name__ == "__main__":
    main()
