"""``wirewatch prune``: forget what is older than the retention, or remove one article by name."""

from __future__ import annotations

import getpass

import click


@click.command("prune")
@click.option("--purge", "named", metavar="ARTICLE", help="Remove this article (its id or address) with all evidence, whatever its age.")
@click.option("--reason", help="Why it is purged; written to the audit.")
@click.option("--author", default=getpass.getuser, show_default="your login")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(config: str, /, *, named: str | None, reason: str | None, author: str, as_json: bool) -> None:
    """Forget what is older than ``retention`` in settings.yaml says. What an alert rests on stays, until it is purged by name."""
    from dataclasses import asdict

    from pipeline.flow.prune import prune
    from workers.cli.tables import as_json_line
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(config)
    if named is not None:
        if not reason:
            raise click.UsageError("--purge needs --reason: it is what the audit keeps")
        found = wiring.store.articles.get(named) or wiring.store.articles.by_url(named)
        if found is None:
            raise click.ClickException(f"no article is kept under {named}")
        purged = asdict(wiring.store.retention.purge(found.id, author=author, reason=reason, now=now()))
        as_json_line(purged) if as_json else click.echo(", ".join(f"{count} {kind}" for kind, count in purged.items()))
        return
    counts = prune(wiring.store, wiring.configuration.settings.retention, now()).counts
    if as_json:
        as_json_line(counts)
        return
    gone = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    click.echo(f"forgotten: {gone}" if gone else "nothing is old enough to be forgotten")
