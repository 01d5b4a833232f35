"""A story index in memory: for ``wirewatch group --jsonl``, for tests, and as the plainest reading of ``StoryIndex``.

It forgets what is older than the window, so that an endless stream takes bounded memory.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import orjson

from pipeline.model import Instant
from pipeline.stories.fingerprint import Fingerprint
from pipeline.stories.grouping import Grouping, Holder, Known, Report, StoryPolicy, group


class _Kept(NamedTuple):
    """An article as it is remembered: its fingerprint packed, because a thousand numbers are 30 kB as objects and 1.5 as text."""

    story: str
    at: Instant
    source: str
    duplicate_of: str | None
    packed: bytes
    keys: array[int]


class MemoryIndex:
    """Keys to articles, newest last."""

    def __init__(self, *, keep: float) -> None:
        """Articles more than ``keep`` seconds older than the newest are forgotten."""
        self._keep = keep
        self._articles: dict[str, _Kept] = {}
        # most keys have one holder, and a list for each would be most of the memory
        self._holders: dict[int, str | list[str]] = {}
        self._order: deque[str] = deque()
        self._newest: Instant = float("-inf")
        self._ahead: Instant = float("inf")

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> Mapping[int, Sequence[Holder]]:
        """For each key the articles of the span that hold it, the latest added first; not those that ``most`` hold."""
        found = {key: self._holding(key, since, until, most) for key in keys if key in self._holders}
        return {key: holders for key, holders in found.items() if 0 < len(holders) < most}

    def _holding(self, key: int, since: Instant, until: Instant, most: int) -> list[Holder]:
        found: list[Holder] = []
        for article in reversed(_listed(self._holders[key])):
            kept = self._articles[article]
            if since <= kept.at <= until:
                found.append((article, kept.story))
                if len(found) == most:
                    break
        return found

    def known(self, articles: Collection[str]) -> Sequence[Known]:
        """These articles, as far as they are remembered."""
        return [_unpacked(ident, self._articles[ident]) for ident in articles if ident in self._articles]

    def size(self) -> int:
        """Articles remembered."""
        return len(self._articles)

    def add(self, report: Report, found: Grouping) -> None:
        """Remember where a report was put."""
        story = found.story if found.story is not None else report.id
        packed = orjson.dumps(report.fingerprint.as_json())
        keys = array("q", found.keys)
        self._articles[report.id] = _Kept(story, report.at, report.source, found.duplicate_of, packed, keys)
        for key in keys:
            held = self._holders.get(key)
            if held is None:
                self._holders[key] = report.id
            elif isinstance(held, list):
                held.append(report.id)
            else:
                self._holders[key] = [held, report.id]
        self._order.append(report.id)
        self._advance(report.at)
        self._forget()

    def _advance(self, at: Instant) -> None:
        """Time goes on. A leap is believed when a second article has made it: one wrong date must not make us forget."""
        leaps = at > self._newest + self._keep and self._newest > float("-inf")
        if leaps and abs(at - self._ahead) > self._keep:
            self._ahead = at
        else:
            self._newest = max(self._newest, at)

    def _forget(self) -> None:
        """Drop from the front while it is too old; a late article in front delays the rest by no more than the lateness."""
        while self._order and self._articles[self._order[0]].at < self._newest - self._keep:
            ident = self._order.popleft()
            for key in self._articles.pop(ident).keys:
                rest = [holder for holder in _listed(self._holders[key]) if holder != ident]
                if rest:
                    self._holders[key] = rest
                else:
                    del self._holders[key]


def _listed(held: str | list[str]) -> list[str]:
    return held if isinstance(held, list) else [held]


def _unpacked(ident: str, kept: _Kept) -> Known:
    fingerprint = Fingerprint.from_json(orjson.loads(kept.packed))
    return Known(id=ident, story=kept.story, at=kept.at, fingerprint=fingerprint, source=kept.source, duplicate_of=kept.duplicate_of)


def place(report: Report, index: MemoryIndex, policy: StoryPolicy) -> Grouping:
    """Group a report and remember it. ``story`` of the answer is always set: the report's own id where it opens a story.

    A report that comes again gets the answer that it got before.
    """
    for before in index.known([report.id]):
        return Grouping(story=before.story, duplicate_of=before.duplicate_of, why="again")
    found = group(report, index, policy)
    index.add(report, found)
    return found if found.story is not None else replace(found, story=report.id)
