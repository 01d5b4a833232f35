"""An alert on an article that was read before its names were watched: the same policy, the same transaction, the same ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.flow.reading import Reader
from pipeline.flow.telling import Ledger, Outcome, Subject, Teller, tell
from pipeline.mentions.rules import Ruling
from pipeline.model import Document, Instant, Verdict
from pipeline.store import Analysis, Store
from pipeline.store.articles import Article
from pipeline.store.entries import FeedBrief
from pipeline.store.ids import story_id
from pipeline.stories.grouping import Grouping
from pipeline.urls import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """An archived article and what is to be decided about it."""

    article: Article
    document: Document
    """As the matcher reads it, with the tags of its feed."""
    verdicts: tuple[Verdict, ...]
    """Those to decide on."""
    refused: Mapping[str, Ruling]
    """By entity: the rule that keeps it quiet. Rules ask about all verdicts on a document, also those that are not to be decided on."""


def refire(case: Case, store: Store, reader: Reader, teller: Teller, now: Instant) -> int:
    """Decide a case and record what comes of it. Returns how many alerts are new.

    Running it again changes nothing: what was told of a story is not told twice.

    Raises:
        StoreError: the database refused; nothing was written.
    """
    with store.analysis() as ledger:
        ledger.lock([verdict.entity for verdict in case.verdicts])
        outcome = decided(case, grouping_of(case, ledger), ledger, store, reader, teller, now)
        return len(ledger.record_alerts(outcome.alerts, outcome.suppressions, now))


def decided(case: Case, grouping: Grouping, ledger: Ledger, store: Store, reader: Reader, teller: Teller, now: Instant) -> Outcome:
    """What the service decides about a case, going by ``ledger``. Writes nothing."""
    return tell(_subject(case, store), grouping, ledger, reader, teller, now)


def grouping_of(case: Case, ledger: Analysis) -> Grouping:
    """The story that the article stands in; one of its own where it named nobody when it came."""
    before = ledger.previous(case.article.id)
    return Grouping(story=before.story_id if before is not None and before.story_id is not None else story_id(case.article.id))


def _subject(case: Case, store: Store) -> Subject:
    article = case.article
    fetched = article.fetched_at if article.fetched_at is not None else article.matched_at
    return Subject(
        article_id=article.id,
        feed=_feed(article, store),
        source=urlsplit(canonical(article.url)).netloc,
        url=article.url,
        document=case.document,
        verdicts=case.verdicts,
        canonical_url=article.canonical_url,
        author=article.author,
        language=article.language,
        published=article.published,
        published_at=article.published_at,
        fetched_at=fetched,
        first_seen=fetched,
        refused=case.refused,
    )


def _feed(article: Article, store: Store) -> FeedBrief:
    feed = store.feeds.get(article.feed_id)
    if feed is None:  # it left the configuration and was pruned; the article stays
        return FeedBrief(id=article.feed_id, url="", name="", site="", tier=2, tags=(), options={})
    return FeedBrief(id=feed.id, url=feed.url, name=feed.name, site=feed.site, tier=feed.tier, tags=feed.tags, options=feed.options)
