"""Extraction side by side with others, in one run: what it costs and, where the truth is given, what it gets right.

    python -m bench.extraction PAGES.jsonl[.gz] [--gold GOLD.jsonl[.gz]] [--rivals FOLDER] [--limit N]
    python -m bench.extraction --hostile

PAGES holds ``{"id","url","html"}`` a line, GOLD ``{"id","paragraphs":[…]}``. Rivals that are no dependency of ours are installed into
FOLDER where they are not there yet. Times are processor times; each extractor has its own process and each page is given to all before
the next, so that a busy machine treats all alike and none runs on another's caches. Ratios are to trafilatura's default.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

from bench.extraction.candidate import EXTRACTORS
from bench.extraction.contest import Contestant, environment

WORD: Final = re.compile(r"\w+")


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def f1(text: str, truth: str) -> float:
    have, want = Counter(WORD.findall(text.lower())), Counter(WORD.findall(truth.lower()))
    shared = (have & want).total()
    return 2 * shared / (have.total() + want.total()) if have or want else 1.0


def compare(pages: Path, gold: Path | None, limit: int, rivals: Path) -> None:
    truth = {row["id"]: "\n".join(row["paragraphs"]) for row in lines_of(gold)} if gold else {}
    python = environment(rivals)
    contestants = [Contestant(name, python) for name in EXTRACTORS]
    times: dict[str, list[float]] = {name: [] for name in EXTRACTORS}
    scores: dict[str, list[float]] = {name: [] for name in EXTRACTORS}
    for page in islice(lines_of(pages), limit or None):
        for one in contestants:
            seconds, text = one.read(page)
            times[one.name].append(seconds)
            if page["id"] in truth:
                scores[one.name].append(f1(text, truth[page["id"]]))
    for one in contestants:
        one.close()
        if one.hung:
            print(f"{one.name} gave no answer to {one.hung} pages", file=sys.stderr)
    table(times, scores)


def table(times: dict[str, list[float]], scores: dict[str, list[float]]) -> None:
    base = times["trafilatura"]
    print(f"{'':18}{'median ms':>10}{'p95 ms':>9}{'x median':>10}{'x p95':>8}{'token F1':>10}")
    for name, taken in times.items():
        score = f"{statistics.fmean(scores[name]):10.4f}" if scores[name] else ""
        middle, late = quantile(taken, 0.5), quantile(taken, 0.95)
        print(
            f"{name:18}{middle * 1e3:10.1f}{late * 1e3:9.1f}{middle / quantile(base, 0.5):10.2f}{late / quantile(base, 0.95):8.2f}{score}"
        )


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[round(share * (len(values) - 1))]


def hostile() -> None:
    from bench.extraction.hostile import PAGES
    from pipeline.articles.extract import extract

    for name, make in PAGES.items():
        body = make()
        start = time.process_time()
        got = extract(body, url=f"https://hostile.example/{name}")
        taken = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{name:22}{len(body):>10} bytes{taken:7.2f} s  {got.status:12}{len(got.text):>8} characters, peak so far {peak} MB", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--rivals", type=Path, default=Path(gettempdir()) / "wirewatch-rivals", help="where the rivals are installed")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--hostile", action="store_true", help="the hostile pages instead: time, status and memory of each")
    options = parser.parse_args()
    if options.hostile:
        hostile()
    elif options.pages:
        compare(options.pages, options.gold, options.limit, options.rivals)
    else:
        parser.error("name a file of pages, or --hostile")


if __name__ == "__main__":
    main()
