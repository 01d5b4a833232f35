"""What does a stored page say, and of whom? Everything about a page that needs no transaction, so it may take its time.

``read`` asks the stages in their order: extract, match, apply the rules, take the fingerprint. It touches no database
and may run twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from pipeline.articles.extract import EXTRACTOR, extract
from pipeline.articles.memory import Lesson, SiteMemory, learn
from pipeline.articles.metadata import FeedHints
from pipeline.articles.policy import ExtractPolicy
from pipeline.feeds.plain import words
from pipeline.mentions.match import Matcher
from pipeline.mentions.nlp import Recogniser
from pipeline.mentions.rules import Ruling, ruling
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Document, Extraction, PageStatus, Verdict
from pipeline.store.articles import PageForAnalysis
from pipeline.stories.fingerprint import Fingerprint, fingerprint
from pipeline.urls import canonical

UNREAD: Final = frozenset({PageStatus.BLOCKED, PageStatus.SCRIPT_ONLY, PageStatus.GARBLED, PageStatus.NOT_HTML})
"""What is on such a page is no article: the feed's own title and summary speak for it instead."""
_AHEAD: Final = 14 * 3600.0
"""Seconds by which the first place on earth is ahead of UTC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """An entity and the list that watches it."""

    entity: Entity
    watchlist: Watchlist


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What reading needs: built once a process, used for every page."""

    matcher: Matcher
    watched: Mapping[str, Watched]
    """By entity id."""
    recogniser: Recogniser | None = None
    """None where no model is installed."""
    extraction: ExtractPolicy = ExtractPolicy()

    @property
    def extractor(self) -> str:
        """Name and version of what reads pages, for the ledger and the payload."""
        return EXTRACTOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What one page says."""

    page: PageForAnalysis
    extraction: Extraction
    document: Document
    """What the offsets of all mentions count in."""
    verdicts: tuple[Verdict, ...]
    """Of all entities found, whatever their tier."""
    refused: Mapping[str, Ruling]
    """By entity: the rule that keeps it quiet."""
    fingerprint: Fingerprint
    lesson: Lesson | None
    """What the page teaches about its site; None where there is nothing to learn."""

    @property
    def source(self) -> str:
        """The publisher: its host, without the prefixes that show the same pages."""
        return urlsplit(canonical(self.page.final_url or self.page.url)).netloc


def watched_by(lists: tuple[Watchlist, ...]) -> dict[str, Watched]:
    """Entity id → who watches it. Ids are unique over all lists; settings see to that."""
    return {entity.id: Watched(entity=entity, watchlist=one) for one in lists for entity in one.entities}


def read(page: PageForAnalysis, reader: Reader, memory: SiteMemory | None = None) -> Reading:
    """Read one page. Never raises on what the page holds."""
    extraction = _extracted(page, reader, memory)
    document = document_of(page, extraction)
    verdicts = reader.matcher.match(document, reader.recogniser)
    return Reading(
        page=page,
        extraction=extraction,
        document=document,
        verdicts=verdicts,
        refused=refusals(verdicts, document, reader),
        fingerprint=fingerprint(document.title, document.text or document.summary, address=_address(extraction)),
        lesson=learn(extraction, url=page.final_url or page.url) if extraction.status not in UNREAD and page.origin == "page" else None,
    )


def _address(extraction: Extraction) -> str:
    """The canonical address that the page names, in one spelling; none where it is a front page, as careless sites have it."""
    found = canonical(extraction.canonical_url or "")
    parts = urlsplit(found)
    return found if parts.path.strip("/") or parts.query else ""


def document_of(page: PageForAnalysis, extraction: Extraction) -> Document:
    """The matcher's view of a page that came in through a feed."""
    return as_document(
        extraction,
        ident=page.article_id,
        feed_title=page.entry.title,
        summary=words(page.entry.summary),
        url=page.final_url or page.url,
        source=page.feed.id,
        tags=page.feed.tags,
    )


def as_document(
    extraction: Extraction,
    *,
    ident: str,
    url: str,
    feed_title: str = "",
    summary: str = "",
    source: str | None = None,
    tags: tuple[str, ...] = (),
) -> Document:
    """The matcher's view of what was extracted, whoever asks; of a page that is no article, only what the feed said."""
    unread = extraction.status in UNREAD
    return Document(
        id=ident,
        title=(feed_title if unread else extraction.title) or feed_title,
        text="" if unread else extraction.text,
        summary=summary,
        captions="" if unread else "\n".join(extraction.captions),
        removed="" if unread else "\n".join(line.text for line in extraction.removed),
        language=extraction.language,
        url=url,
        source=source,
        tags=tags,
    )


def _extracted(page: PageForAnalysis, reader: Reader, memory: SiteMemory | None) -> Extraction:
    return extract(
        page.body,
        url=page.final_url or page.url,
        declared_charset=charset_of(page.headers),
        feed=hints_of(page),
        memory=memory,
        seen=seen_on(page),
        policy=reader.extraction,
    )


def seen_on(page: PageForAnalysis) -> str:
    """The last date (ISO 8601) on which a page's story can be dated: where it was fetched, it may have been a day later than in UTC."""
    return datetime.fromtimestamp(page.fetched_at + _AHEAD, UTC).date().isoformat()


def hints_of(page: PageForAnalysis) -> FeedHints:
    """What the feed said of a page's article."""
    return FeedHints(
        title=page.entry.title or None,
        published=page.entry.published,
        author=page.entry.author,
        summary=words(page.entry.summary) or None,
    )


def charset_of(headers: Mapping[str, str]) -> str | None:
    """The character set that a page's headers declare."""
    declared = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    for part in declared.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def refusals(verdicts: tuple[Verdict, ...], document: Document, reader: Reader) -> dict[str, Ruling]:
    """By entity: the rule of its list that keeps it quiet on this document."""
    found: dict[str, Ruling] = {}
    for verdict in verdicts:
        watched = reader.watched.get(verdict.entity)
        if watched is None or not watched.watchlist.rules:
            continue
        said = ruling(watched.watchlist, verdict, verdicts, document)
        if not said.passes:
            found[verdict.entity] = said
    return found
