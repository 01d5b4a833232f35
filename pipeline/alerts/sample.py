"""An alert about nothing, in the shape of a real one: for ``deliveries test`` before the first alert, and for documents."""

from __future__ import annotations

from hashlib import sha256

from pipeline.alerts import payload
from pipeline.alerts.endpoints import Severity
from pipeline.alerts.identity import Event, EventCode
from pipeline.model import Document, Evidence, Field, Instant, Mention, Role, Tier, Verdict

_TITLE = "Harbour council of Port Elsewhere names Example Group in its report"
_TEXT = (
    "PORT ELSEWHERE – The harbour council published its yearly report on Monday.\n"
    "It says that the Example Group, a shipping company, paid for the new lighthouse. “The lamp is brighter than before,” "
    "said the keeper, who has served for thirty years.\n"
    "The council meets again in spring."
)
_SURFACE = "Example Group"


def alert(*, now: Instant) -> payload.AlertFacts:
    """A confirmed first mention, found at ``now``. Company, council and lighthouse are invented."""
    return payload.AlertFacts(
        event=Event(code=EventCode.MATCH),
        tier=Tier.CONFIRMED,
        severity=Severity.HIGH,
        reason="first mention of this entity in this story",
        watch=payload.Watch(list="example", entity_id="example-group", name=_SURFACE, kind="organization", rule_rev="sha256:0"),
        verdict=Verdict(
            entity="example-group",
            tier=Tier.CONFIRMED,
            score=0.97,
            role=Role.ABOUT,
            mentions=(_mention(Field.TITLE, _TITLE), _mention(Field.TEXT, _TEXT)),
        ),
        document=Document(id="ar_example", title=_TITLE, text=_TEXT, language="en"),
        threshold=0.6,
        article=payload.ArticleFacts(
            id="ar_00000000000000000000",
            url="https://news.example/2026/lighthouse",
            title=_TITLE,
            language="en",
            word_count=len(_TEXT.split()),
            text_sha256=sha256(_TEXT.encode()).hexdigest(),
        ),
        source=payload.SourceFacts(
            id="fe_00000000000000000000", name="Example News", domain="news.example", feed_url="https://news.example/feed.xml"
        ),
        story=payload.StoryLine(id="st_00000000000000000000", sources=1, is_first=True, first_seen=now),
        times=payload.Times(published=payload.stamp(now - 60), published_at=now - 60, fetched=now, matched=now, alerted=now),
        links=payload.Links(),
        engine=payload.Engine(version="example", extractor="example"),
    )


def _mention(field: Field, text: str) -> Mention:
    start = text.index(_SURFACE)
    return Mention(
        entity="example-group",
        field=field,
        start=start,
        end=start + len(_SURFACE),
        surface=_SURFACE,
        alias=_SURFACE,
        tier=Tier.CONFIRMED,
        score=0.97,
        why=(Evidence(code="full_name_in_text", weight=0.6), Evidence(code="full_name_in_title", weight=0.3)),
    )
