"""How does a transaction begin, end and fail? The same way for both databases, seen from above.

SQLite has one writer: writers of one process wait in a queue of our own and share commits (a commit costs a flush to
disk, some 2 ms; a row costs 0.1), writers of other processes wait in SQLite's. ``BEGIN IMMEDIATE`` takes the write
lock before the first read, so that what was read is still true when it is acted on.
PostgreSQL runs writers side by side at READ COMMITTED; what must not race takes an advisory lock or a unique key.
Every error of a driver leaves here as StoreError, and then the transaction did not happen.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from pipeline.errors import ConfigError, StoreError

BUSY: Final = 10.0
"""Seconds to wait for another process's transaction."""
OLDEST: Final = (3, 35)
"""The first SQLite with RETURNING."""
PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-32000",
    # an article touches some 100 pages, so the default of 1,000 would check-point every ten articles
    "wal_autocheckpoint=8000",
    "journal_size_limit=67108864",
)
GROUP: Final = 64
"""Transactions that share one commit at most: bounds how long the first waits for the last."""


@dataclass(slots=True)
class _Group:
    """Transactions that will be committed together."""

    connection: Connection
    members: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None


class Database:
    """One engine and its manners. ``dialect`` is ``sqlite`` or ``postgresql``."""

    def __init__(self, url: str, *, busy: float = BUSY, pool: int = 10) -> None:
        """Nothing is opened yet. Raises ConfigError where ``url`` is none of ours or its driver is not installed."""
        self.url = url
        self.engine = _engine(url, busy, pool)
        self.dialect = self.engine.dialect.name
        self._forget()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._waiting = 0
        self._group: _Group | None = None

    def _own(self) -> Engine:
        """The engine, without the connections of a parent process: two processes on one socket read each other's answers."""
        if self._pid != os.getpid():
            self.engine.dispose(close=False)
            self._forget()
        return self.engine

    def close(self) -> None:
        """Give back every connection. On SQLite the last one out checkpoints the WAL."""
        self._own().dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with translated(), self._own().connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable when the block has ended without an error."""
        with translated():
            if self._own().dialect.name != "sqlite":
                with self.engine.begin() as connection:
                    yield connection
                return
            group = self._enter()
            try:
                with _savepoint(group.connection):
                    yield group.connection
            except BaseException as error:
                self._leave(group, failed=error)
                raise
            self._leave(group)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One view of a single moment over many statements, however long they take; nothing is written."""
        if self._own().dialect.name == "sqlite":
            with self.read() as connection:  # a read transaction of SQLite's WAL is such a view already
                yield connection
            return
        with translated(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def outside(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what a database does not allow inside one."""
        with translated(), self._own().connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def _enter(self) -> _Group:
        """Wait for this thread's turn; the group is the open one or a new one."""
        self._waiting += 1
        try:
            self._turn.acquire()
        finally:
            self._waiting -= 1
        if self._group is None:
            try:
                self._group = _Group(_begin(self.engine))
            except BaseException:
                self._turn.release()
                raise
        return self._group

    def _leave(self, group: _Group, *, failed: BaseException | None = None) -> None:
        """Commit for the group, or let the next writer do it. Returns when this member's fate is known."""
        broken = failed is not None and not _in_transaction(group.connection)
        group.members += 1
        last = broken or self._waiting == 0 or group.members >= GROUP
        if last:
            self._finish(group, broken=broken)
        self._turn.release()
        if last or failed is not None:
            if failed is None and group.error is not None:
                raise group.error
            return
        while not group.done.wait(1.0):  # the writer that was waiting may have been interrupted before its turn
            with self._turn:
                if self._group is group:
                    self._finish(group, broken=False)
        if group.error is not None:
            raise StoreError(f"the shared commit failed: {group.error}") from group.error

    def _finish(self, group: _Group, *, broken: bool) -> None:
        self._group = None
        try:
            if broken:
                group.error = StoreError("a transaction that shared this commit broke the connection")
                group.connection.invalidate()
            else:
                group.connection.commit()
        except Exception as error:  # noqa: BLE001 - every member of the group learns of it in its own thread
            group.error = error
            group.connection.invalidate()
        finally:
            group.connection.close()
            group.done.set()


def _begin(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        connection.execution_options(wirewatch_write=True).begin()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    connection.exec_driver_sql("SAVEPOINT member")
    try:
        yield
    except BaseException:
        if _in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK TO member")
            connection.exec_driver_sql("RELEASE member")
        raise
    connection.exec_driver_sql("RELEASE member")


def _in_transaction(connection: Connection) -> bool:
    """False after SQLite itself rolled everything back (disk full, I/O error)."""
    driver = connection.connection.driver_connection
    return isinstance(driver, sqlite3.Connection) and driver.in_transaction


@contextmanager
def translated() -> Iterator[None]:
    """Errors of SQLAlchemy and the drivers as StoreError, with their cause."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the database refused: {error.orig}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database is out of reach: {error}") from error


def _engine(url: str, busy: float, pool: int) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed, pool_size=pool, pool_pre_ping=True, connect_args={"connect_timeout": max(2, int(busy))})
        if parsed.get_backend_name() == "sqlite":
            if sqlite3.sqlite_version_info < OLDEST:
                raise ConfigError(
                    f"this Python carries SQLite {sqlite3.sqlite_version}; 3.35 or later is needed, or a PostgreSQL database_url"
                )
            # the last one back is the next one out: few connections are ever opened, and theirs are the warm caches, 32 MB at most each
            engine = create_engine(parsed, pool_size=pool, pool_use_lifo=True, connect_args={"timeout": busy, "check_same_thread": False})
            event.listen(engine, "connect", _connected)
            event.listen(engine, "begin", _begun)
            return engine
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(f"database_url: {error}; write sqlite:////path/to/wirewatch.db or postgresql://user@host/name") from error
    except ModuleNotFoundError as error:
        raise ConfigError(f"database_url needs {error.name}, which is not installed: pip install 'wirewatch[postgres]'") from error
    raise ConfigError(f"database_url: {parsed.drivername} is neither sqlite nor postgresql")


def _connected(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, because the driver's own begins too late
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: Connection) -> None:
    write = connection.get_execution_options().get("wirewatch_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
