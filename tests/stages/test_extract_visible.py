"""The quick scan reads every word that extraction could return."""

import re
from pathlib import Path

import pytest

from pipeline.articles.extract import extract
from pipeline.articles.visible import visible_text

PAGES = sorted((Path(__file__).parents[1] / "golden" / "pages").glob("*.html"))
WORD = re.compile(r"\w+")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_word_of_the_story_is_hidden_from_the_quick_scan(path: Path) -> None:
    body = path.read_bytes()
    story = extract(body, url="https://paper.example/story")
    seen = set(WORD.findall(visible_text(body).lower()))
    said = f"{story.title or ''}\n{story.text}\n{' '.join(story.captions)}\n{' '.join(line.text for line in story.removed)}"
    assert [word for word in WORD.findall(said.replace("\xad", "").lower()) if word not in seen] == []


def test_what_is_no_page_has_no_words() -> None:
    assert visible_text(b"\xff\xd8\xff\xe0" + b"JFIF" * 100) == ""
