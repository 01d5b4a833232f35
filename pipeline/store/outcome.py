"""How is the outcome of an analysis written? Row by row, inside the transaction that decided it; all of it may run twice."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, select, update

from pipeline.model import Mention
from pipeline.store import ids
from pipeline.store.engine import Database
from pipeline.store.fulltext import index_article
from pipeline.store.records import AlertRecord, AnalysisRecord, ArticleRecord
from pipeline.store.sql import upsert, write_many
from pipeline.store.tables import alerts, deliveries, digests, entries, mentions, messages, mutes, pages, suppressions, verdicts, watches

ALERT: Final = (
    *("entity", "watchlist", "story_id", "article_id", "event", "revision", "type", "severity", "tier", "score", "title", "reason"),
    "late",
)
"""Columns of an alert that its record names alike."""


def finish_page(connection: Connection, record: AnalysisRecord) -> Any:
    """The page is done: its entry's id, feed and revision; None where another worker holds or has finished it."""
    held = [pages.c.id == record.page_id, pages.c.state == "waiting"]
    if record.owner is not None:
        held.append(pages.c.lease_owner == record.owner)
    done: dict[str, Any] = {"state": "done", "reason": record.reason, "due_at": None, "lease_owner": None, "lease_until": None}
    if record.alerts:
        done["evidence"] = True
    ident = connection.scalar(update(pages).where(and_(*held)).values(**done).returning(pages.c.entry_id))
    return connection.execute(select(entries.c.id, entries.c.feed_id, entries.c.revision).where(entries.c.id == ident)).first()


def write_article(database: Database, connection: Connection, record: AnalysisRecord, article: ArticleRecord, entry: Any) -> None:
    """The article as the next revision of itself, findable by its words."""
    values = {
        "id": ids.article_id(entry.id),
        "revision": entry.revision,
        "entry_id": entry.id,
        "page_id": record.page_id,
        "feed_id": entry.feed_id,
        "matched_at": record.at,
        "text_sha256": hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "captions": list(article.captions),
        "removed": [{"text": line.text, "reason": line.reason} for line in article.removed],
    }
    plain = ("url", "canonical_url", "title", "text", "summary", "author", "published", "published_at", "language", "status")
    values |= {name: getattr(article, name) for name in (*plain, "word_count", "extractor", "rule_rev", "fetched_at")}
    index_article(database, connection, values)


def write_verdicts(database: Database, connection: Connection, record: AnalysisRecord, article: str, feed: str) -> None:
    """What the article says of whom, in place of what its last revision said."""
    connection.execute(delete(verdicts).where(verdicts.c.article_id == article))
    connection.execute(delete(mentions).where(mentions.c.article_id == article))
    language = record.article.language if record.article else None
    rule_rev = record.article.rule_rev if record.article else ""
    rows, found = [], []
    for each in record.verdicts:
        verdict = each.verdict
        about = {"article_id": article, "entity": verdict.entity, "at": record.at}
        where = {"watchlist": each.watchlist, "feed_id": feed, "language": language}
        rows.append(about | where | {"tier": verdict.tier, "score": verdict.score, "role": verdict.role, "mentions": len(verdict.mentions)})
        found += [about | _mention(mention, rule_rev) for mention in verdict.mentions]
    write_many(connection, upsert(database, verdicts, keys=("article_id", "entity")), rows)
    write_many(connection, upsert(database, mentions, keys=("article_id", "n")), [row | {"n": n} for n, row in enumerate(found)])


def _mention(mention: Mention, rule_rev: str) -> dict[str, Any]:
    ledger = {
        side: [{"code": e.code, "weight": e.weight, "detail": e.detail} for e in getattr(mention, side)] for side in ("why", "against")
    }
    plain = {name: getattr(mention, name) for name in ("field", "start", "end", "surface", "alias", "tier", "score")}
    return plain | {"ledger": ledger, "rule_rev": rule_rev}


def write_alerts(database: Database, connection: Connection, record: AnalysisRecord) -> tuple[list[str], list[str]]:
    """Alerts with their messages and deliveries: ``(new alerts, their deliveries)``. One that was there before is left alone."""
    new: list[str] = []
    sent: list[str] = []
    for alert in record.alerts:
        ident = ids.alert_id(alert.entity, alert.story_id, alert.event, alert.revision)
        instant = any(plan.digest is None for plan in alert.deliveries)
        row = {"id": ident, "created_at": alert.created_at, "instant": instant} | {name: getattr(alert, name) for name in ALERT}
        if not connection.scalars(upsert(database, alerts, keys=("id",)).returning(alerts.c.id), [row]).all():
            continue
        new.append(ident)
        _remember(database, connection, alert, ident)
        message = {"id": ident, "type": alert.type, "alert_id": ident, "story_id": alert.story_id, "entity": alert.entity}
        connection.execute(upsert(database, messages, keys=("id",)), [message | {"body": alert.body, "created_at": alert.created_at}])
        sent += _plan(database, connection, alert, ident)
    return new, sent


def _remember(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> None:
    plain = {name: getattr(alert, name) for name in ("entity", "story_id", "watchlist", "tier", "size", "sources", "revision")}
    row = plain | {"alert_id": ident, "facts": dict(alert.facts), "alerted_at": alert.created_at, "updated_at": alert.created_at}
    kept = ("tier", "size", "sources", "revision", "facts", "updated_at")
    connection.execute(upsert(database, watches, keys=("entity", "story_id"), update=kept), [row])


def _plan(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> list[str]:
    waiting = [
        {
            "endpoint": p.endpoint,
            "digest": p.digest,
            "alert_id": ident,
            "reason": p.reason,
            "due_at": p.next_at,
            "created_at": alert.created_at,
        }
        for p in alert.deliveries
        if p.digest is not None
    ]
    write_many(connection, upsert(database, digests, keys=("endpoint", "alert_id")), waiting)
    now = [
        {
            "id": ids.delivery_id(ident, plan.endpoint),
            "message_id": ident,
            "endpoint": plan.endpoint,
            "story_id": alert.story_id,
            "next_at": plan.next_at,
            "created_at": alert.created_at,
        }
        for plan in alert.deliveries
        if plan.digest is None
    ]
    write_many(connection, upsert(database, deliveries, keys=("id",)), now)
    return [str(row["id"]) for row in now]


def write_suppressions(database: Database, connection: Connection, record: AnalysisRecord) -> None:
    """What was kept quiet, once for each reason, and the mutes that hid it."""
    names = ("entity", "watchlist", "story_id", "article_id", "tier", "reason", "mute")
    rows = [{"at": record.at, "detail": dict(s.detail)} | {name: getattr(s, name) for name in names} for s in record.suppressions]
    write_many(connection, upsert(database, suppressions, keys=("article_id", "entity", "reason")), rows)
    for hidden in [s.mute for s in record.suppressions if s.mute is not None]:
        connection.execute(update(mutes).where(mutes.c.seq == hidden).values(hidden=mutes.c.hidden + 1))
