"""Children that hang in C code, die or eat memory are replaced, and only the item at which that happened is lost."""

import os
import re
import signal
from collections.abc import Iterator

import pytest

from workers.crew import CrewPolicy, work_through

POLICY = CrewPolicy(deadline=0.5, patience=3.0, memory_mb=300, batch=4, ahead=2)


def work(item: bytes) -> bytes:
    """Echo, unless the item says otherwise."""
    if item == b"hang":
        re.match(r"(a+)+$", "a" * 60 + "b")  # minutes inside C code, where no signal handler runs
    if item == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == b"eat":
        try:
            bytearray(1 << 30)
        except MemoryError:
            return b"refused"
    return b"done " + item


def lost(item: bytes, why: str) -> bytes:
    return b"lost " + item + b": " + why.encode()


def test_answers_come_in_order_and_each_item_once() -> None:
    items = [str(number).encode() for number in range(103)]
    assert list(work_through(items, work, lost, processes=2, policy=POLICY)) == [b"done " + item for item in items]


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(work_through([], work, lost, processes=2, policy=POLICY)) == []


@pytest.mark.parametrize(("evil", "why"), [(b"hang", b"it took longer than 0.5 s"), (b"die", b"its process ended")])
@pytest.mark.parametrize("place", [0, 3, 5, 9])
def test_only_the_guilty_item_is_lost(evil: bytes, why: bytes, place: int) -> None:
    items = [str(number).encode() for number in range(10)]
    items[place] = evil
    want = [b"done " + item for item in items]
    want[place] = b"lost " + evil + b": " + why
    assert list(work_through(items, work, lost, processes=2, policy=POLICY)) == want


def test_a_gigabyte_is_refused() -> None:
    assert list(work_through([b"eat", b"1"], work, lost, processes=1, policy=POLICY)) == [b"refused", b"done 1"]


def test_input_is_read_no_further_than_it_is_worked_on() -> None:
    read = []

    def items() -> Iterator[bytes]:
        for number in range(1000):
            read.append(number)
            yield str(number).encode()

    answers = work_through(items(), work, lost, processes=2, policy=POLICY)
    next(answers)
    assert len(read) <= 2 * POLICY.ahead * POLICY.batch + POLICY.batch
    answers.close()  # type: ignore[attr-defined]
