"""The shortcuts of sniffing change no answer: each is held against the plain expression that it stands for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.sniff import sniff

ENDLESS = re.compile(r"(?<![^\s<>\"'])[^\s<>\"']{20000,}")


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_what_no_reader_sees_is_gone_and_nothing_else(said: str) -> None:
    found = sniff(f"<html><p>{said}").html
    assert found == re.sub("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]", "", f"<html><p>{said}")


def test_half_a_character_is_no_obstacle() -> None:
    assert sniff("<html><p>a\ud800b").html == "<html><p>ab"


@pytest.mark.parametrize("before", [0, 1, 9_990, 10_001, 25_000])
@pytest.mark.parametrize("attributes", [500, 4_000])
def test_only_a_tag_with_attributes_by_the_thousand_is_slimmed(before: int, attributes: int) -> None:
    tag = "<p " + " ".join(f'a{n}="x"' for n in range(attributes)) + " " * 20_000 + ">"
    page = "<html><body>" + "q " * (before // 2) + tag + "words</p>"
    assert sniff(page).html == page.replace(tag, "<p>" if attributes > 1_000 else tag)


@pytest.mark.parametrize("runs", [(19_999,), (20_000,), (20_001, 9_999, 31_000), (1_500_000,)])
def test_runs_without_end_are_cut_on_heavy_pages(runs: tuple[int, ...]) -> None:
    page = "<html><p>" + " ".join("w" * run for run in runs) + " end " * 200_001
    assert sniff(page).html == ENDLESS.sub(lambda run: run[0][:100], page)
