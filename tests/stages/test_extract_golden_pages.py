"""Whole pages with their story: what must be there, what must not, and what must be kept apart with a reason."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.articles.extract import extract
from pipeline.model import Extraction

PAGES = Path(__file__).parents[1] / "golden" / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.json"))
UNSCORED = ("blocked", "garbled")


def words(text: str) -> str:
    """How the pages compare text: white space collapsed, soft hyphens and table separators dropped."""
    return " ".join(re.sub(r"[\xad|]", " " if "|" in text else "", text.replace("\xad", "")).split())


def read(name: str) -> tuple[dict[str, object], Extraction]:
    truth = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    return truth, extract((PAGES / f"{name}.html").read_bytes(), url=truth["url"])


@pytest.mark.parametrize("name", NAMES)
def test_the_status_is_honest(name: str) -> None:
    truth, got = read(name)
    assert got.status in {truth["status"], *truth.get("status_also", [])}


@pytest.mark.parametrize("name", NAMES)
def test_the_story_is_there_line_by_line(name: str) -> None:
    truth, got = read(name)
    if truth["status"] in UNSCORED:
        return
    optional = {words(line) for line in truth.get("optional", [])}
    lines = [words(line) for line in got.text.split("\n") if words(line) and words(line) not in optional]
    assert lines == [words(line) for line in truth["text"].split("\n") if words(line) not in optional]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_the_story_is_kept_apart(name: str) -> None:
    truth, got = read(name)
    if truth["status"] in UNSCORED:
        return
    text, removed = words(got.text), [words(line.text) for line in got.removed]
    assert [line for line in truth.get("must_not", []) if words(line) in text] == []
    assert [line for line in truth.get("removed_contains", []) if not any(words(line) in gone for gone in removed)] == []
    assert [line for line in truth.get("once", []) if text.count(words(line)) != 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_who_when_and_where(name: str) -> None:
    truth, got = read(name)
    for field in ("title", "language", "canonical_url"):
        if truth.get(field) is not None:
            assert words(str(getattr(got, field))) == words(str(truth[field])), field
    if truth.get("author") is not None:
        assert got.author in {truth["author"], *truth.get("author_also", [])}
    if truth.get("published") is not None:
        assert instant(got.published) == instant(str(truth["published"]))


def instant(said: str | None) -> object:
    if said is None or len(said) == len("2026-01-01"):
        return said
    return datetime.fromisoformat(said)
