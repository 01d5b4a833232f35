"""What did a poll of a feed bring? New and edited entries with their identity, and the feed's own schedule, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Update, case, func, select, update

from pipeline.model import Entry, EntryState, Instant
from pipeline.store import ids
from pipeline.store.bodies import pack
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, fields, the, these, upsert, write_many, written
from pipeline.store.tables import bodies, entries, entry_keys, feed_days, feed_events, feeds, sightings

DAY: Final = 86400.0
SHARED: Final = "url:"
"""Keys that begin so are addresses and are known to all feeds; every other key belongs to its feed."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """An entry that none of its keys knew when the caller looked."""

    entry: Entry
    keys: tuple[str, ...]
    """Identity keys, the strongest first; the id derives from the first. Those beginning ``url:`` hold for all feeds."""
    content_hash: str = ""
    published_at: Instant | None = None
    state: EntryState = EntryState.NEW
    reason: str = ""
    next_at: Instant | None = None
    """When it may be fetched; at once where None and the state is not final."""
    backlog: bool = False
    late: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EditedEntry:
    """A known entry that the feed shows changed: it is fetched and matched again as its next revision."""

    entry_id: str
    entry: Entry
    keys: tuple[str, ...] = ()
    content_hash: str = ""
    next_at: Instant | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedEvent:
    """Something that happened to a feed and that a person may want to see or revert."""

    kind: str
    """``redirect``, ``parked``, ``resumed``, ``source.silent``, ``source.recovered`` …"""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PollRecord:
    """All that one poll changes, written in one transaction. Values replace the feed's, so carry over what stays."""

    feed_id: str
    owner: str | None
    """Who claimed; the feed's own row is left alone where somebody else holds the lease now."""
    at: Instant
    outcome: str
    """``ok``, ``unchanged``, or the class of the error."""
    succeeded: bool
    state: str
    reason: str
    next_try: Instant
    fetch_url: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    body_hash: str | None = None
    failures: int = 0
    interval: float | None = None
    rate: float | None = None
    lag: float | None = None
    learned: Mapping[str, Any] = field(default_factory=dict)
    entries: tuple[NewEntry, ...] = ()
    edited: tuple[EditedEntry, ...] = ()
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Known entry → its keys: recorded as seen in this feed, new keys learned."""
    lags: tuple[float, ...] = ()
    """Published to seen, seconds, of the new entries that are no backlog."""
    events: tuple[FeedEvent, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PollWritten:
    """What a poll really changed."""

    new: tuple[str, ...]
    """Ids of entries that were inserted; fewer than offered where another poller was faster."""
    held: bool
    """False where the lease was lost and the feed's row was left alone."""


EDITED: Final = ("title", "summary", "author", "updated")
SCHEDULE: Final = (
    *("state", "reason", "next_try", "fetch_url", "etag", "last_modified", "validators_url", "body_hash"),
    *("failures", "interval", "rate", "lag"),
)
_KNOWN: Final = (
    select(entry_keys.c.key, entry_keys.c.entry_id, entry_keys.c.seen_at)
    .add_columns(entries.c.feed_id, entries.c.content_hash, entries.c.revision, entries.c.state)
    .join(entries, entries.c.id == entry_keys.c.entry_id)
    .where(entry_keys.c.scope == the("in_scope"), entry_keys.c.key.in_(these("keys")))
)
_EDIT: Final = (
    update(entries)
    .where(entries.c.id == the("entry"))
    .values({name: the(f"new_{name}") for name in EDITED})
    .values(content_hash=the("new_hash"), revision=entries.c.revision + 1, state=EntryState.NEW, reason="edited")
    .values(since=the("now"), attempts=0, next_at=the("due"))
)
_SEEN: Final = (
    update(entry_keys).where(entry_keys.c.entry_id.in_(these("entries")), entry_keys.c.seen_at < the("stale")).values(seen_at=the("now"))
)
_EVENT: Final = feed_events.insert()


@cache
def _schedule(*, owned: bool, succeeded: bool, new: bool) -> Update:
    """The feed's row after a poll. ``since`` moves only when its state or reason does."""
    before = feeds.c
    same = (before.state == the("new_state")) & (before.reason == the("new_reason"))
    values: dict[str, Any] = {name: the(f"new_{name}") for name in SCHEDULE}
    values |= {"since": case((same, before.since), else_=the("now")), "learned": the("new_learned"), "polls": before.polls + 1}
    values |= {"last_poll": the("now"), "lease_owner": None, "lease_until": None}
    if succeeded:
        values |= {"last_success": the("now"), "first_success": func.coalesce(before.first_success, the("now"))}
    if new:
        values["last_entry"] = the("now")
    held = [before.id == the("feed")] + ([before.lease_owner == the("owner")] if owned else [])
    return update(feeds).where(*held).values(values)


def write_poll(database: Database, connection: Connection, record: PollRecord) -> PollWritten:
    """Everything that a poll changes."""
    new = _insert_entries(database, connection, record)
    for edited in record.edited:
        _edit(database, connection, record, edited)
    if record.seen:
        _refresh_keys(database, connection, record)
    held = _write_feed(connection, record, new)
    if held:  # else the poller that took over counts and tells
        _count_day(database, connection, record, len(new))
        _write_events(connection, record)
    return PollWritten(new=tuple(new), held=held)


def _write_feed(connection: Connection, record: PollRecord, new: Sequence[str]) -> bool:
    statement = _schedule(owned=record.owner is not None, succeeded=record.succeeded, new=bool(new))
    given = {f"new_{name}": getattr(record, name) for name in SCHEDULE}
    given |= {"new_learned": dict(record.learned), "now": record.at, "feed": record.feed_id}
    return connection.execute(statement, given | ({"owner": record.owner} if record.owner is not None else {})).rowcount == 1


