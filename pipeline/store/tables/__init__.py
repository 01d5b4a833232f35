"""What are the rows? One set of tables for SQLite and PostgreSQL; what differs by database stands in the migrations.

Times are Unix seconds, UTC. Rows that are claimed carry ``lease_owner`` and ``lease_until``; each claim query has the
index that it walks. Wide values (bodies, texts) stand in tables of their own, because SQLite rewrites a whole row
when a state in it changes.
"""

from pipeline.store.tables.findings import articles, bands, members, mentions, signatures, stories, verdicts, watches
from pipeline.store.tables.making import METADATA
from pipeline.store.tables.outbox import alerts, attempts, deliveries, digests, endpoints, messages, suppressions
from pipeline.store.tables.sources import bodies, entries, entry_keys, feed_days, feed_events, feeds, pages, sightings
from pipeline.store.tables.upkeep import audit, feedback, heartbeats, hosts, lessons, meta, mutes, revisions

__all__ = [
    "METADATA",
    "alerts",
    "articles",
    "attempts",
    "audit",
    "bands",
    "bodies",
    "deliveries",
    "digests",
    "endpoints",
    "entries",
    "entry_keys",
    "feed_days",
    "feed_events",
    "feedback",
    "feeds",
    "heartbeats",
    "hosts",
    "lessons",
    "members",
    "mentions",
    "messages",
    "meta",
    "mutes",
    "pages",
    "revisions",
    "sightings",
    "signatures",
    "stories",
    "suppressions",
    "verdicts",
    "watches",
]
