"""Who is told what about this article? One verdict after the other: facts from the ledger, a decision, the row it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from pipeline.alerts import links, payload
from pipeline.alerts.identity import alert_id
from pipeline.alerts.mutes import Mute, MuteKind
from pipeline.alerts.policy import AlertPolicy
from pipeline.alerts.rules import Action, AlertDecision, Reason, StoryFacts, Told, decide
from pipeline.flow.reading import Reader, Watched
from pipeline.mentions.evidence import CONFIRMED, POSSIBLE, PROBABLE
from pipeline.mentions.rules import Ruling
from pipeline.model import Document, Instant, Tier, Verdict
from pipeline.store.analysis import AlertRecord, DeliveryPlan, SuppressionRecord
from pipeline.store.entries import FeedBrief
from pipeline.store.stories import AlertFacts, StoryBrief
from pipeline.stories.grouping import Grouping

HOUR = 3600.0
_THRESHOLDS = {Tier.CONFIRMED: CONFIRMED, Tier.PROBABLE: PROBABLE, Tier.POSSIBLE: POSSIBLE}


class Ledger(Protocol):
    """What a decision asks of what was said before; see ``pipeline.store.Analysis``."""

    def story(self, story_id: str) -> StoryBrief | None:
        """A story as it is now."""
        ...

    def was_told(self, story_id: str) -> bool:
        """Whether anything was said of this story."""
        ...

    def named(self, article_id: str) -> frozenset[str]:
        """Entities that the article named when it was recorded last."""
        ...

    def facts(self, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
        """What was said of these entities, here and anywhere."""
        ...

    def told_since(self, entity: str, since: Instant) -> int:
        """How many instant alerts about an entity since then."""
        ...

    def mutes(self, now: Instant) -> list[dict[str, Any]]:
        """Rows of the mutes in force."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """What telling needs beside the ledger."""

    policy: AlertPolicy
    """The service's; a watchlist narrows it."""
    engine: payload.Engine
    public_url: str = ""
    """What links start with; empty: no links."""
    links_key: str = ""
    """Marks the links that let a reader answer without logging in; empty: they have to log in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """An article that somebody may have to be told about: just read, or out of the archive."""

    article_id: str
    feed: FeedBrief
    source: str
    """The publisher, as a host name."""
    url: str
    document: Document
    verdicts: tuple[Verdict, ...]
    canonical_url: str | None
    author: str | None
    language: str | None
    published: str | None
    """As the publisher wrote it."""
    published_at: Instant | None
    fetched_at: Instant
    first_seen: Instant
    edited: bool = False
    backlog: bool = False
    refused: Mapping[str, Ruling] = field(default_factory=dict)
    """By entity: the rule that keeps it quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one article comes to."""

    alerts: tuple[AlertRecord, ...] = ()
    suppressions: tuple[SuppressionRecord, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """All that the verdicts of one article share."""

    subject: Subject
    reader: Reader
    teller: Teller
    grouping: Grouping
    story: StoryBrief | None
    story_was_told: bool
    named_before: frozenset[str]
    """Entities that an earlier revision of the article named."""
    now: Instant

    def is_news(self, entity: str) -> bool:
        """Whether an edit brought the entity in: then it is told, however old the article is."""
        return self.subject.edited and entity not in self.named_before

    def is_sure(self, entity: str) -> bool:
        """Whether the article surely tells what its story told of the entity. What an edit brings in stood in no report before."""
        if self.is_news(entity):
            return self.grouping.duplicate_of is not None
        return self.grouping.sure

    @property
    def story_id(self) -> str:
        assert self.grouping.story is not None
        return self.grouping.story

    @property
    def others(self) -> tuple[Mapping[str, object], ...]:
        """The story's other articles."""
        return tuple(one for one in (self.story.also if self.story else ()) if one["article_id"] != self.subject.article_id)

    @property
    def sources(self) -> int:
        """Different publishers, this one among them."""
        if self.story is None:
            return 1
        return self.story.sources + (self.subject.source not in {one["source"] for one in self.story.also})


