"""``wirewatch run``: the whole service in one process tree."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("run")
@click.pass_obj
def command(config: str) -> None:
    """Poll, fetch, analyse, alert and deliver until SIGTERM or ^C; then finish what is held and exit 0."""
    from workers.service import Service

    raise click.exceptions.Exit(Service(Path(config)).run())
