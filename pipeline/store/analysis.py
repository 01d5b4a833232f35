"""What was decided about a page? Reads for the decision and writes of its outcome, in one transaction.

``with store.analysis() as tx:`` reads candidates and facts, decides, and records; nobody else's alert can come between.
On SQLite the transaction holds the write lock from its first statement. On PostgreSQL ``tx.lock(entities)`` holds an
advisory lock for each entity that may alert, so two copies of one report that arrive together still give one alert;
pages that name nobody run side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, func, select, text

from pipeline.model import EntryState, Instant
from pipeline.store import ids
from pipeline.store.columns import signed
from pipeline.store.engine import Database
from pipeline.store.index import Candidate, Holder, indexed, known, postings
from pipeline.store.outcome import finish_page, rewrite_article, settle, write_alerts, write_article, write_suppressions, write_verdicts
from pipeline.store.records import (
    AlertRecord,
    AnalysisRecord,
    ArticleRecord,
    DeliveryPlan,
    Recorded,
    SuppressionRecord,
    VerdictRecord,
)
from pipeline.store.sites import SiteLearned, learn
from pipeline.store.sql import fields, the
from pipeline.store.stories import StoryBrief, StoryRecord, story_brief, write_story
from pipeline.store.tables import alerts, articles, members, mutes, verdicts, watches
from pipeline.store.told import AlertFacts, alert_facts

__all__: Final = [
    "AlertRecord",
    "Analysis",
    "AnalysisRecord",
    "ArticleRecord",
    "DeliveryPlan",
    "Previous",
    "Recorded",
    "SiteLearned",
    "SuppressionRecord",
    "VerdictRecord",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Previous:
    """An article's last revision."""

    revision: int
    text_sha256: str
    rule_rev: str
    story_id: str | None
    duplicate_of: str | None
    """The article that it was found to be a copy of."""


_WAS_TOLD: Final = select(watches.c.entity).where(watches.c.story_id == the("story")).limit(1)
_TOLD_SINCE: Final = select(func.count()).where(
    alerts.c.entity == the("entity"), alerts.c.created_at >= the("since"), alerts.c.instant.is_(True)
)
_RUNNING: Final = select(mutes).where(mutes.c.ended_at.is_(None), mutes.c.until.is_(None) | (mutes.c.until > the("now")))
_PREVIOUS: Final = (
    select(articles.c.revision, articles.c.text_sha256, articles.c.rule_rev, members.c.story_id, members.c.duplicate_of)
    .select_from(articles.outerjoin(members, members.c.article_id == articles.c.id))
    .where(articles.c.id == the("article"))
)
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:key)")


class Analysis:
    """One open transaction: ask, decide, record."""

    def __init__(self, database: Database, connection: Connection) -> None:
        """Made by ``Store.analysis``."""
        self._db = database
        self._connection = connection

    def lock(self, entities: Sequence[str]) -> None:
        """No other analysis decides on these entities until this one has ended. Call once, before reading facts."""
        if self._db.dialect == "postgresql":
            for key in sorted(_lock_key(entity) for entity in set(entities)):  # one order for all, so no two wait for each other
                self._connection.execute(_LOCK, {"key": key})

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> dict[int, list[Holder]]:
        """For each key the articles between ``since`` and ``until`` that hold it, newest first; not those that ``most`` or more hold."""
        return postings(self._db, self._connection, keys, since=since, until=until, most=most)

    def known(self, article_ids: Collection[str]) -> list[Candidate]:
        """These articles as they were put; those that the index has forgotten are absent."""
        return known(self._connection, article_ids)

    def indexed(self) -> int:
        """Articles in the index, roughly: what the database can say without counting."""
        return indexed(self._db, self._connection)

    def story(self, story_id: str) -> StoryBrief | None:
        """A story as it is now."""
        return story_brief(self._connection, story_id)

    def facts(self, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
        """What was already said of these entities: in this story, and last in any. An entity never alerted is absent."""
        return alert_facts(self._connection, story_id, entities)

    def was_told(self, story_id: str) -> bool:
        """Whether anything was said of this story, about any entity."""
        return self._connection.scalar(_WAS_TOLD, {"story": story_id}) is not None

    def told_since(self, entity: str, since: Instant) -> int:
        """Instant alerts about an entity since then, for its hourly cap."""
        return self._connection.scalar(_TOLD_SINCE, {"entity": entity, "since": since}) or 0

    def mutes(self, now: Instant) -> list[dict[str, Any]]:
        """Mutes in force: ``{"seq", "kind", "value", "author", "reason", "until"}``."""
        return [dict(row._mapping) for row in self._connection.execute(_RUNNING, {"now": now})]

    def previous(self, article_id: str) -> Previous | None:
        """The article as it was recorded last, for an edit; None at first."""
        row = self._connection.execute(_PREVIOUS, {"article": article_id}).first()
        return fields(Previous, row) if row else None

    def named(self, article_id: str) -> frozenset[str]:
        """Entities that the article named when it was recorded last."""
        query = select(verdicts.c.entity).where(verdicts.c.article_id == article_id, verdicts.c.tier.is_not(None))
        return frozenset(self._connection.scalars(query))

    def record(self, record: AnalysisRecord) -> Recorded:
        """Write everything. Nothing is written where another worker holds the page or has finished it."""
        connection, database = self._connection, self._db
        entry = finish_page(connection, record)
        if entry is None:
            return Recorded(held=False)
        if record.article is not None:
            before = write_article(database, connection, record, record.article, entry)
            write_verdicts(database, connection, record, entry, before=before)
        if record.story is not None:
            write_story(database, connection, record.story, record.at)
        new, sent = write_alerts(database, connection, record)
        write_suppressions(database, connection, record)
        if record.learned is not None:
            learned = record.learned if record.learned.article else replace(record.learned, article=ids.article_id(entry.id))
            learn(database, connection, learned, record.at)
        settle(connection, record, entry.id)
        return Recorded(held=True, alerts=tuple(new), deliveries=tuple(sent))

    def join(self, story: StoryRecord, at: Instant) -> None:
        """Put an article that was recorded before, and stood in no story, into one."""
        write_story(self._db, self._connection, story, at)

    def rewrite(self, article: Any) -> None:
        """Replace what the archive says of an ``Article`` where its page was read anew; nothing happens where the text is the same."""
        before = self.previous(article.id)
        if before is not None and before.text_sha256 != article.text_sha256:
            rewrite_article(self._db, self._connection, article)

    def record_alerts(self, alerts: tuple[AlertRecord, ...], suppressions: tuple[SuppressionRecord, ...], at: Instant) -> tuple[str, ...]:
        """Write alerts on an article that was recorded before. Returns the ids of those that are new."""
        outcome = AnalysisRecord(
            page_id="", owner=None, at=at, state=EntryState.ALERTED, reason="", alerts=alerts, suppressions=suppressions
        )
        new, _ = write_alerts(self._db, self._connection, outcome)
        write_suppressions(self._db, self._connection, outcome)
        return tuple(new)


def _lock_key(entity: str) -> int:
    return signed(int.from_bytes(hashlib.sha256(f"entity:{entity}".encode("utf-8", "replace")).digest()[:8], "big"))