def tell(subject: Subject, grouping: Grouping, ledger: Ledger, reader: Reader, teller: Teller, now: Instant) -> Outcome:
    """Decide every verdict of an article, inside the transaction that will write the outcome."""
    named = [verdict for verdict in subject.verdicts if verdict.tier is not None and verdict.entity in reader.watched]
    if not named:
        return Outcome()
    assert grouping.story is not None
    scene = _Scene(
        subject=subject,
        reader=reader,
        teller=teller,
        grouping=grouping,
        story=ledger.story(grouping.story),
        story_was_told=ledger.was_told(grouping.story),
        named_before=ledger.named(subject.article_id) if subject.edited else frozenset(),
        now=now,
    )
    told = ledger.facts(grouping.story, [verdict.entity for verdict in named])
    mutes = standing(ledger.mutes(now))
    alerts: list[AlertRecord] = []
    suppressions: list[SuppressionRecord] = []
    for verdict in named:
        watched = reader.watched[verdict.entity]
        refusal = subject.refused.get(verdict.entity)
        if refusal is not None:
            suppressions.append(_suppressed(scene, watched, verdict, "rule", refusal.says, None))
            continue
        policy = policy_of(teller.policy, watched)
        facts = _facts(scene, verdict, told.get(verdict.entity), ledger)
        decision = decide(facts, verdict, policy, now, mutes=mutes)
        if decision.action is Action.SUPPRESS:
            suppressions.append(_suppressed(scene, watched, verdict, decision.reason, decision.says, decision.mute))
        else:
            alerts.append(_alert(scene, watched, verdict, decision, facts, _reports(told.get(verdict.entity), now)))
    return Outcome(alerts=tuple(alerts), suppressions=tuple(suppressions))


def policy_of(general: AlertPolicy, watched: Watched) -> AlertPolicy:
    """The service's policy, narrowed by the list that watches."""
    said = watched.watchlist.alert
    return general.narrowed(
        to=said.to or None,
        at=said.at,
        severity=said.severity,
        cooldown=said.cooldown,
        digest=said.digest,
        cap=said.cap,
        updates=said.updates,
    )


def standing(rows: Iterable[Mapping[str, Any]]) -> tuple[Mute, ...]:
    """Mutes as the ledger keeps them, for a decision."""
    return tuple(
        Mute(
            id=str(row["seq"]),
            kind=MuteKind(row["kind"]),
            value=row["value"],
            author=row["author"],
            reason=row["reason"],
            created=row["created_at"],
            until=row["until"],
        )
        for row in rows
    )


def _facts(scene: _Scene, verdict: Verdict, known: AlertFacts | None, ledger: Ledger) -> StoryFacts:
    subject = scene.subject
    return StoryFacts(
        story=scene.story_id,
        article=subject.article_id,
        source=subject.feed.id,
        domain=subject.source,
        source_tier=subject.feed.tier,
        sources=scene.sources,
        duplicate_of=scene.grouping.duplicate_of,
        sure=scene.is_sure(verdict.entity),
        edited=subject.edited,
        story_was_told=scene.story_was_told,
        told=_told(known, scene.now),
        backlog=subject.backlog and not scene.is_news(verdict.entity),
        published_at=subject.published_at,
        last_instant_at=known.last_any if known else None,
        instant_this_hour=ledger.told_since(verdict.entity, scene.now - HOUR),
    )


def _told(known: AlertFacts | None, now: Instant) -> Told | None:
    if known is None or not known.here:
        return None
    assert known.tier is not None
    assert known.updated_at is not None
    updated = known.updated_at if known.alerted_at is not None and known.updated_at > known.alerted_at else None
    first_tier = bool(known.facts.get("first_tier"))
    return Told(
        tier=known.tier,
        sources=known.sources,
        first_tier=first_tier,
        at=known.updated_at,
        updated_at=updated,
        reports_this_hour=len(_reports(known, now)),
    )


def _reports(known: AlertFacts | None, now: Instant) -> list[Instant]:
    """When further reports of the story were told, within the hour."""
    return [at for at in known.facts.get("reports", ()) if at > now - HOUR] if known is not None and known.here else []


def _suppressed(scene: _Scene, watched: Watched, verdict: Verdict, reason: str, says: str, mute: str | None) -> SuppressionRecord:
    assert verdict.tier is not None
    return SuppressionRecord(
        entity=verdict.entity,
        watchlist=watched.watchlist.watchlist,
        article_id=scene.subject.article_id,
        story_id=scene.story_id,
        reason=reason,
        tier=verdict.tier,
        detail={"says": says},
        mute=int(mute) if mute is not None else None,
    )


