"""What a backfill fires passes the same hard filters as what comes in through a feed."""

from __future__ import annotations

import pytest

from pipeline.alerts.payload import Engine
from pipeline.alerts.policy import AlertPolicy
from pipeline.flow.analyse import Analyst, analyse_page
from pipeline.flow.reading import Reader, refusals, watched_by
from pipeline.flow.refire import Case, refire
from pipeline.flow.rehearsal import Rehearsal
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
    document = document_of(article, ())

    now_watched = reader(*rules)
    verdicts = now_watched.matcher.match(document)
    case = Case(article=article, document=document, verdicts=verdicts, refused=refusals(verdicts, document, now_watched))
    rehearsed = Rehearsal(store, now_watched, teller, NOW + 1).outcome(case)
    assert len(rehearsed.alerts) == fired
    assert store.alerts.list() == []
    assert refire(case, store, now_watched, teller, NOW + 1) == fired
    assert [row["reason"] for row in store.alerts.suppressions()] == ([] if fired else ["rule"])


def test_a_rehearsal_comes_to_what_firing_comes_to(store: Store) -> None:
    teller = Teller(policy=AlertPolicy(cooldown=3600.0, to=("ops",)), engine=Engine(version="t", extractor="t"))
    nobody = Reader(matcher=compile_watchlist([Watchlist(watchlist="nobody")]), watched={})
    watching = reader()
    cases = []
    for n in range(4):
        entry = Entry(id=str(n), url=f"https://paper{n}.example/{n}", title=f"Number {n}")
        text = f"{TEXT} {' '.join(f'Word{n}{k} of the {k * (n + 2)} others.' for k in range(40))}" if n else TEXT
        body = HTML.replace(TEXT, text).encode()
        ident, _ = store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=body, published_at=NOW), NOW)
        (page,) = store.articles.claim_pages([page_id(ident, 0)], "desk", NOW, 60.0)
        analyse_page(page, Analyst(store=store, reader=nobody, teller=teller), owner="desk", now=NOW)
        article = store.articles.by_url(entry.url)
        assert article is not None
        document = document_of(article, ())
        cases.append(Case(article=article, document=document, verdicts=watching.matcher.match(document), refused={}))
    rehearsal = Rehearsal(store, watching, teller, NOW + 1)
    outcomes = [rehearsal.outcome(case) for case in cases]
    fired = [refire(case, store, watching, teller, NOW + 1) for case in cases]
    assert [len(one.alerts) for one in outcomes] == fired
    reasons = {(kept.article_id, kept.reason) for one in outcomes for kept in one.suppressions}
    assert {(row["article_id"], row["reason"]) for row in store.alerts.suppressions()} == reasons
    waiting = [plan.digest is not None for one in outcomes for alert in one.alerts for plan in alert.deliveries]
    assert waiting == [False] + [True] * (sum(fired) - 1)
