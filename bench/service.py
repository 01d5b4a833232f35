"""What does the whole service cost, and what does it miss, beside a script that somebody writes in an afternoon?

    python bench/service.py                                    # everything, side by side, about ten minutes
    python bench/service.py --systems hits,phrase --articles 200 --naming 0.02

Each system in turn gets the same newsroom on the loopback (bench/newsroom.py): seed articles that must not alert, a burst of
articles at once, then some one by one. CPU is that of the system's whole process tree, start and idling taken off.
``extract`` and ``trafilatura`` are no systems but what reading the same pages costs alone: the practical limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from newsroom import WATCHED, Item, Newsroom, items

HERE = Path(__file__).parent
TICK = os.sysconf("SC_CLK_TCK")
MARK = "BENCH_MARK"
POLL = 2.0
SYSTEMS = ("all", "hits", "phrase", "ner", "extract", "trafilatura")


@dataclass(frozen=True, kw_only=True)
class Score:
    """A line of the table."""

    system: str
    per_second: float = 0.0
    cpu_per_1000: float = 0.0
    """Seconds."""
    burst_p50: float = 0.0
    burst_p95: float = 0.0
    drip_p50: float = 0.0
    drip_p95: float = 0.0
    memory_mb: float = 0.0
    owed: int = 0
    missed: int = 0
    false: int = 0
    twice: int = 0
    missed_kinds: str = ""


class Tree:
    """The processes that a system has started, wherever they hang."""

    def __init__(self, mark: str) -> None:
        self._mark = f"{MARK}={mark}".encode()
        self.peak = 0.0

    def pids(self) -> list[int]:
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if self._mark in environ.read_bytes():
                    found.append(int(environ.parent.name))
        return found

    def cpu(self) -> float:
        """Seconds of processor time, ended children included; notes the memory as it goes."""
        total, memory = 0, 0
        for pid in self.pids():
            with suppress(OSError, IndexError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += sum(map(int, fields[11:15]))
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                memory += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        self.peak = max(self.peak, memory / 1024)
        return total / TICK


def wirewatch(home: Path, newsroom: Newsroom, archive: str) -> list[str]:
    """A configuration directory, and the command that runs on it."""
    local = {"allow_networks": ["127.0.0.0/8"], "networks": {"127.0.0.0/8": {"in_flight": 20, "gap": "0s"}}}
    files: dict[str, Any] = {
        "settings.yaml": {"data_dir": str(home / "data"), "net": local, "archive": archive, "dashboard": {"enabled": False}},
        "feeds.yaml": {"feeds": [{"url": f"{newsroom.url}/{paper}/feed", "every": f"{POLL}s"} for paper in range(newsroom.papers)]},
        "endpoints.yaml": {"endpoints": [{"id": "sink", "url": f"{newsroom.url}/hook", "network": "local", "secret": "${BENCH_SECRET}"}]},
        "watchlists/bench.yaml": {"watchlist": "bench", "alert": {"to": ["sink"]}, "entities": WATCHED},
    }
    (home / "config" / "watchlists").mkdir(parents=True)
    for name, content in files.items():
        (home / "config" / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return [str(Path(sys.executable).with_name("wirewatch")), "--config", str(home / "config"), "run"]


def script(home: Path, newsroom: Newsroom, match: str) -> list[str]:
    """The afternoon script with its task."""
    feeds = [f"{newsroom.url}/{paper}/feed" for paper in range(newsroom.papers)]
    task = {"feeds": feeds, "every": POLL, "watched": WATCHED, "hook": f"{newsroom.url}/hook"}
    (home / "task.json").write_text(json.dumps(task), "utf-8")
    return [sys.executable, str(HERE / "afternoon_script.py"), str(home / "task.json"), "--match", match]


async def trial(system: str, asked: argparse.Namespace) -> Score:
    """One system in front of a fresh newsroom."""
    newsroom = Newsroom(papers=asked.papers, refusing=asked.refusing, seed=asked.seed)
    newsroom.publish(items(asked.seed, 3 * asked.papers, asked.papers, 0.0))
    burst = items(asked.seed + 1, asked.articles, asked.papers, asked.naming, first=3 * asked.papers)
    drip = [one for one in items(asked.seed + 2, 500, asked.papers, 1.0, first=10**6) if one.kind in {"plain", "full"}][: asked.drip]
    runner = await newsroom.start()
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as place:
        home, tree = Path(place), Tree(Path(place).name)
        command = script(home, newsroom, system) if system in {"ner", "phrase"} else wirewatch(home, newsroom, system)
        env = os.environ | {MARK: Path(place).name, "BENCH_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
        with (home / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, env=env, start_new_session=True)
        try:
            measuring, ending = asyncio.create_task(measure(system, newsroom, tree, burst, drip)), asyncio.create_task(process.wait())
            done, _ = await asyncio.wait({measuring, ending}, return_when=asyncio.FIRST_COMPLETED)
            if measuring not in done:
                raise SystemExit(f"{system} ended by itself:\n{read_end(home / 'log')}")
            ending.cancel()
            return measuring.result()
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 40)
            await runner.cleanup()


def read_end(log: Path) -> str:
    """The last that a system said."""
    return log.read_text("utf-8", "replace")[-2000:]


async def measure(system: str, newsroom: Newsroom, tree: Tree, burst: list[Item], drip: list[Item]) -> Score:
    while min((newsroom.polls.get(paper, 0) for paper in range(newsroom.papers)), default=0) < 2:  # noqa: ASYNC110 - counted elsewhere
        await asyncio.sleep(0.1)
    await quiet(newsroom, tree)
    idle = await rate(tree, 6.0)
    before, began = tree.cpu(), time.time()
    newsroom.publish(burst)
    await quiet(newsroom, tree, at_least=3 * POLL)
    ended = time.time()
    used = tree.cpu() - before - idle * (ended - began)
    busy = max(newsroom.touched, began + 0.1) if system in {"ner", "phrase", "hits"} else ended - QUIET
    for item in drip:
        newsroom.publish([item])
        await asyncio.sleep(1.3)
    await quiet(newsroom, tree, at_least=3 * POLL)
    return score(system, newsroom, burst, drip, per_second=len(burst) / (busy - began), cpu=used / len(burst) * 1000, memory=tree.peak)


QUIET = 3.0
"""Seconds of an idle process tree and a silent wire after which everything has been worked off."""


async def rate(tree: Tree, seconds: float) -> float:
    """Cores that the tree takes right now."""
    before, began = tree.cpu(), time.monotonic()
    await asyncio.sleep(seconds)
    return (tree.cpu() - before) / (time.monotonic() - began)


async def quiet(newsroom: Newsroom, tree: Tree, at_least: float = 0.0) -> None:
    """Wait until nothing happens any more."""
    await asyncio.sleep(at_least)
    while time.time() - newsroom.touched < QUIET or await rate(tree, QUIET) > 0.15:  # noqa: ASYNC110 - the newsroom has no event for silence
        await asyncio.sleep(0.2)


def told(body: bytes) -> tuple[str, int] | None:
    """Who is alerted on in which article; None where it is no alert."""
    said = json.loads(body)
    if "type" in said and said["type"] != "alert.match":
        return None
    entity = said["data"]["watch"]["entity_id"] if "data" in said else said["entity"]
    url = said["data"]["article"]["url"] if "data" in said else said["url"]
    return entity, int(url.rpartition("/")[2])


def score(system: str, newsroom: Newsroom, burst: list[Item], drip: list[Item], *, per_second: float, cpu: float, memory: float) -> Score:
    owed = {(one.owes, one.number): one.kind for one in [*burst, *drip] if one.owes}
    first: dict[tuple[str, int], float] = {}
    repeated = 0
    for at, body in newsroom.posts:
        about = told(body)
        if about is None:
            continue
        repeated += about in first
        first.setdefault(about, at)
    late = {about: first[about] - newsroom.published[about[1]] for about in owed if about in first}  # type: ignore[index]
    dripped = {item.number for item in drip}
    bursts, drips = ([lag for about, lag in late.items() if (about[1] in dripped) is side] for side in (False, True))
    missed = [kind for about, kind in owed.items() if about not in first]
    return Score(
        system=system,
        per_second=per_second,
        cpu_per_1000=cpu,
        burst_p50=part(bursts, 0.5),
        burst_p95=part(bursts, 0.95),
        drip_p50=part(drips, 0.5),
        drip_p95=part(drips, 0.95),
        memory_mb=memory,
        owed=len(owed),
        missed=len(missed),
        false=sum(about not in owed for about in first),
        twice=repeated,
        missed_kinds=", ".join(f"{kind} {missed.count(kind)}" for kind in sorted(set(missed))),
    )


def part(values: list[float], share: float) -> float:
    """A quantile; 0 of nothing."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def alone(system: str, asked: argparse.Namespace) -> Score:
    """What reading the pages of the burst costs without anything around it; the best of three passes over some of them."""
    pages = [one.html for one in items(asked.seed + 1, asked.articles, asked.papers, asked.naming, first=3 * asked.papers)][:200]
    if system == "trafilatura":
        import trafilatura

        read = lambda html: trafilatura.extract(html, url="https://paper.example/1")  # noqa: E731
    else:
        from pipeline.articles.extract import extract

        read = lambda html: extract(html.encode(), url="https://paper.example/1")  # noqa: E731
    passes = []
    for html in pages[:5]:
        read(html)
    for _ in range(3):
        began = time.process_time()
        for html in pages:
            read(html)
        passes.append((time.process_time() - began) / len(pages))
    return Score(system=f"{system} alone", per_second=1 / statistics.median(passes), cpu_per_1000=1000 * statistics.median(passes))