def _alert(
    scene: _Scene, watched: Watched, verdict: Verdict, decision: AlertDecision, facts: StoryFacts, reports: Sequence[Instant]
) -> AlertRecord:
    assert decision.event is not None
    assert verdict.tier is not None
    told_tier = facts.told.tier if facts.told else verdict.tier
    tier = max(verdict.tier, told_tier, key=lambda one: one.rank)
    said = payload.alert(_said(scene, watched, verdict, decision, tier))
    waits = decision.action is Action.DIGEST
    return AlertRecord(
        entity=verdict.entity,
        watchlist=watched.watchlist.watchlist,
        story_id=scene.story_id,
        article_id=scene.subject.article_id,
        event=decision.event.code,
        revision=decision.event.revision,
        type=said["type"],
        severity=decision.severity,
        tier=tier,
        score=verdict.score,
        title=said["data"]["title"],
        reason=decision.says,
        created_at=scene.now,
        body=payload.encode(said),
        deliveries=tuple(
            DeliveryPlan(
                endpoint=endpoint, next_at=decision.due, digest="digest" if waits else None, reason=decision.reason if waits else ""
            )
            for endpoint in decision.to
        ),
        size=(scene.story.size if scene.story else 0) + 1,
        sources=scene.sources,
        late=decision.late,
        facts={
            "first_tier": facts.source_tier == 1 or bool(facts.told and facts.told.first_tier),
            "reports": [*reports, *([scene.now] if decision.reason in {Reason.ANOTHER_REPORT, Reason.NAMED_IN_EDIT} else [])],
        },
    )


def _said(scene: _Scene, watched: Watched, verdict: Verdict, decision: AlertDecision, tier: Tier) -> payload.AlertFacts:
    subject = scene.subject
    assert decision.event is not None
    return payload.AlertFacts(
        event=decision.event,
        tier=tier,
        severity=decision.severity,
        reason=decision.says,
        watch=payload.Watch(
            list=watched.watchlist.watchlist,
            entity_id=watched.entity.id,
            name=watched.entity.name,
            kind=watched.entity.kind,
            tags=watched.entity.tags,
            rule_rev=scene.reader.matcher.revision,
        ),
        verdict=verdict,
        document=subject.document,
        threshold=_THRESHOLDS[policy_of(scene.teller.policy, watched).at],
        article=_article(subject),
        source=payload.SourceFacts(
            id=subject.feed.id, name=subject.feed.name or subject.source, domain=subject.source, feed_url=subject.feed.url
        ),
        story=_story_line(scene),
        times=payload.Times(
            published=subject.published,
            published_at=subject.published_at,
            fetched=subject.fetched_at,
            matched=scene.now,
            alerted=scene.now,
        ),
        links=_links(scene, verdict, decision),
        engine=scene.teller.engine,
        late=decision.late,
    )


def _article(subject: Subject) -> payload.ArticleFacts:
    text = subject.document.text
    return payload.ArticleFacts(
        id=subject.article_id,
        url=subject.url,
        title=subject.document.title,
        canonical_url=subject.canonical_url,
        author=subject.author,
        language=subject.language,
        word_count=len(text.split()),
        text_sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _story_line(scene: _Scene) -> payload.StoryLine:
    brief = scene.story
    return payload.StoryLine(
        id=scene.story_id,
        sources=scene.sources,
        is_first=brief is None,
        first_seen=brief.first_seen if brief else scene.subject.first_seen,
        also=tuple((str(one["source"]), str(one["url"])) for one in reversed(scene.others)),
        suppressed=max(0, len(scene.others)),
    )


def _links(scene: _Scene, verdict: Verdict, decision: AlertDecision) -> payload.Links:
    assert decision.event is not None
    base, key = scene.teller.public_url.rstrip("/"), scene.teller.links_key
    if not base:
        return payload.Links()
    ident = alert_id(verdict.entity, scene.story_id, decision.event)
    return payload.Links(
        view=f"{base}/alerts/{ident}",
        explain=f"{base}/alerts/{ident}#evidence",
        not_relevant=links.address(base, key, links.NOT_RELEVANT, ident),
        mute=links.address(base, key, links.MUTE, ident),
    )


def codes(outcome: Outcome) -> Sequence[str]:
    """Reasons of everything kept quiet, for the entry's own reason and for metrics."""
    return [one.reason for one in outcome.suppressions]
