"""An alert on an article that was read before its names were watched: the same policy, the same transaction, the same ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from pipeline.flow.placing import LedgerIndex
from pipeline.flow.reading import Reader
from pipeline.flow.telling import Ledger, Outcome, Subject, Teller, tell
from pipeline.mentions.rules import Ruling
from pipeline.model import Document, Instant, Verdict
from pipeline.store import Analysis, Store
from pipeline.store.articles import Article
from pipeline.store.entries import FeedBrief
from pipeline.store.ids import story_id
from pipeline.store.stories import StoryRecord
from pipeline.stories.fingerprint import fingerprint
from pipeline.stories.grouping import Grouping, Report, StoryIndex, StoryPolicy, group
from pipeline.urls import canonical

_STORIES: Final = StoryPolicy()


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

    An article that named nobody when it came stands in no story yet: it joins one now, so that copies of one report tell once.
    Running it again changes nothing: what was told of a story is not told twice.

    Raises:
        StoreError: the database refused; nothing was written.
    """
    with store.analysis() as ledger:
        ledger.lock([verdict.entity for verdict in case.verdicts])
        grouping, joins = placed(case, store, ledger, LedgerIndex(ledger))
        outcome = decided(case, grouping, ledger, store, reader, teller, now)
        ledger.rewrite(case.article)
        if joins is not None:
            ledger.join(_membership(case, grouping, joins, store), now)
        return len(ledger.record_alerts(outcome.alerts, outcome.suppressions, now))


def decided(case: Case, grouping: Grouping, ledger: Ledger, store: Store, reader: Reader, teller: Teller, now: Instant) -> Outcome:
    """What the service decides about a case, going by ``ledger``. Writes nothing."""
    return tell(_subject(case, store), grouping, ledger, reader, teller, now)


def grouping_of(case: Case, ledger: Analysis) -> Grouping:
    """The story that the article stands in; one of its own where it named nobody when it came."""
    before = ledger.previous(case.article.id)
    return Grouping(story=before.story_id if before is not None and before.story_id is not None else story_id(case.article.id))


def placed(case: Case, store: Store, ledger: Analysis, index: StoryIndex) -> tuple[Grouping, Report | None]:
    """The article's story, and what it joins it as where it stands in none yet."""
    article, before = case.article, ledger.previous(case.article.id)
    if before is not None and before.story_id is not None:
        return grouping_of(case, ledger), None
    subject = _subject(case, store)
    address = canonical(article.canonical_url or "")
    own = address if urlsplit(address).path.strip("/") else ""
    report = Report(
        id=article.id,
        fingerprint=fingerprint(case.document.title, article.text or article.summary, address=own),
        at=min(article.published_at or subject.fetched_at, subject.fetched_at),
        source=subject.source,
    )
    found = group(report, index, _STORIES)
    return (found if found.story is not None else replace(found, story=story_id(article.id))), report


def _membership(case: Case, grouping: Grouping, report: Report, store: Store) -> StoryRecord:
    assert grouping.story is not None
    return StoryRecord(
        story_id=grouping.story,
        article_id=report.id,
        title=case.document.title,
        source=report.source,
        url=case.article.url,
        at=report.at,
        source_tier=_feed(case.article, store).tier,
        duplicate_of=grouping.duplicate_of,
        bands=grouping.keys,
        features=report.fingerprint.as_json(),
        best_tier=max((one.tier for one in case.verdicts if one.tier is not None), key=lambda tier: tier.rank, default=None),
    )


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