def table(scores: list[Score]) -> str:
    names = ("system", "articles/s", "CPU s/1000", "burst p50", "p95", "single p50", "p95", "PSS MB", "owed", "missed", "false", "twice")
    lines = [f"{names[0]:18}" + "".join(f"{name:>11}" for name in names[1:])]
    for one in scores:
        seconds = (one.per_second, one.cpu_per_1000, one.burst_p50, one.burst_p95, one.drip_p50, one.drip_p95)
        counts = (round(one.memory_mb), one.owed, one.missed, one.false, one.twice)
        row = "".join(f"{value:11.1f}" for value in seconds) + "".join(f"{value:11}" for value in counts)
        lines.append(f"{one.system:18}{row}  {one.missed_kinds}")
    return "\n".join(lines)


async def main(asked: argparse.Namespace) -> None:
    scores: list[Score] = []
    for system in asked.systems.split(","):
        name = {"all": "wirewatch all", "hits": "wirewatch hits", "phrase": "script, phrases", "ner": "script, NER"}
        found = alone(system, asked) if system in {"extract", "trafilatura"} else await trial(system, asked)
        scores.append(Score(**asdict(found) | {"system": name.get(system, found.system)}))
        print(table(scores[-1:]), flush=True)
    about = f"{asked.naming:.0%} name somebody, {asked.refusing:.0%} of the first POSTs are refused"
    print(f"\n{asked.articles} articles of {asked.papers} papers, {about}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(table(scores))
    if asked.out:
        asked.out.write(json.dumps([asdict(one) for one in scores], indent=1))


def add_newsroom(parser: argparse.ArgumentParser, *, articles: int) -> None:
    """The options of how much news there is and of whom; ``articles`` are in the burst unless told otherwise."""
    parser.add_argument("--articles", type=int, default=articles, help="in the burst")
    parser.add_argument("--drip", type=int, default=10, help="articles one by one")
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--naming", type=float, default=0.1, help="share of the burst that names somebody")
    parser.add_argument("--seed", type=int, default=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", default=",".join(SYSTEMS), help="which of: " + ", ".join(SYSTEMS))
    add_newsroom(parser, articles=600)
    parser.add_argument("--refusing", type=float, default=0.0, help="share of the alerts whose first POST gets 503")
    parser.add_argument("--out", type=argparse.FileType("w"), help="JSON of the table")
    asyncio.run(main(parser.parse_args()))
