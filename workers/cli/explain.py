"""``wirewatch explain``: one decision, told to a person."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("explain")
@click.argument("target", metavar="URL|FILE")
@click.option("--why-not", "entity", metavar="ENTITY", help="Say of one entity why it did not alert; `--why-not URL ENTITY` reads as well.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
@click.pass_obj
def command(config: str, target: str, entity: str | None, as_json: bool) -> None:
    """Tell why an article alerts or does not: its text with the names marked, the evidence, and what was stripped.

    TARGET is a file (HTML, or plain text), ``-`` for standard input, or the address of an article: it is looked up in the
    archive first and fetched only if it is not there.
    """
    from workers.explanation import explain

    if entity is not None:
        target, entity = in_order(target, entity)
    click.echo(explain(config, target, entity=entity, as_json=as_json))


def in_order(target: str, entity: str) -> tuple[str, str]:
    """What to explain and whom to ask for, whichever of the two came first on the command line.

    ``explain URL --why-not ENTITY`` and ``explain --why-not URL ENTITY`` differ for the parser only. No entity id looks like
    an address; where both are mere words, the one that is a file is what to explain.
    """
    if _is_target(entity) and not _is_target(target):
        return entity, target
    return target, entity


def _is_target(said: str) -> bool:
    return said == "-" or "://" in said or Path(said).is_file()
