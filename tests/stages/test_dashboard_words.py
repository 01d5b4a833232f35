"""How times, spans, marked texts and plots are written for a person; which links are ours."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts.links import MUTE, NOT_RELEVANT, address, is_ours, mark
from workers.dashboard import plots, words
from workers.dashboard.answers.shared import DayCount

NOW = 1_795_500_000.0


@dataclass(frozen=True)
class Span:
    start: int
    end: int


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (None, "–"),
        (0, "0 s"),
        (0.084, "84 ms"),
        (41.2, "41 s"),
        (90, "1.5 min"),
        (180, "3 min"),
        (7200, "2 h"),
        (432_000, "5 d"),
        (-60, "-1 min"),
    ],
)
def test_spans_are_short(seconds: float | None, says: str) -> None:
    assert words.span(seconds) == says


def test_moments_say_how_long_ago_and_exactly_when() -> None:
    assert words.moment(None, NOW) == "–"
    said = words.moment(NOW - 180, NOW)
    assert ">3 min ago</time>" in said
    assert 'datetime="2026-' in said
    assert ">in 2 h</time>" in words.moment(NOW + 7200, NOW)
    assert ">now</time>" in words.moment(NOW - 0.2, NOW)


@pytest.mark.parametrize(("part", "whole", "says"), [(0, 0, "–"), (2, 2, "100 %"), (9999, 10_000, "99.9 %"), (1, 4, "25 %"), (0, 3, "0 %")])
def test_a_share_is_never_rounded_up_to_all(part: int, whole: int, says: str) -> None:
    assert words.percent(part, whole) == says


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_marking_loses_and_adds_no_character(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(*place) for place in places if place[0] >= 0]
    parts = words.segments(text, spans)
    assert "".join(part for part, _ in parts) == text
    assert all(text[span.start : span.end] == part for part, span in parts if span is not None)
    assert "".join(part for line in words.paragraphs(text, spans) for part, _ in line) == text.replace("\n", "")


@given(st.text(max_size=80), st.text(max_size=20))
def test_marked_words_are_still_escaped(text: str, query: str) -> None:
    said = words.marked(text, query)
    assert said.replace("<mark>", "").replace("</mark>", "").count("<") == 0


def test_reasons_link_what_they_name() -> None:
    said = words.linked("a copy of ar_0123456789abcdef0123, <b>which was told")
    assert said == 'a copy of <a href="/articles/ar_0123456789abcdef0123">another article</a>, &lt;b&gt;which was told'


def test_bars_say_in_words_what_they_show() -> None:
    days = [DayCount(day=20_000, counts={"confirmed": 3}), DayCount(day=20_001, counts={}), DayCount(day=20_002, counts={"confirmed": 1})]
    said = plots.bars(days, ("confirmed", "probable"), 'Articles that name "<X>"')
    assert 'role="img"' in said
    assert "4 in 3 days, at most 3 a day" in said
    assert "&lt;X&gt;" in said
    assert said.count("<g>") == 2
    assert plots.bars([], ("confirmed",), "nothing").count("<g>") == 0


@given(st.integers(min_value=1, max_value=10**9))
def test_a_scale_ends_at_a_round_number_that_is_not_far_above(most: int) -> None:
    top = plots.scale(most)
    assert most <= top <= max(2, 2 * most)
    assert top % 2 == 0


def test_a_chart_says_its_scale_and_its_days_or_that_there_is_nothing() -> None:
    days = [DayCount(day=20_000 + n, counts={"entries": n}) for n in range(31)]
    said = plots.chart(days, ("entries",), "Entries")
    assert "<span>40</span><span>20</span><span>0</span>" in said
    assert said.count("<span>4 Oct</span>") == 1
    assert "None in the last 31 days" in plots.chart(days, ("alerts",), "Alerts")


@given(st.text(min_size=1), st.text(), st.text())
def test_a_mark_is_of_one_link(key: str, alert: str, other: str) -> None:
    given_mark = mark(key, NOT_RELEVANT, alert)
    assert is_ours(key, NOT_RELEVANT, alert, given_mark)
    assert not is_ours(key, MUTE, alert, given_mark)
    assert not is_ours(key, NOT_RELEVANT, alert + "x", given_mark)
    assert is_ours(key, NOT_RELEVANT, alert, other) == (other == given_mark)


def test_without_a_key_a_link_bears_no_mark() -> None:
    assert address("https://watch.example/", "", MUTE, "al_1") == "https://watch.example/alerts/al_1/mute"
    assert address("https://watch.example", "k", MUTE, "al_1").startswith("https://watch.example/alerts/al_1/mute?mark=")
