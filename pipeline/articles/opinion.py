"""What did the extractor miss?

A second opinion on pages that look wrong: paragraphs that stand in the body beside the ones that were taken, bodies split over
several containers, and the text that the page itself gives in JSON (``articleBody``, ``__NEXT_DATA__``). It only adds; what
does not belong is judged afterwards with all other lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml.html import HtmlElement

from pipeline.articles import structured
from pipeline.articles.blocks import Block
from pipeline.articles.lines import PROSE, Layout, Line, place, survey
from pipeline.articles.markup import Role
from pipeline.articles.words import key_of, size_of

_COMPARED: Final = 200_000
"""Characters of a text in which a paragraph is looked for before it is added."""
SHORT: Final = 60
"""Words below which a result is looked at again."""
EXCEEDS: Final = 1.25
"""How much longer a body in JSON must be before it counts as more than the text."""
COVERS: Final = 0.7
"""Share of the text's words that a body in JSON must hold to be the same story."""
_TEXTUAL: Final = frozenset(("p", "h2", "h3", "h4", "h5", "blockquote", "div", "section", "td", "pre", "article", "span"))
_FOREIGN: Final = (
    Role.CAPTION | Role.ASIDE | Role.FOOTER | Role.NAV | Role.FORM | Role.HIDDEN | Role.RELATED | Role.NEWSLETTER | Role.SHARE | Role.BIO
    | Role.BYLINE | Role.TAGS | Role.COMMENTS | Role.ADVERT | Role.BREADCRUMB | Role.BUTTON | Role.FACTS | Role.EMBED | Role.CREDIT
)  # fmt: skip


def complete(lines: list[Line], blocks: Sequence[Block], nodes: Sequence[dict[str, Any]]) -> list[Line]:
    """``lines`` with what they lack. ``nodes`` are the page's JSON-LD objects."""
    return _from_body(_from_json(lines, blocks, nodes), blocks)


def instead(lines: Sequence[Line], blocks: Sequence[Block], tree: HtmlElement) -> tuple[list[Line], dict[str, Any]]:
    """For a page that shows next to nothing: the story in its embedded state and the object that holds it, else nothing."""
    have = sum(line.words for line in lines)
    if have >= SHORT:
        return [], {}
    found = structured.embedded_story(tree)
    return (place(found.lines, blocks), found.about) if sum(map(size_of, found.lines)) > 2 * have else ([], {})


def _from_json(lines: list[Line], blocks: Sequence[Block], nodes: Sequence[dict[str, Any]]) -> list[Line]:
    body = max((node["articleBody"] for node in nodes if isinstance(node.get("articleBody"), str)), key=len, default="")
    if len(body) < 200:  # a summary
        return lines
    said = key_of(structured.text_of(body))
    have = sum(line.words for line in lines)
    if size_of(said) < EXCEEDS * have and have >= SHORT:
        return lines
    covered = sum(line.words for line in lines if line.key in said)
    if have >= SHORT and covered < COVERS * have:
        return lines
    found = [block for block in blocks if block.key in said and size_of(block.text) >= 4]  # single words occur by chance
    if sum(len(block.key) for block in found) > 0.8 * len(said):
        return [Line(block.text, block.key, size_of(block.text), block) for block in _unique(found)]
    return place(structured.lines_of(body), blocks)


def _unique(blocks: Iterable[Block]) -> list[Block]:
    return list({block.key: block for block in blocks}.values())


@dataclass(slots=True)
class _Body:
    """Where the story stands on the page."""

    layout: Layout
    first: int
    last: int
    homes: set[int]
    """Numbers of the elements that hold its lines."""
    outers: set[int]
    """Numbers of the elements around those, and of its ``article`` elements as negative numbers."""
    keys: set[str]
    whole: str


def _from_body(lines: list[Line], blocks: Sequence[Block]) -> list[Line]:
    body = _body_of(lines)
    if body is None:
        return lines
    taken = {line.block.order for line in lines if line.block}
    added = [block for block in blocks if block.order not in taken and _belongs(block, body)]
    return _merged(lines, added) if added else lines


def _body_of(lines: Sequence[Line]) -> _Body | None:
    layout = survey(lines)
    home = [line.block for line in lines if line.block and layout.at_home(line)]
    if not home:
        return None
    return _Body(
        layout=layout,
        first=min(block.order for block in home),
        last=max(block.order for block in home),
        homes={block.frame.parent for block in home},
        outers={block.frame.outer for block in home} | {-block.frame.story for block in home if block.frame.story},
        keys={line.key for line in lines},
        whole=f" {' '.join(line.key for line in lines)} "[:_COMPARED],
    )


def _belongs(block: Block, body: _Body) -> bool:
    if block.tag not in _TEXTUAL or not block.key or block.link_share > 0.6 or body.layout.roles(block) & _FOREIGN:
        return False
    words = size_of(block.text)
    if block.key in body.keys or (words >= 8 and f" {block.key} " in body.whole):  # short lines occur in long ones
        return False
    inside = body.first < block.order < body.last
    if block.frame.parent in body.homes and inside and (block.heading or words >= 4):
        return True
    if words < PROSE or block.order < body.first:
        return False
    alike = block.kind in body.layout.kinds and (block.frame.outer in body.outers or -block.frame.story in body.outers)
    return block.frame.parent in body.layout.main or alike


def _merged(lines: list[Line], added: Sequence[Block]) -> list[Line]:
    """Each added block goes behind the last line that stands above it on the page."""
    merged = list(lines)
    for block in added:
        spot = 0
        for number, line in enumerate(merged):
            if line.block is not None and line.block.order < block.order:
                spot = number + 1
        merged.insert(spot, Line(block.text, block.key, size_of(block.text), block))
    return merged
