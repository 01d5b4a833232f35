"""A site whose furniture no pattern knows: gone by the fourth page, and no repeated line of a story with it."""

import importlib.util
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.articles.extract import draft, extract, finish
from pipeline.articles.memory import Lesson, address_of, learn, questions, site_of


def newspaper() -> ModuleType:
    path = Path(__file__).parents[1] / "golden" / "site" / "newspaper.py"
    spec = importlib.util.spec_from_file_location("newspaper_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Notebook:
    """A memory in a dictionary."""

    def __init__(self) -> None:
        self.lessons: dict[tuple[str, str], frozenset[int]] = {}

    def carriers(self, site: str, article: str, lines: Sequence[int]) -> Mapping[int, int]:
        others = [known for (where, which), known in self.lessons.items() if where == site and which != article]
        return Counter(line for known in others for line in lines if line in known)

    def record(self, lesson: Lesson) -> None:
        self.lessons[lesson.site, lesson.article] = frozenset(lesson.lines)


@pytest.mark.parametrize("seed", range(8))
def test_in_the_order_of_publication_furniture_is_gone_by_the_fourth_page(seed: int) -> None:
    memory = Notebook()
    for number, page in enumerate(newspaper().newspaper(seed)):
        got = extract(page.html, url=page.url, memory=memory)
        memory.record(learn(got, url=page.url))
        lines = got.text.split("\n")
        assert [line for line in page.story if line not in lines] == []
        if number >= 3:
            assert [line for line in page.lines if not line.story and line.kind in ("begging", "slogan") and line.text in lines] == []


@pytest.mark.parametrize("seed", range(8))
def test_once_the_site_is_known_nothing_of_it_is_left_and_the_order_does_not_matter(seed: int) -> None:
    pages = list(newspaper().newspaper(seed))
    memory = Notebook()
    drafts = [draft(page.html, url=page.url) for page in pages]
    for page, read in zip(pages, drafts, strict=True):
        memory.record(learn(read.extraction, url=page.url))
    for page, read in zip(pages, drafts, strict=True):
        asked = questions(read.extraction.text.split("\n"))
        got = finish(read, memory.carriers(site_of(page.url), address_of(read.extraction, page.url), asked))
        lines = got.text.split("\n")
        assert [line for line in page.story if line not in lines] == []
        assert [line for line in page.furniture if line in lines] == []
        assert {line.text for line in got.removed if line.reason == "site_memory"} <= set(page.furniture)
