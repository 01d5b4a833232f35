"""What a backfill fires passes the same hard filters as what comes in through a feed."""

from __future__ import annotations

import pytest

from pipeline.alerts.payload import Engine
from pipeline.alerts.policy import AlertPolicy
from pipeline.flow.analyse import Analyst, analyse_page
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.refire import refire
from pipeline.flow.telling import Teller
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import AlertSettings, Entity, Rule, Watchlist
from pipeline.model import Entry, Kind
from pipeline.store import Store
from pipeline.store.entries import DirectArticle
from pipeline.store.ids import page_id
from workers.archive import document_of

NOW = 1_800_000_000.0
TEXT = "Divers raised a safe that belongs to Ilmar Tuulik from the lake, and the locksmith who opened it has been asked to keep quiet."
HTML = f"<html lang=en><head><title>A safe</title></head><body><article><h1>A safe</h1><p>{TEXT}</p></article></body></html>"


def reader(*rules: Rule) -> Reader:
    entity = Entity(id="ilmar", name="Ilmar Tuulik", kind=Kind.PERSON)
    watchlist = Watchlist(watchlist="people", alert=AlertSettings(to=("ops",)), entities=(entity,), rules=rules)
    return Reader(matcher=compile_watchlist([watchlist]), watched=watched_by((watchlist,)))


@pytest.mark.parametrize(("rules", "fired"), [((), 1), ((Rule(none=("lake",)),), 0), ((Rule(all=("lake",)),), 1)])
def test_a_rule_keeps_a_backfill_quiet_and_says_so(store: Store, rules: tuple[Rule, ...], fired: int) -> None:
    teller = Teller(policy=AlertPolicy(), engine=Engine(version="t", extractor="t"))
    nobody = Reader(matcher=compile_watchlist([Watchlist(watchlist="nobody")]), watched={})
    entry = Entry(id="a", url="https://paper.example/a", title="A safe")
    ident, _ = store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=HTML.encode(), published_at=NOW), NOW)
    (page,) = store.articles.claim_pages([page_id(ident, 0)], "desk", NOW, 60.0)
    analyse_page(page, Analyst(store=store, reader=nobody, teller=teller), owner="desk", now=NOW)
    article = store.articles.by_url(entry.url)
    assert article is not None
    document = document_of(article)

    now_watched = reader(*rules)
    verdicts = now_watched.matcher.match(document)
    assert refire(article, document, verdicts, store, now_watched, teller, NOW + 1) == fired
    assert [row["reason"] for row in store.alerts.suppressions()] == ([] if fired else ["rule"])
