"""What people said, what is known of hosts and sites, and what the service keeps about itself."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from pipeline.store.columns import Blob
from pipeline.store.tables.making import METADATA, count, counter, flag, ident, json, moment, words

mutes = Table(
    "mutes",
    METADATA,
    counter(),
    words("kind"),
    words("value"),
    words("author"),
    words("reason"),
    moment("created_at", needed=True),
    moment("until"),
    moment("ended_at"),
    count("hidden"),
    Index(None, "kind", "value"),
)

feedback = Table(
    "feedback",
    METADATA,
    counter(),
    words("alert_id"),
    words("entity"),
    words("alias"),
    words("verdict"),
    words("author"),
    words("note"),
    moment("at", needed=True),
    UniqueConstraint("alert_id", "alias", "author"),
    Index(None, "entity", "alias"),
)

audit = Table(
    "audit",
    METADATA,
    counter(),
    moment("at", needed=True),
    words("author"),
    words("action"),
    words("target"),
    json("detail"),
    Index(None, "at"),
)

lessons = Table(  # what each recent article taught about its site
    "lessons",
    METADATA,
    ident("site"),
    ident("article"),
    Column("lines", Blob, nullable=False),
    moment("at", needed=True),
    Index(None, "site", "at"),
    Index(None, "at"),
)

hosts = Table(
    "hosts",
    METADATA,
    ident("host"),
    Column("robots_status", Integer),
    words("robots", default=None),
    moment("robots_at"),
    moment("robots_until"),
    moment("backoff_until"),
    count("failures"),
    moment("incident_since"),
    words("incident"),
    json("learned"),
    moment("at", needed=True),
)

heartbeats = Table(
    "heartbeats",
    METADATA,
    ident("process"),
    words("role"),
    words("host"),
    Column("pid", Integer),
    words("version"),
    moment("started_at", needed=True),
    moment("at", needed=True),
    json("state"),
)

revisions = Table(
    "revisions",
    METADATA,
    counter(),
    words("revision"),
    moment("at", needed=True),
    flag("accepted", on=True),
    json("problems"),
    json("summary"),
    Index(None, "at"),
)

meta = Table("meta", METADATA, ident("name"), json("value"), moment("at", needed=True))
