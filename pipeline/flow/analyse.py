"""One page, from its bytes to the alerts that it causes.

Reading takes tens of milliseconds and needs no transaction; deciding and recording take one, so that between the two
nobody else's alert on the same story can come in. A page that was analysed before, or that another worker holds, is left
alone: the ledger says so when the outcome is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.articles.memory import Lesson
from pipeline.flow.placing import place
from pipeline.flow.reading import UNREAD, Reader, Reading, read
from pipeline.flow.telling import Outcome, Subject, Teller, tell
from pipeline.model import EntryState, Instant
from pipeline.store import Store
from pipeline.store.analysis import AnalysisRecord, ArticleRecord, SiteLearned, VerdictRecord
from pipeline.store.articles import PageForAnalysis
from pipeline.store.stories import StoryRecord
from pipeline.stories.grouping import Grouping, StoryPolicy


@dataclass(frozen=True, kw_only=True, slots=True)
class Analyst:
    """Everything that analysing needs, built once a process."""

    store: Store
    reader: Reader
    teller: Teller
    stories: StoryPolicy = StoryPolicy()


@dataclass(frozen=True, kw_only=True, slots=True)
class Analysed:
    """What became of one page, for the log and the metrics."""

    page_id: str
    state: EntryState
    reason: str
    alerts: tuple[str, ...] = ()
    """Ids of new alerts."""
    tiers: tuple[str, ...] = ()
    """Their tiers."""
    suppressed: tuple[str, ...] = ()
    """Reasons of what was kept quiet."""
    held: bool = True
    """False where somebody else had the page; nothing was written then."""


def analyse_page(page: PageForAnalysis, analyst: Analyst, *, owner: str | None, now: Instant) -> Analysed:
    """Read, place, decide and record one claimed page.

    Raises:
        StoreError: the database refused; nothing was written, and the page's lease will run out.
    """
    reading = read(page, analyst.reader, analyst.store.sites)
    with analyst.store.analysis() as ledger:
        entities = [verdict.entity for verdict in reading.verdicts if verdict.tier is not None]
        if entities:
            ledger.lock(entities)
        grouping = place(reading, ledger, analyst.stories)
        outcome = tell(_subject(reading), grouping, ledger, analyst.reader, analyst.teller, now)
        state, reason = verdict_on(reading, grouping, outcome)
        recorded = ledger.record(_record(reading, grouping, outcome, analyst, state=state, reason=reason, owner=owner, now=now))
    return Analysed(
        page_id=page.id,
        state=state,
        reason=reason,
        alerts=recorded.alerts,
        tiers=tuple(one.tier.value for one in outcome.alerts) if recorded.alerts else (),  # a page read again makes no new ones
        suppressed=tuple(one.reason for one in outcome.suppressions),
        held=recorded.held,
    )


def _subject(reading: Reading) -> Subject:
    page, said = reading.page, reading.extraction
    return Subject(
        article_id=page.article_id,
        feed=page.feed,
        source=reading.source,
        url=page.entry.url or page.url,
        document=reading.document,
        verdicts=reading.verdicts,
        canonical_url=said.canonical_url,
        author=said.author,
        language=said.language,
        published=said.published or page.entry.published,
        published_at=page.published_at,
        fetched_at=page.fetched_at,
        first_seen=page.first_seen,
        edited=page.revision > 0,
        backlog=page.backlog,
        refused=reading.refused,
    )


def verdict_on(reading: Reading, grouping: Grouping, outcome: Outcome) -> tuple[EntryState, str]:
    """The entry's final state and, in words, why."""
    if outcome.alerts:
        return EntryState.ALERTED, "; ".join(f"{one.entity}: {one.reason}" for one in outcome.alerts)
    if outcome.suppressions:
        state = EntryState.DUPLICATE if any(one.reason == "copy" for one in outcome.suppressions) else EntryState.SUPPRESSED
        return state, "; ".join(f"{one.entity}: {one.detail['says']}" for one in outcome.suppressions)
    if grouping.duplicate_of is not None:
        return EntryState.DUPLICATE, f"a copy of {grouping.duplicate_of}, which names nobody"
    if reading.extraction.status in UNREAD:
        return EntryState.NO_MATCH, f"the page is {reading.extraction.status.value}; the feed's own title and summary name nobody"
    return EntryState.NO_MATCH, "names nobody" if not reading.verdicts else "names that stand here mean somebody else"


def _record(
    reading: Reading,
    grouping: Grouping,
    outcome: Outcome,
    analyst: Analyst,
    *,
    state: EntryState,
    reason: str,
    owner: str | None,
    now: Instant,
) -> AnalysisRecord:
    return AnalysisRecord(
        page_id=reading.page.id,
        owner=owner,
        at=now,
        state=state,
        reason=reason,
        article=_article(reading, analyst.reader),
        verdicts=tuple(
            VerdictRecord(watchlist=analyst.reader.watched[verdict.entity].watchlist.watchlist, verdict=verdict)
            for verdict in reading.verdicts
            if verdict.entity in analyst.reader.watched
        ),
        story=_membership(reading, grouping),
        alerts=outcome.alerts,
        suppressions=outcome.suppressions,
        learned=_learned(reading.lesson),
    )


def _article(reading: Reading, reader: Reader) -> ArticleRecord:
    page, said = reading.page, reading.extraction
    return ArticleRecord(
        title=reading.document.title,
        text=said.text,
        status=said.status,
        url=page.entry.url or page.url,
        summary=reading.document.summary,
        canonical_url=said.canonical_url,
        captions=said.captions,
        removed=said.removed,
        author=said.author,
        published=said.published or page.entry.published,
        published_at=page.published_at,
        language=said.language,
        word_count=len(said.text.split()),
        extractor=reader.extractor,
        rule_rev=reader.matcher.revision,
        fetched_at=page.fetched_at,
    )


def _membership(reading: Reading, grouping: Grouping) -> StoryRecord:
    page = reading.page
    tiers = [verdict.tier for verdict in reading.verdicts if verdict.tier is not None]
    assert grouping.story is not None
    return StoryRecord(
        story_id=grouping.story,
        article_id=page.article_id,
        title=reading.document.title,
        source=reading.source,
        url=page.entry.url or page.url,
        at=min(page.published_at or page.first_seen, page.fetched_at),
        source_tier=page.feed.tier,
        duplicate_of=grouping.duplicate_of,
        bands=grouping.keys,
        features=reading.fingerprint.as_json(),
        best_tier=max(tiers, key=lambda tier: tier.rank, default=None),
    )


def _learned(lesson: Lesson | None) -> SiteLearned | None:
    return SiteLearned(site=lesson.site, article=lesson.article, lines=lesson.lines) if lesson is not None else None


def claim_and_analyse(page_ids: list[str], analyst: Analyst, *, owner: str, now: Instant, lease: float) -> list[Analysed]:
    """Claim these pages and analyse those that are still to be had, one after the other."""
    pages = analyst.store.articles.claim_pages(page_ids, owner, now, lease)
    return [analyse_page(page, analyst, owner=owner, now=now) for page in pages]
