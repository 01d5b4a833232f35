"""How are pages kept that name nobody? Many in one transaction: an article costs three rows and no lookup.

They join no story, teach nothing about their site and have no verdicts: all that is done when somebody turns out to be named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, update

from pipeline.model import EntryState, Instant
from pipeline.store.engine import Database
from pipeline.store.fulltext import words_of_many
from pipeline.store.outcome import ARTICLE, WANTED
from pipeline.store.pages import PageForAnalysis
from pipeline.store.records import ArticleRecord
from pipeline.store.sql import chunks, the, these, upsert, write_many
from pipeline.store.tables import articles, entries, pages


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """A page and what it says at a glance."""

    page: PageForAnalysis
    article: ArticleRecord


_KNOWN: Final = select(articles.c.id).where(articles.c.id.in_(these("asked")))
_SEQ: Final = select(articles.c.seq, articles.c.title, articles.c.text).where(articles.c.id.in_(these("asked")))
_MINE: Final = pages.c.id.in_(these("asked")), pages.c.state == "waiting", pages.c.lease_owner == the("owner")
_DONE: Final = (
    update(pages)
    .where(*_MINE)
    .values(state="done", reason=the("why"), due_at=None, lease_owner=None, lease_until=None)
    .returning(pages.c.id)
)
_FREE: Final = update(pages).where(*_MINE).values(lease_owner=None, lease_until=None)
_SETTLE: Final = (
    update(entries)
    .where(entries.c.id.in_(these("asked")), entries.c.page_id.in_(these("of")), entries.c.state.not_in(WANTED))
    .values(state=str(EntryState.NO_MATCH), reason=the("why"), since=the("now"), next_at=None)
)


def write_glances(
    database: Database, connection: Connection, glances: Sequence[Glance], left: Sequence[str], *, owner: str, reason: str, now: Instant
) -> list[str]:
    """Write the articles of those pages that ``owner`` holds, and let go of the rest. Answers the pages that still wait."""
    waiting = list(left)
    for part in chunks(sorted(glances, key=lambda one: one.page.id)):  # one order for all, so that no two wait for each other
        known = set(connection.scalars(_KNOWN, {"asked": [one.page.article_id for one in part]}))
        waiting += [one.page.id for one in part if one.page.article_id in known]
        asked = [one.page.id for one in part if one.page.article_id not in known]
        held = set(connection.scalars(_DONE, {"asked": asked, "owner": owner, "why": reason}))
        _keep(database, connection, [one for one in part if one.page.id in held], reason, now)
    for rest in chunks(waiting):
        connection.execute(_FREE, {"asked": rest, "owner": owner})
    return waiting


def _keep(database: Database, connection: Connection, part: Sequence[Glance], reason: str, now: Instant) -> None:
    if not part:
        return
    write_many(connection, upsert(database.dialect, articles, keys=("id",)), [_row(one, now) for one in part])
    words_of_many(database, connection, connection.execute(_SEQ, {"asked": [one.page.article_id for one in part]}).all())
    about = {"asked": [one.page.entry_id for one in part], "of": [one.page.id for one in part]}
    connection.execute(_SETTLE, about | {"why": reason, "now": now})


def _row(one: Glance, now: Instant) -> Mapping[str, Any]:
    page, article = one.page, one.article
    return {
        "id": page.article_id,
        "revision": page.revision,
        "entry_id": page.entry_id,
        "page_id": page.id,
        "feed_id": page.feed.id,
        "matched_at": now,
        "text_sha256": hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "captions": [],
        "removed": [],
        **{name: getattr(article, name) for name in ARTICLE},
    }
