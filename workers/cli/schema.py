"""``wirewatch schema``: write the JSON Schemas that editors complete and check configuration files with."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file differs from what would be written.")
@click.pass_obj
def command(config: str, check: bool) -> None:
    """Write DIR/schema/*.json: one schema for each configuration file, and one for the webhook."""
    from pipeline.settings.schema import schemas

    directory = Path(config) / "schema"
    stale = False
    for name, schema in schemas().items():
        path, text = directory / name, json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale = True
        if not check:
            directory.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        click.echo(f"{'differs' if check else 'written'}: {path}")
    if check and stale:
        raise click.exceptions.Exit(1)
    if not stale:
        click.echo(f"{directory} is up to date")
