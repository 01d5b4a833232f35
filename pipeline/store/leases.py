"""Who holds what, over all tables that are claimed? So that what a dead process held need not wait for its lease to end."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, union, update

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sql import the
from pipeline.store.tables import deliveries, entries, feeds, pages

_CLAIMED: Final = ((feeds, feeds.c.next_try), (entries, entries.c.next_at), (pages, pages.c.due_at), (deliveries, deliveries.c.next_at))
"""Each table with the column that says when a row is due; it is null in rows that are done, which have no holder."""


_HOLDERS: Final = union(
    *(
        select(table.c.lease_owner).where(due.is_not(None), table.c.lease_owner.is_not(None), table.c.lease_until > the("now"))
        for table, due in _CLAIMED
    )
)


class Leases:
    """The claims of all stages together."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def holders(self, now: Instant) -> set[str]:
        """The owners of every lease that still runs."""
        with self._db.read() as connection:
            return {str(owner) for owner in connection.scalars(_HOLDERS, {"now": now})}

    def release(self, owner: str, now: Instant) -> int:
        """Give back everything that ``owner`` holds at any stage: due at once. Returns how many rows."""
        count = 0
        with self._db.write() as connection:
            for table, due in _CLAIMED:
                free = update(table).where(due.is_not(None), table.c.lease_owner == owner)
                count += connection.execute(free.values({"lease_owner": None, "lease_until": None, due: now})).rowcount
        return count
