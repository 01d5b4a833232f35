"""Kill three pollers, four workers and two deliverers, one after the other, for ten minutes under load: is anything lost or told twice?

    python3 deploy/rolling/roll.py --minutes 10 --rate 20

Needs Docker with Compose, and nothing else. Twelve papers on hosts of their own print articles; each container in turn
gets SIGKILL and is started again, every third an orderly restart. Exits 0 when no alert is lost, none came under two ids, every
article that was printed has come to an end, and no host was asked more often than the configuration allows.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from stream import NAMING, people

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ROLES = {"poller": 3, "worker": 4, "deliverer": 2}
GAP = 0.25
"""Seconds between two requests to one host, as config/settings.yaml has it."""
SCALE = [word for role, several in ROLES.items() for word in ("--scale", f"{role}={several}")]


class Stack:
    """The containers."""

    def __init__(self, home: Path, *, rate: float, articles: int) -> None:
        self.environment = os.environ | {
            "COMPOSE_PROJECT_NAME": "wirewatch-rolling",
            "WIREWATCH_CONFIG_DIR": str(home),
            "ROLLING_SECRET": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "RATE": str(rate),
            "COUNT": str(articles),
            "GAP": str(GAP),
        }

    def compose(self, *words: str, check: bool = True) -> str:
        """``docker compose …``; what it prints."""
        files = ["-f", "docker-compose.yml", "-f", "deploy/rolling/docker-compose.rolling.yml"]
        command = ["docker", "compose", *files, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise SystemExit(f"docker compose {' '.join(words)} failed:\n{done.stderr}")
        return done.stdout

    def containers(self) -> list[str]:
        """Names of all that are to be killed, so that roles alternate."""
        rows = [json.loads(line) for line in self.compose("ps", "--all", "--format", "json").splitlines()]
        return sorted((row["Name"] for row in rows if row["Service"] in ROLES), key=lambda name: (name.rpartition("-")[2], name))

    def ask(self, path: str, method: str = "GET") -> str:
        """An answer of the newsroom."""
        request = f"u.Request('http://127.0.0.1:8000{path}', method='{method}')"
        call = f"import urllib.request as u; print(u.urlopen({request}, timeout=30).read().decode())"
        return self.compose("exec", "-T", "papers", "python3", "-c", call)

    def query(self, statement: str) -> str:
        """Rows of the ledger, fields apart by a bar."""
        password = f"PGPASSWORD={self.environment.get('POSTGRES_PASSWORD', 'wirewatch')}"
        psql = ["psql", "-h", "127.0.0.1", "-U", "wirewatch", "-d", "wirewatch", "-Atc", statement]
        return self.compose("exec", "-T", "-e", password, "postgres", *psql)


def docker(*words: str) -> None:
    subprocess.run(["docker", *words], check=True, capture_output=True)


def configure(home: Path, articles: int) -> None:
    """The configuration beside this file, and a watchlist of everybody whom the papers will name."""
    shutil.copytree(HERE / "config", home, dirs_exist_ok=True)
    home.chmod(0o755)
    (home / "watchlists").mkdir()
    lines = [f"  - {{id: p{n}, name: {name}, kind: person}}" for n, name in enumerate(people(articles // NAMING + 1))]
    head = "alert: {to: [papers], at: confirmed, updates: false, cap: 0}\nentities:\n"
    (home / "watchlists" / "people.yaml").write_text(head + "\n".join(lines) + "\n", "utf-8")


def until(there: Callable[[], bool], within: float, every: float = 2.0) -> bool:
    """Wait for something to become true; whether it did."""
    end = time.monotonic() + within
    while not there():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def roll(stack: Stack, *, seconds: float, pause: float) -> Counter[str]:
    """Hit each container in turn until the time is up. Answers how often which role was hit how."""
    names, hits, end = stack.containers(), Counter[str](), time.monotonic() + seconds
    for number in count():
        if time.monotonic() > end:
            return hits
        name = names[number % len(names)]
        orderly = number % 3 == 2
        if orderly:
            docker("restart", "--time", "35", name)
        else:
            docker("kill", name)
            docker("start", name)
        role = name.split("-")[2]
        hits[f"{role} {'restarted' if orderly else 'killed'}"] += 1
        print(f"\r{hits.total():4} hits, last {name}", end="", flush=True)
        time.sleep(max(0.0, min(pause, end - time.monotonic())))
    raise AssertionError


def run(stack: Stack, asked: argparse.Namespace) -> bool:
    """The whole trial. Whether all was as it should be."""
    stack.compose("up", *([] if asked.no_build else ["--build"]), "--detach", *SCALE, "--scale", "dashboard=0")
    if not until(lambda: json.loads(stack.ask("/report"))["polled"] == 12, 180):
        raise SystemExit("the service does not read its feeds")
    time.sleep(5)
    stack.ask("/begin", "POST")
    hits = roll(stack, seconds=asked.minutes * 60, pause=asked.pause)
    calm = time.monotonic()
    complete = until(lambda: not json.loads(stack.ask("/report"))["lost"] and not waiting(stack), asked.wait)
    took = time.monotonic() - calm
    time.sleep(5)
    return tell(json.loads(stack.ask("/report")), states(stack), hits, asked, took if complete else None)


def states(stack: Stack) -> dict[str, int]:
    """How many entries are in each state."""
    rows = stack.query("select state, count(*) from entries group by 1").split()
    return {state: int(number) for state, _, number in (row.partition("|") for row in rows)}


def waiting(stack: Stack) -> int:
    """Entries that have not come to an end."""
    found = states(stack)
    return sum(found.get(state, 0) for state in ("new", "fetched", "retrying"))


def tell(said: dict[str, Any], ended: dict[str, int], hits: Counter[str], asked: argparse.Namespace, took: float | None) -> bool:
    """Print what came of it; whether it is good."""
    unfinished = sum(ended.get(state, 0) for state in ("new", "fetched", "retrying"))
    lags = ", ".join(f"{name} {value:.1f}" for name, value in zip(("p50", "p95", "p99", "slowest"), said["lags"], strict=False))
    print(f"\n\n{said['articles']} articles in {asked.minutes:g} min, {asked.rate:g}/s; {hits.total()} hits: {dict(sorted(hits.items()))}")
    print(f"printed {said['printed']}, in the ledger {sum(ended.values())}: {ended}")
    print(f"alerts owed {said['owed']}, came {said['came']}, lost {len(said['lost'])} {said['lost'][:5]}")
    print(
        f"one (entity, story) under two ids {len(said['two_ids'])}; an entity under two stories {len(said['two_stories'])}; "
        f"one id with two bodies {len(said['torn'])}; unsigned {said['unsigned']}"
    )
    print(f"POSTs {said['posts']}, refused with 503 {said['refused']}, repeated {said['repeated']}, all with their id")
    print(f"seconds from print to first POST: {lags}")
    print(
        f"requests {said['requests']}, pages fetched again {said['pages_again']}; per host at most {said['most_in_window']} in 10 s "
        f"({said['allowed_in_window']} allowed), {said['most_open']} at once (2 allowed); shortest gap "
        f"{said['shortest_gap']:.3f} s, {said['early']} of the gaps as heard under {GAP} s"
    )
    print("all at their end " + (f"{took:.0f} s after the last hit" if took is not None else "NOT within the wait"))
    polite = said["most_in_window"] <= said["allowed_in_window"] and said["most_open"] <= 2
    whole = sum(ended.values()) == said["printed"] and not unfinished
    return polite and whole and not (said["lost"] or said["two_ids"] or said["two_stories"] or said["torn"] or said["unsigned"])


def main(asked: argparse.Namespace) -> int:
    """Start, roll, tell, stop."""
    articles = int(asked.minutes * 60 * asked.rate)
    with tempfile.TemporaryDirectory(prefix="wirewatch-rolling-") as home:
        configure(Path(home), articles)
        stack = Stack(Path(home), rate=asked.rate, articles=articles)
        try:
            return 0 if run(stack, asked) else 1
        finally:
            if asked.logs:
                Path(asked.logs).write_text(stack.compose("logs", "--no-color", check=False), "utf-8")
            stack.compose("down", "--volumes", "--timeout", "40", check=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=20.0, help="articles a second")
    parser.add_argument("--pause", type=float, default=8.0, help="seconds between two hits")
    parser.add_argument("--wait", type=float, default=240.0, help="seconds for the last alerts after the last hit")
    parser.add_argument("--no-build", action="store_true", help="take the image that is there")
    parser.add_argument("--logs", help="a file for what all containers said")
    sys.exit(main(parser.parse_args()))
