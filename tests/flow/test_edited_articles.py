"""An edited article is matched again and alerts only for what is new in it, also where the first poll had found it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from edited_report import AFTER, BEFORE, LIST

from pipeline.alerts.payload import Engine
from pipeline.alerts.policy import AlertPolicy
from pipeline.flow.analyse import Analysed, Analyst, analyse_page
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.telling import Teller
from pipeline.mentions.match import compile_watchlist
from pipeline.model import Entry
from pipeline.store import Store
from pipeline.store.entries import DirectArticle
from pipeline.store.ids import page_id

NOW = 1_800_000_000.0


@pytest.fixture
def analyst(store: Store) -> Analyst:
    reader = Reader(matcher=compile_watchlist([LIST]), watched=watched_by((LIST,)))
    return Analyst(store=store, reader=reader, teller=Teller(policy=AlertPolicy(), engine=Engine(version="t", extractor="t")))


def html(text: str) -> bytes:
    return (
        f"<html lang=en><head><title>A search</title></head><body><article><h1>A search</h1><p>{text}</p></article></body></html>".encode()
    )


def read(analyst: Analyst, text: str, *, revision: int, backlog: bool) -> Analysed:
    entry = Entry(id="a", url="https://paper.example/a", title="A search")
    ident, _ = analyst.store.entries.add_direct(DirectArticle(key=entry.url, entry=entry, body=html(text), published_at=NOW), NOW)
    page = page_id(ident, 0)
    if revision:
        analyst.store.articles.reanalyse([page], NOW + revision)
    (claimed,) = analyst.store.articles.claim_pages([page], "desk", NOW + revision, 60.0)
    claimed = replace(claimed, body=html(text), revision=revision, backlog=backlog)
    return analyse_page(claimed, analyst, owner="desk", now=NOW + revision)


def told(store: Store) -> list[str]:
    return sorted(alert.entity for alert in store.alerts.list())


@pytest.mark.parametrize(("backlog", "at_first"), [(False, ["ilmar"]), (True, [])])
def test_only_what_an_edit_brings_in_is_told(analyst: Analyst, backlog: bool, at_first: list[str]) -> None:
    read(analyst, BEFORE, revision=0, backlog=backlog)
    assert told(analyst.store) == at_first
    read(analyst, AFTER, revision=1, backlog=backlog)
    assert told(analyst.store) == [*at_first, "oona"]
    read(analyst, AFTER, revision=2, backlog=backlog)
    assert told(analyst.store) == [*at_first, "oona"]
