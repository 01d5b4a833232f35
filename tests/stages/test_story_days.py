"""The day of the month that a lead names keeps apart what the same names did on two days."""

from __future__ import annotations

import pytest

from pipeline.stories.days import days


@pytest.mark.parametrize(
    ("lead", "named"),
    [
        ("神戸の球団は十二日、延長で勝った。", {12}),
        ("新华社北京11月3日电", {3}),
        ("市議会は３１日に可決した。", {31}),
        ("政府は二十日と二十一日に会合を開く。", {20, 21}),
        ("本月九日，公司宣布停产。", {9}),
        ("日本の首相は語った。", set()),
        ("三日間の停電が続いた。", set()),
        ("On 12 November the council met.", set()),
        ("第十二日目の土俵", set()),
        ("九十九日", set()),
    ],
)
def test_days_of_a_lead(lead: str, named: set[int]) -> None:
    assert days(lead) == sum(1 << day for day in named)


def test_only_the_lead_counts() -> None:
    assert days("球団は勝った。" * 30 + "試合は十二日に行われた。") == 0
