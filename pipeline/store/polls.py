"""What did polls bring? New and edited entries with their identity, and the feeds' own schedules, in one transaction.

Several polls are written together: each kind of row goes to the database in one statement, which costs a tenth of a statement a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, case, func, select, update

from pipeline.model import Entry, EntryState, Instant
from pipeline.store import ids
from pipeline.store.bodies import pack
from pipeline.store.engine import Database
from pipeline.store.keys import DAY, KnownEntry, Place, key_rows, look_up, place, refresh, write_keys
from pipeline.store.sql import chunks, the, these, upsert, write_many, written
from pipeline.store.tables import bodies, entries, feed_days, feed_events, feeds, sightings


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
_EDIT: Final = (
    update(entries)
    .where(entries.c.id == the("entry"))
    .values({name: the(f"new_{name}") for name in EDITED})
    .values(content_hash=the("new_hash"), revision=entries.c.revision + 1, state=EntryState.NEW, reason="edited")
    # whoever is fetching this entry just now fetches what it was before: the page would be taken for the edited one
    .values(since=the("now"), attempts=0, next_at=the("due"), lease_owner=None, lease_until=None)
)
_SAME: Final = (feeds.c.state == the("new_state")) & (feeds.c.reason == the("new_reason"))
_SCHEDULE: Final = (
    update(feeds)
    .where(feeds.c.id == the("feed"))
    .values({name: the(f"new_{name}") for name in SCHEDULE})
    .values(since=case((_SAME, feeds.c.since), else_=the("now")), learned=the("new_learned"), polls=feeds.c.polls + 1)
    .values(last_poll=the("now"), lease_owner=None, lease_until=None, last_success=func.coalesce(the("succeeded"), feeds.c.last_success))
    .values(first_success=func.coalesce(feeds.c.first_success, the("succeeded")), last_entry=func.coalesce(the("told"), feeds.c.last_entry))
)
"""The feed's row after a poll. ``since`` moves only when its state or reason does."""
_HOLDERS: Final = select(feeds.c.id, feeds.c.lease_owner).where(feeds.c.id.in_(these("asked"))).order_by(feeds.c.id).with_for_update()
_EVENT: Final = feed_events.insert()


def write_polls(database: Database, connection: Connection, records: Sequence[PollRecord]) -> list[PollWritten]:
    """Everything that these polls change, in one order for all writers, so that no two of them wait for each other."""
    holders = _holders(connection, records)
    held = [record.feed_id in holders and record.owner in {None, holders[record.feed_id]} for record in records]
    new = _insert_entries(database, connection, records, held)
    _edit(database, connection, records)
    _refresh_keys(database, connection, records)
    mine = [(record, ids) for record, ids, is_held in zip(records, new, held, strict=True) if is_held]
    mine.sort(key=lambda one: one[0].feed_id)  # where a lease was lost, the poller that took over counts and tells
    write_many(connection, _SCHEDULE, [_schedule_row(record, bool(ids)) for record, ids in mine])
    days = upsert(database.dialect, feed_days, keys=("feed_id", "day"), add=_COUNTS)
    write_many(connection, days, [_day_row(record, len(ids)) for record, ids in mine])
    write_many(connection, _EVENT, [row for record, _ in mine for row in _event_rows(record)])
    return [PollWritten(new=tuple(ids), held=is_held) for ids, is_held in zip(new, held, strict=True)]


def _holders(connection: Connection, records: Sequence[PollRecord]) -> dict[str, str | None]:
    """Who holds the feeds of these polls; unknown feeds are absent."""
    asked = sorted({record.feed_id for record in records})
    return {row.id: row.lease_owner for part in chunks(asked) for row in connection.execute(_HOLDERS, {"asked": part})}


def _insert_entries(database: Database, connection: Connection, records: Sequence[PollRecord], held: Sequence[bool]) -> list[list[str]]:
    """For each poll the ids that are really new: an entry whose keys another poll brought first is a sighting of that one."""
    known = {at: (found.entry_id, found.feed_id) for at, found in _known_by_now(database, connection, records, held).items()}
    rows: dict[str, dict[str, Any]] = {}
    keyed, texts, seen = [], [], set()
    for record in records:
        for new in record.entries:
            places = [place(record.feed_id, key) for key in new.keys]
            ident, feed_id = next((known[at] for at in places if at in known), (ids.entry_id(record.feed_id, new.keys[0]), ""))
            keyed += key_rows(record.feed_id, ident, new.keys, record.at)
            for at in places:
                known.setdefault(at, (ident, feed_id or record.feed_id))
            if feed_id and feed_id != record.feed_id:
                seen.add((ident, record.feed_id, record.at))
            if not feed_id and ident not in rows:
                rows[ident] = _entry_row(ident, record, new)
                texts += [_content(ident, new.entry.content)] if new.entry.content else []
    inserted = set(
        written(connection, upsert(database.dialect, entries, keys=("id",), returning="id"), [rows[key] for key in sorted(rows)])
    )
    write_many(connection, upsert(database.dialect, bodies, keys=("id",)), sorted(texts, key=lambda row: row["id"]))
    write_keys(database, connection, keyed)
    _sight(database, connection, seen)
    return [[ident for ident, row in rows.items() if row["feed_id"] == one.feed_id and ident in inserted] for one in records]


