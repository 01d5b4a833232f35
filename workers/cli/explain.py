"""``wirewatch explain``: one decision, told to a person."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("target", metavar="URL|FILE")
@click.option("--why-not", "entity", metavar="ENTITY", help="Say of one entity why it did not alert.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
@click.pass_obj
def command(config: str, target: str, entity: str | None, as_json: bool) -> None:
    """Tell why an article alerts or does not: its text with the names marked, the evidence, and what was stripped.

    TARGET is a file (HTML, or plain text), ``-`` for standard input, or the address of an article: it is looked up in the
    archive first and fetched only if it is not there.
    """
    from workers.explanation import explain

    click.echo(explain(config, target, entity=entity, as_json=as_json))
