"""How do many small questions to the ledger become one? Who asks while one call runs waits for the next, which takes all of them along.

Nobody waits for company: a question that comes alone goes at once. There is one call at a time, in one thread, so that a burst costs
one transaction and one crossing between threads for dozens of questions, and the threads do not fight for the interpreter.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

MOST: Final = 64
"""Questions in one call."""


class Together(Generic[Q, A]):
    """Turns a synchronous function of many into an asynchronous one of each."""

    def __init__(self, work: Callable[[Sequence[Q]], Sequence[A]], *, most: int = MOST) -> None:
        """``work`` answers several questions in their order, in a thread; all of them or, with an error, none."""
        self._work = work
        self._most = most
        self._line: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to one question. Raises what ``work`` raises on it."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._line.append((question, answer))
        if self._running is None:
            self._running = asyncio.ensure_future(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._line:
                taken = [self._line.popleft() for _ in range(min(self._most, len(self._line)))]
                taken = [(question, answer) for question, answer in taken if not answer.done()]  # whoever asked may have been cancelled
                await self._answer(taken)
        finally:
            self._running = None

    async def _answer(self, taken: list[tuple[Q, asyncio.Future[A]]]) -> None:
        error = await self._try(taken)
        if error is None:
            return
        if len(taken) == 1:
            _tell(taken[0][1], error)
            return
        before: BaseException | None = None
        for number, one in enumerate(taken):  # one bad question must not spoil the others
            failed = await self._try([one])
            if failed is not None:
                _tell(one[1], failed)
            if failed is not None and before is not None:  # two in a row: it is not the questions
                for _, answer in taken[number + 1 :]:
                    _tell(answer, failed)
                return
            before = failed

    async def _try(self, taken: Sequence[tuple[Q, asyncio.Future[A]]]) -> Exception | None:
        if not taken:
            return None
        try:
            answers = await asyncio.to_thread(self._work, [question for question, _ in taken])
        except Exception as error:  # noqa: BLE001 - whoever asked learns of it
            return error
        for (_, future), answer in zip(taken, answers, strict=True):
            if not future.done():
                future.set_result(answer)
        return None


def _tell(answer: asyncio.Future[A], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)
