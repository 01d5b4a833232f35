"""What are the rows? One set of tables for SQLite and PostgreSQL; what differs by database stands in the migrations.

Times are Unix seconds, UTC. Rows that are claimed carry ``lease_owner`` and ``lease_until``; each claim query has the
index that it walks. Wide values (bodies, texts) stand in tables of their own, because SQLite rewrites a whole row
when a state in it changes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, MetaData, Table, UniqueConstraint, text

from pipeline.store.columns import Blob, Json, Words

METADATA = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"})

# SQLite counts up only where the key is exactly INTEGER
Serial = BigInteger().with_variant(Integer(), "sqlite")


def _id(name: str = "id") -> Column[str]:
    return Column(name, Words, primary_key=True)


def _seq() -> Column[int]:
    return Column("seq", Serial, primary_key=True, autoincrement=True)


def _words(name: str, *, default: str | None = "") -> Column[Any]:
    """Text; nullable when ``default`` is None."""
    return Column(name, Words, nullable=default is None, server_default=default)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _time(name: str, *, needed: bool = False) -> Column[Any]:
    return Column(name, Double, nullable=not needed)


def _flag(name: str, *, on: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("true") if on else text("false"))


def _json(name: str) -> Column[Any]:
    return Column(name, Json)


def _lease() -> tuple[Column[Any], Column[Any]]:
    return _words("lease_owner", default=None), _time("lease_until")


feeds = Table(
    "feeds",
    METADATA,
    _id(),
    _words("url"),
    _words("fetch_url"),
    _words("name"),
    _words("site"),
    _json("tags"),
    Column("tier", Integer, nullable=False, server_default="2"),
    _time("every"),
    _json("options"),
    _flag("enabled", on=True),
    _words("state", default="new"),
    _words("reason"),
    _time("since", needed=True),
    _time("next_try", needed=True),
    *_lease(),
    _words("etag", default=None),
    _words("last_modified", default=None),
    _words("validators_url", default=None),
    _words("body_hash", default=None),
    _count("polls"),
    _count("failures"),
    _time("added_at", needed=True),
    _time("last_poll"),
    _time("first_success"),
    _time("last_success"),
    _time("last_entry"),
    _time("interval"),
    _time("rate"),
    _time("lag"),
    _json("learned"),
    Index(None, "enabled", "next_try"),
    Index(None, "site"),
)

feed_days = Table(
    "feed_days",
    METADATA,
    _id("feed_id"),
    Column("day", Integer, primary_key=True, autoincrement=False),
    _count("polls"),
    _count("unchanged"),
    _count("failures"),
    _count("entries"),
    Column("lag_sum", Double, nullable=False, server_default="0"),
    _count("lag_count"),
)

feed_events = Table(
    "feed_events",
    METADATA,
    _seq(),
    _words("feed_id"),
    _time("at", needed=True),
    _words("kind"),
    _json("detail"),
    _time("reverted_at"),
    Index(None, "feed_id", "at"),
    Index(None, "kind", "at"),
)

entries = Table(
    "entries",
    METADATA,
    _id(),
    _words("feed_id"),
    _words("url"),
    _words("guid"),
    _words("title"),
    _words("summary"),
    _words("author", default=None),
    _words("published", default=None),
    _words("updated", default=None),
    _time("published_at"),
    _words("content_hash"),
    _count("revision"),
    _flag("backlog"),
    _flag("late"),
    _words("origin", default="feed"),
    _words("lane", default=None),
    _words("state", default="new"),
    _words("reason"),
    _time("since", needed=True),
    _time("next_at"),
    _count("attempts"),
    *_lease(),
    _words("page_id", default=None),
    _time("first_seen", needed=True),
    Index("ix_entries_due", "next_at", sqlite_where=text("next_at IS NOT NULL"), postgresql_where=text("next_at IS NOT NULL")),
    Index(None, "url"),
    Index(None, "feed_id", "first_seen"),
    Index(None, "state", "since"),
    Index(None, "first_seen"),
)

entry_keys = Table(
    "entry_keys",
    METADATA,
    _id("scope"),
    _id("key"),
    _words("entry_id"),
    _time("seen_at", needed=True),
    Index(None, "entry_id"),
    Index(None, "seen_at"),
)

sightings = Table(
    "sightings",
    METADATA,
    _id("entry_id"),
    _id("feed_id"),
    _time("at", needed=True),
)

bodies = Table("bodies", METADATA, _id(), _words("encoding"), Column("data", Blob, nullable=False), _count("size"))

pages = Table(
    "pages",
    METADATA,
    _id(),
    _words("entry_id"),
    _count("revision"),
    _words("url"),
    _words("final_url"),
    Column("status", Integer),
    _json("headers"),
    _words("sha256"),
    _count("size"),
    _words("origin", default="page"),
    _words("lane"),
    _words("state", default="waiting"),
    _words("reason"),
    _count("crashes"),
    _time("due_at"),
    *_lease(),
    _time("fetched_at", needed=True),
    _flag("evidence"),
    Index("ix_pages_due", "lane", "due_at", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
    Index(None, "entry_id"),
    Index(None, "final_url"),
    Index(None, "fetched_at"),
)

articles = Table(
    "articles",
    METADATA,
    _seq(),
    Column("id", Words, nullable=False, unique=True),
    _count("revision"),
    _words("entry_id"),
    _words("page_id"),
    _words("feed_id"),
    _words("url"),
    _words("canonical_url", default=None),
    _words("title"),
    _words("text"),
    _words("summary"),
    _json("captions"),
    _json("removed"),
    _words("author", default=None),
    _words("published", default=None),
    _time("published_at"),
    _words("language", default=None),
    _words("status", default="ok"),
    _count("word_count"),
    _words("text_sha256"),
    _json("fingerprint"),
    _words("extractor"),
    _words("rule_rev"),
    _time("fetched_at"),
    _time("matched_at", needed=True),
    Index(None, "entry_id"),
    Index(None, "url"),
    Index(None, "canonical_url"),
    Index(None, "matched_at"),
)

verdicts = Table(
    "verdicts",
    METADATA,
    _id("article_id"),
    _id("entity"),
    _words("watchlist"),
    _words("tier", default=None),
    Column("score", Double, nullable=False, server_default="0"),
    _words("role"),
    _count("mentions"),
    _words("feed_id"),
    _words("language", default=None),
    _time("at", needed=True),
    Index(None, "entity", "at"),
    Index(None, "at"),
)

mentions = Table(
    "mentions",
    METADATA,
    _id("article_id"),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _words("entity"),
    _words("field"),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    _words("surface"),
    _words("alias"),
    _words("tier", default=None),
    Column("score", Double, nullable=False),
    _json("ledger"),
    _words("rule_rev"),
    _time("at", needed=True),
    Index(None, "entity", "alias", "at"),
)

stories = Table(
    "stories",
    METADATA,
    _id(),
    _words("title"),
    _words("first_article"),
    _count("size"),
    _count("copies"),
    _count("sources"),
    Column("best_tier", Integer),
    _json("features"),
    _time("first_seen", needed=True),
    _time("last_seen", needed=True),
    Index(None, "last_seen"),
)

members = Table(
    "members",
    METADATA,
    _id("article_id"),
    _words("story_id"),
    _words("duplicate_of", default=None),
    _words("source"),
    _count("source_tier"),
    _words("url"),
    _time("at", needed=True),
    Index(None, "story_id", "at"),
)

bands = Table(
    "bands",
    METADATA,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Double, primary_key=True),
    _id("article_id"),
    sqlite_with_rowid=False,
)

signatures = Table(
    "signatures",
    METADATA,
    _id("article_id"),
    _time("at", needed=True),
    Column("bands", Blob, nullable=False),
    _json("features"),
    Index(None, "at"),
)

watches = Table(  # what has been said of an entity in a story: the memory that keeps one story at one alert
    "watches",
    METADATA,
    _id("entity"),
    _id("story_id"),
    _words("watchlist"),
    _words("alert_id"),
    _words("tier"),
    _count("size"),
    _count("sources"),
    _count("revision"),
    _json("facts"),
    _time("alerted_at", needed=True),
    _time("updated_at", needed=True),
    Index(None, "entity", "alerted_at"),
)

alerts = Table(
    "alerts",
    METADATA,
    _seq(),
    Column("id", Words, nullable=False, unique=True),
    _words("entity"),
    _words("watchlist"),
    _words("story_id"),
    _words("article_id"),
    _words("event"),
    _count("revision"),
    _words("type"),
    _words("severity"),
    _words("tier"),
    Column("score", Double, nullable=False, server_default="0"),
    _words("title"),
    _words("reason"),
    _flag("instant", on=True),
    _flag("late"),
    _words("state", default="new"),
    _words("note"),
    _words("author"),
    _time("state_at"),
    _time("created_at", needed=True),
    UniqueConstraint("entity", "story_id", "event", "revision"),
    Index(None, "created_at"),
    Index(None, "entity", "created_at"),
    Index(None, "story_id"),
    Index(None, "article_id"),
    Index(None, "state", "created_at"),
)

suppressions = Table(
    "suppressions",
    METADATA,
    _seq(),
    _time("at", needed=True),
    _words("entity"),
    _words("watchlist"),
    _words("story_id", default=None),
    _words("article_id"),
    _words("tier"),
    _words("reason"),
    _json("detail"),
    Column("mute", BigInteger),
    UniqueConstraint("article_id", "entity", "reason"),
    Index(None, "at"),
    Index(None, "entity", "at"),
    Index(None, "mute"),
)

messages = Table(  # what is sent, encoded once: the id is the webhook-id
    "messages",
    METADATA,
    _id(),
    _words("type"),
    _words("alert_id", default=None),
    _words("story_id", default=None),
    _words("entity", default=None),
    Column("body", Blob, nullable=False),
    _flag("test"),
    _time("created_at", needed=True),
    Index(None, "alert_id"),
    Index(None, "created_at"),
)

deliveries = Table(
    "deliveries",
    METADATA,
    _seq(),
    Column("id", Words, nullable=False, unique=True),
    _words("message_id"),
    _words("endpoint"),
    _words("story_id", default=None),
    _words("route", default="first"),
    _words("state", default="waiting"),
    _words("reason"),
    _count("attempts"),
    _flag("retry"),
    _time("next_at"),
    *_lease(),
    _time("created_at", needed=True),
    _time("done_at"),
    Index(
        "ix_deliveries_due",
        "endpoint",
        "retry",
        "next_at",
        "seq",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_order",
        "endpoint",
        "story_id",
        "seq",
        sqlite_where=text("next_at IS NOT NULL AND story_id IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL AND story_id IS NOT NULL"),
    ),
    Index(None, "message_id"),
    Index(None, "state", "created_at"),
    Index(None, "endpoint", "created_at"),
)

attempts = Table(
    "attempts",
    METADATA,
    _seq(),
    _words("delivery_id"),
    _words("endpoint"),
    Column("n", Integer, nullable=False),
    _time("at", needed=True),
    _words("outcome"),
    Column("status", Integer),
    _words("error"),
    _time("seconds"),
    _json("detail"),
    UniqueConstraint("delivery_id", "n", "at"),
    Index(None, "endpoint", "at"),
    Index(None, "at"),
)

endpoints = Table(
    "endpoints",
    METADATA,
    _id(),
    _words("kind"),
    _flag("enabled", on=True),
    _words("state", default="active"),
    _words("reason"),
    _time("since", needed=True),
    _time("parked_until"),
    _count("failures"),
    _time("failing_since"),
    _count("reported"),
    _time("last_success"),
    _json("breaker"),
)

digests = Table(
    "digests",
    METADATA,
    _seq(),
    _words("endpoint"),
    _words("digest"),
    _words("alert_id"),
    _words("reason"),
    _time("due_at", needed=True),
    _time("created_at", needed=True),
    _words("message_id", default=None),
    UniqueConstraint("endpoint", "alert_id"),
    Index(None, "message_id", "due_at"),
)

mutes = Table(
    "mutes",
    METADATA,
    _seq(),
    _words("kind"),
    _words("value"),
    _words("author"),
    _words("reason"),
    _time("created_at", needed=True),
    _time("until"),
    _time("ended_at"),
    _count("hidden"),
    Index(None, "kind", "value"),
)

feedback = Table(
    "feedback",
    METADATA,
    _seq(),
    _words("alert_id"),
    _words("entity"),
    _words("alias"),
    _words("verdict"),
    _words("author"),
    _words("note"),
    _time("at", needed=True),
    UniqueConstraint("alert_id", "alias", "author"),
    Index(None, "entity", "alias"),
)

audit = Table(
    "audit",
    METADATA,
    _seq(),
    _time("at", needed=True),
    _words("author"),
    _words("action"),
    _words("target"),
    _json("detail"),
    Index(None, "at"),
)

lessons = Table(  # what each recent article taught about its site
    "lessons",
    METADATA,
    _id("site"),
    _id("article"),
    Column("lines", Blob, nullable=False),
    _time("at", needed=True),
    Index(None, "site", "at"),
    Index(None, "at"),
)

hosts = Table(
    "hosts",
    METADATA,
    _id("host"),
    Column("robots_status", Integer),
    _words("robots", default=None),
    _time("robots_at"),
    _time("robots_until"),
    _time("backoff_until"),
    _count("failures"),
    _time("incident_since"),
    _words("incident"),
    _json("learned"),
    _time("at", needed=True),
)

heartbeats = Table(
    "heartbeats",
    METADATA,
    _id("process"),
    _words("role"),
    _words("host"),
    Column("pid", Integer),
    _words("version"),
    _time("started_at", needed=True),
    _time("at", needed=True),
    _json("state"),
)

revisions = Table(
    "revisions",
    METADATA,
    _seq(),
    _words("revision"),
    _time("at", needed=True),
    _flag("accepted", on=True),
    _json("problems"),
    _json("summary"),
    Index(None, "at"),
)

meta = Table("meta", METADATA, _id("name"), _json("value"), _time("at", needed=True))
