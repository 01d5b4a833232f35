"""What does the service cost when nothing happens? Seconds of CPU a minute, by process, with feeds that never change.

    python bench/idle.py --feeds 12 --every 600 --seconds 60

A newsroom on the loopback (bench/newsroom.py) answers every poll with 304 after the first. The dashboard is off.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import yaml
from newsroom import Newsroom, items
from service import MARK, Tree, wirewatch


def names(pid: int) -> str:
    """What a process calls itself, and what it was started as."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        return f"{Path(f'/proc/{pid}/comm').read_text().strip()} {words[-2] if len(words) > 1 else ''}"
    return "gone"


def spent(tree: Tree) -> dict[int, int]:
    """Nanoseconds on a core, by process and all its threads."""
    found: dict[int, int] = {}
    for pid in tree.pids():
        with suppress(OSError):
            tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
            found[pid] = sum(int(task.read_text().split()[0]) for task in tasks)
    return found


async def measure(asked: argparse.Namespace) -> None:
    """Start the service, let it settle, look twice."""
    newsroom = Newsroom(papers=asked.feeds)
    newsroom.publish(items(1, asked.feeds, asked.feeds, 0.0))
    runner = await newsroom.start()
    with tempfile.TemporaryDirectory(prefix="wirewatch-idle-") as place:
        home, tree = Path(place), Tree(Path(place).name)
        command = wirewatch(home, newsroom, "all")
        feeds = {"feeds": [{"url": f"{newsroom.url}/{paper}/feed", "every": f"{asked.every}s"} for paper in range(asked.feeds)]}
        (home / "config" / "feeds.yaml").write_text(yaml.safe_dump(feeds), "utf-8")
        env = os.environ | {MARK: Path(place).name, "BENCH_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
        with (home / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, env=env, start_new_session=True)
        try:
            await asyncio.sleep(asked.settle)
            before = spent(tree)
            await asyncio.sleep(asked.seconds)
            after = spent(tree)
            print("\n".join(table(before, after, asked.seconds)))
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            await process.wait()
            await runner.cleanup()


def table(before: dict[int, int], after: dict[int, int], seconds: float) -> list[str]:
    """A line a process, and their sum."""
    used = {pid: (after[pid] - before[pid]) / 1e9 * 60 / seconds for pid in before if pid in after}
    lines = [f"{cost:7.3f} s  {names(pid)}" for pid, cost in sorted(used.items())]
    total = sum(used.values())
    return [*lines, f"{total:7.3f} s of CPU a minute, {total / 60:.2%} of a core; load {os.getloadavg()[0]:.1f}"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=12)
    parser.add_argument("--every", type=int, default=600, help="seconds between two polls of a feed")
    parser.add_argument("--settle", type=float, default=25.0, help="seconds until the start is over")
    parser.add_argument("--seconds", type=float, default=60.0)
    sys.exit(asyncio.run(measure(parser.parse_args())))