def _scoped(feed_id: str, key: str) -> str:
    return "" if key.startswith(SHARED) else feed_id


def known_keys(connection: Connection, feed_id: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
    """Which of these identity keys are known, in this feed or (``url:`` keys) in any."""
    return {row.key: fields(KnownEntry, row) for row in _rows_of(connection, feed_id, keys)}


def _rows_of(connection: Connection, feed_id: str, keys: Sequence[str]) -> Iterator[Row[Any]]:
    for scope in (feed_id, ""):
        for part in chunks([key for key in keys if _scoped(feed_id, key) == scope]):
            yield from connection.execute(_KNOWN, {"in_scope": scope, "keys": part})


def _insert_entries(database: Database, connection: Connection, record: PollRecord) -> list[str]:
    """The ids that are really new: an entry whose keys another transaction brought first is a sighting of that one."""
    known = known_keys(connection, record.feed_id, [key for new in record.entries for key in new.keys])
    rows, keyed, texts = {}, [], []
    elsewhere: set[str] = set()
    for new in record.entries:
        twin = next((known[key] for key in new.keys if key in known), None)
        ident = twin.entry_id if twin is not None else ids.entry_id(record.feed_id, new.keys[0])
        keyed += _keys(record, ident, new.keys)
        if twin is not None and twin.feed_id != record.feed_id:
            elsewhere.add(ident)
        if twin is None and ident not in rows:
            rows[ident] = _entry_row(ident, record, new)
            if new.entry.content:
                texts.append(_content(ident, new.entry.content))
    inserted = written(connection, upsert(database.dialect, entries, keys=("id",), returning="id"), [*rows.values()])
    write_many(connection, upsert(database.dialect, bodies, keys=("id",)), texts)
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    _sight(database, connection, record, elsewhere)
    return inserted


def _sight(database: Database, connection: Connection, record: PollRecord, others: Collection[str]) -> None:
    """Entries that another feed showed first stand in this one too."""
    seen = [{"entry_id": ident, "feed_id": record.feed_id, "at": record.at} for ident in sorted(others)]
    write_many(connection, upsert(database.dialect, sightings, keys=("entry_id", "feed_id")), seen)


def _keys(record: PollRecord, ident: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    return [{"scope": _scoped(record.feed_id, key), "key": key, "entry_id": ident, "seen_at": record.at} for key in dict.fromkeys(keys)]


def _content(ident: str, content: str) -> dict[str, Any]:
    raw = content.encode("utf-8", "replace")
    encoding, data = pack(raw)
    return {"id": ident, "encoding": encoding, "data": data, "size": len(raw)}


def _entry_row(ident: str, record: PollRecord, new: NewEntry) -> dict[str, Any]:
    final = new.state not in (EntryState.NEW, EntryState.RETRYING)
    return {
        "id": ident,
        "feed_id": record.feed_id,
        "url": new.entry.url,
        "guid": new.entry.id,
        "title": new.entry.title,
        "summary": new.entry.summary,
        "author": new.entry.author,
        "published": new.entry.published,
        "updated": new.entry.updated,
        "published_at": new.published_at,
        "content_hash": new.content_hash,
        "backlog": new.backlog,
        "late": new.late,
        "state": str(new.state),
        "reason": new.reason,
        "since": record.at,
        "next_at": None if final else (record.at if new.next_at is None else new.next_at),
        "first_seen": record.at,
    }


def _edit(database: Database, connection: Connection, record: PollRecord, edited: EditedEntry) -> None:
    entry = edited.entry
    given = {"entry": edited.entry_id, "new_hash": edited.content_hash, "now": record.at}
    given |= {"due": record.at if edited.next_at is None else edited.next_at}
    given |= {f"new_{name}": getattr(entry, name) for name in EDITED}
    connection.execute(_EDIT, given)
    keyed = _keys(record, edited.entry_id, edited.keys)
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    if entry.content:
        texts = [_content(edited.entry_id, entry.content)]
        write_many(connection, upsert(database.dialect, bodies, keys=("id",), update=("encoding", "data", "size")), texts)


def _refresh_keys(database: Database, connection: Connection, record: PollRecord) -> None:
    """New keys of known entries, and that the old ones were seen. Nearly every poll finds nothing to write here."""
    keys = [key for own in record.seen.values() for key in own]
    known = {row.key: row for row in _rows_of(connection, record.feed_id, keys)}
    keyed = [row for ident, own in record.seen.items() for row in _keys(record, ident, [key for key in own if key not in known])]
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    if any(row.seen_at < record.at - DAY for row in known.values()):
        for part in chunks(list(record.seen)):
            connection.execute(_SEEN, {"entries": part, "now": record.at, "stale": record.at - DAY})
    _sight(database, connection, record, {row.entry_id for row in known.values() if row.feed_id != record.feed_id} & record.seen.keys())


def _count_day(database: Database, connection: Connection, record: PollRecord, new: int) -> None:
    row = {
        "feed_id": record.feed_id,
        "day": int(record.at // DAY),
        "polls": 1,
        "unchanged": int(record.outcome == "unchanged"),
        "failures": int(not record.succeeded),
        "entries": new,
        "lag_sum": sum(record.lags),
        "lag_count": len(record.lags),
    }
    added = ("polls", "unchanged", "failures", "entries", "lag_sum", "lag_count")
    connection.execute(upsert(database.dialect, feed_days, keys=("feed_id", "day"), add=added), [row])


def _write_events(connection: Connection, record: PollRecord) -> None:
    rows = [{"feed_id": record.feed_id, "at": record.at, "kind": e.kind, "detail": dict(e.detail)} for e in record.events]
    write_many(connection, _EVENT, rows)
