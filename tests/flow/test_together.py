"""Questions that are asked at the same time: one call for all, an answer for each, and a bad one spoils no other."""

from __future__ import annotations

import asyncio

import pytest

from pipeline.flow.together import Together


class Ledger:
    """Doubles numbers, and remembers what was asked together."""

    def __init__(self, bad: set[int] = frozenset()) -> None:
        self.bad = bad
        self.calls: list[list[int]] = []

    def __call__(self, numbers):
        self.calls.append(list(numbers))
        if self.bad & set(numbers):
            raise ValueError(f"refused {sorted(self.bad & set(numbers))}")
        return [2 * number for number in numbers]


async def test_what_is_asked_while_a_call_runs_goes_together():
    ledger = Ledger()
    ask = Together(ledger, most=4)
    assert await asyncio.gather(*(ask(n) for n in range(10))) == [2 * n for n in range(10)]
    assert ledger.calls == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert await ask(7) == 14
    assert ledger.calls[-1] == [7]


async def test_one_bad_question_spoils_no_other():
    ledger = Ledger({3})
    ask = Together(ledger)
    answers = await asyncio.gather(*(ask(n) for n in range(6)), return_exceptions=True)
    assert [a for a in answers if not isinstance(a, Exception)] == [0, 2, 4, 8, 10]
    assert str(answers[3]) == "refused [3]"


async def test_where_everything_fails_nobody_is_asked_for_long():
    ledger = Ledger(set(range(50)))
    ask = Together(ledger)
    answers = await asyncio.gather(*(ask(n) for n in range(50)), return_exceptions=True)
    assert all(isinstance(answer, ValueError) for answer in answers)
    assert len(ledger.calls) == 3  # all of them, and two alone


async def test_who_gives_up_takes_no_other_along():
    ledger = Ledger()
    ask = Together(ledger)
    first, second = asyncio.ensure_future(ask(1)), asyncio.ensure_future(ask(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
