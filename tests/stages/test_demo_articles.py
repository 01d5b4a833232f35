"""Each article of the demo, read and matched by itself: who is named alerts, who is only namesake or furniture does not."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.articles.extract import extract
from pipeline.articles.metadata import FeedHints
from pipeline.mentions.match import Matcher, compile_watchlist
from pipeline.model import Document, Tier
from pipeline.settings.load import load_watchlist_file
from workers.demo import edition, pages
from workers.demo.edition import Article, Trick
from workers.demo.service import WATCHLIST

SEEDS = (1, 2, 3)
MOMENT = "2026-11-23T07:00:00+00:00"


@cache
def matcher() -> Matcher:
    return compile_watchlist([load_watchlist_file(WATCHLIST)])


def named(article: Article, *, seed: int, edited: bool) -> set[str]:
    """Ids of the entities that alert, by the route of the analyser without its recogniser."""
    url = f"http://127.0.0.1/{article.id}.html"
    body = pages.render(article, seed=seed, url=url, published=MOMENT, modified=MOMENT, edited=edited)
    summary = article.standfirst or article.paragraphs[0]
    story = extract(body, url=url, feed=FeedHints(title=article.title, summary=summary))
    document = Document(
        id=article.id,
        title=story.title or article.title,
        text=story.text,
        summary=summary,
        captions="\n".join(story.captions),
        removed="\n".join(line.text for line in story.removed),
        language=story.language,
        url=url,
    )
    return {verdict.entity for verdict in matcher().match(document) if verdict.tier is not None and verdict.tier.rank >= Tier.PROBABLE.rank}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [article.id for article in edition.load(1).articles])
def test_an_article_names_whom_its_truth_says(name: str, seed: int) -> None:
    articles = {article.id: article for article in edition.load(seed).articles}
    article = articles[name]
    assert named(article, seed=seed, edited=False) == set(articles[article.story].expect)
    if article.edit:
        assert named(article, seed=seed, edited=True) == set(article.owed)


def test_the_edition_is_what_the_demo_promises() -> None:
    printed = edition.load(1)
    texts = [" ".join((article.title, *article.paragraphs)) for article in printed.articles]
    spellings = ["Prigozhin", "Prigoschin", "Prigojine", "Пригожин", "Prigoży", "Πριγκόζιν"]
    assert len(printed.articles) == 40
    assert len(printed.languages) >= 4
    assert all(any(spelling in text for text in texts) for spelling in spellings)
    assert {trick for article in printed.articles if (trick := article.trick)} == set(Trick)
    assert sum(paper.broken for paper in printed.papers) == 1
    assert sum(article.edit is not None for article in printed.articles) == 1
    assert all(article.owed or article.quiet for article in printed.articles)


def test_a_seed_gives_the_same_words_each_time_and_another_seed_others() -> None:
    assert edition.load(7) == edition.load(7)
    assert edition.load(7).articles != edition.load(8).articles


def test_the_shipped_watchlist_lists_no_inflected_form_and_not_every_spelling() -> None:
    listed = WATCHLIST.read_text("utf-8").split("tests:")[0]
    entries = "\n".join(line for line in listed.splitlines() if not line.lstrip().startswith("#"))
    for form in ("Prigoschin", "Prigojine", "Prigoży", "Πριγκόζιν", "Пригожина", "Вагнера", "Grupy Wagnera"):
        assert form not in entries
