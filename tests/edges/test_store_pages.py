"""Entries on their way to a page, and pages on their way to the analyser: leases, sweeps, crashes, articles handed in."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from storelife import NOW, analysis, claimed, feed, fetched, item, poll

from pipeline.errors import StoreError
from pipeline.model import Entry, EntryState, Lane
from pipeline.store import Store, ids
from pipeline.store.bodies import pack, unpack
from pipeline.store.entries import DirectArticle, PageRecord
from pipeline.store.feeds import EditedEntry


def test_an_entry_is_claimed_once_and_again_when_the_lease_has_run_out(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store, tags=("t",), options={"headers": {"a": "b"}}), item(1)))
    (one,) = store.entries.claim_fetch(NOW, "a", 60, 10)
    assert (one.feed.tags, one.feed.options, one.entry.summary) == (("t",), {"headers": {"a": "b"}}, "Summary 1")
    assert store.entries.claim_fetch(NOW + 59, "b", 60, 10) == []
    assert store.entries.next_due_at() == NOW + 60
    (again,) = store.entries.claim_fetch(NOW + 60, "b", 60, 10)
    assert again.id == one.id


def test_a_page_of_a_lost_lease_is_not_written_over_the_new_owners(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1)))
    (one,) = store.entries.claim_fetch(NOW, "slow", 60, 10)
    store.entries.claim_fetch(NOW + 60, "fast", 60, 10)
    url = one.entry.url
    page = PageRecord(entry_id=one.id, owner="fast", url=url, final_url=url, body=b"new", fetched_at=NOW + 61, lane=Lane.HOT)
    ident = store.entries.record_page(page)
    assert store.entries.record_page(replace(page, owner="slow", body=b"old")) == ident
    assert not store.entries.record_fetch_failure(one.id, owner="slow", state=EntryState.FAILED, reason="x", next_at=None, now=NOW)
    got = store.articles.page(ident)
    assert got is not None
    assert got.body == b"new"
    assert store.entries.counts_by_state() == {"fetched": 1}


def test_a_failed_fetch_is_tried_again_and_then_parked_and_can_be_rerun(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1)))
    (one,) = store.entries.claim_fetch(NOW, "a", 60, 10)
    failed = store.entries.record_fetch_failure
    assert failed(one.id, owner="a", state=EntryState.RETRYING, reason="http_503", next_at=NOW + 30, now=NOW)
    assert store.entries.claim_fetch(NOW + 29, "a", 60, 10) == []
    (again,) = store.entries.claim_fetch(NOW + 30, "a", 60, 10)
    assert (again.attempts, again.state) == (1, EntryState.RETRYING)
    assert failed(one.id, owner="a", state=EntryState.FAILED, reason="http_503", next_at=None, now=NOW + 31)
    assert store.entries.next_due_at() is None
    assert store.entries.retry([one.id], NOW + 32) == 1
    assert [entry.attempts for entry in store.entries.claim_fetch(NOW + 32, "a", 60, 10)] == [0]


def test_a_postponed_entry_costs_no_attempt(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1)))
    (one,) = store.entries.claim_fetch(NOW, "a", 60, 10)
    store.entries.postpone([one.id], NOW + 5)
    assert [entry.attempts for entry in store.entries.claim_fetch(NOW + 5, "b", 60, 10)] == [0]


def test_an_entry_that_is_settled_at_once_is_never_due(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1, state=EntryState.NO_MATCH, reason="too old")))
    assert store.entries.claim_fetch(NOW, "a", 60, 10) == []
    assert store.entries.counts_by_state() == {"no_match": 1}


def test_a_page_keeps_its_bytes_and_its_provenance(store: Store) -> None:
    body = "<p>Пригожин</p>".encode() * 400
    page = claimed(store, body=body)
    assert page.body == body
    assert page.headers == {"etag": '"x"'}
    assert (page.status, page.lane, page.origin, page.revision) == (200, Lane.HOT, "page", 0)
    assert page.sha256 == sha256(body).hexdigest()


def test_a_kept_page_is_not_queued_until_somebody_wants_it(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1)))
    (one,) = store.entries.claim_fetch(NOW, "a", 60, 10)
    url = one.entry.url
    record = PageRecord(entry_id=one.id, owner="a", url=url, final_url=url, body=b"x", fetched_at=NOW, lane=Lane.COLD)
    ident = store.entries.record_page(replace(record, settled=EntryState.NO_MATCH, reason="kept, not extracted"))
    assert store.articles.offer_due(Lane.COLD, NOW + 9, 30, 10) == []
    assert store.entries.counts_by_state() == {"no_match": 1}
    assert store.articles.reanalyse([ident], NOW + 10) == 1
    assert store.articles.offer_due(Lane.COLD, NOW + 10, 30, 10) == [ident]


def test_the_sweep_is_the_offer_asked_again(store: Store) -> None:
    hot, cold = fetched(store, 1), fetched(store, 2, lane=Lane.COLD)
    assert store.articles.offer_due(Lane.HOT, NOW, 30, 10) == [hot]
    assert store.articles.offer_due(Lane.COLD, NOW, 30, 10) == [cold]
    assert store.articles.offer_due(Lane.HOT, NOW + 29, 30, 10) == []
    assert store.articles.offer_due(Lane.HOT, NOW + 30, 30, 10) == [hot]
    store.articles.renew_offers([hot], NOW + 500)
    assert store.articles.offer_due(Lane.HOT, NOW + 499, 30, 10) == []
    (page,) = store.articles.claim_pages([hot], "w", NOW + 40, 60)
    assert store.articles.claim_pages([hot], "other", NOW + 41, 60) == []
    assert store.articles.offer_due(Lane.HOT, NOW + 100, 30, 10) == [page.id]
    assert [one.id for one in store.articles.claim_pages([hot], "other", NOW + 100, 60)] == [hot]


def test_pages_are_claimed_in_the_order_asked(store: Store) -> None:
    pages = [fetched(store, n) for n in range(4)]
    asked = [pages[2], "pg_unknown", pages[0], pages[2]]
    assert [page.id for page in store.articles.claim_pages(asked, "w", NOW, 60)] == [pages[2], pages[0]]


def test_a_page_that_crashes_three_times_is_failed_and_says_so(store: Store) -> None:
    ident = fetched(store, 1)
    assert [store.articles.record_crash(ident, "hung for 60 s", NOW + n) for n in range(4)] == [False, False, True, False]
    assert store.articles.claim_pages([ident], "w", NOW + 9, 60) == []
    (ledger,) = store.entries.why("https://paper.example/1")
    assert (ledger["entry"]["state"], ledger["entry"]["reason"]) == ("failed", "crashed 3 times: hung for 60 s")


def test_an_edit_seen_while_the_page_is_read_is_still_fetched(store: Store) -> None:
    page = claimed(store)
    edit = EditedEntry(entry_id=page.entry_id, entry=page.entry, content_hash="h2")
    store.feeds.record_poll(poll(feed(store), edited=(edit,)))
    assert store.articles.record_analysis(analysis(page)).held
    assert store.entries.counts_by_state() == {"new": 1}
    (again,) = store.entries.claim_fetch(NOW, "c", 60, 10)
    assert again.revision == 1


def test_a_finished_page_is_not_claimed_again(store: Store) -> None:
    page = claimed(store)
    store.articles.record_analysis(analysis(page))
    assert store.articles.claim_pages([page.id], "w", NOW + 999, 60) == []
    assert store.articles.offer_due(Lane.HOT, NOW + 999, 60, 10) == []


def test_a_clean_stop_gives_pages_and_entries_back(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(2)))
    store.entries.claim_fetch(NOW, "collector", 60, 10)
    assert store.entries.release("collector", NOW + 1) == 1
    assert len(store.entries.claim_fetch(NOW + 1, "next", 60, 10)) == 1
    page = claimed(store, 1)
    assert store.articles.release("analyser", NOW + 1) == 1
    assert store.articles.offer_due(Lane.HOT, NOW + 1, 60, 10) == [page.id]


@pytest.mark.parametrize("key", ["ticker-17", "https://paper.example/direct"])
def test_an_article_handed_in_twice_is_taken_once(store: Store, key: str) -> None:
    article = DirectArticle(key=key, entry=Entry(id=key, url="https://paper.example/direct", title="T"), body=b"<p>x</p>")
    ident, new = store.entries.add_direct(article, NOW)
    assert new
    assert store.entries.add_direct(article, NOW + 1) == (ident, False)
    (page_id,) = store.articles.offer_due(Lane.HOT, NOW, 30, 10)
    (page,) = store.articles.claim_pages([page_id], "w", NOW, 60)
    assert (page.entry_id, page.origin, page.feed.id, page.body) == (ident, "direct", "direct", b"<p>x</p>")


def test_why_finds_an_entry_by_every_address_it_has(store: Store) -> None:
    page = claimed(store)
    record = analysis(page)
    assert record.article is not None
    article = replace(record.article, canonical_url="https://paper.example/canonical")
    store.articles.record_analysis(replace(record, article=article))
    for address in (page.url, page.entry_id, "https://paper.example/canonical"):
        (ledger,) = store.entries.why(address)
        assert ledger["article"]["id"] == ids.article_id(page.entry_id)
        assert ledger["feed"]["url"] == "https://paper.example/feed"
    assert store.entries.why("https://paper.example/none") == []


def test_a_damaged_body_says_so() -> None:
    encoding, data = pack(b"x" * 1000)
    assert unpack(encoding, data) == b"x" * 1000
    with pytest.raises(StoreError, match="damaged"):
        unpack(encoding, data[:-4] + b"\x00\x00\x00\x00\x00")
