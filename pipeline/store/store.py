"""Where is everything kept? One object over one database, a part for each moment of an item's life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection

from pipeline.errors import ConfigError
from pipeline.model import Instant
from pipeline.store.alerts import Alerts
from pipeline.store.analysis import Analysis
from pipeline.store.articles import Articles
from pipeline.store.deliveries import Deliveries
from pipeline.store.engine import BUSY, Database
from pipeline.store.entries import Entries
from pipeline.store.feeds import Feeds
from pipeline.store.hosts import Hosts
from pipeline.store.leases import Leases
from pipeline.store.migrate import migrate, revision
from pipeline.store.reports import Reports
from pipeline.store.retention import Retention
from pipeline.store.sites import Sites
from pipeline.store.stories import Stories
from pipeline.store.transfer import Progress, export, nothing, restore

__all__: Final = ["Store", "open_store"]


class Store:
    """The ledger. Safe to share between threads, and across a fork."""

    def __init__(self, database: Database) -> None:
        """Made by ``open_store``."""
        self._db = database
        self.feeds = Feeds(database)
        self.hosts = Hosts(database)
        self.sites = Sites(database)
        self.entries = Entries(database)
        self.articles = Articles(database)
        self.stories = Stories(database)
        self.alerts = Alerts(database)
        self.deliveries = Deliveries(database)
        self.reports = Reports(database)
        self.leases = Leases(database)
        self.retention = Retention(database)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._db.dialect

    @property
    def revision(self) -> str | None:
        """The revision of the schema."""
        with self._db.read() as connection:
            return revision(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction, for what no method here does (tests, repairs by hand)."""
        with self._db.write() as connection:
            yield connection

    @contextmanager
    def analysis(self) -> Iterator[Analysis]:
        """One transaction to decide in and to record in; durable when the block has ended without an error."""
        with self._db.write() as connection:
            yield Analysis(self._db, connection)

    def export(self, now: Instant, *, progress: Progress = nothing) -> Iterator[bytes]:
        """Every row as JSON lines, of one moment. ``progress`` is told each table's name and how many rows are done."""
        return export(self._db, now, progress=progress)

    def restore(self, lines: Iterable[bytes], *, progress: Progress = nothing) -> dict[str, int]:
        """Fill this database, which must be empty, from an export of either kind of database. Returns rows by table.

        Raises InputError for what is no export, StoreError where the database holds something.
        """
        return restore(self._db, lines, progress=progress)

    def ping(self) -> None:
        """Raises StoreError where the database does not answer."""
        with self._db.read() as connection:
            revision(connection)

    def close(self) -> None:
        """Give back every connection."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()


def open_store(url: str, *, busy: float = BUSY, pool: int = 10, upgrade: bool = True) -> Store:
    """The store at ``url`` (``sqlite:////path/to/file.db`` or ``postgresql://…``), migrated to this version's schema.

    ``busy``: seconds to wait for another writer before StoreError. Raises ConfigError for an address that cannot be
    used, StoreError for a database that is out of reach or written by a newer version.
    """
    database = Database(url, busy=busy, pool=pool)
    path = database.engine.url.database
    if database.dialect == "sqlite" and path not in {None, "", ":memory:"}:
        _make_private(Path(str(path)))
    if upgrade:
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
    return Store(database)


def _make_private(path: Path) -> None:
    """The file, readable by its owner alone: it holds secrets. SQLite gives its companions the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise ConfigError(f"{path}: the database cannot be made ({error.strerror})") from error
