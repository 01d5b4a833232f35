"""What is the story on this page?

``extract`` calls the steps in their order and puts their answers together; each step decides in its own module. It reads
bytes and returns an ``Extraction``: no network, no clock, no memory of its own.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction
from trafilatura.settings import Document
from trafilatura.utils import load_html
from trafilatura.xml import xmltotxt

from pipeline.articles import language, metadata, opinion, structured
from pipeline.articles.blocks import cut
from pipeline.articles.boilerplate import judge
from pipeline.articles.lines import place
from pipeline.articles.memory import SiteMemory
from pipeline.articles.metadata import FeedHints
from pipeline.articles.sniff import sniff
from pipeline.model import Extraction, PageStatus

EXTRACTOR: Final = "wirewatch-1+trafilatura-2.3.1"
"""Names the rules in alerts and in the ledger: answers can change whenever this does."""

for _name in ("trafilatura", "htmldate"):  # they report to their own users what is normal on real pages
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractPolicy:
    """How much of a page is read."""

    max_bytes: int = 3_000_000
    """Bytes decoded at most; news pages stay below 2 MB."""


def extract(
    body: bytes | str,
    *,
    url: str,
    declared_charset: str | None = None,
    feed: FeedHints | None = None,
    memory: SiteMemory | None = None,  # noqa: ARG001
    policy: ExtractPolicy = ExtractPolicy(),
) -> Extraction:
    """The story of a page, what was left out of it, and an honest status. Never raises on what a page holds."""
    sniffed = sniff(body, declared_charset, max_bytes=policy.max_bytes)
    if sniffed.html is None:
        return Extraction(status=PageStatus.NOT_HTML, title=feed.title if feed else None)
    tree = load_html(sniffed.html)
    if tree is None:
        return Extraction(status=PageStatus.STUB, title=feed.title if feed else None)
    nodes = structured.nodes_of(tree)
    blocks = cut(tree)
    about = metadata.read(tree, nodes, blocks, url=url, feed=feed)
    lines = opinion.complete(place(body_lines(tree, url), blocks), blocks, nodes)
    verdicts = judge(lines, blocks, about)
    text = "\n".join(line.text for line in verdicts.kept)
    return Extraction(
        status=PageStatus.OK if len(text.split()) > 40 else PageStatus.STUB,  # noqa: PLR2004
        title=about.title,
        text=text,
        captions=tuple(verdicts.captions),
        removed=tuple(verdicts.removed),
        author=about.author,
        published=about.published,
        language=language.detect(text, about.language),
        canonical_url=about.canonical_url,
        sections=about.sections,
    )


def body_lines(tree: HtmlElement, url: str) -> list[str]:
    """Trafilatura's reading of the page, one entry a paragraph."""
    document = bare_extraction(tree, url=url, include_comments=False)
    if not isinstance(document, Document):
        return []
    lines = (line.strip().removeprefix("- ").strip() for line in xmltotxt(document.body, include_formatting=False).split("\n"))
    return [line for line in lines if line.strip("-| ")]
