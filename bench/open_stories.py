"""What does putting an article in its story cost with a million open articles in the ledger, and with a thousand?

    python bench/open_stories.py                              # SQLite: 1,000, 100,000 and 1,000,000
    python bench/open_stories.py --open 1000 1000000 --url postgresql://…

The open articles are keys as the service writes them: sixteen shingles of their own, and names drawn as names are drawn (few
are everywhere, most are rare). Then the golden reports and made-up ones are looked up and written, each in a transaction.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from copies import copies, reports
from prose import headline, story
from sqlalchemy import text

from pipeline.flow.placing import LedgerIndex
from pipeline.store import Store, open_store
from pipeline.store.stories import StoryRecord, write_story
from pipeline.stories.fingerprint import fingerprint
from pipeline.stories.grouping import Report, StoryPolicy, group

NOW = 1_800_000_000.0
WEEK = 604_800.0
NAMES = 12
"""Names of an article, on average: prose of most languages gives fewer than the most that is kept."""
VOCABULARY = 2_000_000
"""Names that there are."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--url", help="a database to fill; default: SQLite in a temporary directory")
    args = parser.parse_args()
    for count in args.open:
        with tempfile.TemporaryDirectory() as home:
            url = args.url or f"sqlite:///{home}/ledger.db"
            with open_store(url) as store:
                fill(store, count)
                print(json.dumps({"open": count} | measure(store, lines(args.articles))), flush=True)


def fill(store: Store, count: int) -> None:
    """So many articles of the last week, with their keys in the index's own order, which is the fastest to load."""
    rng = np.random.default_rng(1)
    number = np.arange(count)
    shingles = rng.integers(-(1 << 63), (1 << 63) - 1, size=(count, 16))
    # Zipf: the nth name as often as 1/n says; its hash stands for it
    names = (VOCABULARY ** rng.random((count, NAMES))).astype(np.int64) * 2_654_435_761 % (1 << 32) | (1 << 62)
    keys = np.concatenate([shingles.ravel(), names.ravel()])
    holders = np.concatenate([np.repeat(number, 16), np.repeat(number, NAMES)])
    order = np.lexsort((holders, keys))
    pairs = np.unique(np.column_stack([keys[order], holders[order]]), axis=0)
    at = [NOW - WEEK + WEEK * n / count for n in range(count)]
    insert(store, "bands", "band, at, article_id", ((int(key), at[n], f"ar_{n:020d}") for key, n in pairs))
    thin, none = json.dumps(fingerprint("A filler", "of the index").as_json()), struct.pack("<1q", 0)
    insert(store, "signatures", "article_id, at, bands, features", ((f"ar_{n:020d}", at[n], none, thin) for n in range(count)))
    rows = ((f"ar_{n:020d}", f"st_{n:020d}", f"paper{n % 5000}", 2, "https://paper.example", at[n]) for n in range(count))
    insert(store, "members", "article_id, story_id, source, source_tier, url, at", rows)
    with store.transaction() as connection:
        connection.execute(text("ANALYZE"))


def insert(store: Store, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    while part := list(islice(rows, 100_000)):
        with store.transaction() as connection:
            cursor = connection.connection.cursor()
            if store.dialect == "sqlite":
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(part[0]))})", part)
                continue
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in part:
                    copy.write_row(row)


def lines(count: int) -> list[dict[str, Any]]:
    """Half of them copies of the golden reports, half made-up reports of their own."""
    rng = random.Random(2)
    made = [copy for report in reports() for copy in copies(report, count // 2 // 27 + 1, rng)][: count // 2]
    made += [
        {"id": f"own{n}", "title": headline(rng), "text": "\n".join(story(rng)), "source": f"paper{n % 50}"}
        for n in range(count - len(made))
    ]
    rng.shuffle(made)
    return made


def measure(store: Store, articles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    policy, spent, found_copies = StoryPolicy(), {"print": 0.0, "place": 0.0, "write": 0.0}, 0
    wall = time.perf_counter()
    for number, line in enumerate(articles):
        started = time.process_time()
        print_ = fingerprint(line["title"], line["text"])
        printed = time.process_time()
        with store.analysis() as ledger:
            report = Report(id=f"bench{number}", fingerprint=print_, at=NOW, source=line["source"])
            found = group(report, LedgerIndex(ledger), policy)
            placed = time.process_time()
            record = StoryRecord(
                story_id=found.story or f"st_{number}",
                article_id=report.id,
                title=line["title"],
                source=line["source"],
                url="https://paper.example",
                at=NOW,
                duplicate_of=found.duplicate_of,
                bands=found.keys,
                features=print_.as_json(),
            )
            write_story(store._db, ledger._connection, record, NOW)  # noqa: SLF001 - the part of a recording that is measured
        written = time.process_time()
        found_copies += found.duplicate_of is not None
        for part, seconds in (("print", printed - started), ("place", placed - printed), ("write", written - placed)):
            spent[part] += seconds
    wall = time.perf_counter() - wall
    return {f"cpu_ms_{part}": round(1000 * seconds / len(articles), 3) for part, seconds in spent.items()} | {
        "wall_ms": round(1000 * wall / len(articles), 2),
        "copies": found_copies,
    }


if __name__ == "__main__":
    main()
