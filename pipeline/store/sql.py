"""Which statements do all tables need? Claims, upserts and rows turned into the caller's types, for both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields as fields_of
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar

import orjson
from sqlalchemy import BindParameter, Connection, Integer, Select, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
X = TypeVar("X")
Rows: TypeAlias = list[dict[str, Any]]
"""Rows as dictionaries by column, for listings."""
MOST: Final = 500
"""Values in one IN list: far below both databases' limits, and the statement stays one that they have planned before."""


def chunks(items: Sequence[X], most: int = MOST) -> Iterator[list[X]]:
    """``items`` in lists of at most ``most``."""
    for start in range(0, len(items), most):
        yield list(items[start : start + most])


MOST_DUE: Final = bindparam("most", type_=Integer)
"""How many a claim takes."""


def free(dialect: str, due: Select[Any]) -> Select[Any]:
    """What is due and nobody else is claiming just now: PostgreSQL walks past such rows, SQLite has one claimer at a time."""
    return due.with_for_update(skip_locked=True) if dialect == "postgresql" else due


@cache
def claim(dialect: str, due: Select[Any], **changes: Any) -> Any:
    """A conditional UPDATE that makes the rows of ``due`` (ids that ask for ``now`` and ``most``) the owner's until ``until``.

    ``changes`` are further columns to set. Answers the ids.
    """
    key = due.selected_columns[0]
    held = {"lease_owner": the("owner"), "lease_until": the("until")} | {name: the(value) for name, value in changes.items()}
    return update(key.table).where(key.in_(free(dialect, due))).values(held).returning(key)


def the(name: str) -> BindParameter[Any]:
    """A value to be given at execution, so that the statement is built once and not for every row."""
    return bindparam(name)


def these(name: str) -> BindParameter[Any]:
    """A list to be given at execution, for ``column.in_``; at most ``MOST`` values."""
    return bindparam(name, expanding=True)


def insert_into(dialect: str, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT."""
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)


@cache
def upsert(
    dialect: str,
    table: Table,
    *,
    keys: tuple[str, ...],
    update: tuple[str, ...] = (),
    add: tuple[str, ...] = (),
    returning: str | None = None,
) -> Any:
    """INSERT that on a known key replaces ``update``, adds up ``add``, or does nothing where both are empty.

    With ``returning`` it answers that column of the rows that it wrote.
    """
    insert = insert_into(dialect, table)
    columns = [table.c[key] for key in keys]
    changes: dict[str, Any] = {name: insert.excluded[name] for name in update}
    changes |= {name: table.c[name] + insert.excluded[name] for name in add}
    done = (
        insert.on_conflict_do_update(index_elements=columns, set_=changes)
        if changes
        else insert.on_conflict_do_nothing(index_elements=columns)
    )
    return done.returning(table.c[returning]) if returning else done


def numbers(dialect: str, name: str) -> str:
    """A FROM clause whose column ``value`` holds the numbers of the parameter ``name``: one statement for many small rows."""
    return f"unnest(CAST(:{name} AS bigint[])) AS many(value)" if dialect == "postgresql" else f"json_each(:{name}) AS many"


def values_in(dialect: str, name: str) -> str:
    """As ``numbers``, for texts: the statement stays the same however many there are, and is planned once."""
    return f"unnest(CAST(:{name} AS text[])) AS many(value)" if dialect == "postgresql" else f"json_each(:{name}) AS many"


def listed(dialect: str, values: Sequence[int] | Sequence[str]) -> Any:
    """What to give for such a parameter."""
    return list(values) if dialect == "postgresql" else orjson.dumps(values).decode()


def write_many(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run an insert over ``rows``, which may be none."""
    if rows:
        connection.execute(statement, list(rows))


def written(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """As ``write_many``; what the statement returns of the rows that it really wrote, in no order."""
    return list(connection.scalars(statement, list(rows))) if rows else []


def instant(value: Any) -> float | None:
    """What ``min`` and ``max`` over times give."""
    return None if value is None else float(value)


_SHAPES: Final[dict[Any, tuple[tuple[str, bool, bool], ...]]] = {}


def _shape(kind: Any) -> tuple[tuple[str, bool, bool], ...]:
    """``(field, is a tuple, is a mapping)`` of each field, reckoned once a type."""
    if kind not in _SHAPES:
        _SHAPES[kind] = tuple((f.name, "tuple" in str(f.type), "Mapping" in str(f.type)) for f in fields_of(kind))
    return _SHAPES[kind]


def fields(kind: type[T], row: Any, **more: Any) -> T:
    """``kind`` from the columns of ``row`` that it has fields for; JSON lists become tuples, a missing mapping an empty one."""
    have = row._mapping
    values: dict[str, Any] = {}
    for name, many, mapping in _shape(kind):
        if name in more:
            values[name] = more[name]
        elif many:
            values[name] = tuple(have[name] or ())
        elif mapping:
            values[name] = have[name] or {}
        else:
            values[name] = have[name]
    return kind(**values)
