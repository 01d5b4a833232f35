"""Which line stands where, and where is the body?

Joins an extractor's lines with the blocks of the page and finds the elements that hold the bulk of the story. Knows nothing
of furniture: that is judged in ``boilerplate`` with what is measured here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pipeline.articles.blocks import Block
from pipeline.articles.markup import Role
from pipeline.articles.words import key_of, size_of

PROSE: Final = 12
"""Words from which an unlinked line counts as prose."""
MAIN_SHARE: Final = 0.15
"""Share of the words from which an element that holds prose is a body."""
LOCAL_SHARE: Final = 0.3
"""Share of the words up to which the class name of a container is believed: a body wrapped in ``has-related`` is still the body."""


@dataclass(slots=True)
class Line:
    """A line of the text, and the block that it was taken from where that is known."""

    text: str
    key: str
    words: int
    block: Block | None

    @property
    def link_share(self) -> float:
        """Share of the characters that are links; 0 where the block is unknown."""
        return self.block.link_share if self.block else 0.0

    @property
    def parent(self) -> int:
        """Number of the element that the line's block stands in; -1 where that is unknown."""
        return self.block.frame.parent if self.block else -1

    @property
    def tag(self) -> str:
        """The line's block-level element, or an empty string."""
        return self.block.tag if self.block else ""


@dataclass(slots=True)
class Layout:
    """How the words of a text are spread over the elements of its page."""

    words: int
    main: frozenset[int]
    """Numbers of the elements that hold the bulk of the prose."""
    kinds: frozenset[str]
    """Forms of the paragraphs that hold it, where each has a container of its own; see ``Block.kind``."""
    held: Counter[int]
    """Words of the text inside each marker, by its number."""
    _roles: dict[int, int] = field(default_factory=dict)
    """What was answered, by the number of the block's element: a dozen rules ask of the same lines."""

    def roles(self, block: Block | None) -> int:
        """What the markup around a block says of it (bits of ``Role``), as far as it can be believed."""
        if block is None or not block.frame.markers:
            return Role.NONE
        found = self._roles.get(block.frame.order)
        if found is None:
            found = Role.NONE
            for marker in block.frame.markers:
                if self.held[marker.order] <= LOCAL_SHARE * self.words:
                    found |= marker.role
            self._roles[block.frame.order] = found
        return found

    def at_home(self, line: Line) -> bool:
        """Whether a line stands directly in a body, or is marked up like the paragraphs that do."""
        return line.parent in self.main or (line.block is not None and line.block.kind in self.kinds)


def place(texts: Iterable[str], blocks: Sequence[Block]) -> list[Line]:
    """Each text with its block. Where several blocks read alike, the next one below the line before is taken.

    Texts that an extractor broke inside a paragraph (at a ``q`` or a link) are put together again.
    """
    index: dict[str, list[Block]] = {}
    opening: dict[str, list[Block]] = {}
    for each in blocks:
        if each.key:
            index.setdefault(each.key, []).append(each)
            opening.setdefault(_opening(each.key), []).append(each)
    lines: list[Line] = []
    last = -1
    pending = deque((text, key_of(text)) for text in texts)
    while pending:
        text, key = pending.popleft()
        candidates = index.get(key, [])
        if not candidates and key:
            candidates, used = _broken(key, list(islice(pending, 12)), opening)
            if candidates:
                for _ in range(used):
                    pending.popleft()
                text, key = candidates[0].text, candidates[0].key
            elif len(key) >= _PART and len(blocks) < _MANY:
                candidates = [block for block in blocks if key in block.key][:1]
        block = _next_below(candidates, last)
        if block is not None:
            last = block.order
        lines.append(Line(text, key, size_of(text), block))
    return _in_page_order(lines)


def _next_below(candidates: Sequence[Block], last: int) -> Block | None:
    """The first candidate behind block number ``last``, else the first of all."""
    if not candidates:
        return None
    spot = bisect_right(candidates, last, key=lambda block: block.order)
    return candidates[spot] if spot < len(candidates) else candidates[0]


def _in_page_order(lines: list[Line]) -> list[Line]:
    """Extractors that join several passes lose the order. A line of unknown place stays behind the one before it."""
    orders: list[int] = []
    for line in lines:
        orders.append(line.block.order if line.block else (orders[-1] if orders else -1))
    return [lines[number] for number in sorted(range(len(lines)), key=lambda n: orders[n])]


_MANY: Final = 2_000
"""Blocks from which nothing is looked for inside them."""
_PART: Final = 12
"""Characters from which a text that no block equals is looked for inside one."""


def _opening(key: str) -> str:
    return " ".join(key.split(" ", 3)[:3])


def _broken(key: str, following: Sequence[tuple[str, str]], opening: dict[str, list[Block]]) -> tuple[list[Block], int]:
    """The block that ``key`` and the texts after it are pieces of, and how many of these it takes; nothing where there is none."""
    for block in opening.get(_opening(key), ()):
        joined = key
        for used, (_, more) in enumerate(following, start=1):
            joined = f"{joined} {more}" if more else joined
            if joined == block.key:
                return [block], used
            if not block.key.startswith(joined):
                break
    return [], 0


def survey(lines: Sequence[Line]) -> Layout:
    """Where the words of ``lines`` stand."""
    total = sum(line.words for line in lines)
    prose: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    held: Counter[int] = Counter()
    for line in lines:
        if line.block is None:
            continue
        for marker in line.block.frame.markers:
            held[marker.order] += line.words
        if line.words >= PROSE and line.link_share < 0.3:  # prose has a link or two
            prose[line.parent] += line.words
            kinds[line.block.kind] += line.words
    main = frozenset(parent for parent, words in prose.items() if words >= MAIN_SHARE * total)
    alike = frozenset(kind for kind, words in kinds.items() if kind and words >= MAIN_SHARE * total)
    return Layout(total, main, alike, held)
