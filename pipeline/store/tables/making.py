"""How is a column written? In one word, the same for both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, MetaData, text

from pipeline.store.columns import Json, Words

METADATA = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"})

# SQLite counts up only where the key is exactly INTEGER
Serial = BigInteger().with_variant(Integer(), "sqlite")


def ident(name: str = "id") -> Column[str]:
    """A key that is a word."""
    return Column(name, Words, primary_key=True)


def counter() -> Column[int]:
    """A key that counts up."""
    return Column("seq", Serial, primary_key=True, autoincrement=True)


def words(name: str, *, default: str | None = "") -> Column[Any]:
    """Text; nullable when ``default`` is None."""
    return Column(name, Words, nullable=default is None, server_default=default)


def count(name: str) -> Column[int]:
    """A number that starts at nothing."""
    return Column(name, Integer, nullable=False, server_default="0")


def moment(name: str, *, needed: bool = False) -> Column[Any]:
    """Unix seconds, UTC."""
    return Column(name, Double, nullable=not needed)


def flag(name: str, *, on: bool = False) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, server_default=text("true") if on else text("false"))


def json(name: str) -> Column[Any]:
    """Plain values that the database does not look into."""
    return Column(name, Json)


def lease() -> tuple[Column[Any], Column[Any]]:
    """Who holds a row, and until when."""
    return words("lease_owner", default=None), moment("lease_until")
