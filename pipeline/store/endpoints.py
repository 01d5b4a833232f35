"""How is each endpoint doing? Its state, its breaker, and what people were told about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sending import EndpointState
from pipeline.store.sql import fields, upsert, write_many
from pipeline.store.tables import endpoints


class Endpoints:
    """The endpoints' half of ``Store.deliveries``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def sync_endpoints(self, kinds: Mapping[str, str], now: Instant) -> None:
        """Make the endpoints those of the configuration, id → kind. One that left it keeps its row and is not sent to."""
        with self._db.write() as connection:
            rows = [{"id": ident, "kind": kind, "since": now, "enabled": True} for ident, kind in kinds.items()]
            write_many(connection, upsert(self._db.dialect, endpoints, keys=("id",), update=("kind", "enabled")), rows)
            connection.execute(update(endpoints).where(endpoints.c.id.not_in(list(kinds))).values(enabled=False))

    def endpoint(self, ident: str) -> EndpointState | None:
        """One endpoint's state."""
        return next((state for state in self.endpoints() if state.id == ident), None)

    def endpoints(self) -> Sequence[EndpointState]:
        """Every endpoint's state."""
        with self._db.read() as connection:
            return [fields(EndpointState, row) for row in connection.execute(select(endpoints).order_by(endpoints.c.id))]

    def set_endpoint(self, ident: str, **changes: Any) -> bool:
        """Change fields of ``EndpointState`` (breaker, state, reason …) by name. False where the endpoint is unknown."""
        with self._db.write() as connection:
            return connection.execute(update(endpoints).where(endpoints.c.id == ident).values(**changes)).rowcount == 1
