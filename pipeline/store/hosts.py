"""What is known of hosts? robots.txt, backoff, and incidents that take all their feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, fields, upsert
from pipeline.store.tables import feeds, hosts


@dataclass(frozen=True, kw_only=True, slots=True)
class HostState:
    """What is known of one host."""

    host: str
    robots_status: int | None = None
    robots: str | None = None
    """The text of robots.txt, as it came."""
    robots_at: Instant | None = None
    robots_until: Instant | None = None
    """When to ask for it again."""
    backoff_until: Instant | None = None
    """Nothing is asked of the host before (Retry-After, an incident)."""
    failures: int = 0
    """In a row, over all its feeds."""
    incident_since: Instant | None = None
    incident: str = ""
    learned: Mapping[str, Any] = field(default_factory=dict)


class Hosts:
    """Hosts that are asked for feeds and articles."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def get(self, names: Sequence[str]) -> dict[str, HostState]:
        """What is known of these hosts; unknown ones are absent."""
        found: dict[str, HostState] = {}
        with self._db.read() as connection:
            for part in chunks(names):
                found |= {row.host: fields(HostState, row) for row in connection.execute(select(hosts).where(hosts.c.host.in_(part)))}
        return found

    def put(self, host: str, now: Instant, **changes: Any) -> None:
        """Change fields of ``HostState`` by name; a host that is new gets a row."""
        with self._db.write() as connection:
            row = {"host": host, "at": now} | changes
            connection.execute(upsert(self._db.dialect, hosts, keys=("host",), update=tuple(name for name in row if name != "host")), [row])

    def failing(self) -> list[dict[str, Any]]:
        """``{"host", "feeds", "failing"}`` of each host with a failing feed, for incidents; most failing first."""
        bad = func.count().filter(feeds.c.failures > 0)
        query = select(feeds.c.site.label("host"), func.count().label("feeds"), bad.label("failing")).where(feeds.c.enabled.is_(True))
        with self._db.read() as connection:
            rows = connection.execute(query.group_by(feeds.c.site).having(bad > 0).order_by(bad.desc()))
            return [dict(row._mapping) for row in rows]

    def incidents(self, now: Instant) -> list[HostState]:
        """Hosts with an incident or that asked to be left alone until later."""
        query = select(hosts).where(or_(hosts.c.incident_since.is_not(None), hosts.c.backoff_until > now)).order_by(hosts.c.host)
        with self._db.read() as connection:
            return [fields(HostState, row) for row in connection.execute(query)]
