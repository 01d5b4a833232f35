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

    role: Role
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
        return str(self.frame.element.tag)

    @property
    def kind(self) -> str:
        """How the block and its container are marked up; empty where both are bare, which says nothing."""
        own, around = self.frame.element, self.frame.element.getparent()
        names = ((own.get("class") or "")[:_SPOKEN], ((around.get("class") or "") if around is not None else "")[:_SPOKEN])
        return f"{own.tag}.{names[0]} in {around.tag if around is not None else ''}.{names[1]}" if any(names) else ""

    @property
    def link_share(self) -> float:
        """Share of the characters that are links, 0 to 1."""
        return self.linked / max(1, len(self.text))

    @property
    def heading(self) -> bool:
        """Whether the line is a heading."""
        return self.tag in HEADINGS


@lru_cache(maxsize=8192)
def roles_of(attributes: str) -> Role:
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """The block-level element that text is being gathered for."""

    element: HtmlElement
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
    _walk(cutter, body, _Frame(body, 0, 0, 0, 0, 0, ()), (), link=False, bold=False)
    return cutter.blocks


def _walk(cutter: _Cutter, element: HtmlElement, frame: _Frame, markers: tuple[Marker, ...], *, link: bool, bold: bool) -> None:
    cutter.order += 1
    tag = element.tag
    own, attributes = _own_roles(element, tag)
    if own:
        markers = (*markers, Marker(own, cutter.order, attributes))
    is_block = tag in BLOCKS
    if is_block:
        cutter.close(frame)
        frame = _Frame(
            element, cutter.order, frame.order, frame.parent, cutter.order if tag == "article" else frame.story, frame.depth + 1, markers
        )
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
            _walk(cutter, child, frame, markers, link=link, bold=bold)
        cutter.text(child.tail, link=link, bold=bold)
    if is_block:
        cutter.close(frame)


_SPEAKING: Final = frozenset(("class", "id", "data-testid", "data-component", "data-module", "itemprop", "role"))


def _own_roles(element: HtmlElement, tag: str) -> tuple[Role, str]:
    """What an element's tag and attributes give away, and the attributes that did."""
    own = TAGS.get(tag, Role.NONE)
    items = element.items()
    if not items:
        return own, ""
    attributes = " ".join(value[:_SPOKEN] for name, value in items if name in _SPEAKING)
    if attributes:
        own |= roles_of(attributes)
    for name, value in items:
        if name == "hidden" or (name == "style" and "display:none" in value.replace(" ", "")):
            own |= Role.HIDDEN
    return own, attributes
