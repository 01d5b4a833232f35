"""``wirewatch export`` and ``wirewatch restore``: the whole ledger as one file, into SQLite or PostgreSQL."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from pipeline.errors import ConfigError


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-secrets", is_flag=True, help="Also the secrets that Wirewatch made for itself: needed to move a service, not to look."
)
@click.pass_obj
def export(config: str, file: Path, with_secrets: bool) -> None:
    """Write every row to FILE (``-`` for standard output), packed where its name ends in .gz; the service may run meanwhile.

    FILE is readable by you alone. Without the secrets a restored service makes new ones: receivers and open dashboards
    need them anew.
    """
    from workers.wiring import Wiring, now

    count = -1
    with _written(file) as sink, _bar() as told:
        for line in Wiring.to_look(config).store.export(now(), progress=told):
            if not with_secrets and _is_secret(line):
                continue
            sink.write(line)
            count += 1
    click.echo(f"{count} rows exported", err=True)


def _is_secret(line: bytes) -> bool:
    """Whether a row is a secret of this installation, as ``Wiring.secret`` keeps them."""
    if not line.startswith(b'{"table":"meta"'):
        return False
    import orjson

    return str(orjson.loads(line)["row"]["name"]).startswith("secret:")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.pass_obj
def restore(config: str, file: Path) -> None:
    """Fill the configured database, which must be new or empty, from an export of either kind of database."""
    from pipeline.store import open_store
    from workers.wiring import Wiring

    wiring = Wiring.to_look(config)
    with open_store(wiring.database_url, upgrade=False) as store, _read(file) as source, _bar() as told:
        counts = store.restore(source, progress=told)
    click.echo(f"{sum(counts.values())} rows restored in {len(counts)} tables", err=True)


@contextmanager
def _written(file: Path) -> Iterator[IO[bytes]]:
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written ({error.strerror})") from error
    with os.fdopen(handle, "wb") as plain:
        if file.suffix != ".gz":
            yield plain
            return
        with gzip.GzipFile(fileobj=plain, mode="wb", compresslevel=6) as packed:
            yield packed  # type: ignore[misc] # it reads and writes bytes, and is no IO only to the type checker


@contextmanager
def _read(file: Path) -> Iterator[Any]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as source:
        yield source


@contextmanager
def _bar() -> Iterator[Any]:
    """A line a table while it is under way, where somebody watches."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = SpinnerColumn(), TextColumn("{task.description} {task.completed}")
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        tasks: dict[str, Any] = {}

        def told(table: str, count: int) -> None:
            if table not in tasks:
                tasks[table] = progress.add_task(table, total=None)
            progress.update(tasks[table], completed=count)

        yield told
