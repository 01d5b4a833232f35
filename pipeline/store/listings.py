"""What does a page of the dashboard put side by side? Reads over several tables at once, a keyset page at a time.

Nothing is written here, and nothing that another part of the store answers is answered a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, exists, func, not_, or_, select

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sql import chunks
from pipeline.store.store import Store
from pipeline.store.tables import (
    alerts,
    articles,
    attempts,
    audit,
    deliveries,
    digests,
    entries,
    feed_days,
    feedback,
    feeds,
    members,
    messages,
    pages,
    stories,
    suppressions,
    verdicts,
    watches,
)

DAY: Final = 86400.0
Row = dict[str, Any]


class Listings:
    """Questions that only people ask."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    @classmethod
    def of(cls, store: Store) -> Listings:
        """Over a store's database."""
        return cls(store._db)  # noqa: SLF001 - one package

    def bodies(self, alert_ids: Sequence[str]) -> dict[str, bytes]:
        """The payload of each alert as sent, by the alert's id."""
        found: dict[str, bytes] = {}
        with self._db.read() as connection:
            for part in chunks(alert_ids):
                rows = connection.execute(select(messages.c.id, messages.c.body).where(messages.c.id.in_(part)))
                found |= {row.id: bytes(row.body) for row in rows}
        return found

    def judged(self, alert_ids: Sequence[str]) -> dict[str, list[Row]]:
        """What readers said of each alert, by its id: rows of the feedback."""
        found: dict[str, list[Row]] = {}
        for row in self._rows(select(feedback).where(feedback.c.alert_id.in_(list(alert_ids))).order_by(feedback.c.seq)):
            found.setdefault(row["alert_id"], []).append(row)
        return found

    def stories(self, *, entity: str | None = None, before: tuple[Instant, str] | None = None, limit: int = 50) -> list[Row]:
        """Stories, the last seen first; go on with the last one's ``(last_seen, id)``. With ``entity`` those that alerted for it."""
        query = select(stories).order_by(stories.c.last_seen.desc(), stories.c.id.desc()).limit(limit)
        if entity is not None:
            query = query.where(stories.c.id.in_(select(watches.c.story_id).where(watches.c.entity == entity)))
        if before is not None:
            query = query.where(_older(stories.c.last_seen, stories.c.id, before))
        return self._rows(query)

    def story(self, story_id: str) -> Row | None:
        """One story."""
        return next(iter(self._rows(select(stories).where(stories.c.id == story_id))), None)

    def members(self, story_id: str, limit: int = 500) -> list[Row]:
        """The story's articles in order of time, each with its title, language and place in the story."""
        what = (articles.c.title, articles.c.language, articles.c.published, articles.c.word_count)
        joined = members.outerjoin(articles, articles.c.id == members.c.article_id)
        query = select(members, *what).select_from(joined).where(members.c.story_id == story_id)
        return self._rows(query.order_by(members.c.at, members.c.article_id).limit(limit))

    def told(self, story_ids: Sequence[str]) -> dict[str, list[Row]]:
        """For each story whom it alerted for: ``{"entity", "tier", "alert_id"}``."""
        found: dict[str, list[Row]] = {}
        what = (watches.c.story_id, watches.c.entity, watches.c.tier, watches.c.alert_id)
        for row in self._rows(select(*what).where(watches.c.story_id.in_(list(story_ids))).order_by(watches.c.alerted_at)):
            found.setdefault(row["story_id"], []).append(row)
        return found

    def story_of(self, article_id: str) -> str | None:
        """The story that an article stands in."""
        with self._db.read() as connection:
            return connection.scalar(select(members.c.story_id).where(members.c.article_id == article_id))

    def passed(self, since: Instant) -> list[tuple[str, str, str]]:
        """(article, entity, tier) of verdicts since then that their watchlist let through: sure enough, and refused by no rule.

        Whether an alert went out is another matter: the story may have been told, or somebody muted it.
        """
        same = and_(suppressions.c.article_id == verdicts.c.article_id, suppressions.c.entity == verdicts.c.entity)
        refused = exists().where(same, suppressions.c.reason.in_(["rule", "below_tier"]))
        told = exists().where(alerts.c.article_id == verdicts.c.article_id, alerts.c.entity == verdicts.c.entity)
        query = select(verdicts.c.article_id, verdicts.c.entity, verdicts.c.tier)
        query = query.where(verdicts.c.at >= since, verdicts.c.tier.is_not(None), or_(not_(refused), told))
        with self._db.read() as connection:
            return [(row.article_id, row.entity, row.tier) for row in connection.execute(query.order_by(verdicts.c.at))]

    def verdicts(self, article_id: str) -> list[Row]:
        """What was decided of each entity that an article names, the surest first."""
        return self._rows(select(verdicts).where(verdicts.c.article_id == article_id).order_by(verdicts.c.score.desc()))

    def decided(self, article_id: str) -> tuple[list[Row], list[Row]]:
        """Alerts that an article set off, and alerts of it that were kept quiet."""
        sent = select(alerts).where(alerts.c.article_id == article_id).order_by(alerts.c.seq)
        quiet = select(suppressions).where(suppressions.c.article_id == article_id).order_by(suppressions.c.seq)
        return self._rows(sent), self._rows(quiet)

    def suppressed(
        self, *, entity: str | None = None, mute: int | None = None, story_id: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Row]:
        """What was kept quiet, the newest first, with the article's title and address; go on with ``seq`` as ``before``."""
        joined = suppressions.outerjoin(articles, articles.c.id == suppressions.c.article_id)
        query = select(suppressions, articles.c.title, articles.c.url).select_from(joined)
        query = query.order_by(suppressions.c.seq.desc()).limit(limit)
        for column, value in ((suppressions.c.entity, entity), (suppressions.c.mute, mute), (suppressions.c.story_id, story_id)):
            if value is not None:
                query = query.where(column == value)
        if before is not None:
            query = query.where(suppressions.c.seq < before)
        return self._rows(query)

    def entries(
        self,
        *,
        feed_id: str | None = None,
        state: str | None = None,
        before: tuple[Instant, str] | None = None,
        limit: int = 50,
    ) -> list[Row]:
        """Entries with what became of them, the newest first; go on with the last one's ``(first_seen, id)``."""
        names = ("id", "feed_id", "url", "title", "published", "state", "reason", "since", "next_at", "attempts", "late", "first_seen")
        what = [entries.c[name] for name in names]
        joined = entries.outerjoin(articles, articles.c.entry_id == entries.c.id)
        query = select(*what, articles.c.id.label("article_id")).select_from(joined)
        query = query.order_by(entries.c.first_seen.desc(), entries.c.id.desc()).limit(limit)
        if feed_id is not None:
            query = query.where(entries.c.feed_id == feed_id)
        if state is not None:
            query = query.where(entries.c.state == state)
        if before is not None:
            query = query.where(_older(entries.c.first_seen, entries.c.id, before))
        return self._rows(query)

    def delivery(self, delivery_id: str) -> Row | None:
        """One delivery with its message's type and the alert's title."""
        what = (messages.c.type, messages.c.alert_id, messages.c.entity, messages.c.test, messages.c.body, alerts.c.title)
        joined = deliveries.join(messages, messages.c.id == deliveries.c.message_id).outerjoin(alerts, alerts.c.id == messages.c.alert_id)
        return next(iter(self._rows(select(deliveries, *what).select_from(joined).where(deliveries.c.id == delivery_id))), None)

    def digested(self, alert_id: str) -> list[Row]:
        """Digests that an alert waits for or went out with: ``{"endpoint", "reason", "due_at", "message_id"}``."""
        return self._rows(select(digests).where(digests.c.alert_id == alert_id).order_by(digests.c.seq))

    def volumes(self, since: Instant, feed_ids: Sequence[str]) -> dict[str, list[Row]]:
        """Counts a day of these feeds since then, by the feed's id: ``{"day", "polls", "failures", "entries"}``."""
        found: dict[str, list[Row]] = {}
        what = (feed_days.c.feed_id, feed_days.c.day, feed_days.c.polls, feed_days.c.failures, feed_days.c.entries)
        query = select(*what).where(feed_days.c.feed_id.in_(list(feed_ids)), feed_days.c.day >= int(since // DAY))
        for row in self._rows(query.order_by(feed_days.c.day)):
            found.setdefault(row["feed_id"], []).append(row)
        return found

    def alert_counts(self, since: Instant) -> dict[str, int]:
        """How many alerts each entity had since then."""
        query = select(alerts.c.entity, func.count().label("alerts")).where(alerts.c.created_at >= since).group_by(alerts.c.entity)
        return {row["entity"]: row["alerts"] for row in self._rows(query)}

    def feed_names(self) -> dict[str, str]:
        """The name of every feed that there is or was, by id; its address where it has none."""
        return {row["id"]: row["name"] or row["site"] or row["url"] for row in self._rows(select(*_named))}

    def pulse(self) -> dict[str, Any]:
        """A value for each kind of thing that is another one as soon as there is something new of it."""
        newest = {
            "alerts": (func.max(alerts.c.seq), func.max(audit.c.seq)),
            "articles": (func.max(articles.c.seq),),
            "attempts": (func.max(attempts.c.seq),),
            "deliveries": (func.max(deliveries.c.seq),),
            "polls": (func.max(feeds.c.last_poll),),
            "pages": (func.max(pages.c.fetched_at),),
            "suppressions": (func.max(suppressions.c.seq),),
        }
        with self._db.read() as connection:
            return {name: repr([connection.scalar(select(what)) for what in each]) for name, each in newest.items()}

    def _rows(self, query: Select[Any]) -> list[Row]:
        with self._db.read() as connection:
            return _dictionaries(connection, query)


_named = (feeds.c.id, feeds.c.name, feeds.c.site, feeds.c.url)


def _older(time: Any, ident: Any, before: tuple[Instant, str]) -> Any:
    return or_(time < before[0], and_(time == before[0], ident < before[1]))


def _dictionaries(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in connection.execute(query)]
