"""Is a whole host in trouble, and until when does it want to be left alone?

Trouble of half its feeds is one incident, told once when it begins and once when it ends. What a host asked for (Retry-After) is kept
in the ledger, so that a restart does not forget it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pipeline.feeds.health import HostCount, is_incident
from pipeline.model import Instant
from pipeline.net.politeness import Governor
from pipeline.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class HostChange:
    """An incident that began or ended."""

    host: str
    failing: bool
    why: str = ""


async def hold(store: Store, governor: Governor, host: str, seconds: float, now: Instant) -> None:
    """Leave this host alone for so long. Raises StoreError."""
    governor.hold(host, seconds)
    await asyncio.to_thread(store.hosts.put, host, now, backoff_until=now + seconds)


async def recall(store: Store, governor: Governor, now: Instant) -> None:
    """What hosts asked for before this process began. Raises StoreError."""
    for state in await asyncio.to_thread(store.hosts.incidents, now):
        if state.backoff_until is not None and state.backoff_until > now:
            governor.hold(state.host, state.backoff_until - now)


def watch_hosts(store: Store, now: Instant) -> list[HostChange]:
    """Begin and end incidents by what feeds' rows say. Raises StoreError."""
    counts = [HostCount(host=row["host"], feeds=row["feeds"], failing=row["failing"]) for row in store.hosts.failing()]
    bad = {count.host: count for count in counts if is_incident(count)}
    known = {state.host for state in store.hosts.incidents(now) if state.incident_since is not None}
    changes: list[HostChange] = []
    for host in sorted(bad.keys() - known):
        why = f"{bad[host].failing} of {bad[host].feeds} feeds fail"
        store.hosts.put(host, now, incident_since=now, incident=why)
        changes.append(HostChange(host=host, failing=True, why=why))
    for host in sorted(known - bad.keys()):
        store.hosts.put(host, now, incident_since=None, incident="")
        changes.append(HostChange(host=host, failing=False))
    return changes
