"""Which feeds are due, and what did a poll of one bring? State, schedule and identity of everything a feed showed.

It does not know how a schedule is decided or which keys identify an entry: both come from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, select, update

from pipeline.model import Instant
from pipeline.store import ids
from pipeline.store.engine import Database
from pipeline.store.keys import DAY, KnownEntry, known_keys
from pipeline.store.polls import EditedEntry, FeedEvent, NewEntry, PollRecord, PollWritten, write_polls
from pipeline.store.sql import MOST_DUE, chunks, claim, fields, instant, the, these, upsert, write_many
from pipeline.store.tables import feed_days, feed_events, feeds

__all__: Final = [
    "EditedEntry",
    "FeedEvent",
    "FeedForPoll",
    "FeedHealth",
    "FeedRow",
    "Feeds",
    "KnownEntry",
    "NewEntry",
    "PollRecord",
    "PollWritten",
]

_NEXT: Final = select(func.min(feeds.c.next_try)).where(feeds.c.enabled.is_(True))
DUE: Final = (
    select(feeds.c.id)
    .where(feeds.c.enabled.is_(True), feeds.c.next_try <= the("now"), feeds.c.lease_until.is_(None) | (feeds.c.lease_until <= the("now")))
    .order_by(feeds.c.next_try)
    .limit(MOST_DUE)
)
"""What ``claim_due`` takes."""
_TAKEN: Final = select(feeds).where(feeds.c.id.in_(these("taken")))


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
            given = {"now": now, "most": limit, "owner": owner, "until": now + lease}
            taken = connection.scalars(claim(self._db.dialect, DUE), given).all()
            rows = [row for part in chunks(taken) for row in connection.execute(_TAKEN, {"taken": part})]
        return sorted((fields(FeedForPoll, row) for row in rows), key=lambda feed: feed.next_try)

    def next_due_at(self) -> Instant | None:
        """When the next enabled feed is due; None where there is none."""
        with self._db.read() as connection:
            return instant(connection.scalar(_NEXT))

    def release(self, owner: str) -> int:
        """Give back everything that ``owner`` holds, for a clean stop. Returns how many feeds."""
        with self._db.write() as connection:
            freed = update(feeds).where(feeds.c.lease_owner == owner).values(lease_owner=None, lease_until=None)
            return connection.execute(freed).rowcount

    def known_keys(self, feed_id: str, keys: Sequence[str]) -> dict[str, KnownEntry]:
        """Which of these identity keys are known, in this feed or (``url:`` keys) in any."""
        return self.known_keys_of([(feed_id, keys)])[0]

    def known_keys_of(self, asked: Sequence[tuple[str, Sequence[str]]]) -> list[dict[str, KnownEntry]]:
        """As ``known_keys`` for several feeds, each with its keys, in one look."""
        with self._db.read() as connection:
            return known_keys(self._db, connection, asked)

    def record_poll(self, record: PollRecord) -> PollWritten:
        """One transaction: schedule, validators, state, new and edited entries, keys, sightings, events, the day's counts."""
        return self.record_polls([record])[0]

    def record_polls(self, records: Sequence[PollRecord]) -> list[PollWritten]:
        """As ``record_poll`` for several, in one transaction: all of them are recorded, or none."""
        with self._db.write() as connection:
            return write_polls(self._db, connection, records)

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
