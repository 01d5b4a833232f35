"""What does each stage of a page's way cost, beside trafilatura alone on the same pages?

    python bench/stages.py --pages 200

CPU of one process, the median of three passes over the bench's own pages (bench/newsroom.py), nothing stored and nothing
fetched. trafilatura's whole cost is the practical limit of a service that reads every page.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate
from html import escape
from typing import Any, NamedTuple

import trafilatura
from newsroom import WATCHED, Item, items

from pipeline.articles.extract import extract
from pipeline.articles.visible import visible_text
from pipeline.feeds.parse import parse
from pipeline.flow.reading import as_document
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import Watchlist
from pipeline.settings.checking import adapter
from pipeline.stories.fingerprint import fingerprint

URL = "https://paper.example/1"


class Stage(NamedTuple):
    """A line of the table."""

    name: str
    milliseconds: float
    """Of CPU a page."""
    on: str
    """Which pages take it."""


def measured(seed: int, count: int, naming: float) -> list[Stage]:
    """Every stage, in the order of a page's way, and trafilatura last."""
    some = items(seed, count, 12, naming)
    pages = [one.html.encode() for one in some]
    matcher = compile_watchlist([adapter(Watchlist).validate_python({"watchlist": "bench", "entities": WATCHED})])
    seen = [visible_text(page) for page in pages]
    read = [extract(page, url=URL) for page in pages]
    documents = [as_document(one, ident="x", url=URL) for one in read]
    named = [document for document, words in zip(documents, seen, strict=True) if matcher.scan(words)]
    bytes_of = feed(some)
    return [
        Stage("feed, an entry of it", cost(lambda _: parse(bytes_of, url=URL), [0]) / count, "every article"),
        Stage("visible text", cost(visible_text, pages), "every page"),
        Stage("quick scan", cost(matcher.scan, seen), "every page"),
        Stage("extraction", cost(lambda page: extract(page, url=URL), pages), "hot pages; all with archive: all"),
        Stage("matching, with evidence", cost(matcher.match, named), "hot pages"),
        Stage("fingerprint", cost(lambda one: fingerprint(one.title, one.text), documents), "pages that are extracted"),
        Stage("trafilatura alone", cost(lambda page: trafilatura.extract(page, url=URL), pages), ""),
    ]


def feed(some: Sequence[Item]) -> bytes:
    """A feed of all of them."""
    entries = "".join(
        f"<item><title>{escape(one.title)}</title><link>{URL}/{one.number}</link><guid>{one.number}</guid>"
        f"<description>{escape(one.title)}</description><pubDate>{formatdate(1.77e9 + one.number)}</pubDate></item>"
        for one in some
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><link>{URL}</link>{entries}</channel></rss>'.encode()


def cost(work: Callable[[Any], object], over: Sequence[Any]) -> float:
    """Milliseconds of CPU each, the median of three passes."""
    for one in over[:5]:
        work(one)
    passes = []
    for _ in range(3):
        began = time.process_time()
        for one in over:
            work(one)
        passes.append((time.process_time() - began) / max(1, len(over)))
    return 1000 * statistics.median(passes)


def markdown(stages: Sequence[Stage]) -> str:
    """The table."""
    limit = stages[-1].milliseconds
    lines = ["| stage | ms of CPU | of trafilatura's | taken by |", "|---|---|---|---|"]
    lines += [f"| {one.name} | {one.milliseconds:.2f} | {one.milliseconds / limit:.2f} | {one.on} |" for one in stages]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--naming", type=float, default=0.1, help="share of the pages that name somebody")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(markdown(measured(asked.seed, asked.pages, asked.naming)))
    print(f"\n{asked.pages} pages, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
