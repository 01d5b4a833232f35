"""What pages say, whom they name, and which of them tell of one event."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table

from pipeline.store.columns import Blob, Words
from pipeline.store.tables.making import METADATA, count, counter, ident, json, moment, words

articles = Table(
    "articles",
    METADATA,
    counter(),
    Column("id", Words, nullable=False, unique=True),
    count("revision"),
    words("entry_id"),
    words("page_id"),
    words("feed_id"),
    words("url"),
    words("canonical_url", default=None),
    words("title"),
    words("text"),
    words("summary"),
    json("captions"),
    json("removed"),
    words("author", default=None),
    words("published", default=None),
    moment("published_at"),
    words("language", default=None),
    words("status", default="ok"),
    count("word_count"),
    words("text_sha256"),
    json("fingerprint"),
    words("extractor"),
    words("rule_rev"),
    moment("fetched_at"),
    moment("matched_at", needed=True),
    Index(None, "entry_id"),
    Index(None, "url"),
    Index(None, "canonical_url"),
    Index(None, "matched_at"),
)

verdicts = Table(
    "verdicts",
    METADATA,
    ident("article_id"),
    ident("entity"),
    words("watchlist"),
    words("tier", default=None),
    Column("score", Double, nullable=False, server_default="0"),
    words("role"),
    count("mentions"),
    words("feed_id"),
    words("language", default=None),
    moment("at", needed=True),
    Index(None, "entity", "at"),
    Index(None, "at"),
)

mentions = Table(
    "mentions",
    METADATA,
    ident("article_id"),
    Column("n", Integer, primary_key=True, autoincrement=False),
    words("entity"),
    words("field"),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    words("surface"),
    words("alias"),
    words("tier", default=None),
    Column("score", Double, nullable=False),
    json("ledger"),
    words("rule_rev"),
    moment("at", needed=True),
    Index(None, "entity", "alias", "at"),
)

stories = Table(
    "stories",
    METADATA,
    ident(),
    words("title"),
    words("first_article"),
    count("size"),
    count("copies"),
    count("sources"),
    Column("best_tier", Integer),
    json("features"),
    moment("first_seen", needed=True),
    moment("last_seen", needed=True),
    Index(None, "last_seen"),
)

members = Table(
    "members",
    METADATA,
    ident("article_id"),
    words("story_id"),
    words("duplicate_of", default=None),
    words("source"),
    count("source_tier"),
    words("url"),
    moment("at", needed=True),
    Index(None, "story_id", "at"),
)

bands = Table(
    "bands",
    METADATA,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, primary_key=True),
    ident("article_id"),
    sqlite_with_rowid=False,
)

signatures = Table(
    "signatures",
    METADATA,
    ident("article_id"),
    moment("at", needed=True),
    Column("bands", Blob, nullable=False),
    json("features"),
    Index(None, "at"),
)

watches = Table(  # what has been said of an entity in a story: the memory that keeps one story at one alert
    "watches",
    METADATA,
    ident("entity"),
    ident("story_id"),
    words("watchlist"),
    words("alert_id"),
    words("tier"),
    count("size"),
    count("sources"),
    count("revision"),
    json("facts"),
    moment("alerted_at", needed=True),
    moment("updated_at", needed=True),
    Index(None, "entity", "alerted_at"),
)
