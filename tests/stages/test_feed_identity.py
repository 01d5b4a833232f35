"""Which entry is which? The golden pairs are a gate; the properties hold for every entry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.identity import content_hash, fold, keys, keys_of
from pipeline.feeds.novelty import sort
from pipeline.model import Entry

PAIRS = [json.loads(line) for line in (Path(__file__).parent.parent / "golden/identity/churn.jsonl").read_text("utf-8").splitlines()]

entries = st.builds(
    Entry,
    id=st.text(max_size=30) | st.just("https://example.org/?p=1"),
    url=st.text(max_size=30) | st.just("https://example.org/2026/01/02/a-b-c-d/"),
    title=st.text(max_size=40),
    published=st.none() | st.just("2026-01-02T03:04:05Z"),
)


def entry(said):
    return Entry(id=said["id"] or "", url=said["url"] or "", title=said["title"] or "", published=said["published"])


def test_pairs_of_one_article_share_a_key_and_pairs_of_two_do_not():
    split, merged = [], []
    for pair in PAIRS:
        shares = not set(keys(entry(pair["first"]))).isdisjoint(keys(entry(pair["then"])))
        if pair["same"] and not shares:
            split.append(pair["id"])
        if not pair["same"] and shares:
            merged.append(pair["id"])
    assert len(PAIRS) == 300
    assert split == []
    assert len(merged) <= 3, merged


@given(entries)
def test_every_entry_has_keys_and_the_same_ones_each_time(one):
    assert keys(one)
    assert keys(one) == keys(one)
    assert len(set(keys(one))) == len(keys(one))


@given(entries)
def test_what_only_tracks_makes_no_difference(one):
    tracked = Entry(id=one.id, url="https://example.org/a-b-c-d?utm_source=x", title=one.title)
    plain = Entry(id=one.id, url="https://www.example.org/a-b-c-d", title=one.title)
    assert not set(keys(tracked)).isdisjoint(keys(plain))


def test_a_guid_that_many_items_carry_says_nothing():
    document = [Entry(id="news-1", url=f"https://example.org/{word}", title=word) for word in ("one", "two", "three")]
    found = keys_of(document)
    assert all(set(a).isdisjoint(b) for i, a in enumerate(found) for b in found[i + 1 :])


def test_a_link_that_all_items_share_says_nothing():
    document = [Entry(id="", url="https://example.org/ticker", title=word) for word in ("one", "two", "three")]
    found = keys_of(document)
    assert all(set(a).isdisjoint(b) for i, a in enumerate(found) for b in found[i + 1 :])


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Rovers 2-1 Albion", "rovers 2 1 albion"),
        ("  <b>Wolf</b> reißt\u00a0Schafe!", "wolf reisst schafe"),
        ("Q3 results", "q3 results"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_titles_fold(written, folded):
    assert fold(written) == folded


# -- what is new, what was edited -------------------------------------------------------------------------------------


@dataclass
class Known:
    entry_id: str
    feed_id: str
    content_hash: str
    revision: int = 0


ONE = Entry(id="1", url="https://example.org/news/one-two-three", title="One", summary="first")


def known(one, *, feed="fe", revision=0):
    return {key: Known("en_1", feed, content_hash(one), revision) for key in keys(one)}


def sorted_as(document, ledger, feed="fe"):
    return sort(feed, document, keys_of(document), ledger)


def test_an_unknown_entry_is_fresh():
    found = sorted_as([ONE], {})
    assert [fresh.entry for fresh in found.fresh] == [ONE]
    assert not found.seen


def test_a_known_entry_is_seen():
    found = sorted_as([ONE], known(ONE))
    assert found.seen == {"en_1": keys(ONE)}
    assert not found.fresh
    assert not found.changed


def test_an_edit_in_its_own_feed_is_a_change():
    edited = Entry(id="1", url=ONE.url, title="One, corrected", summary="first")
    found = sorted_as([edited], known(ONE))
    assert [change.entry_id for change in found.changed] == ["en_1"]


def test_another_feed_may_word_it_differently():
    edited = Entry(id="x", url=ONE.url, title="Another headline", summary="other words")
    assert not sorted_as([edited], known(ONE), feed="other").changed


def test_edits_are_not_followed_for_ever():
    edited = Entry(id="1", url=ONE.url, title="One", summary="views: 1234567")
    assert not sorted_as([edited], known(ONE, revision=24)).changed


def test_two_sightings_in_one_document_are_one_entry():
    twin = Entry(id="1", url=ONE.url + "?utm_source=rss", title="One")
    assert len(sorted_as([ONE, twin], {}).fresh) == 1
