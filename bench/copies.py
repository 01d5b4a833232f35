"""Makes syndicated copies of a report the way papers do: cut, retitled, dateline and furniture changed, in random order.

The furniture comes from ``tests/golden/stories/furniture.json``. Imported by ``bench/stories.py`` and by the tests.
"""

from __future__ import annotations

import json
import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent.parent / "tests" / "golden" / "stories"
FURNITURE: dict[str, Any] = json.loads((GOLDEN / "furniture.json").read_text(encoding="utf-8"))
CUTS = ("end", "start", "middle", "scattered", "none")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


def reports(name: str = "reports.jsonl") -> list[dict[str, Any]]:
    """The golden reports, in time order: ``reports.jsonl`` or the shorter ``topics.jsonl``."""
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


def copies(
    report: dict[str, Any], count: int, rng: random.Random, *, keep: float = 0.6, start: datetime | None = None
) -> list[dict[str, Any]]:
    """``count`` copies of one report by ``count`` papers, none kept below ``keep`` of its sentences, in random order of length."""
    start = datetime.fromisoformat(report["published"])
    return [_copy(report, number, rng, keep=keep, at=start + timedelta(minutes=rng.uniform(0, 600))) for number in range(count)]


def _copy(report: dict[str, Any], number: int, rng: random.Random, *, keep: float, at: datetime) -> dict[str, Any]:
    language = report.get("language") if report.get("language") in FURNITURE["datelines"] else "en"
    source = f"{rng.choice(['Daily', 'Morning', 'Evening', 'Free'])} {rng.choice(['Post', 'Courier', 'Herald', 'Echo', 'Argus'])} {number}"
    fill = {
        "title": report.get("title") or "Report", "source": source, "agency": rng.choice(FURNITURE["agencies"]),
        "author": rng.choice(FURNITURE["authors"]),
        "city": rng.choice(FURNITURE["cities"][language]), "country": "EU", "date": at.strftime("%d.%m."),
        "time": at.strftime("%H:%M"), "year": "2026",
    }  # fmt: skip
    lines = _cut(SENTENCE.split(report["text"]), rng, keep)
    paragraphs = [" ".join(lines[place : place + 3]) for place in range(0, len(lines), 3)] or [""]
    paragraphs[0] = _line("datelines", language, fill, rng) + paragraphs[0]
    if rng.random() < 0.5:
        paragraphs[0] = _line("agency_prefixes", language, fill, rng) + paragraphs[0]
    for _ in range(rng.randint(0, 3)):
        paragraphs.insert(rng.randint(1, len(paragraphs)), _line("mid_furniture", language, fill, rng))
    paragraphs += [_line("footers", language, fill, rng) for _ in range(rng.randint(0, 3))]
    title = _line("retitle", language, fill, rng) if rng.random() < 0.8 else _short_title(lines, rng)
    return {
        "id": f"{report['id']}~{number}", "title": title, "text": "\n".join(paragraphs), "published": at.isoformat(),
        "source": source, "language": language,
        "url": f"https://paper{number}.example/{rng.randint(10**6, 10**7)}", "copy_of": report["id"],
    }  # fmt: skip


def _cut(lines: list[str], rng: random.Random, keep: float) -> list[str]:
    kept = max(1, round(len(lines) * rng.uniform(keep, 1.0)))
    match rng.choice(CUTS):
        case "end":
            return lines[:kept]
        case "start":
            return lines[-kept:]
        case "middle":
            return lines[: kept // 2] + lines[len(lines) - (kept - kept // 2) :]
        case "scattered":
            return [lines[place] for place in sorted(rng.sample(range(len(lines)), kept))]
        case _:
            return lines


def _short_title(lines: list[str], rng: random.Random) -> str:
    return " ".join(lines[0].split()[: rng.randint(4, 9)])


def _line(kind: str, language: str, fill: dict[str, str], rng: random.Random) -> str:
    return str(rng.choice(FURNITURE[kind][language])).format(**fill)
