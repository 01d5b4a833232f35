"""What a person sees of the demo: every line fits, an alert tells who and why, and a verdict says what is wrong."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from workers.demo import edition
from workers.demo.newsroom import Asked, Asking
from workers.demo.receiver import Received
from workers.demo.service import Place
from workers.demo.show import Stage
from workers.demo.truth import Kept, LedgerLine, Outcome, Told

PRINTED = edition.load(1)
PLACE = Place(root=Path("/somewhere/wirewatch-demo"))
ALERT = Received(
    at=1004.0,
    id="al_1",
    type="alert.match",
    entity="prigozhin",
    name="Yevgeny Prigozhin",
    tier="confirmed",
    url="u",
    surface="Πριγκόζιν",
    why=("full_name_in_text", "context_near"),
)


def outcome(*faults: str) -> Outcome:
    named = next(one for one in PRINTED.articles if one.expect)
    ledger = {one.id: LedgerLine(state="no_match", reason="names that stand here mean somebody else") for one in PRINTED.articles}
    kept = tuple(Kept(article=one, why=one.quiet, line=ledger[one.id]) for one in PRINTED.articles if not one.owed)
    return Outcome(told=(Told(article=named, alert=ALERT, seconds=6.5),), kept=kept, verified=1, ledger=ledger, faults=faults)


def shown(width: int, *faults: str) -> str:
    out = io.StringIO()
    stage = Stage(PRINTED, Console(file=out, width=width, highlight=False), clock=lambda: 1005.0, started=1000.0)
    stage.began(PLACE)
    for paper in PRINTED.papers:
        stage.asked(Asking(at=1001.0, what=Asked.FEED, paper=paper))
    for article in PRINTED.articles:
        for what in (Asked.SEEN, Asked.EDITED, Asked.PAGE, Asked.HELD):
            stage.asked(Asking(at=1002.0, what=what, paper=article.paper, article=article))
    stage.opened()
    stage.received(ALERT, PRINTED.articles[0], 6.5)
    stage.received(replace(ALERT, name="Wagner Group"), PRINTED.articles[0], None)
    stage.received(Received(at=1004.0, id="", type="", refused="no signature matches"), None, None)
    stage.judged(outcome(*faults), PLACE)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in shown(width, "missing: somebody in “a headline”").splitlines()) <= width


def test_it_says_who_was_found_how_and_what_was_kept_quiet() -> None:
    text = shown(120)
    assert "Yevgeny Prigozhin “Πριγκόζιν” after 6.5 s, verified" in text
    assert "confirmed, full name in text, context near: The Harbour Courier" in text
    assert "but nobody should have been told" in text
    assert "no signature matches" in text
    assert "3 of 3 entries" in text
    assert "1 later than the promised 5 s" in text
    assert "to the first verified alert 4.0 s" in text
    assert "1 of 16 alerts came, 1 signed and verified, no false alarm" in text


def test_who_stays_is_told_where_the_dashboard_is() -> None:
    out = io.StringIO()
    Stage(PRINTED, Console(file=out, width=40), clock=lambda: 0.0, started=0.0).serving(PLACE, "http://127.0.0.1:8420/login?token=abc")
    assert "http://127.0.0.1:8420/login?token=abc" in out.getvalue()  # in one piece, to be clicked or copied


def test_a_failure_lists_each_fault_and_where_to_look() -> None:
    text = shown(120, "missing: one", "false alarm: two")
    assert "✗ missing: one" in text
    assert "✗ false alarm: two" in text
    assert "2 things missing or wrong. The log: /somewhere/wirewatch-demo/service.log" in text
    assert "no false alarm" not in text
