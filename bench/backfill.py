"""How long does it take to hold ten new names against an archive of 100,000 articles?

    python bench/backfill.py --articles 100000

The archive is filled with texts of our own (bench/prose.py; each is put together from some thousand paragraphs), of which one
in two hundred names one of ten made-up people; then it is searched as ``wirewatch backfill --dry-run`` does.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prose import headline, paragraph, person
from sqlalchemy import insert

from pipeline.flow.reading import Reader, watched_by
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind
from pipeline.store import Store, open_store
from pipeline.store.tables import articles
from workers.archive import search

NOW = 1_800_000_000.0
POOL = 4000


def rows(rng: random.Random, count: int, people: list[str], naming: float) -> Iterator[dict[str, Any]]:
    """Articles as the archive keeps them."""
    paragraphs = [paragraph(rng, rng.randint(2, 4)) for _ in range(POOL)]
    headlines = [headline(rng) for _ in range(POOL)]
    for number in range(count):
        texts = rng.choices(paragraphs, k=rng.randint(5, 12))
        if rng.random() < naming:
            texts.insert(rng.randrange(len(texts)), f"{rng.choice(people)} said on Tuesday that the harbour would open again.")
        url = f"https://paper{number % 40}.example/{number}"
        yield {
            "id": f"ar_{number:020x}",
            "revision": 0,
            "entry_id": f"en_{number:020x}",
            "page_id": f"pg_{number:020x}",
            "feed_id": f"fe_{number % 40:020x}",
            "url": url,
            "title": rng.choice(headlines),
            "text": "\n".join(texts),
            "summary": "",
            "captions": [],
            "removed": [{"text": "Subscribe to our newsletter", "reason": "newsletter"}],
            "language": "en",
            "status": "ok",
            "fetched_at": NOW,
            "matched_at": NOW,
        }


def fill(store: Store, found: Iterator[dict[str, Any]]) -> None:
    """Write them in large transactions; the search's words are left out, nobody asks for them here."""
    while batch := [row for _, row in zip(range(2000), found, strict=False)]:
        with store.transaction() as connection:
            connection.execute(insert(articles), batch)


def main(asked: argparse.Namespace) -> None:
    rng = random.Random(asked.seed)
    people = [person(rng) for _ in range(10)]
    entities = tuple(Entity(id=f"p{n}", name=name, kind=Kind.PERSON) for n, name in enumerate(people))
    with tempfile.TemporaryDirectory(prefix="wirewatch-backfill-") as place, open_store(f"sqlite:///{Path(place) / 'archive.db'}") as store:
        began = time.monotonic()
        fill(store, rows(rng, asked.articles, people, 0.005))
        size = (Path(place) / "archive.db").stat().st_size / 1e6
        print(f"{asked.articles} articles, {size:.0f} MB, written in {time.monotonic() - began:.0f} s")
        watchlist = Watchlist(watchlist="bench", entities=entities)
        reader = Reader(matcher=compile_watchlist([watchlist]), watched=watched_by((watchlist,)))
        used, began = cpu(), time.monotonic()
        found = sum(1 for _ in search(store, reader, since=0.0, processes=asked.processes))
        took = time.monotonic() - began
        spent = cpu() - used
    print(f"{found} found in {took:.1f} s, {asked.articles / took:.0f} articles/s")
    print(f"CPU {spent:.1f} s, {spent / asked.articles * 1e6:.0f} µs an article")
    print(f"{asked.processes or 'all'} processes; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def cpu() -> float:
    """Seconds of processor time of this process and its children that ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=0, help="0: one a core")
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
