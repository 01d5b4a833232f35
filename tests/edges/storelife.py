"""Steps of an article's life in the store, in as few words as the tests want."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.model import Entry, EntryState, Evidence, Field, Lane, Mention, RemovedLine, Role, Tier, Verdict
from pipeline.store import Store, ids
from pipeline.store.analysis import (
    AlertRecord,
    AnalysisRecord,
    ArticleRecord,
    DeliveryPlan,
    SiteLearned,
    SuppressionRecord,
    VerdictRecord,
)
from pipeline.store.articles import PageForAnalysis
from pipeline.store.entries import PageRecord
from pipeline.store.feeds import FeedForPoll, FeedRow, NewEntry, PollRecord
from pipeline.store.stories import StoryRecord

NOW = 1_800_000_000.0
DAY = 86400.0


def feed(store: Store, url: str = "https://paper.example/feed", **spec: Any) -> FeedForPoll:
    """A configured feed, claimed by ``poller``."""
    specs = [FeedRow(url=known.url) for known in store.feeds.health()]
    store.feeds.sync([*specs, FeedRow(url=url, site="paper.example", **spec)], NOW)
    store.feeds.reschedule(ids.feed_id(url), NOW, now=NOW)
    return next(one for one in store.feeds.claim_due(NOW, "poller", 60, 1000) if one.url == url)


def poll(of: FeedForPoll, *new: NewEntry, **changes: Any) -> PollRecord:
    """A successful poll that found these."""
    record = PollRecord(
        feed_id=of.id,
        owner="poller",
        at=NOW,
        outcome="ok",
        succeeded=True,
        state="ok",
        reason="",
        next_try=NOW + 600,
        fetch_url=of.fetch_url,
        entries=new,
    )
    return replace(record, **changes)


def item(n: int | str = 1, **changes: Any) -> NewEntry:
    """A new entry with a key of its own and one that all feeds share."""
    url = f"https://paper.example/{n}"
    entry = Entry(id=f"guid-{n}", url=url, title=f"Headline {n}", summary=f"Summary {n}")
    return replace(NewEntry(entry=entry, keys=(f"guid:{n}", f"url:{url}"), content_hash=f"hash-{n}"), **changes)


def fetched(store: Store, n: int | str = 1, *, lane: Lane = Lane.HOT, body: bytes = b"<p>text</p>" * 50, at: float = NOW) -> str:
    """An entry with its page; returns the page's id."""
    of = feed(store)
    store.feeds.record_poll(poll(of, item(n)))
    taken = store.entries.claim_fetch(at, "collector", 60, 1000)
    one = next(entry for entry in taken if entry.entry.id == f"guid-{n}")
    store.entries.postpone([other.id for other in taken if other.id != one.id], at)
    url = one.entry.url
    record = PageRecord(
        entry_id=one.id, owner="collector", url=url, final_url=url, body=body, fetched_at=at, lane=lane, status=200, headers={"etag": '"x"'}
    )
    return store.entries.record_page(record)


def claimed(store: Store, n: int | str = 1, *, owner: str = "analyser", at: float = NOW, **more: Any) -> PageForAnalysis:
    """A page in the hands of an analyser."""
    (page,) = store.articles.claim_pages([fetched(store, n, at=at, **more)], owner, at, 60)
    return page


def mention(entity: str = "wagner-group", surface: str = "Wagner", start: int = 0) -> Mention:
    """One mention with a line of evidence on either side."""
    return Mention(
        entity=entity,
        field=Field.TEXT,
        start=start,
        end=start + len(surface),
        surface=surface,
        alias=surface,
        tier=Tier.CONFIRMED,
        score=0.9,
        why=(Evidence(code="full_name_in_text", weight=0.6),),
        against=(Evidence(code="other_sense", weight=0.1, detail="opera"),),
    )


def verdict(entity: str = "wagner-group", tier: Tier | None = Tier.CONFIRMED) -> VerdictRecord:
    """A verdict that rests on one mention."""
    return VerdictRecord(
        watchlist="wagner", verdict=Verdict(entity=entity, tier=tier, score=0.9, role=Role.ABOUT, mentions=(mention(entity),))
    )


def alert(page: PageForAnalysis, story: str, *endpoints: str, entity: str = "wagner-group", at: float = NOW, **changes: Any) -> AlertRecord:
    """A first alert to these endpoints (``ops`` where none is named)."""
    record = AlertRecord(
        entity=entity,
        watchlist="wagner",
        story_id=story,
        article_id=page.article_id,
        event="match",
        revision=0,
        type="alert.match",
        severity="high",
        tier=Tier.CONFIRMED,
        score=0.9,
        title="Wagner Group: 1 new story",
        reason="first mention of this entity in this story",
        created_at=at,
        body=b'{"type":"alert.match"}',
        deliveries=tuple(DeliveryPlan(endpoint=endpoint, next_at=at) for endpoint in endpoints or ("ops",)),
    )
    return replace(record, **changes)


def analysis(page: PageForAnalysis, *alerts: AlertRecord, story: str | None = None, at: float = NOW, **changes: Any) -> AnalysisRecord:
    """The outcome of a page that names someone."""
    place = story or ids.story_id(page.article_id)
    record = AnalysisRecord(
        page_id=page.id,
        owner="analyser",
        at=at,
        state=EntryState.ALERTED if alerts else EntryState.NO_MATCH,
        reason="said so",
        article=ArticleRecord(
            title=page.entry.title,
            text="Wagner came to the town.\nNobody was hurt.",
            status="ok",
            url=page.url,
            language="en",
            captions=("A street",),
            removed=(RemovedLine(text="Subscribe", reason="newsletter"),),
            word_count=8,
            rule_rev="sha256:1",
            fetched_at=page.fetched_at,
        ),
        verdicts=(verdict(),) if alerts else (),
        story=StoryRecord(
            story_id=place,
            article_id=page.article_id,
            title=page.entry.title,
            source="paper.example",
            url=page.url,
            at=at,
            bands=(1, 2, -3),
            features={"v": 1},
            best_tier=Tier.CONFIRMED,
        ),
        alerts=alerts,
        learned=SiteLearned(site="paper.example", lines=(11, 12), article=page.url),
    )
    return replace(record, **changes)


def alerted(
    store: Store, n: int | str = 1, *endpoints: str, at: float = NOW, story: str | None = None, **changes: Any
) -> tuple[str, PageForAnalysis]:
    """A whole life up to an alert; returns the alert's id and the page."""
    store.deliveries.sync_endpoints(dict.fromkeys((*endpoints, "ops", "second"), "standard"), at)
    page = claimed(store, n, at=at)
    place = story or ids.story_id(page.article_id)
    recorded = store.articles.record_analysis(analysis(page, alert(page, place, *endpoints, at=at, **changes), story=place, at=at))
    (ident,) = recorded.alerts
    return ident, page


def suppression(page: PageForAnalysis, reason: str = "muted", **changes: Any) -> SuppressionRecord:
    """An alert that was kept quiet."""
    return replace(
        SuppressionRecord(entity="wagner-group", watchlist="wagner", article_id=page.article_id, reason=reason, tier=Tier.PROBABLE),
        **changes,
    )
