"""Extraction side by side with others, in one run: what it costs and, where the truth is given, what it gets right.

    uv venv /tmp/rivals && uv pip install --python /tmp/rivals readability-lxml newspaper4k lxml_html_clean
    python -m bench.extraction PAGES.jsonl[.gz] [--gold GOLD.jsonl[.gz]] [--rivals /tmp/rivals] [--limit N]
    python -m bench.extraction --hostile

PAGES holds ``{"id","url","html"}`` a line, GOLD ``{"id","paragraphs":[…]}``. Rivals that are no dependency of ours are imported from the
environment named by ``--rivals``, and are left out where they are not there. Times are processor times of one process, each page
given to all before the next, so that a busy machine treats all alike; ratios are to trafilatura's default.
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

WORD: Final = re.compile(r"\w+")
Extractor = Callable[[str, str], str]


def ours(html: str, url: str) -> str:
    from pipeline.articles.extract import extract

    return extract(html, url=url).text


def trafilatura_default(html: str, url: str) -> str:
    import trafilatura

    return trafilatura.extract(html, url=url) or ""


def resiliparse_main(html: str, _url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(html, main_content=True))


def readability(html: str, _url: str) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(html).summary()).text_content())


def newspaper(html: str, url: str) -> str:
    from newspaper import Article

    article = Article(url or "https://paper.example/")
    article.download(input_html=html)
    article.parse()
    return str(article.text)


EXTRACTORS: Final[dict[str, Extractor]] = {
    "wirewatch": ours,
    "trafilatura": trafilatura_default,
    "resiliparse": resiliparse_main,
    "readability-lxml": readability,
    "newspaper4k": newspaper,
}


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def available() -> dict[str, Extractor]:
    found = {}
    for name, extractor in EXTRACTORS.items():
        try:
            extractor("<html><body><p>A warm-up page with one sentence.</p></body></html>", "https://paper.example/")
        except ImportError as error:
            print(f"without {name}: {error}", file=sys.stderr)
            continue
        except Exception:  # noqa: BLE001 - a rival may refuse so little text
            pass
        found[name] = extractor
    return found


def f1(text: str, truth: str) -> float:
    have, want = Counter(WORD.findall(text.lower())), Counter(WORD.findall(truth.lower()))
    shared = (have & want).total()
    return 2 * shared / (have.total() + want.total()) if have or want else 1.0


def compare(pages: Path, gold: Path | None, limit: int) -> None:
    truth = {row["id"]: "\n".join(row["paragraphs"]) for row in lines_of(gold)} if gold else {}
    extractors = available()
    times: dict[str, list[float]] = {name: [] for name in extractors}
    scores: dict[str, list[float]] = {name: [] for name in extractors}
    for number, page in enumerate(lines_of(pages)):
        if limit and number >= limit:
            break
        for name, extractor in extractors.items():
            start = time.process_time()
            try:
                text = extractor(page["html"], page.get("url") or "")
            except Exception:  # noqa: BLE001 - a rival that fails on a page has no text for it
                text = ""
            times[name].append(time.process_time() - start)
            if page["id"] in truth:
                scores[name].append(f1(text, truth[page["id"]]))
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
    parser.add_argument("--rivals", type=Path, help="an environment that has the rivals installed")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--hostile", action="store_true", help="the hostile pages instead: time, status and memory of each")
    options = parser.parse_args()
    if options.rivals:
        sys.path.extend(str(path) for path in options.rivals.glob("lib/python*/site-packages"))
    if options.hostile:
        hostile()
    elif options.pages:
        compare(options.pages, options.gold, options.limit)
    else:
        parser.error("name a file of pages, or --hostile")


if __name__ == "__main__":
    main()
