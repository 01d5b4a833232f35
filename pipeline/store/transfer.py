"""How does the whole ledger move? As JSON lines that either database writes and either reads: backup, move, restore.

The first line says which schema the rows are of, each further one holds a row: its table and its columns as they are kept,
bytes in base64. What can be reckoned again (the words of the search, the grouping keys) is left out and reckoned again;
leases and heartbeats are of processes that are gone.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import Boolean, Column, Connection, LargeBinary, MetaData, Row, Select, Table, func, insert, inspect, select, text

from pipeline.errors import InputError, StoreError
from pipeline.model import Instant
from pipeline.store.columns import unpacked
from pipeline.store.engine import Database
from pipeline.store.fulltext import words_of
from pipeline.store.index import write_keys
from pipeline.store.migrate import HEAD, migrate, revision, upgrade
from pipeline.store.tables import METADATA, articles, signatures

FORMAT: Final = 1
SKIPPED: Final = frozenset({"bands", "heartbeats"})
LEASE: Final = frozenset({"lease_owner", "lease_until"})
BATCH: Final = 500

Progress = Callable[[str, int], None]
"""Called with a table's name and how many of its rows are done."""


def nothing(_table: str, _count: int) -> None:
    """Tell nobody."""


def export(database: Database, now: Instant, *, progress: Progress = nothing) -> Iterator[bytes]:
    """Every row as one line, of one moment: what is written meanwhile is not in it. The first line is the header."""
    with database.snapshot() as connection:
        yield orjson.dumps({"wirewatch": FORMAT, "revision": revision(connection), "at": now}) + b"\n"
        for table in METADATA.sorted_tables:
            if table.name not in SKIPPED:
                yield from _rows(connection, table, progress)


def _rows(connection: Connection, table: Table, progress: Progress) -> Iterator[bytes]:
    plain = text(f"SELECT {', '.join(_quoted(column.name) for column in table.columns)} FROM {table.name}")  # noqa: S608 - our own names
    names = [str(column.name) for column in table.columns]
    count = 0
    with connection.execution_options(yield_per=BATCH).execute(plain) as found:
        for row in found:
            values = {name: _outward(value) for name, value in zip(names, row, strict=True) if name not in LEASE}
            count += 1
            yield orjson.dumps({"table": str(table.name), "row": values}) + b"\n"
            if count % BATCH == 0:
                progress(table.name, count)
    progress(table.name, count)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _outward(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes | memoryview) else value


def restore(database: Database, lines: Iterable[bytes], *, progress: Progress = nothing) -> dict[str, int]:
    """Fill an empty database from an export, of this schema or an older one. Returns rows by table.

    One transaction: an export that breaks off leaves the database empty. Raises InputError for what is no export or was
    written by a newer version, StoreError where the database already holds something.
    """
    reading = iter(lines)
    head = _header(next(reading, b""))
    with database.write() as connection:
        _refuse_filled(connection)
    migrate(database, str(head["revision"]))
    with database.write() as connection:
        counts = _fill(connection, reading, progress)
        if head["revision"] != HEAD:
            upgrade(connection, HEAD)
        _set_counters(database, connection)
        _reckon(database, connection)
    return counts


def _header(line: bytes) -> Mapping[str, Any]:
    try:
        head = orjson.loads(line)
        known = head["wirewatch"] == FORMAT and str(head["revision"]) <= HEAD
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise InputError("this is no export of Wirewatch: its first line is not the header") from None
    if not known:
        raise InputError(f"this export was written by a newer version of Wirewatch (schema {head['revision']}, this one knows {HEAD})")
    return dict(head)


def _refuse_filled(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for table in METADATA.sorted_tables:
        if table.name in there and connection.scalar(select(func.count()).select_from(table)):
            raise StoreError(f"the database is not empty (there are rows in {table.name}); restore into a new one")


def _fill(connection: Connection, lines: Iterator[bytes], progress: Progress) -> dict[str, int]:
    counts: dict[str, int] = {}
    tables = MetaData()
    waiting: list[dict[str, Any]] = []
    table: Table | None = None
    for line in lines:
        name, row = _row(line)
        if table is None or table.name != name or len(waiting) == BATCH:
            _write(connection, table, waiting, counts, progress)
            waiting = []
        if table is None or table.name != name:
            table = Table(name, tables, autoload_with=connection)
        waiting.append(_inward(table, row))
    _write(connection, table, waiting, counts, progress)
    return counts


def _row(line: bytes) -> tuple[str, Mapping[str, Any]]:
    try:
        said = orjson.loads(line)
        name, row = said["table"], said["row"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise InputError("the export is damaged: a line is not a row") from None
    if name not in METADATA.tables or not isinstance(row, dict):
        raise InputError(f"the export is damaged: there is no table {name!r}")
    return name, row


def _write(connection: Connection, table: Table | None, rows: list[dict[str, Any]], counts: dict[str, int], progress: Progress) -> None:
    if table is None or not rows:
        return
    connection.execute(insert(table), rows)
    counts[table.name] = counts.get(table.name, 0) + len(rows)
    progress(table.name, counts[table.name])


def _inward(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in row.items():
        kind = table.columns[name].type
        if value is None:
            values[name] = None
        elif isinstance(kind, LargeBinary):
            values[name] = base64.b64decode(value["base64"])
        else:
            values[name] = bool(value) if isinstance(kind, Boolean) else value
    return values


def _set_counters(database: Database, connection: Connection) -> None:
    """PostgreSQL's counters know nothing of rows that came with their numbers."""
    if database.dialect != "postgresql":
        return
    for table in METADATA.sorted_tables:
        if "seq" in table.columns:
            top = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'seq'), max(seq)) FROM {table.name} HAVING max(seq) IS NOT NULL"  # noqa: S608
            connection.execute(text(top))


def _reckon(database: Database, connection: Connection) -> None:
    """The search's words and the grouping keys, from the articles and their signatures."""
    told = select(articles.c.seq, articles.c.title, articles.c.text)
    for row in _walk(connection, told, articles.c.seq):
        words_of(database, connection, row.seq, row.title, row.text)
    for row in _walk(connection, select(signatures.c.article_id, signatures.c.at, signatures.c.bands), signatures.c.article_id):
        write_keys(database, connection, row.article_id, row.at, unpacked(row.bands))


def _walk(connection: Connection, query: Select[Any], key: Column[Any]) -> Iterator[Row[Any]]:
    """Every row in the order of ``key``, a batch at a time."""
    after: Any = None
    while True:
        ahead = query if after is None else query.where(key > after)
        rows = connection.execute(ahead.order_by(key).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = getattr(rows[-1], key.name)
