"""``wirewatch watchlist``: see who is watched, import public lists, ask the archive what to add."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypedDict

import click

from workers.cli.plan import command as plan
from workers.cli.tables import as_json_line

if TYPE_CHECKING:
    from pipeline.mentions.suggest import Suggestions
    from pipeline.mentions.watchlist import Entity


class Row(TypedDict):
    """One watched entity as ``list`` shows it."""

    watchlist: str
    id: str
    name: str
    kind: str
    aliases: list[str]


@click.group()
def command() -> None:
    """See who is watched, import names, get suggestions, try a change."""


command.add_command(plan)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def show(config: str, *, as_json: bool) -> None:
    """Every watched entity with its names."""
    from workers.wiring import Wiring

    lists = Wiring.to_look(config).configuration.watchlists
    rows = [
        Row(watchlist=one.watchlist, id=entity.id, name=entity.name, kind=str(entity.kind), aliases=list(entity.aliases))
        for one in lists
        for entity in one.entities
    ]
    for row in rows:
        if as_json:
            as_json_line(row)
            continue
        names = f" ({', '.join(row['aliases'])})" if row["aliases"] else ""
        click.echo(f"{row['watchlist']}/{row['id']}: {row['name']}{names}")


@command.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["opensanctions", "ftm", "wikidata"]), required=True, help="What SOURCE is.")
@click.option("--name", required=True, help="The new watchlist's name.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write; default: watchlists/NAME.yaml of the configuration.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def take_in(config: str, source: Path, form: str, name: str, output: Path | None, *, force: bool) -> None:
    """Turn SOURCE (OpenSanctions targets.simple.csv, FollowTheMoney JSON lines or Wikidata JSON; .gz too) into a watchlist."""
    from rich.console import Console
    from rich.progress import track

    from pipeline.errors import ConfigError
    from pipeline.mentions.importing.lines import written

    target = output or Path(config) / "watchlists" / f"{name}.yaml"
    if target.exists() and not force:
        raise ConfigError(f"{target} is there already; --force replaces it")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    quiet = not sys.stderr.isatty()
    entities = track(_entities(source, form), description="entities", console=Console(stderr=True), disable=quiet)
    count = -1
    try:
        with part.open("w", encoding="utf-8") as sink:
            for count, piece in enumerate(written(name, entities)):  # noqa: B007 - the count outlives the loop
                sink.write(piece)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{target}: {max(count, 0)} entities. Say where alerts go: alert: {{to: [ENDPOINT]}} there, or alerts.to in settings.yaml.")


def _entities(source: Path, form: str) -> Iterator[Entity]:
    import io

    from pipeline.mentions.importing import followthemoney, opensanctions, wikidata

    with _opened(source) as stream:
        if form == "opensanctions":
            yield from opensanctions.targets(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
        else:
            yield from (followthemoney if form == "ftm" else wikidata).entities(stream)


def _opened(source: Path) -> BinaryIO:
    import gzip
    from typing import cast

    return cast("BinaryIO", gzip.open(source, "rb")) if source.suffix == ".gz" else source.open("rb")


@command.command("suggest")
@click.argument("entity")
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="How far back to read the archive (12h, 30d).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {aliases, context}.")
@click.pass_obj
def suggest(config: str, entity: str, since: str, *, as_json: bool) -> None:
    """Propose spellings and context words for ENTITY from the articles that are kept. Changes nothing."""
    from dataclasses import asdict

    import orjson

    found = _suggestions(config, entity, since)
    if as_json:
        click.echo(orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2).decode())
        return
    for what, several in (("aliases", found.aliases), ("context", found.context)):
        click.echo(f"{what}:")
        for one in several:
            click.echo(f"  {one.text}  ({one.articles} articles)")
        if not several:
            click.echo("  nothing that three confirmed articles agree on")


def _suggestions(config: str, entity: str, since: str) -> Suggestions:
    from pipeline.errors import ConfigError
    from pipeline.mentions.suggest import Collector
    from workers.archive import search
    from workers.desk import reading
    from workers.spans import since as instant
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(config)
    watched = {one.id: one for several in wiring.configuration.watchlists for one in several.entities}
    if entity not in watched:
        raise ConfigError(f"there is no entity {entity!r}; `wirewatch watchlist list` shows all")
    collector = Collector(watched[entity])
    for found in search(wiring.store, reading(wiring)[0], since=instant(since, now())):
        collector.see(found.document, next((verdict for verdict in found.verdicts if verdict.entity == entity), None))
    return collector.suggestions()
