"""Is this really the article?

Says what a page turned out to be, beside the text and without touching it: a paywall's first paragraphs, a challenge, an empty
application shell, mojibake. ``paywalled`` needs a cut body and not only a flag: half the pages that call themselves closed are open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.articles import walls
from pipeline.articles.blocks import Block
from pipeline.articles.metadata import Metadata
from pipeline.articles.words import size_of
from pipeline.model import PageStatus, RemovedLine

STUB: Final = 40
"""Words below which a text is no article."""
WALL: Final = 150
"""Words that a challenge or consent page has at most."""
TEASER: Final = 90
"""Words below which a closed page's text is its teaser."""
_BROKEN: Final = re.compile("[�\x80-\x9f]|[ÃÂÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ ]")
_ENDS: Final = re.compile(r"[.!?…:;)\]\"'”’»“›」』。！？।؟۔%–—*]$|[\U0001f000-\U0001faff]$")
_CUT: Final = re.compile(r"(?:\.\.\.|…|\[\+\]|\[…\]|\(…\))$")


def status_of(
    text: str, *, mojibake: bool, blocks: Sequence[Block], about: Metadata, removed: Sequence[RemovedLine], said: str, shell: bool
) -> PageStatus:
    """What the page is.

    ``mojibake``: its letters had to be mended throughout. ``said``: the visible words of the page, ``noscript`` included.
    ``shell``: its markup is an application that draws itself.
    """
    words = size_of(text)
    seen = size_of(said)
    if mojibake or len(_BROKEN.findall(text)) > max(8, len(text) // 60):
        return PageStatus.GARBLED
    if seen <= WALL and _blocked(said, about):
        return PageStatus.BLOCKED
    if words < TEASER and seen <= 4 * WALL and walls.CONSENT.search(said) and len(walls.CONSENT.findall(said)) > 1 and not _storied(blocks):
        return PageStatus.BLOCKED
    closed = _closed(text, words, about, removed)
    if words < STUB and (walls.SCRIPT.search(said) or (shell and seen < STUB and not (words and closed))):
        return PageStatus.SCRIPT_ONLY
    if closed:
        return PageStatus.PAYWALLED
    return PageStatus.STUB if words < STUB else PageStatus.OK


def _blocked(said: str, about: Metadata) -> bool:
    return walls.CHALLENGE.search(f"{about.title or ''}\n{said}") is not None


def _storied(blocks: Sequence[Block]) -> bool:
    """Whether the page holds an ``article`` of its own behind the dialogue."""
    return sum(size_of(block.text) for block in blocks if block.frame.story) > TEASER


def _closed(text: str, words: int, about: Metadata, removed: Sequence[RemovedLine]) -> bool:
    """Whether the story breaks off for those who have not paid."""
    asked = any(line.reason == "subscription" for line in removed)
    last = text.rstrip().rsplit("\n", 1)[-1]
    broken = bool(_CUT.search(last)) or (len(last) > 60 and not _ENDS.search(last))  # a last line may be a name
    if about.free is False:
        return broken or words < TEASER or (asked and words < 4 * TEASER)
    return about.free is None and asked and broken and words < WALL
