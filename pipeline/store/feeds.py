"""Which feeds are due, and what did a poll of one bring? State, schedule and identity of everything a feed showed.

It does not know how a schedule is decided or which keys identify an entry: both come from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, or_, select, update

from pipeline.model import Entry, EntryState, Instant
from pipeline.store import ids
from pipeline.store.bodies import pack
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, due, fields, instant, upsert, write_many, written
from pipeline.store.tables import bodies, entries, entry_keys, feed_days, feed_events, feeds, sightings

DAY: Final = 86400.0
SHARED: Final = "url:"
"""Keys that begin so are addresses and are known to all feeds; every other key belongs to its feed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedRow:
    """A feed as the configuration names it."""

    url: str
    name: str = ""
    site: str = ""
    """The host, for incidents and politeness."""
    tier: int = 2
    tags: tuple[str, ...] = ()
    every: float | None = None
    """Seconds between polls where the configuration says so."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Everything else that the configuration says (headers, politeness …), as plain JSON values."""
    enabled: bool = True
    """False keeps the feed and its history, and polls nothing."""
    first_try: Instant | None = None
    """When a new feed is polled first; at once where None."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedForPoll:
    """A claimed feed with all that the next request and the next decision need."""

    id: str
    url: str
    """As configured."""
    fetch_url: str
    """Where to ask: another address after a permanent redirect was learned."""
    name: str
    site: str
    tier: int
    tags: tuple[str, ...]
    every: float | None
    options: Mapping[str, Any]
    state: str
    reason: str
    since: Instant
    next_try: Instant
    etag: str | None
    last_modified: str | None
    validators_url: str | None
    """The final URL that the validators belong to."""
    body_hash: str | None
    polls: int
    failures: int
    """In a row."""
    added_at: Instant
    last_poll: Instant | None
    first_success: Instant | None
    """None until the first successful poll: what that one shows is backlog."""
    last_success: Instant | None
    last_entry: Instant | None
    """When something new was seen last."""
    interval: float | None
    rate: float | None
    """Entries a day, learned."""
    lag: float | None
    """Seconds from published to seen, learned."""
    learned: Mapping[str, Any]
    """What the schedule keeps for itself: volume histogram, redirect sightings, gone-at …"""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHealth:
    """One line of ``feeds health``."""

    id: str
    url: str
    fetch_url: str
    name: str
    site: str
    tier: int
    tags: tuple[str, ...]
    enabled: bool
    state: str
    reason: str
    since: Instant
    next_try: Instant
    polls: int
    failures: int
    last_poll: Instant | None
    last_success: Instant | None
    last_entry: Instant | None
    interval: float | None
    rate: float | None
    lag: float | None


class Feeds:
    """Feeds: their schedule, their state, and the entries that they showed."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def sync(self, specs: Sequence[FeedRow], now: Instant) -> tuple[int, int]:
        """Make the table say what the configuration says. Returns how many feeds are new and how many were switched off.

        A feed that left the configuration keeps its row, its validators and its identity keys, and is not polled.
        """
        with self._db.write() as connection:
            known = {row.id: row for row in connection.execute(select(feeds.c.id, feeds.c.enabled))}
            wanted = {ids.feed_id(spec.url): spec for spec in specs}
            fresh = [ident for ident in wanted if ident not in known]
            gone = [ident for ident, row in known.items() if row.enabled and not (ident in wanted and wanted[ident].enabled)]
            rows = [_configured(ident, spec, now) for ident, spec in wanted.items()]
            changes = ("url", "name", "site", "tier", "tags", "every", "options", "enabled")
            write_many(connection, upsert(self._db.dialect, feeds, keys=("id",), update=changes), rows)
            for part in chunks(gone):
                connection.execute(update(feeds).where(feeds.c.id.in_(part)).values(enabled=False, lease_owner=None, lease_until=None))
            return len(fresh), len(gone)

    def claim_due(self, now: Instant, owner: str, lease: float, limit: int) -> list[FeedForPoll]:
        """Up to ``limit`` feeds whose time has come, the most overdue first; theirs alone for ``lease`` seconds."""
        with self._db.write() as connection:
            picked = due(self._db, self.due_query(now, limit))
            claim = update(feeds).where(feeds.c.id.in_(picked)).values(lease_owner=owner, lease_until=now + lease)
            taken = connection.scalars(claim.returning(feeds.c.id)).all()
            rows = [row for part in chunks(taken) for row in connection.execute(select(feeds).where(feeds.c.id.in_(part)))]
        return sorted((fields(FeedForPoll, row) for row in rows), key=lambda feed: feed.next_try)

    @staticmethod
    def due_query(now: Instant, limit: int) -> Select[tuple[str]]:
        """The ids that ``claim_due`` would take."""
        free = or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now)
        wanted = and_(feeds.c.enabled.is_(True), feeds.c.next_try <= now, free)
        return select(feeds.c.id).where(wanted).order_by(feeds.c.next_try).limit(limit)

    def next_due_at(self) -> Instant | None:
        """When the next enabled feed is due; None where there is none."""
        with self._db.read() as connection:
            return instant(connection.scalar(select(func.min(feeds.c.next_try)).where(feeds.c.enabled.is_(True))))

    def release(self, owner: str) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many feeds."""
        with self._db.write() as connection:
            freed = update(feeds).where(feeds.c.lease_owner == owner).values(lease_owner=None, lease_until=None)
            return connection.execute(freed).rowcount

    def known_keys(self, feed_id: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        """Which of these identity keys are known, in this feed or (``url:`` keys) in any."""
        with self._db.read() as connection:
            return _known(connection, feed_id, keys)

    def record_poll(self, record: PollRecord) -> PollWritten:
        """One transaction: schedule, validators, state, new and edited entries, keys, sightings, events, the day's counts."""
        with self._db.write() as connection:
            new = _insert_entries(self._db, connection, record)
            for edited in record.edited:
                _edit(self._db, connection, record, edited)
            _refresh_keys(self._db, connection, record)
            held = _write_feed(connection, record, new)
            if held:  # else the poller that took over counts and tells
                _count_day(self._db, connection, record, len(new))
                _write_events(connection, record)
            return PollWritten(new=tuple(new), held=held)

    def get(self, feed_id: str) -> FeedForPoll | None:
        """One feed, without claiming it."""
        with self._db.read() as connection:
            row = connection.execute(select(feeds).where(feeds.c.id == feed_id)).first()
            return fields(FeedForPoll, row) if row else None

    def reschedule(self, feed_id: str, at: Instant, *, state: str | None = None, reason: str = "", now: Instant) -> bool:
        """Poll this feed at ``at`` (a person's wish, a hub's ping, the end of parking). False where it is unknown."""
        values: dict[str, Any] = {"next_try": at, "lease_owner": None, "lease_until": None}
        if state is not None:
            values |= {"state": state, "reason": reason, "since": now}
        with self._db.write() as connection:
            return connection.execute(update(feeds).where(feeds.c.id == feed_id).values(**values)).rowcount == 1

    def revert_redirect(self, event: int, now: Instant) -> bool:
        """Go back to the address that a ``redirect`` event replaced (its detail's ``from``). False where there is none."""
        with self._db.write() as connection:
            wanted = select(feed_events).where(
                feed_events.c.seq == event, feed_events.c.kind == "redirect", feed_events.c.reverted_at.is_(None)
            )
            row = connection.execute(wanted).first()
            if row is None:
                return False
            connection.execute(update(feed_events).where(feed_events.c.seq == event).values(reverted_at=now))
            back = {"fetch_url": row.detail["from"], "etag": None, "last_modified": None, "validators_url": None, "body_hash": None}
            return connection.execute(update(feeds).where(feeds.c.id == row.feed_id).values(next_try=now, **back)).rowcount == 1

    def events(self, feed_id: str | None = None, *, kinds: Sequence[str] = (), limit: int = 100) -> list[dict[str, Any]]:
        """What happened, the newest first: ``{"seq", "feed_id", "at", "kind", "detail", "reverted_at"}``."""
        query = select(feed_events).order_by(feed_events.c.at.desc()).limit(limit)
        if feed_id is not None:
            query = query.where(feed_events.c.feed_id == feed_id)
        if kinds:
            query = query.where(feed_events.c.kind.in_(list(kinds)))
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def health(self) -> list[FeedHealth]:
        """Every feed that is configured, with what a person must know of it, the longest-troubled first."""
        with self._db.read() as connection:
            rows = connection.execute(select(feeds).where(feeds.c.enabled.is_(True)).order_by(feeds.c.since)).all()
        return [fields(FeedHealth, row) for row in rows]

    def volume(self, feed_id: str, since: Instant) -> list[dict[str, Any]]:
        """Counts a day since then: ``{"day" (days since 1970), "polls", "unchanged", "failures", "entries", "lag"}``."""
        query = select(feed_days).where(feed_days.c.feed_id == feed_id, feed_days.c.day >= int(since // DAY)).order_by(feed_days.c.day)
        with self._db.read() as connection:
            return [_day(row._mapping) for row in connection.execute(query)]


def _day(row: Mapping[Any, Any]) -> dict[str, Any]:
    lag = row["lag_sum"] / row["lag_count"] if row["lag_count"] else None
    return {name: row[name] for name in ("day", "polls", "unchanged", "failures", "entries")} | {"lag": lag}


def _configured(ident: str, spec: FeedRow, now: Instant) -> dict[str, Any]:
    return {
        "id": ident,
        "url": spec.url,
        "fetch_url": spec.url,
        "name": spec.name,
        "site": spec.site,
        "tier": spec.tier,
        "tags": list(spec.tags),
        "every": spec.every,
        "options": dict(spec.options),
        "enabled": spec.enabled,
        "since": now,
        "added_at": now,
        "next_try": now if spec.first_try is None else spec.first_try,
        "learned": {},
    }


def _scoped(feed_id: str, key: str) -> str:
    return "" if key.startswith(SHARED) else feed_id


def _known(connection: Connection, feed_id: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
    found: dict[str, KnownEntry] = {}
    what = (entries.c.feed_id, entries.c.content_hash, entries.c.revision, entries.c.state)
    query = select(entry_keys.c.key, entry_keys.c.entry_id, entry_keys.c.seen_at, *what).join(
        entries, entries.c.id == entry_keys.c.entry_id
    )
    for scope in (feed_id, ""):
        for part in chunks([key for key in keys if _scoped(feed_id, key) == scope]):
            for row in connection.execute(query.where(entry_keys.c.scope == scope, entry_keys.c.key.in_(part))):
                found[row.key] = fields(KnownEntry, row)
    return found


def _insert_entries(database: Database, connection: Connection, record: PollRecord) -> list[str]:
    """The ids that are really new: an entry whose keys another transaction brought first is a sighting of that one."""
    known = _known(connection, record.feed_id, [key for new in record.entries for key in new.keys])
    rows, keyed, texts = {}, [], []
    for new in record.entries:
        twin = next((known[key].entry_id for key in new.keys if key in known), None)
        ident = twin or ids.entry_id(record.feed_id, new.keys[0])
        keyed += _keys(record, ident, new.keys)
        if twin is None and ident not in rows:
            rows[ident] = _entry_row(ident, record, new)
            if new.entry.content:
                texts.append(_content(ident, new.entry.content))
    inserted = written(connection, upsert(database.dialect, entries, keys=("id",), returning="id"), [*rows.values()])
    write_many(connection, upsert(database.dialect, bodies, keys=("id",)), texts)
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    return inserted


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
    values = {
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "updated": entry.updated,
        "content_hash": edited.content_hash,
        "revision": entries.c.revision + 1,
        "state": str(EntryState.NEW),
        "reason": "edited",
        "since": record.at,
        "attempts": 0,
        "next_at": record.at if edited.next_at is None else edited.next_at,
    }
    connection.execute(update(entries).where(entries.c.id == edited.entry_id).values(**values))
    keyed = _keys(record, edited.entry_id, edited.keys)
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    if entry.content:
        texts = [_content(edited.entry_id, entry.content)]
        write_many(connection, upsert(database.dialect, bodies, keys=("id",), update=("encoding", "data", "size")), texts)


def _refresh_keys(database: Database, connection: Connection, record: PollRecord) -> None:
    keyed = [row for ident, keys in record.seen.items() for row in _keys(record, ident, keys)]
    write_many(connection, upsert(database.dialect, entry_keys, keys=("scope", "key")), keyed)
    for part in chunks(list(record.seen)):
        stale = and_(entry_keys.c.entry_id.in_(part), entry_keys.c.seen_at < record.at - DAY)
        connection.execute(update(entry_keys).where(stale).values(seen_at=record.at))
    seen = [{"entry_id": ident, "feed_id": record.feed_id, "at": record.at} for ident in record.seen]
    write_many(connection, upsert(database.dialect, sightings, keys=("entry_id", "feed_id")), seen)


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
    if rows:
        connection.execute(feed_events.insert(), rows)


def _write_feed(connection: Connection, record: PollRecord, new: Sequence[str]) -> bool:
    before = feeds.c
    values: dict[str, Any] = {
        name: getattr(record, name)
        for name in ("state", "reason", "next_try", "fetch_url", "etag", "last_modified", "validators_url", "body_hash")
    }
    values |= {name: getattr(record, name) for name in ("failures", "interval", "rate", "lag")}
    values |= {"learned": dict(record.learned), "polls": before.polls + 1, "last_poll": record.at, "lease_owner": None, "lease_until": None}
    if record.succeeded:
        values |= {"last_success": record.at, "first_success": func.coalesce(before.first_success, record.at)}
    if new:
        values["last_entry"] = record.at
    held = (
        and_(before.id == record.feed_id, before.lease_owner == record.owner) if record.owner is not None else before.id == record.feed_id
    )
    changed = and_(held, or_(before.state != record.state, before.reason != record.reason))
    connection.execute(update(feeds).where(changed).values(since=record.at))
    return connection.execute(update(feeds).where(held).values(**values)).rowcount == 1
