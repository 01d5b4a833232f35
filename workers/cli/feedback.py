"""``wirewatch alerts feedback``: which names readers call wrong, and what to change."""

from __future__ import annotations

from dataclasses import asdict

import click

from workers.cli.tables import as_json_line, seconds, table


@click.command("feedback")
@click.option("--since", metavar="SPAN", default="90d", show_default=True, help="What was said no longer ago than this.")
@click.option("--least", type=click.IntRange(1), default=3, show_default=True, help="Answers that a name needs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(config: str, /, *, since: str, least: int, as_json: bool) -> None:
    """Gather readers' "not relevant" by name, and suggest changes of the watchlist."""
    from pipeline.alerts.feedback import Counted, Names, suggestions
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(config)
    names = {
        entity.id: Names(name=entity.name, strong=entity.strong_aliases, weak=entity.weak_aliases)
        for one in wiring.configuration.watchlists
        for entity in one.entities
    }
    said = [
        Counted(entity=row.entity, alias=row.alias, relevant=row.relevant, not_relevant=row.not_relevant)
        for row in wiring.store.alerts.feedback_by_alias(now() - seconds(since, "--since"))
    ]
    found = [asdict(one) for one in suggestions(said, names, least=least)]
    if as_json:
        for row in found:
            as_json_line(row)
        return
    table(found, ("entity", "alias", "not_relevant", "relevant", "change"), empty="no name was called wrong often enough")
