"""What do pages say in which the quick scan found nobody? Read in one pass and kept together, for search and for names to come.

A page that turns out to matter after all, that edits an article, or that may be no article is left to ``analyse``. Where a name
that is watched later stands in an article kept so, ``in_full`` reads its page again before anything is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from pipeline.articles.extract import EXTRACTOR, extract
from pipeline.articles.policy import ExtractPolicy
from pipeline.articles.skim import SKIMMER, skim
from pipeline.feeds.plain import words
from pipeline.flow.analyse import Analyst
from pipeline.flow.reading import UNREAD, Reader, charset_of, hints_of, seen_on
from pipeline.model import Instant
from pipeline.store import Store
from pipeline.store.articles import Article, Glance
from pipeline.store.entries import DIRECT
from pipeline.store.pages import PageForAnalysis
from pipeline.store.records import ArticleRecord

REASON: Final = "names nobody"


def glance(pages: Sequence[PageForAnalysis], analyst: Analyst, *, owner: str, now: Instant) -> list[str]:
    """Read claimed pages at a glance and record them. Returns the ids of those that want to be analysed by themselves.

    Raises:
        StoreError: the database refused; nothing was written.
    """
    seen: list[Glance] = []
    left: list[str] = []
    for page in pages:
        article = glimpse(page, analyst.reader)
        if article is None:
            left.append(page.id)
        else:
            seen.append(Glance(page=page, article=article))
    return analyst.store.articles.record_glances(seen, left, owner=owner, reason=REASON, now=now)


def glimpse(page: PageForAnalysis, reader: Reader) -> ArticleRecord | None:
    """What a page says, or None where it wants to be read in full: somebody may be named, or it is no first report of a paper."""
    if page.revision or page.origin == DIRECT:
        return None
    said = skim(page.body, declared_charset=charset_of(page.headers), feed=hints_of(page), policy=reader.extraction)
    summary = words(page.entry.summary)
    if said is None or reader.matcher.scan(said.title or "", summary, said.text):
        return None
    return ArticleRecord(
        title=said.title or page.entry.title,
        text=said.text,
        status=said.status,
        url=page.entry.url or page.url,
        summary=summary,
        canonical_url=said.canonical_url,
        author=said.author,
        published=said.published or page.entry.published,
        published_at=page.published_at,
        language=said.language,
        word_count=len(said.text.split()),
        extractor=SKIMMER,
        rule_rev=reader.matcher.revision,
        fetched_at=page.fetched_at,
    )


def in_full(article: Article, store: Store, policy: ExtractPolicy) -> Article:
    """An archived article as the extraction has it. One that was read at a glance is read again, as long as its page is kept."""
    if article.extractor != SKIMMER:
        return article
    page = store.articles.page(article.page_id)
    if page is None:
        return article
    said = extract(
        page.body,
        url=page.final_url or page.url,
        declared_charset=charset_of(page.headers),
        feed=hints_of(page),
        seen=seen_on(page),
        policy=policy,
    )
    if said.status in UNREAD or not said.text:
        return article
    return replace(
        article,
        title=said.title or article.title,
        text=said.text,
        captions=said.captions,
        removed=tuple({"text": line.text, "reason": line.reason} for line in said.removed),
        author=said.author,
        published=said.published or article.published,
        language=said.language,
        canonical_url=said.canonical_url,
        status=said.status,
        word_count=len(said.text.split()),
        text_sha256=sha256(said.text.encode("utf-8", "surrogatepass")).hexdigest(),
        extractor=EXTRACTOR,
    )
