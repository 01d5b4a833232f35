"""How many copies are found, and how many distinct reports stay apart?

    python bench/stories.py                          # on the golden reports
    python bench/stories.py --docs other.jsonl       # on lines {"id","text"} of your own, each a distinct report

For every report ``--copies`` are made (cut to 60 % and more, retitled, furniture changed) and everything is streamed in
random order within each story. A copy counts as suppressed when it lands in a story that is there already; a distinct
report is kept when no report of another event is in its story.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from copies import copies, reports

from pipeline.stories.grouping import StoryPolicy
from workers.cli.group import Desk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", help="JSON lines, also gzipped; default: the golden reports")
    parser.add_argument("--copies", type=int, default=50)
    parser.add_argument("--keep", type=float, default=0.6)
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", type=float, default=24, help="span that the documents without a date are spread over")
    parser.add_argument("--show", type=int, default=10, help="mistakes shown")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    docs = list(reports()) if not args.docs else _load(args.docs, args.limit, rng, args.hours)
    if not args.docs:
        print(json.dumps({"topics": measure_apart(reports("topics.jsonl"), args.show)}))
    print(json.dumps({"apart": measure_apart(docs, args.show)}))
    print(json.dumps({"copies": measure_copies(docs, args.copies, args.keep, rng, args.show)}))


def _load(path: str, limit: int, rng: random.Random, hours: float) -> list[dict[str, Any]]:
    raw = Path(path).read_bytes()
    docs = [json.loads(line) for line in (gzip.decompress(raw) if path.endswith(".gz") else raw).splitlines()]
    start = datetime(2026, 10, 5, tzinfo=UTC)
    docs = rng.sample(docs, min(limit, len(docs)))
    for place, doc in enumerate(docs):
        title, _, rest = doc["text"].partition("\n")
        doc.setdefault("title", title)
        doc["text"] = rest.strip() if doc["title"] == title else doc["text"]
        doc["published"] = (start + timedelta(hours=hours * place / len(docs))).isoformat()
    return [doc for doc in docs if len(doc["text"]) > 200]


def stream(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of ``group --jsonl``."""
    desk = Desk(StoryPolicy())
    return [desk.place({key: line.get(key) for key in ("id", "title", "text", "published", "source", "url")}) for line in lines]


def measure_apart(docs: list[dict[str, Any]], show: int) -> dict[str, Any]:
    """Each distinct report once, in time order: which are wrongly joined, which of one event are joined."""
    started = time.perf_counter()
    answers = stream(docs)
    seconds = time.perf_counter() - started
    event = {doc["id"]: doc.get("event", doc["id"]) for doc in docs}
    text = {doc["id"]: f"{doc.get('title')} | {doc['text'][:160]}" for doc in docs}
    wrong = [answer for answer in answers if event[answer["id"]] != event[answer["story"]] or answer["duplicate_of"]]
    for answer in wrong[:show]:
        print(f"  JOINED {answer}\n    {text[answer['id']]}\n    {text[answer['story']]}", file=sys.stderr)
    right = sum(answer["id"] != answer["story"] and event[answer["id"]] == event[answer["story"]] for answer in answers)
    wanted = len(docs) - len(set(event.values()))
    return {
        "reports": len(docs), "kept_apart": round(1 - len(wrong) / len(docs), 4), "same_event_joined": f"{right}/{wanted}",
        "ms_each": round(1000 * seconds / len(docs), 2),
    }  # fmt: skip


def measure_copies(docs: list[dict[str, Any]], count: int, keep: float, rng: random.Random, show: int) -> dict[str, Any]:
    """Every report with its copies, all streams mixed."""
    lines = [copy for doc in docs for copy in copies(doc, count, rng, keep=keep)]
    rng.shuffle(lines)
    lines.sort(key=lambda line: line["published"][:13])  # about in time order: shuffled within the hour
    origin = {line["id"]: line["copy_of"] for line in lines}
    event = {doc["id"]: doc.get("event", doc["id"]) for doc in docs}
    opened: dict[str, list[str]] = defaultdict(list)
    wrong = 0
    for answer in stream(lines):
        if answer["story"] == answer["id"]:
            opened[event[origin[answer["id"]]]].append(answer["id"])
        elif event[origin[answer["story"]]] != event[origin[answer["id"]]]:
            wrong += 1
    extra = sum(len(ids) - 1 for ids in opened.values())
    several = {name: len(ids) for name, ids in opened.items() if len(ids) > 1}
    print("  stories opened more than once:", dict(sorted(several.items(), key=lambda pair: -pair[1])[:show]), file=sys.stderr)
    events = len(set(event.values()))
    return {"lines": len(lines), "suppressed": round(1 - extra / (len(lines) - events), 4), "in_wrong_story": round(wrong / len(lines), 5)}


if __name__ == "__main__":
    main()
