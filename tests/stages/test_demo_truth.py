"""The demo's verdict: what makes it say no, one fault at a time."""

from __future__ import annotations

from dataclasses import replace

import orjson

from workers.demo import edition, receiver, truth
from workers.demo.edition import Article, Edition
from workers.demo.receiver import Received
from workers.demo.truth import Evidence, LedgerLine, Outcome
from workers.sink import Posted

PRINTED = edition.load(1)
APPEARED = 1000.0


def article(ident: str) -> Article:
    return next(one for one in PRINTED.articles if one.id == ident)


def alert(one: Article, entity: str, ident: str = "") -> Received:
    key = ident or f"al_{one.story}_{entity}"
    return Received(
        at=APPEARED + 2.0, id=key, type="alert.match", entity=entity, name=entity, tier="confirmed", url=one.id, surface="Wagner"
    )


def everything() -> list[Received]:
    return [alert(one, entity) for one in PRINTED.articles for entity in one.owed]


def finished() -> dict[str, LedgerLine]:
    return {one.id: LedgerLine(state="retrying" if one.trick == "never" else "no_match", reason="") for one in PRINTED.articles}


def judge(received: list[Received], ledger: dict[str, LedgerLine] | None = None, printed: Edition = PRINTED) -> Outcome:
    evidence = Evidence(
        received=received,
        ledger=finished() if ledger is None else ledger,
        article_at=lambda url: next((one for one in printed.articles if one.id == url), None),
        since=lambda _article, _entity: APPEARED,
    )
    return truth.judge(printed, evidence)


def test_all_that_is_owed_and_nothing_else_is_right() -> None:
    outcome = judge(everything())
    assert outcome.faults == ()
    assert (len(outcome.told), outcome.verified, outcome.slowest) == (16, 16, 2.0)
    assert {one.article.id for one in outcome.kept} == {one.id for one in PRINTED.articles if not one.owed}


def test_an_alert_that_did_not_come_is_missing_with_what_the_ledger_says() -> None:
    ledger = finished() | {"mali": LedgerLine(state="failed", reason="http 500")}
    outcome = judge([one for one in everything() if one.url != "mali"], ledger)
    assert outcome.faults == (
        "missing: wagner-group in “Gold convoy attacked in the Sahel” (Northern Ledger); the ledger says: failed (http 500)",
    )


def test_a_false_alarm_names_the_trap() -> None:
    outcome = judge([*everything(), alert(article("actor"), "wagner-group")])
    assert outcome.faults == ("false alarm: wagner-group (“Wagner”) in “Robert Wagner remembers the television years”, which is the actor",)


def test_the_right_article_does_not_excuse_the_wrong_entity() -> None:
    outcome = judge([*everything(), alert(article("sanctions"), "wagner-group")])
    assert [fault.partition(":")[0] for fault in outcome.faults] == ["false alarm"]


def test_a_copy_may_carry_the_alert_but_not_repeat_it() -> None:
    instead = [replace(one, url="arms-copy") if one.url == "arms" else one for one in everything()]
    assert judge(instead).is_right
    outcome = judge([*everything(), alert(article("arms-copy"), "prigozhin", "al_other")])
    assert outcome.faults == ("told twice: prigozhin in “Pyongyang shipped rockets to Russian private army: officials”",)


def test_the_same_message_again_is_a_retry_and_no_second_alert() -> None:
    assert judge([*everything(), *everything()]).is_right


def test_a_message_about_nothing_is_wrong() -> None:
    outcome = judge([*everything(), Received(at=0.0, id="x", type="delivery.failing")])
    assert outcome.faults == ("a message about nothing in the newsroom: delivery.failing",)


def test_an_article_that_is_not_done_with_has_not_been_kept_quiet() -> None:
    ledger = finished() | {"ferry": LedgerLine(state="fetched", reason="")}
    ledger.pop("choir")
    outcome = judge(everything(), ledger)
    assert [fault.rpartition(": ")[2] for fault in outcome.faults] == ["fetched", "no such entry"]


def test_the_page_that_never_answers_must_be_waited_for() -> None:
    silent = next(one for one in PRINTED.articles if one.trick == "never")
    outcome = judge(everything(), finished() | {silent.id: LedgerLine(state="failed", reason="gave up")})
    assert len(outcome.faults) == 1


def test_a_webhook_that_is_not_believed_is_a_fault_whatever_else_came() -> None:
    forged = receiver.read(Posted(at=1000.0, id="al_1", body=b"{", refused="no signature matches"))
    outcome = judge([*everything(), forged])
    assert outcome.faults == ("a webhook was not believed: no signature matches",)


def test_a_verified_alert_is_read_with_its_weightiest_reasons_first() -> None:
    body = orjson.dumps(
        {
            "type": "alert.match",
            "data": {
                "tier": "confirmed",
                "watch": {"entity_id": "prigozhin", "name": "Yevgeny Prigozhin"},
                "article": {"url": "http://127.0.0.1:1/2026/x.html"},
                "matches": [
                    {"surface": "Пригожина", "why": [{"code": "near", "weight": 0.1}, {"code": "full_name_in_text", "weight": 0.6}]}
                ],
            },
        }
    )
    found = receiver.read(Posted(at=1000.0, id="al_1", body=body))
    assert (found.refused, found.entity, found.surface) == ("", "prigozhin", "Пригожина")
    assert found.why == ("full_name_in_text", "near")
