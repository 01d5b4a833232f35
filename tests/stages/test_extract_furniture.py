"""Lines that a site adds to every story, and true lines that look like them, each as one paragraph of a page without markup.

The scores are pinned: the open half is what the rules were written with, the sealed half was scored once, at the end.
"""

import json
from collections import defaultdict
from html import escape
from pathlib import Path

import pytest

from pipeline.articles.extract import extract
from pipeline.articles.phrases import reason_of
from pipeline.articles.speaking import THRESHOLD
from pipeline.articles.speaking import score as score_of

ROWS = Path(__file__).parents[1] / "golden" / "furniture"


def rows(half: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (ROWS / f"{half}.jsonl").read_text("utf-8").splitlines()]


def padding(given: list[dict[str, str]]) -> dict[str, list[str]]:
    """The story lines that the rows of a language share."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in given:
        found[row["language"]] |= dict.fromkeys(text for text in (row["before"], row["after"]) if text)
    return {language: list(lines) for language, lines in found.items()}


def page(row: dict[str, str], story: list[str]) -> str:
    """The line in its place, padded on the side that its position leaves open."""
    rest = [text for text in story if text not in (row["before"], row["after"])]
    above = [] if row["position"] == "first" else rest[: len(rest) // 2 if row["position"] == "inside" else None]
    below = [] if row["position"] == "last" else rest[len(above) :]
    lines = [*above, row["before"], row["line"], row["after"], *below]
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return (
        f'<!doctype html><html lang="{row["language"]}"><head><meta charset="utf-8"><title>Placeholder heading 7</title></head>'
        f"<body><article>{paragraphs}</article></body></html>"
    )


def score(half: str) -> tuple[float, float, list[str]]:
    """Share of furniture that is gone and kept apart, share of true lines that are in the text, and the misses."""
    given = rows(half)
    story = padding(given)
    right: dict[bool, list[bool]] = {True: [], False: []}
    misses = []
    for row in given:
        got = extract(page(row, story[row["language"]]), url="https://paper.example/story")
        line = " ".join(row["line"].split())
        kept = any(line in " ".join(text.split()) or " ".join(text.split()) == line.lstrip("- ") for text in got.text.split("\n"))
        apart = any(line.lstrip("- ") in " ".join(gone.text.split()) for gone in got.removed)
        good = (not kept and apart) if row["furniture"] else kept
        right[bool(row["furniture"])].append(good)
        if not good:
            misses.append(f"{row['id']} {row['kind']}: {row['line']}")
    return sum(right[True]) / len(right[True]), sum(right[False]) / len(right[False]), misses


def test_the_open_half() -> None:
    gone, kept, misses = score("open")
    assert gone >= 0.97, misses
    assert kept >= 0.99, misses


def test_the_sealed_half() -> None:
    """Pinned as scored, once: its misses are counted and not read, so that it goes on telling what rules do to unknown lines."""
    gone, kept, misses = score("sealed")
    assert gone >= 0.83, f"{len(misses)} misses"
    assert kept >= 0.99, f"{len(misses)} misses"


SECOND = Path(__file__).parents[1] / "golden" / "furniture2" / "open.jsonl"


def test_a_second_set_whose_lines_no_table_spells() -> None:
    """Pinned: judged by words alone, as in the middle of a text."""
    given = [json.loads(line) for line in SECOND.read_text("utf-8").splitlines()]
    gone = {True: [], False: []}
    for row in given:
        gone[row["furniture"]].append(reason_of(row["text"]) is not None or score_of(row["text"]) > THRESHOLD)
    assert sum(gone[True]) / len(gone[True]) >= 0.8
    assert 1 - sum(gone[False]) / len(gone[False]) >= 0.985


def test_a_story_that_speaks_to_its_reader_keeps_its_lines() -> None:
    steps = [
        "Open the app and log in to your account.",
        "Click on your profile here.",
        "Choose your plan now.",
        "Enter your password below.",
        "Turn on notifications for your device.",
        "Download your free invoice here.",
    ]
    story = [f"Lindmouth has moved its parking permits to the telephone, and step {n} is the hardest." for n in range(6)]
    lines = [line for pair in zip(story, steps, strict=True) for line in pair]
    html = f"<html lang='en'><body><article>{''.join(f'<p>{line}</p>' for line in lines)}</article></body></html>"
    kept = extract(html, url="https://paper.example/permits").text.split("\n")
    assert [line for line in steps if line not in kept] == []


@pytest.mark.parametrize("line", ["ΔΙΑΦΗΜΙΣΗ", "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ", "BÜLTENİMİZE ABONE OLUN"])
def test_capitals_say_the_same(line: str) -> None:
    assert reason_of(line) is not None or score_of(line) > THRESHOLD


def test_what_ends_each_part_of_a_list_of_reviews_stays() -> None:
    praise = "The {} kettle from Orvell boils a litre in under three minutes and keeps it warm for an hour or so on the lowest setting."
    parts = [
        f"<h2>Kettle {name}</h2><p>{praise.format(name)}</p><p>Read our full review <a href='/kettles/{name}'>of the {name}</a> here.</p>"
        for name in ("Arla", "Brent", "Corin", "Dover", "Esk")
    ]
    text = extract(f"<html lang='en'><body><article>{''.join(parts)}</article></body></html>", url="https://paper.example/kettles").text
    assert text.count("Read our full review") == len(parts)
