"""Where on the page does each line stand?

Cuts a parsed page into blocks: runs of text between block-level borders, in document order, each with what its surroundings
say of it (a caption, a list of related stories, a form). It decides nothing; an extractor's lines are looked up here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from pipeline.articles.markup import BLOCKS, HEADINGS, LOUD, ROLE_OF, SHOWN_AGAIN, SKIPPED, TAGS, UNSEEN, Role
from pipeline.articles.words import key_of

_SPLIT: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|[^A-Za-zà-ÿ]+")


_SPOKEN: Final = 400
"""Characters of an attribute that are listened to."""


@dataclass(frozen=True, slots=True)
class Marker:
    """An element whose markup speaks."""

    role: int
    """Bits of ``Role``."""
    order: int
    """Its number in document order; two blocks under the same marker share it."""
    attributes: str


@dataclass(slots=True)
class Block:
    """A run of text between two block-level borders."""

    order: int
    text: str
    key: str
    frame: _Frame
    """The nearest block-level element and what stands around it."""
    links: int = 0
    linked: int = 0
    """Characters inside links."""
    bold: int = 0
    """Characters inside bold or italic."""
    href: str = ""
    """Where the first link leads."""

    @property
    def tag(self) -> str:
        """The nearest block-level element."""
        return self.frame.tag

    @property
    def kind(self) -> str:
        """How the block and its container are marked up; empty where both are bare, which says nothing."""
        return self.frame.kind

    @property
    def link_share(self) -> float:
        """Share of the characters that are links, 0 to 1."""
        return self.linked / max(1, len(self.text))

    @property
    def heading(self) -> bool:
        """Whether the line is a heading."""
        return self.tag in HEADINGS


@lru_cache(maxsize=8192)
def roles_of(attributes: str) -> int:
    """What the words of a class name or id give away. Utility classes with a colon (``md:hidden``) describe looks, not meaning."""
    role = Role.NONE
    names = attributes.split()
    for name in names:
        if ":" in name or name[:1] in "!-":
            continue
        if name in UNSEEN:
            role |= Role.HIDDEN
            continue
        for word in _SPLIT.split(name):
            role |= ROLE_OF.get(word.lower(), Role.NONE)
    if role & Role.HIDDEN and any(name.endswith(SHOWN_AGAIN) for name in names):
        role &= ~Role.HIDDEN
    return role


@dataclass(slots=True)  # not frozen: a page has thousands, and freezing triples what one costs
class _Frame:
    """The block-level element that text is being gathered for."""

    tag: str
    kind: str
    order: int
    parent: int
    outer: int
    """Number of the block-level element around the parent."""
    story: int
    """Number of the ``article`` element around it, or 0."""
    depth: int
    markers: tuple[Marker, ...]


@dataclass(slots=True)
class _Cutter:
    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    order: int = 0
    links: int = 0
    linked: int = 0
    bold: int = 0
    href: str = ""

    def text(self, text: str | None, *, link: bool, bold: bool) -> None:
        if text:
            self.pieces.append(text)
            if link or bold:
                size = len(text.strip())
                self.linked += size * link
                self.bold += size * bold

    def close(self, frame: _Frame) -> None:
        if self.pieces:
            text = " ".join("".join(self.pieces).replace("\xad", "").split())
            if text:
                number = len(self.blocks)
                self.blocks.append(Block(number, text, key_of(text), frame, self.links, self.linked, self.bold, self.href))
            self.pieces.clear()
        self.links = self.linked = self.bold = 0
        self.href = ""


def cut(tree: HtmlElement) -> list[Block]:
    """The blocks of a page in document order. ``tree`` is not changed."""
    cutter = _Cutter()
    body = tree.find("body") if tree.tag == "html" else tree
    if body is None:
        body = tree
    around = body.getparent()
    outer = "." if around is None else f"{around.tag}.{(around.get('class') or '')[:_SPOKEN]}"
    _walk(cutter, body, _Frame(str(body.tag), "", 0, 0, 0, 0, 0, ()), (), outer, link=False, bold=False)
    return cutter.blocks


def _walk(
    cutter: _Cutter, element: HtmlElement, frame: _Frame, markers: tuple[Marker, ...], around: str, *, link: bool, bold: bool
) -> None:
    """``around`` is the form of the element's parent: its tag and class."""
    cutter.order += 1
    order = cutter.order
    tag = element.tag
    own, attributes, classes = _own_roles(element, tag)
    form = f"{tag}.{classes}"
    if own:
        markers = (*markers, Marker(own, order, attributes))
    is_block = tag in BLOCKS
    if is_block:
        cutter.close(frame)
        kind = f"{form} in {around}" if classes or around.index(".") + 1 < len(around) else ""
        story = order if tag == "article" else frame.story
        frame = _Frame(tag, kind, order, frame.order, frame.parent, story, frame.depth + 1, markers)
    if tag == "a":
        link = True
        cutter.links += 1
        cutter.href = cutter.href or element.get("href") or ""
    elif tag in LOUD:
        bold = True
    cutter.text(element.text, link=link, bold=bold)
    for child in element:
        name = child.tag
        if name == "br":
            cutter.close(frame)
        elif isinstance(name, str) and name not in SKIPPED:
            _walk(cutter, child, frame, markers, form, link=link, bold=bold)
        cutter.text(child.tail, link=link, bold=bold)
    if is_block:
        cutter.close(frame)


_SPEAKING: Final = frozenset(("class", "id", "data-testid", "data-component", "data-module", "itemprop", "role"))


def _own_roles(element: HtmlElement, tag: str) -> tuple[int, str, str]:
    """What an element's tag and attributes give away, the attributes that did, and its class."""
    own = TAGS.get(tag, Role.NONE)
    items = element.items()
    if not items:
        return own, "", ""
    spoken: list[str] = []
    classes = ""
    for name, value in items:
        if name in _SPEAKING:
            spoken.append(value[:_SPOKEN])
            if name == "class":
                classes = value[:_SPOKEN]
        elif name == "hidden" or (name == "style" and "display" in value and "display:none" in value.replace(" ", "")):
            own |= Role.HIDDEN
    attributes = " ".join(spoken)
    return (own | roles_of(attributes) if attributes else own), attributes, classes
