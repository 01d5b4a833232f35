"""How is the outcome of an analysis written? Row by row, inside the transaction that decided it; all of it may run twice.

The statements are built once, because building one costs SQLAlchemy five times as much as running it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Update, select, update

from pipeline.model import EntryState, Mention
from pipeline.store import ids
from pipeline.store.engine import Database
from pipeline.store.fulltext import index_article
from pipeline.store.records import AlertRecord, AnalysisRecord, ArticleRecord
from pipeline.store.sql import the, upsert, write_many, written
from pipeline.store.tables import (
    alerts,
    articles,
    deliveries,
    digests,
    entries,
    mentions,
    messages,
    mutes,
    pages,
    suppressions,
    verdicts,
    watches,
)

ALERT: Final = (
    *("entity", "watchlist", "story_id", "article_id", "event", "revision", "type", "severity", "tier", "score", "title", "reason"),
    "late",
)
"""Columns of an alert that its record names alike."""
ARTICLE: Final = (
    *("url", "canonical_url", "title", "text", "summary", "author", "published", "published_at", "language", "status"),
    *("word_count", "extractor", "rule_rev", "fetched_at"),
)
SUPPRESSION: Final = ("entity", "watchlist", "story_id", "article_id", "tier", "reason", "mute")


WANTED: Final = (EntryState.NEW, EntryState.RETRYING)
"""An entry in these waits for a newer page: its feed showed an edit while the last one was being read."""


class Owner(NamedTuple):
    """The entry that a page belongs to."""

    id: str
    feed_id: str
    revision: int


@cache
def _finish(*, owned: bool) -> Update:
    held = [pages.c.id == the("page"), pages.c.state == "waiting"] + ([pages.c.lease_owner == the("owner")] if owned else [])
    done = {"state": "done", "reason": the("why"), "due_at": None, "lease_owner": None, "lease_until": None}
    return update(pages).where(*held).values(done).returning(pages.c.entry_id)


_OWNER: Final = select(entries.c.id, entries.c.feed_id, entries.c.revision).where(entries.c.id == the("entry"))
_PAGE_OF: Final = select(articles.c.page_id).where(articles.c.id == the("article")).scalar_subquery()
_EVIDENCE: Final = update(pages).where(pages.c.id == _PAGE_OF).values(evidence=True)
_SETTLE: Final = (
    update(entries)
    .where(entries.c.id == the("entry"), entries.c.page_id == the("page"), entries.c.state.not_in(WANTED))
    .values(state=the("now_is"), reason=the("why"), since=the("now"), next_at=None)
)
_NO_VERDICTS: Final = verdicts.delete().where(verdicts.c.article_id == the("article"))
_NO_MENTIONS: Final = mentions.delete().where(mentions.c.article_id == the("article"))
_HIDDEN: Final = update(mutes).where(mutes.c.seq == the("mute")).values(hidden=mutes.c.hidden + 1)


def finish_page(connection: Connection, record: AnalysisRecord) -> Owner | None:
    """The page is done. Answers its entry; None where another worker holds or has finished it."""
    given = {"page": record.page_id, "why": record.reason} | ({"owner": record.owner} if record.owner is not None else {})
    ident = connection.scalar(_finish(owned=record.owner is not None), given)
    row = connection.execute(_OWNER, {"entry": ident}).first() if ident is not None else None
    return Owner(*row) if row else None


def settle(connection: Connection, record: AnalysisRecord, entry: str) -> None:
    """The entry has come to its end, unless a newer page of it is wanted or has come."""
    given = {"entry": entry, "page": record.page_id, "now_is": str(record.state), "why": record.reason, "now": record.at}
    connection.execute(_SETTLE, given)


def write_article(database: Database, connection: Connection, record: AnalysisRecord, article: ArticleRecord, entry: Owner) -> bool:
    """The article as the next revision of itself, findable by its words. Answers whether it was there before."""
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
    return index_article(database, connection, values | {name: getattr(article, name) for name in ARTICLE})


def rewrite_article(database: Database, connection: Connection, article: Any) -> None:
    """An archived ``Article`` in place of itself, with its words."""
    plain = ("id", "revision", "entry_id", "page_id", "feed_id", "matched_at", "text_sha256", *ARTICLE)
    lists = {"captions": list(article.captions), "removed": [dict(line) for line in article.removed]}
    index_article(database, connection, {name: getattr(article, name) for name in plain} | lists)


def write_verdicts(database: Database, connection: Connection, record: AnalysisRecord, entry: Owner, *, before: bool) -> None:
    """What the article says of whom, in place of what its last revision said (``before``: there was one)."""
    article = ids.article_id(entry.id)
    if before:
        connection.execute(_NO_VERDICTS, {"article": article})
        connection.execute(_NO_MENTIONS, {"article": article})
    language = record.article.language if record.article else None
    rule_rev = record.article.rule_rev if record.article else ""
    rows, found = [], []
    for each in record.verdicts:
        verdict = each.verdict
        about = {"article_id": article, "entity": verdict.entity, "at": record.at}
        where = {"watchlist": each.watchlist, "feed_id": entry.feed_id, "language": language}
        rows.append(about | where | {"tier": verdict.tier, "score": verdict.score, "role": verdict.role, "mentions": len(verdict.mentions)})
        found += [about | _mention(mention, rule_rev) for mention in verdict.mentions]
    write_many(connection, upsert(database.dialect, verdicts, keys=("article_id", "entity")), rows)
    write_many(connection, upsert(database.dialect, mentions, keys=("article_id", "n")), [row | {"n": n} for n, row in enumerate(found)])


def _mention(mention: Mention, rule_rev: str) -> dict[str, Any]:
    sides = (("why", mention.why), ("against", mention.against))
    ledger = {side: [{"code": e.code, "weight": e.weight, "detail": e.detail} for e in lines] for side, lines in sides}
    plain = {name: getattr(mention, name) for name in ("field", "start", "end", "surface", "alias", "tier", "score")}
    return plain | {"ledger": ledger, "rule_rev": rule_rev}


def write_alerts(database: Database, connection: Connection, record: AnalysisRecord) -> tuple[list[str], list[str]]:
    """Alerts with their messages and deliveries: ``(new alerts, their deliveries)``. One that was there before is left alone."""
    new: list[str] = []
    sent: list[str] = []
    insert = upsert(database.dialect, alerts, keys=("id",), returning="id")
    for alert in record.alerts:
        ident = ids.alert_id(alert.entity, alert.story_id, alert.event, alert.revision)
        instant = any(plan.digest is None for plan in alert.deliveries)
        row = {"id": ident, "created_at": alert.created_at, "instant": instant} | {name: getattr(alert, name) for name in ALERT}
        if not written(connection, insert, [row]):
            continue
        new.append(ident)
        connection.execute(_EVIDENCE, {"article": alert.article_id})
        _remember(database, connection, alert, ident)
        message = {"id": ident, "type": alert.type, "alert_id": ident, "story_id": alert.story_id, "entity": alert.entity}
        sending = message | {"body": alert.body, "created_at": alert.created_at}
        connection.execute(upsert(database.dialect, messages, keys=("id",)), [sending])
        sent += _plan(database, connection, alert, ident)
    return new, sent


def _remember(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> None:
    plain = {name: getattr(alert, name) for name in ("entity", "story_id", "watchlist", "tier", "size", "sources", "revision")}
    row = plain | {"alert_id": ident, "facts": dict(alert.facts), "alerted_at": alert.created_at, "updated_at": alert.created_at}
    kept = ("tier", "size", "sources", "revision", "facts", "updated_at")
    connection.execute(upsert(database.dialect, watches, keys=("entity", "story_id"), update=kept), [row])


def _plan(database: Database, connection: Connection, alert: AlertRecord, ident: str) -> list[str]:
    later, now = [], []
    for plan in alert.deliveries:
        about = {"endpoint": plan.endpoint, "created_at": alert.created_at}
        if plan.digest is not None:
            later.append(about | {"digest": plan.digest, "alert_id": ident, "reason": plan.reason, "due_at": plan.next_at})
        else:
            sending = {"id": ids.delivery_id(ident, plan.endpoint), "message_id": ident, "story_id": alert.story_id}
            now.append(about | sending | {"next_at": plan.next_at})
    write_many(connection, upsert(database.dialect, digests, keys=("endpoint", "alert_id")), later)
    write_many(connection, upsert(database.dialect, deliveries, keys=("id",)), now)
    return [str(row["id"]) for row in now]


def write_suppressions(database: Database, connection: Connection, record: AnalysisRecord) -> None:
    """What was kept quiet, once for each reason, and the mutes that hid it."""
    rows = [{"at": record.at, "detail": dict(s.detail)} | {name: getattr(s, name) for name in SUPPRESSION} for s in record.suppressions]
    write_many(connection, upsert(database.dialect, suppressions, keys=("article_id", "entity", "reason")), rows)
    write_many(connection, _HIDDEN, [{"mute": s.mute} for s in record.suppressions if s.mute is not None])
