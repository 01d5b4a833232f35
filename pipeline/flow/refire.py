"""An alert on an article that was read before its names were watched: the same policy, the same transaction, the same ids."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.flow.reading import Reader, refusals
from pipeline.flow.telling import Subject, Teller, tell
from pipeline.model import Document, Instant, Verdict
from pipeline.store import Store
from pipeline.store.articles import Article
from pipeline.store.entries import FeedBrief
from pipeline.store.ids import story_id
from pipeline.stories.grouping import Grouping
from pipeline.urls import canonical


def refire(
    article: Article, document: Document, verdicts: tuple[Verdict, ...], store: Store, reader: Reader, teller: Teller, now: Instant
) -> int:
    """Decide these verdicts on an archived article and record what comes of it. Returns how many alerts are new.

    Running it again changes nothing: what was told of a story is not told twice.

    Raises:
        StoreError: the database refused; nothing was written.
    """
    with store.analysis() as ledger:
        ledger.lock([verdict.entity for verdict in verdicts])
        before = ledger.previous(article.id)
        story = before.story_id if before is not None and before.story_id is not None else story_id(article.id)
        outcome = tell(_subject(article, document, verdicts, store, reader), Grouping(story=story), ledger, reader, teller, now)
        return len(ledger.record_alerts(outcome.alerts, outcome.suppressions, now))


def _subject(article: Article, document: Document, verdicts: tuple[Verdict, ...], store: Store, reader: Reader) -> Subject:
    feed = _feed(article, store)
    document = replace(document, tags=feed.tags)  # the archive keeps an article's feed, and the feed its tags
    fetched = article.fetched_at if article.fetched_at is not None else article.matched_at
    return Subject(
        article_id=article.id,
        feed=feed,
        source=urlsplit(canonical(article.url)).netloc,
        url=article.url,
        document=document,
        verdicts=verdicts,
        canonical_url=article.canonical_url,
        author=article.author,
        language=article.language,
        published=article.published,
        published_at=article.published_at,
        fetched_at=fetched,
        first_seen=fetched,
        refused=refusals(verdicts, document, reader),
    )


def _feed(article: Article, store: Store) -> FeedBrief:
    feed = store.feeds.get(article.feed_id)
    if feed is None:  # it left the configuration and was pruned; the article stays
        return FeedBrief(id=article.feed_id, url="", name="", site="", tier=2, tags=(), options={})
    return FeedBrief(id=feed.id, url=feed.url, name=feed.name, site=feed.site, tier=feed.tier, tags=feed.tags, options=feed.options)
