"""``wirewatch schema``: write the JSON Schemas that editors complete and check configuration files with."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("schema")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file differs from what would be written.")
@click.option("--reference", metavar="FILE", help="Also write the reference of all keys into this document, below its mark.")
@click.pass_obj
def command(config: str, check: bool, reference: str | None) -> None:
    """Write DIR/schema/*.json: one schema for each configuration file, and one for the webhook."""
    from pipeline.settings.reference import with_reference
    from pipeline.settings.schema import schemas

    directory = Path(config) / "schema"
    wanted = {directory / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas().items()}
    if reference is not None:
        document = Path(reference)
        wanted[document] = with_reference(document.read_text("utf-8") if document.exists() else "# Configuration\n")
    stale = False
    for path, text in wanted.items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale = True
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        click.echo(f"{'differs' if check else 'written'}: {path}")
    if check and stale:
        raise click.exceptions.Exit(1)
    if not stale:
        click.echo(f"{directory} is up to date")
