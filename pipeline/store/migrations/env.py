"""Alembic's entry: run on the connection and in the transaction that the store hands over."""

from __future__ import annotations

from alembic import context

from pipeline.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
