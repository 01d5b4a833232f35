"""Whose are these identity keys? The ledger's memory of every entry that any feed ever showed.

A key belongs to the feed that showed it, except addresses (``url:``), which are known to all feeds. What makes a key is the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, TextClause, text, update

from pipeline.model import Instant
from pipeline.store.columns import storable
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, listed, the, these, upsert, values_in, write_many
from pipeline.store.tables import entry_keys

SHARED: Final = "url:"
"""Keys that begin so are addresses and are known to all feeds; every other key belongs to its feed."""
DAY: Final = 86400.0
"""A key's ``seen_at`` is refreshed when it is older than this: once a day at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownEntry:
    """What is known under an identity key."""

    entry_id: str
    feed_id: str
    content_hash: str
    revision: int
    state: str
    seen_at: Instant
    """When the key was last refreshed; refreshed once a day at most."""


class Place(NamedTuple):
    """A key with the scope that it is known in."""

    scope: str
    """The feed's id, or ``""`` for keys that all feeds share."""
    key: str


def place(feed_id: str, key: str) -> Place:
    """Where a key of this feed is known."""
    return Place("" if key.startswith(SHARED) else feed_id, key)


@cache
def known_by_key(dialect: str) -> TextClause:
    """From the keys to their rows: CROSS JOIN is SQLite's way to be told the order, without which it may walk all keys."""
    return text(
        "SELECT k.key, k.entry_id, e.feed_id, e.content_hash, e.revision, e.state, k.seen_at "  # noqa: S608 - from constants
        f"FROM {values_in(dialect, 'keys')} CROSS JOIN entry_keys AS k CROSS JOIN entries AS e "
        "WHERE k.scope = :in_scope AND k.key = many.value AND e.id = k.entry_id"
    )


def look_up(database: Database, connection: Connection, places: Iterable[Place]) -> dict[Place, KnownEntry]:
    """Those of ``places`` that are known: one statement a scope."""
    by_scope: dict[str, dict[str, None]] = {}
    for scope, key in places:
        by_scope.setdefault(scope, {})[key] = None
    found: dict[Place, KnownEntry] = {}
    for scope, keys in by_scope.items():
        asked = {"in_scope": scope, "keys": listed(database.dialect, [storable(key) for key in keys])}
        for key, entry, feed, hashed, revision, state, seen_at in connection.execute(known_by_key(database.dialect), asked):
            found[Place(scope, key)] = KnownEntry(
                entry_id=entry, feed_id=feed, content_hash=hashed, revision=revision, state=state, seen_at=seen_at
            )
    return found


def known_keys(database: Database, connection: Connection, asked: Sequence[tuple[str, Sequence[str]]]) -> list[dict[str, KnownEntry]]:
    """For each feed and its keys, those that are known, in this feed or (``url:`` keys) in any."""
    found = look_up(database, connection, (place(feed, key) for feed, keys in asked for key in keys))
    return [{key: found[at] for key in keys if (at := place(feed, key)) in found} for feed, keys in asked]


def key_rows(feed_id: str, entry_id: str, keys: Iterable[str], at: Instant) -> list[dict[str, Any]]:
    """The rows that make ``keys`` those of an entry."""
    return [{"scope": place(feed_id, key).scope, "key": key, "entry_id": entry_id, "seen_at": at} for key in dict.fromkeys(keys)]


def write_keys(database: Database, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Learn keys; one that is known stays whose it is. In one order for all writers, so that no two wait for each other."""
    ordered = sorted(rows, key=lambda row: (row["scope"], row["key"]))
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), ordered)


_SEEN: Final = (
    update(entry_keys).where(entry_keys.c.entry_id.in_(these("entries")), entry_keys.c.seen_at < the("stale")).values(seen_at=the("now"))
)


def refresh(connection: Connection, entry_ids: Sequence[str], at: Instant) -> None:
    """The feed still shows these entries: their keys are not forgotten yet."""
    for part in chunks(sorted(entry_ids)):
        connection.execute(_SEEN, {"entries": part, "now": at, "stale": at - DAY})
