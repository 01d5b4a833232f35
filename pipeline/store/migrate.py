"""Is the schema this version's? Checked at every start in one query; brought up to date by Alembic where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from pipeline.errors import StoreError
from pipeline.store.engine import Database

HEAD: Final = "0002"
"""The newest file in migrations/versions; a test holds them together, so that a start need not import Alembic."""
LOCK: Final = 0x77697265
"""PostgreSQL advisory lock: processes that start together migrate one after the other."""
SCRIPTS: Final = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """The revision that the schema is at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate(database: Database, target: str = HEAD) -> None:
    """Bring the schema to ``target``, in one transaction. Raises StoreError where a newer version has written it."""
    with database.read() as connection:
        if revision(connection) == target:
            return
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        if revision(connection) != target:  # nobody else was faster
            upgrade(connection, target)


def upgrade(connection: Connection, target: str) -> None:
    """Run the migrations up to ``target`` in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise StoreError(f"the database was written by a newer version of Wirewatch ({error}); update, or restore a backup") from error
