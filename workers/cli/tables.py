"""How listings look: a table for people, one JSON object a line for programs, times in UTC."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from pipeline.errors import ConfigError
from pipeline.model import parse_duration

PIPED = 200
"""Columns of a table that goes to a file or a pipe, where nothing says how wide it may be."""


def seconds(written: str, option: str) -> float:
    """A span such as ``12h`` in seconds. Raises ConfigError naming the option."""
    try:
        return float(str(parse_duration(written)))
    except ValueError as error:
        raise ConfigError(f"{option}: {error}") from error


def when(at: float) -> str:
    """An instant for people."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def as_json_line(value: Any) -> None:
    """Print one JSON object on a line."""
    import orjson

    # column names are a subclass of str, which orjson takes for keys only when told to
    click.echo(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode())


def _widest(rows: Sequence[Mapping[str, Any]]) -> int:
    """An id stays whole however narrow the terminal: people copy it into the next command."""
    return max(len(str(row.get("id") or "")) for row in rows)


def table(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...], *, empty: str) -> None:
    """Print rows under their columns' names, or ``empty`` where there are none."""
    if not rows:
        if empty:
            click.echo(empty)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold", no_wrap=column == "id", min_width=_widest(rows) if column == "id" else None)
    for row in rows:
        drawn.add_row(*(Text(str(row.get(column) if row.get(column) is not None else "")) for column in columns))
    Console(width=None if sys.stdout.isatty() else PIPED).print(drawn)
