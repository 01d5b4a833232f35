"""Wirewatch beside what people use today, in one run: the table and the plots of docs/benchmarks.md.

    python bench/rivals.py                       # about ten minutes on two cores, and the first time two for the installation
    python bench/rivals.py --articles 200 --systems hits,phrase,changedetection

``bench/service.py`` does the measuring; this adds changedetection.io, which it installs into an environment of its own
(``--rival-home``), and draws. Nothing leaves the loopback but that installation.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import changedetection
import service
import stages
from aiohttp import web
from bars import Panel, drawn
from newsroom import WATCHED, Newsroom, items

NAMES = {
    "hits": "Wirewatch, archive: hits",
    "all": "Wirewatch, archive: all",
    "phrase": "script, PhraseMatcher",
    "ner": "script, recogniser",
    "changedetection": "changedetection.io",
    "extract": "our extraction alone",
    "trafilatura": "trafilatura alone",
}
EVERY = 4.0
"""Seconds between two looks of changedetection.io at a feed; at two it never comes to rest."""
TRIGGERS = {name: str(one["id"]) for one in WATCHED for name in (str(one["name"]), *map(str, one["aliases"]))}


class Hearing(Newsroom):
    """A newsroom that understands what changedetection.io posts."""

    async def hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.touched = time.time()
        self.posts += [(time.time(), service.json.dumps(one).encode()) for one in changedetection.alerts(body, TRIGGERS)]
        return web.Response(status=204)


async def rival(asked: argparse.Namespace) -> service.Score:
    """changedetection.io in front of the same articles."""
    program = await asyncio.to_thread(changedetection.installed, Path(asked.rival_home))
    newsroom = Hearing(papers=asked.papers, seed=asked.seed)
    newsroom.publish(items(asked.seed, 3 * asked.papers, asked.papers, 0.0))
    burst = items(asked.seed + 1, asked.articles, asked.papers, asked.naming, first=3 * asked.papers)
    drip = [one for one in items(asked.seed + 2, 500, asked.papers, 1.0, first=10**6) if one.kind in {"plain", "full"}][: asked.drip]
    runner = await newsroom.start()
    feeds = [f"{newsroom.url}/{paper}/feed" for paper in range(newsroom.papers)]
    with tempfile.TemporaryDirectory(prefix="wirewatch-rival-", ignore_cleanup_errors=True) as place:
        store, tree = Path(place), service.Tree(Path(place).name)
        await asyncio.to_thread(changedetection.prepare, program, store, feeds[0])
        env = os.environ | changedetection.ENVIRONMENT | {service.MARK: store.name}
        silent = asyncio.subprocess.DEVNULL
        command = changedetection.command(program, store)
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=silent, stderr=silent, start_new_session=True)
        try:
            await asyncio.to_thread(changedetection.watch, store, feeds, list(TRIGGERS), EVERY, f"{newsroom.url}/hook")
            before = dict(newsroom.polls)
            while min(newsroom.polls.get(paper, 0) - before.get(paper, 0) for paper in range(newsroom.papers)) < 2:  # noqa: ASYNC110 - counted elsewhere
                await asyncio.sleep(0.2)
            idle = await service.rate(tree, 12.0)
            used, began = tree.cpu(), time.time()
            newsroom.publish(burst)
            await _silence(newsroom, tree, began)
            ended = time.time()
            spent = max(0.0, tree.cpu() - used - idle * (ended - began))
            for item in drip:
                newsroom.publish([item])
                await asyncio.sleep(1.3)
            await _silence(newsroom, tree, time.time())
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            await runner.cleanup()
    about = {"per_second": 0.0, "cpu": spent / len(burst) * 1000, "memory": tree.peak}
    return service.score("changedetection", newsroom, burst, drip, **about)


async def _silence(newsroom: Newsroom, tree: service.Tree, since: float) -> None:
    """Every feed was looked at several times, and nothing was posted for as long."""
    while time.time() - max(newsroom.touched, since) < 4 * EVERY:
        await asyncio.sleep(1.0)
        tree.cpu()  # notes the memory


def markdown(scores: list[service.Score]) -> str:
    """The table."""
    columns = ("CPU s per 1,000 articles", "articles/s", "burst, p95", "one new article, p50 / p95", "memory (PSS)", "missed", "false")
    lines = [f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for one in scores:
        cells = [f"{one.cpu_per_1000:.1f}", f"{one.per_second:.1f}" if one.per_second else "–"]
        if one.owed:
            cells.append(f"{one.burst_p95:.1f} s" if one.burst_p95 else "–")
            cells.append(f"{one.drip_p50:.1f} / {one.drip_p95:.1f} s" if one.drip_p95 else "–")
            cells += [f"{one.memory_mb:.0f} MB", f"{one.missed} of {one.owed}", str(one.false)]
        lines.append(f"| {one.system} | {' | '.join(cells + [''] * (len(columns) - len(cells)))} |")
    return "\n".join(lines)


def picture(scores: list[service.Score], parts: list[stages.Stage]) -> str:
    """The plots, as one SVG."""
    whole = [one for one in scores if one.owed]
    panels = [
        Panel("CPU seconds per 1,000 articles", [(one.system, one.cpu_per_1000) for one in scores], "less is better"),
        Panel("Articles a second, burst", [(one.system, one.per_second) for one in scores if one.per_second], "more is better"),
        Panel("Alerts missed, %", [(one.system, 100 * one.missed / one.owed) for one in whole], "less is better"),
        Panel("False alerts", [(one.system, float(one.false)) for one in whole], "less is better"),
        Panel("One new article to its alert, p95, s", [(one.system, one.drip_p95) for one in whole if one.drip_p95], "less is better"),
        Panel("Memory, MB (PSS)", [(one.system, one.memory_mb) for one in whole], "less is better"),
        Panel("A page's stages, ms of CPU", [(one.name, one.milliseconds) for one in parts], "each beside trafilatura on the same pages"),
    ]
    return drawn(panels, highlight="Wirewatch")


async def measured(asked: argparse.Namespace) -> list[service.Score]:
    """A line of the table for each system, in the order asked for."""
    scores: list[service.Score] = []
    for system in asked.systems.split(","):
        if system == "changedetection":
            found = await rival(asked)
        else:
            found = service.alone(system, asked) if system in {"extract", "trafilatura"} else await service.trial(system, asked)
        scores.append(replace(found, system=NAMES[system]))
        print(service.table(scores[-1:]), flush=True)
    return scores


def main(asked: argparse.Namespace) -> None:
    scores = asyncio.run(measured(asked))
    about = (
        f"{asked.articles} articles at once of {asked.papers} papers, {asked.naming:.0%} name somebody, then {asked.drip} one by one; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    parts = stages.measured(asked.seed, 200, asked.naming)
    said = f"{about}\n\n{markdown(scores)}\n\n{stages.markdown(parts)}\n"
    print(f"\n{said}")
    if asked.to:
        folder = Path(asked.to)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rivals.md").write_text(said, "utf-8")
        (folder / "rivals.svg").write_text(picture(scores, parts), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--systems", default=",".join(NAMES), help="which of: " + ", ".join(NAMES))
    service.add_newsroom(parser, articles=300)
    parser.add_argument(
        "--rival-home", default=str(Path.home() / ".cache" / "wirewatch-rivals"), help="where changedetection.io is installed"
    )
    parser.add_argument("--to", help="a folder for rivals.md and rivals.svg")
    parser.set_defaults(refusing=0.0)
    main(parser.parse_args())
