"""What is the story on this page?

``extract`` calls the steps in their order and puts their answers together; each step decides in its own module. It reads
bytes and returns an ``Extraction``: no network, no clock, no memory of its own. ``draft`` and ``finish`` are its two halves,
for callers that read many pages of a site before they ask what the site repeats.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlComment, HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import HTML_PARSER, load_html
from trafilatura.xml import xmltotxt

from pipeline.articles import bounds, language, metadata, opinion, structured
from pipeline.articles.blocks import cut
from pipeline.articles.boilerplate import Verdicts, judge
from pipeline.articles.lines import Line, place, survey
from pipeline.articles.memory import SiteMemory, Standing, address_of, questions, repeated, site_of
from pipeline.articles.metadata import FeedHints, Metadata
from pipeline.articles.policy import ExtractPolicy
from pipeline.articles.sniff import Sniffed, sniff
from pipeline.articles.status import status_of
from pipeline.articles.words import key_of, size_of
from pipeline.model import Extraction, PageStatus, RemovedLine

EXTRACTOR: Final = "wirewatch-1+trafilatura-2.3.1"
"""Names the rules in alerts and in the ledger: answers can change whenever this does."""

for _name in ("trafilatura", "htmldate"):  # they report to their own users what is normal on real pages
    logging.getLogger(_name).setLevel(logging.CRITICAL)
# lxml.html asks a Python function which class each element has, every time that anybody touches it: thousands of calls a page. Nobody here
# needs the classes of its form fields, so the parser of all steps is told once.
HTML_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A page read on its own, before the site's memory is asked."""

    extraction: Extraction
    standings: tuple[Standing, ...] = ()
    """How each line of the text stands, in order."""


def extract(
    body: bytes | str,
    *,
    url: str,
    declared_charset: str | None = None,
    feed: FeedHints | None = None,
    memory: SiteMemory | None = None,
    seen: str | None = None,
    policy: ExtractPolicy = ExtractPolicy(),
) -> Extraction:
    """The story of a page, what was left out of it, and an honest status. Never raises on what a page holds.

    ``declared_charset`` is what the HTTP header said, ``feed`` what the feed said of this article,
    ``seen`` the date (ISO 8601) on which the page was fetched: no later date in its words is believed. Without ``memory`` the same
    page always gives the same answer.
    """
    read = draft(body, url=url, declared_charset=declared_charset, feed=feed, seen=seen, policy=policy)
    if memory is None or not read.standings:
        return read.extraction
    asked = questions(read.extraction.text.split("\n"))
    return finish(read, memory.carriers(site_of(url), address_of(read.extraction, url), asked))


def finish(read: Draft, carriers: Mapping[int, int]) -> Extraction:
    """A draft without the lines that other articles of its site carry; see ``memory.questions`` for what to ask."""
    lines = read.extraction.text.split("\n")
    gone = repeated(lines, read.standings, carriers)
    if not gone:
        return read.extraction
    removed = tuple(RemovedLine(text=lines[number], reason="site_memory") for number in sorted(gone))
    kept = (line for number, line in enumerate(lines) if number not in gone)
    return replace(read.extraction, text="\n".join(kept), removed=(*read.extraction.removed, *removed))


def draft(
    body: bytes | str,
    *,
    url: str,
    declared_charset: str | None = None,
    feed: FeedHints | None = None,
    seen: str | None = None,
    policy: ExtractPolicy = ExtractPolicy(),
) -> Draft:
    """As ``extract``, without a memory, and with what ``finish`` needs."""
    sniffed = sniff(body, declared_charset, max_bytes=policy.max_bytes)
    if sniffed.html is None:
        return Draft(extraction=Extraction(status=PageStatus.NOT_HTML, title=feed.title if feed else None))
    if bounds.too_many_tags(sniffed.html, policy.max_elements):
        return _bounded(sniffed, url=url, feed=feed, seen=seen)
    tree = load_html(sniffed.html)
    if tree is None or bounds.too_much(tree, elements=policy.max_elements, depth=policy.max_depth, inline=policy.max_inline):
        return _bounded(sniffed, url=url, feed=feed, seen=seen)
    return _read(tree, sniffed, url=url, feed=feed, seen=seen)


def _read(tree: HtmlElement, sniffed: Sniffed, *, url: str, feed: FeedHints | None, seen: str | None) -> Draft:
    nodes = structured.nodes_of(tree)
    blocks = cut(tree)
    about = metadata.read(tree, nodes, blocks, url=url, feed=feed, seen=seen)
    lines = opinion.complete(place(body_lines(tree, url), blocks), blocks, nodes)
    embedded, state = opinion.instead(lines, blocks, tree)
    if embedded:
        lines, about = embedded, metadata.from_state(about, state, feed)
    verdicts = judge(lines, blocks, about)
    text = "\n".join(line.text for line in verdicts.kept)
    said = " ".join((*(block.text for block in blocks), *(" ".join(e.text_content().split()) for e in tree.iter("noscript"))))
    status = status_of(
        text,
        mojibake=sniffed.mojibake,
        blocks=blocks,
        about=about,
        removed=verdicts.removed,
        said=said,
        shell=tree.find(".//script") is not None,
    )
    return _drafted(text, verdicts, about, status)


def _drafted(text: str, verdicts: Verdicts, about: Metadata, status: PageStatus) -> Draft:
    layout = survey(verdicts.kept)
    standings = tuple(Standing(words=line.words, home=layout.at_home(line), linked=line.link_share) for line in verdicts.kept)
    extraction = Extraction(
        status=status,
        title=about.title,
        text=text,
        captions=tuple(verdicts.captions),
        removed=tuple(verdicts.removed),
        author=about.author,
        published=about.published,
        language=language.detect(text or about.title or "", about.language),
        canonical_url=about.canonical_url,
        sections=about.sections,
    )
    return Draft(extraction=extraction, standings=standings)


def _bounded(sniffed: Sniffed, *, url: str, feed: FeedHints | None, seen: str | None) -> Draft:
    """A page that no tree walker should be shown: read by a parser that stays linear, judged by words alone."""
    assert sniffed.html is not None
    texts = bounds.plain_lines(sniffed.html)
    about = metadata.of_head(bounds.head(sniffed.html), url=url, feed=feed, seen=seen)
    lines = [Line(text, key_of(text), size_of(text), None) for text in texts]
    verdicts = judge(lines, (), about)
    text = "\n".join(line.text for line in verdicts.kept)
    status = status_of(
        text, mojibake=sniffed.mojibake, blocks=(), about=about, removed=verdicts.removed, said=" ".join(texts[:200]), shell=False
    )
    return _drafted(text, verdicts, about, status)


def body_lines(tree: HtmlElement, url: str) -> list[str]:
    """Trafilatura's reading of the page, one entry a paragraph. ``tree`` is not changed."""
    document = bare_extraction(tree, url=url, include_comments=False)
    if not isinstance(document, Document):
        return []
    lines = (line.strip().removeprefix("- ").strip() for line in xmltotxt(document.body, include_formatting=False).split("\n"))
    return [line for line in lines if line.strip("-| ")]