def _known_by_now(
    database: Database, connection: Connection, records: Sequence[PollRecord], held: Sequence[bool]
) -> dict[Place, KnownEntry]:
    """What became known since the caller looked: nobody but the holder writes keys of a feed, but anybody addresses."""
    places = []
    for record, is_held in zip(records, held, strict=True):
        mine = is_held and record.owner is not None
        wanted = (place(record.feed_id, key) for new in record.entries for key in new.keys)
        places += [at for at in wanted if not (mine and at.scope)]
    return look_up(database, connection, places) if places else {}


def _sight(database: Database, connection: Connection, seen: Iterable[tuple[str, str, Instant]]) -> None:
    """Entries that another feed showed first stand in this one too."""
    rows = [{"entry_id": ident, "feed_id": feed, "at": at} for ident, feed, at in sorted(seen)]
    write_many(connection, upsert(database.dialect, sightings, keys=("entry_id", "feed_id")), rows)


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


def _edit(database: Database, connection: Connection, records: Sequence[PollRecord]) -> None:
    edits = sorted(((edit, record) for record in records for edit in record.edited), key=lambda pair: pair[0].entry_id)
    write_many(connection, _EDIT, [_edit_row(edit, record) for edit, record in edits])
    write_keys(
        database, connection, (row for edit, record in edits for row in key_rows(record.feed_id, edit.entry_id, edit.keys, record.at))
    )
    texts = [_content(edit.entry_id, edit.entry.content) for edit, _ in edits if edit.entry.content]
    write_many(connection, upsert(database.dialect, bodies, keys=("id",), update=("encoding", "data", "size")), texts)


def _edit_row(edit: EditedEntry, record: PollRecord) -> dict[str, Any]:
    row = {"entry": edit.entry_id, "new_hash": edit.content_hash, "now": record.at}
    row["due"] = record.at if edit.next_at is None else edit.next_at
    return row | {f"new_{name}": getattr(edit.entry, name) for name in EDITED}


def _refresh_keys(database: Database, connection: Connection, records: Sequence[PollRecord]) -> None:
    """New keys of known entries, and that the old ones were seen."""
    for record in (record for record in records if record.seen):
        places = {place(record.feed_id, key) for own in record.seen.values() for key in own}
        known = look_up(database, connection, places)
        missing = {ident: [key for key in own if place(record.feed_id, key) not in known] for ident, own in record.seen.items()}
        write_keys(database, connection, (row for ident, own in missing.items() for row in key_rows(record.feed_id, ident, own, record.at)))
        if any(one.seen_at < record.at - DAY for one in known.values()):
            refresh(connection, list(record.seen), record.at)
        others = {one.entry_id for one in known.values() if one.feed_id != record.feed_id} & record.seen.keys()
        _sight(database, connection, ((ident, record.feed_id, record.at) for ident in others))


def _schedule_row(record: PollRecord, new: bool) -> dict[str, Any]:  # noqa: FBT001 - private, and said at the call
    row = {f"new_{name}": getattr(record, name) for name in SCHEDULE} | {"new_learned": dict(record.learned), "now": record.at}
    return row | {"feed": record.feed_id, "succeeded": record.at if record.succeeded else None, "told": record.at if new else None}


_COUNTS: Final = ("polls", "unchanged", "failures", "entries", "lag_sum", "lag_count")


def _day_row(record: PollRecord, new: int) -> dict[str, Any]:
    return {
        "feed_id": record.feed_id,
        "day": int(record.at // DAY),
        "polls": 1,
        "unchanged": int(record.outcome == "unchanged"),
        "failures": int(not record.succeeded),
        "entries": new,
        "lag_sum": sum(record.lags),
        "lag_count": len(record.lags),
    }


def _event_rows(record: PollRecord) -> list[dict[str, Any]]:
    return [{"feed_id": record.feed_id, "at": record.at, "kind": one.kind, "detail": dict(one.detail)} for one in record.events]
