"""``wirewatch watchlist plan``: what would a change of the YAML have gained and lost?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workers.comparison import Comparison, Difference

EXAMPLES = 10


@click.command("plan")
@click.option("--to", "changed", metavar="DIR", help="The changed configuration directory; without it, --config is the changed one.")
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="How far back (12h, 30d).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {gained, lost, same, articles}.")
@click.pass_obj
def command(config: str, changed: str | None, since: str, as_json: bool) -> None:
    """Compare a change with what the service decided: alerts gained and lost over the last days, with quotes. Fires nothing.

    Tiers, `alert.at` and rules count; one alert is counted for each entity and story, as the service tells it.
    """
    import dataclasses

    import orjson

    from workers.wiring import Wiring

    wiring = Wiring.to_look(config)
    found = _compare(wiring, Wiring.to_look(changed or config), since, quiet=as_json or not sys.stderr.isatty())
    if as_json:
        click.echo(orjson.dumps(dataclasses.asdict(found), option=orjson.OPT_INDENT_2).decode())
        return
    changes = f"{len(found.gained)} alerts gained, {len(found.lost)} lost, {found.same} as before"
    click.echo(f"{found.articles} articles of the last {since}: {changes}")
    _show("gained", found.gained)
    _show("lost", found.lost)


def _compare(in_force: Any, changed: Any, since: str, *, quiet: bool) -> Comparison:
    from rich.console import Console
    from rich.progress import Progress

    from workers.comparison import compare
    from workers.desk import reading
    from workers.spans import since as instant
    from workers.wiring import now

    start = instant(since, now())
    with Progress(console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("articles", total=in_force.store.articles.count(start))
        reader, _ = reading(changed)
        return compare(in_force.store, reader, since=start, now=now(), progress=lambda count, _: bar.advance(task, count))


def _show(what: str, several: list[Difference]) -> None:
    for one in several[:EXAMPLES]:
        click.echo(f"\n  {what}: {one.entity} ({one.before} before, {one.after} after{': ' if one.why else ''}{one.why})")
        click.echo(f"  {one.title}\n  {one.url}\n  {one.quote}")
    if len(several) > EXAMPLES:
        click.echo(f"\n  … and {len(several) - EXAMPLES} more {what}; --json lists them all")
