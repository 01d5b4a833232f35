"""Fifty papers carry one report: its readers are told once. Through extraction, matching, grouping and policy, on both databases."""

from __future__ import annotations

import importlib.util
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipeline.alerts.payload import Engine
from pipeline.alerts.policy import AlertPolicy
from pipeline.flow.analyse import Analysed, Analyst, analyse_page
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.telling import Teller
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import AlertSettings, Entity, Watchlist
from pipeline.model import Entry, Kind
from pipeline.store import Store
from pipeline.store.entries import DirectArticle
from pipeline.store.ids import page_id

NOW = 1_800_000_000.0
LIST = Watchlist(
    watchlist="sea",
    alert=AlertSettings(to=("ops",)),
    entities=(Entity(id="norsund", name="Norsund Ferries", kind=Kind.ORGANIZATION, strong_aliases=("Norsund",)),),
)


def _copies() -> Any:
    spec = importlib.util.spec_from_file_location("copies", Path(__file__).parents[2] / "bench" / "copies.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COPIES = _copies()
REPORTS = {report["id"]: report for report in COPIES.reports()}
STORY = REPORTS["merger-ferries-1"]


@pytest.fixture
def analyst(store: Store) -> Analyst:
    reader = Reader(matcher=compile_watchlist([LIST]), watched=watched_by((LIST,)))
    teller = Teller(policy=AlertPolicy(), engine=Engine(version="test", extractor="test"))
    return Analyst(store=store, reader=reader, teller=teller)


def page(store: Store, line: dict[str, Any], at: float) -> str:
    """A paper's page, fetched and waiting."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in line["text"].split("\n"))
    html = (
        f"<!doctype html><html lang='en'><head><title>{line['title']}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>{line['title']}</h1>{text}</article></main><footer>All rights reserved</footer></body></html>"
    )
    entry = Entry(id=line["id"], url=line["url"], title=line["title"])
    ident, _ = store.entries.add_direct(DirectArticle(key=line["url"], entry=entry, body=html.encode(), published_at=at), at)
    return page_id(ident, 0)


def analysed(analyst: Analyst, ident: str, at: float) -> Analysed:
    (claimed,) = analyst.store.articles.claim_pages([ident], "desk", at, 60.0)
    return analyse_page(claimed, analyst, owner="desk", now=at)


def lines(count: int, seed: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = COPIES.copies(STORY, count, random.Random(seed))
    return made


def test_fifty_copies_are_one_alert_and_every_silence_has_its_reason(store: Store, analyst: Analyst) -> None:
    outcomes = []
    for number, line in enumerate(lines(50, seed=3)):
        at = NOW + 20 * number
        outcomes.append(analysed(analyst, page(store, line, at), at))
    alerts = store.alerts.list()
    assert [alert.type for alert in alerts] == ["alert.match"]
    quiet = Counter(reason for outcome in outcomes for reason in outcome.suppressed)
    named = sum(bool(outcome.alerts or outcome.suppressed) for outcome in outcomes)
    assert named >= 40, "most cuts keep the name"
    assert sum(quiet.values()) == named - 1
    assert set(quiet) <= {"copy", "same_story", "update_too_soon"}
    assert len(store.deliveries.list()) == 1


def test_later_papers_are_an_update_an_hour_at_most(store: Store, analyst: Analyst) -> None:
    for number, line in enumerate(lines(40, seed=4)):
        at = NOW + 600 * number  # over six hours and a half
        analysed(analyst, page(store, line, at), at)
    alerts = sorted(store.alerts.list(), key=lambda alert: alert.created_at)
    assert [alert.type for alert in alerts].count("alert.match") == 1
    updates = [alert.created_at for alert in alerts if alert.type == "alert.story_update"]
    assert updates
    assert all(later - earlier >= 3600 for earlier, later in zip([NOW, *updates], updates, strict=False))
    assert len({alert.id for alert in alerts}) == len(alerts)


def test_copies_that_arrive_at_the_same_instant_are_one_alert(store: Store, analyst: Analyst) -> None:
    idents = [page(store, line, NOW) for line in lines(16, seed=5)]
    with ThreadPoolExecutor(4) as desks:
        outcomes = list(desks.map(lambda ident: analysed(analyst, ident, NOW), idents))
    assert sum(len(outcome.alerts) for outcome in outcomes) == 1
    assert len(store.alerts.list()) == 1


def test_another_story_about_the_same_company_is_another_alert(store: Store, analyst: Analyst) -> None:
    first = lines(1, seed=6)[0]
    text = REPORTS["rate-poland-1"]["text"].replace("Poland's central bank", "Norsund")
    other = {**first, "id": "other", "url": "https://other.example/1", "title": "Norsund cuts its fares", "text": text}
    assert analysed(analyst, page(store, first, NOW), NOW).alerts
    assert analysed(analyst, page(store, other, NOW + 60), NOW + 60).alerts
    assert len({alert.story_id for alert in store.alerts.list()}) == 2


def test_another_report_of_the_event_is_told_and_a_flood_of_them_is_gathered(store: Store, analyst: Analyst) -> None:
    """Two outlets in their own words: the second may be another event, so it is told. Its copies are not."""
    store.deliveries.sync_endpoints({"ops": "standard"}, NOW)
    patient = replace(analyst, teller=replace(analyst.teller, policy=AlertPolicy(reports=1)))
    first, second = REPORTS["merger-ferries-1"], REPORTS["merger-ferries-2"]
    told = [first, second, *COPIES.copies(second, 4, random.Random(2), keep=0.95), mixed(first, second)]
    outcomes = []
    for number, line in enumerate(told):
        known = {**line, "url": f"https://paper{number}.example/a"}
        outcomes.append(analysed(patient, page(store, known, NOW + 60 * number), NOW + 60 * number))
    alerts = sorted(store.alerts.list(), key=lambda alert: alert.created_at)
    assert [(alert.type, alert.event) for alert in alerts[:2]] == [("alert.match", "match"), ("alert.story_update", "another_report")]
    assert len({alert.story_id for alert in alerts}) == 1
    quiet = Counter(reason for outcome in outcomes for reason in outcome.suppressed)
    assert quiet["copy"] + quiet["update_too_soon"] == 4
    held = store.deliveries.digest_due(NOW + 2 * 3600)
    assert [item.reason for item in held] == ["many_reports"]


def mixed(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """A third report: names of both, in sentences of neither."""
    facts = (
        "Norsund Ferries is the new owner of Celtic Lines. The O'Mahony family of Rosslare gets 1.9 billion euros, it was announced on "
        "Monday. At Pembroke and Fishguard dockers asked what becomes of them; in Dover and Calais rivals such as Bluewave were silent. "
        "The mayor of Cherbourg, Yann Kermarec, said that he would call Aalborg in the morning. The union Navis wants talks in Hull."
    )
    return {**first, "id": "merger-ferries-mixed", "title": "Celtic Lines changes hands: O'Mahonys sell to Norsund", "text": facts}


def test_the_cap_sends_the_rest_to_one_digest(store: Store, analyst: Analyst) -> None:
    store.deliveries.sync_endpoints({"ops": "standard"}, NOW)
    capped = replace(analyst, teller=replace(analyst.teller, policy=AlertPolicy(cap=1)))
    for number, name in enumerate(("rate-poland-1", "quake-sulawesi-1", "court-lisbon-1")):
        text = f"Norsund was named in it, the company Norsund said.\n{REPORTS[name]['text']}"
        line = {"id": name, "url": f"https://paper.example/{name}", "title": REPORTS[name]["title"], "text": text}
        analysed(capped, page(store, line, NOW + number), NOW + number)
    assert len(store.deliveries.list()) == 1
    held = store.deliveries.digest_due(NOW + 2 * 3600)
    assert [item.reason for item in held] == ["hourly_cap", "hourly_cap"]
    assert all(orjson.loads(item.body)["type"] == "alert.match" for item in held)
