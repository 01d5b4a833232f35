"""Pages that name nobody are kept many at a time: found by their words, in no story, each exactly once."""

from __future__ import annotations

from pipeline.model import Entry, EntryState, Lane
from pipeline.store import Store
from pipeline.store.articles import Glance
from pipeline.store.entries import DirectArticle
from pipeline.store.records import ArticleRecord

NOW = 1_800_000_000.0


def waiting(store: Store, count: int) -> list[str]:
    for n in range(count):
        entry = Entry(id=f"https://a.example/{n}", url=f"https://a.example/{n}", title=f"Report {n}")
        store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=b"<p>x</p>", lane=Lane.COLD), NOW)
    return store.articles.offer_due(Lane.COLD, NOW, 25.0, 100)


def glances(store: Store, page_ids: list[str], owner: str) -> list[Glance]:
    pages = store.articles.claim_pages(page_ids, owner, NOW, 25.0)
    record = {"text": "The cutter lay in the ice.", "status": "ok", "extractor": "skim"}
    return [Glance(page=page, article=ArticleRecord(title=page.entry.title, url=page.url, **record)) for page in pages]


def test_they_are_found_by_their_words_and_done(store: Store) -> None:
    found = glances(store, waiting(store, 5), "w")
    assert store.articles.record_glances(found, [], owner="w", reason="names nobody", now=NOW) == []
    assert len(store.articles.search("cutter")) == 5
    assert store.entries.counts_by_state() == {EntryState.NO_MATCH: 5}
    assert store.articles.offer_due(Lane.COLD, NOW + 1000, 25.0, 100) == []


def test_what_is_left_may_be_claimed_by_anybody_at_once(store: Store) -> None:
    ids = waiting(store, 3)
    found = glances(store, ids, "w")
    left = [found[0].page.id]
    assert store.articles.record_glances(found[1:], left, owner="w", reason="", now=NOW) == left
    assert [page.id for page in store.articles.claim_pages(ids, "another", NOW, 25.0)] == left


def test_a_page_that_was_lost_to_another_is_not_written(store: Store) -> None:
    ids = waiting(store, 2)
    found = glances(store, ids, "slow")
    store.articles.release("slow", NOW)
    store.articles.claim_pages(ids, "quick", NOW, 25.0)
    assert store.articles.record_glances(found, [], owner="slow", reason="", now=NOW) == []
    assert store.articles.search("cutter") == []


def test_its_owner_may_claim_a_page_again(store: Store) -> None:
    ids = waiting(store, 1)
    assert glances(store, ids, "w")
    assert len(store.articles.claim_pages(ids, "w", NOW, 25.0)) == 1


def test_an_article_that_is_there_already_is_left_to_the_full_reading(store: Store) -> None:
    ids = waiting(store, 1)
    found = glances(store, ids, "w")
    store.articles.record_glances(found, [], owner="w", reason="", now=NOW)
    store.articles.reanalyse(ids, NOW)
    again = glances(store, ids, "w")
    assert store.articles.record_glances(again, [], owner="w", reason="", now=NOW) == ids
