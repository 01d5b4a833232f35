"""Feeds, what they showed, and the pages that were fetched."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, Table, text

from pipeline.store.columns import Blob
from pipeline.store.tables.making import METADATA, count, counter, flag, ident, json, lease, moment, words

feeds = Table(
    "feeds",
    METADATA,
    ident(),
    words("url"),
    words("fetch_url"),
    words("name"),
    words("site"),
    json("tags"),
    Column("tier", Integer, nullable=False, server_default="2"),
    moment("every"),
    json("options"),
    flag("enabled", on=True),
    words("state", default="new"),
    words("reason"),
    moment("since", needed=True),
    moment("next_try", needed=True),
    *lease(),
    words("etag", default=None),
    words("last_modified", default=None),
    words("validators_url", default=None),
    words("body_hash", default=None),
    count("polls"),
    count("failures"),
    moment("added_at", needed=True),
    moment("last_poll"),
    moment("first_success"),
    moment("last_success"),
    moment("last_entry"),
    moment("interval"),
    moment("rate"),
    moment("lag"),
    json("learned"),
    Index(None, "enabled", "next_try"),
    Index(None, "site"),
)

feed_days = Table(
    "feed_days",
    METADATA,
    ident("feed_id"),
    Column("day", Integer, primary_key=True, autoincrement=False),
    count("polls"),
    count("unchanged"),
    count("failures"),
    count("entries"),
    Column("lag_sum", Double, nullable=False, server_default="0"),
    count("lag_count"),
)

feed_events = Table(
    "feed_events",
    METADATA,
    counter(),
    words("feed_id"),
    moment("at", needed=True),
    words("kind"),
    json("detail"),
    moment("reverted_at"),
    Index(None, "feed_id", "at"),
    Index(None, "kind", "at"),
)

entries = Table(
    "entries",
    METADATA,
    ident(),
    words("feed_id"),
    words("url"),
    words("guid"),
    words("title"),
    words("summary"),
    words("author", default=None),
    words("published", default=None),
    words("updated", default=None),
    moment("published_at"),
    words("content_hash"),
    count("revision"),
    flag("backlog"),
    flag("late"),
    words("origin", default="feed"),
    words("lane", default=None),
    words("state", default="new"),
    words("reason"),
    moment("since", needed=True),
    moment("next_at"),
    count("attempts"),
    *lease(),
    words("page_id", default=None),
    moment("first_seen", needed=True),
    Index("ix_entries_due", "next_at", sqlite_where=text("next_at IS NOT NULL"), postgresql_where=text("next_at IS NOT NULL")),
    Index(None, "url"),
    Index(None, "feed_id", "first_seen"),
    Index(None, "state", "since"),
    Index(None, "first_seen"),
)

entry_keys = Table(
    "entry_keys",
    METADATA,
    ident("scope"),
    ident("key"),
    words("entry_id"),
    moment("seen_at", needed=True),
    Index(None, "entry_id"),
    Index(None, "seen_at"),
)

sightings = Table(
    "sightings",
    METADATA,
    ident("entry_id"),
    ident("feed_id"),
    moment("at", needed=True),
)

bodies = Table("bodies", METADATA, ident(), words("encoding"), Column("data", Blob, nullable=False), count("size"))

pages = Table(
    "pages",
    METADATA,
    ident(),
    words("entry_id"),
    count("revision"),
    words("url"),
    words("final_url"),
    Column("status", Integer),
    json("headers"),
    words("sha256"),
    count("size"),
    words("origin", default="page"),
    words("lane"),
    words("state", default="waiting"),
    words("reason"),
    count("crashes"),
    moment("due_at"),
    *lease(),
    moment("fetched_at", needed=True),
    flag("evidence"),
    Index("ix_pages_due", "lane", "due_at", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
    Index(None, "entry_id"),
    Index(None, "final_url"),
    Index(None, "fetched_at"),
)
