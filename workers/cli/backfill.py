"""``wirewatch backfill``: a new or changed name against the articles that are kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.mentions.watchlist import Watchlist
    from workers.archive import Found
    from workers.wiring import Wiring

EXAMPLES = 10
NEVER = 99
"""A rank above that of every tier."""


@click.command("backfill")
@click.option("--entity", "entities", metavar="ID", multiple=True, required=True, help="Whom to look for; may be given several times.")
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="How far back (12h, 30d).")
@click.option("--dry-run", is_flag=True, help="Show what would fire, and fire nothing.")
@click.option("--yes", is_flag=True, help="Fire without asking.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each article found, then the totals.")
@click.pass_obj
def command(config: str, entities: tuple[str, ...], since: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Match the archive against one or more entities, show how often they would have fired, and fire only when told to.

    An interrupted search goes on where it stopped.
    """
    from pipeline.flow.refire import refire
    from workers.desk import readers
    from workers.spans import since as instant
    from workers.wiring import Wiring, now

    wiring = Wiring.from_directory(config)
    lists = only(wiring.configuration.watchlists, entities)
    found = list(_search(wiring, lists, entities, instant(since, now()), as_json=as_json))
    _tell(found, since, as_json=as_json)
    if dry_run or not found:
        return
    if not yes and not (sys.stdin.isatty() and click.confirm(f"Fire {len(found)} alerts?")):
        click.echo("nothing was fired; say --yes to fire", err=True)
        return
    reader, teller = readers(wiring)
    fired = sum(refire(one.article, one.document, one.verdicts, wiring.store, reader, teller, now()) for one in found)
    click.echo(f"{fired} alerts fired; the rest was told before, or is older than alerts may be and waits for the digest", err=True)


def only(lists: tuple[Watchlist, ...], entities: tuple[str, ...]) -> tuple[Watchlist, ...]:
    """The watchlists with nobody in them but these entities and those whose confirmation is evidence for them.

    Raises:
        ConfigError: nobody is watched under one of these ids.
    """
    from dataclasses import replace

    from pipeline.errors import ConfigError

    known = {entity.id: entity for one in lists for entity in one.entities}
    for ident in entities:
        if ident not in known:
            raise ConfigError(f"--entity {ident}: nobody is watched under this id; known: {', '.join(sorted(known)[:8])}")
    kept = {*entities, *(related for ident in entities for related in known[ident].related)}
    return tuple(replace(one, entities=tuple(entity for entity in one.entities if entity.id in kept)) for one in lists)


def _search(wiring: Wiring, lists: tuple[Watchlist, ...], entities: tuple[str, ...], since: float, *, as_json: bool) -> Any:
    from rich.console import Console
    from rich.progress import Progress

    from pipeline.mentions.match import compile_watchlist
    from workers.archive import resumed
    from workers.wiring import now

    at = {entity.id: one.alert.at.rank for one in lists for entity in one.entities}
    asked = {ident: at[ident] for ident in entities}  # the others are there as evidence
    store = wiring.store
    with Progress(console=Console(stderr=True), disable=as_json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("articles", total=store.articles.count(since))
        matcher, name = compile_watchlist(lists), "+".join(sorted(at))
        for found in resumed(store, matcher, name=name, since=since, now=now(), progress=lambda count, _: bar.advance(task, count)):
            verdicts = tuple(one for one in found.verdicts if one.tier is not None and one.tier.rank >= asked.get(one.entity, NEVER))
            if verdicts:
                yield type(found)(article=found.article, document=found.document, verdicts=verdicts)


def _tell(found: list[Found], since: str, *, as_json: bool) -> None:
    import orjson

    if as_json:
        for one in found:
            click.echo(orjson.dumps({**_brief(one), "entities": [v.entity for v in one.verdicts]}).decode())
        click.echo(orjson.dumps({"articles": len(found), "alerts": sum(len(one.verdicts) for one in found)}).decode())
        return
    shown = f"; {EXAMPLES} of them:" if len(found) > EXAMPLES else ":" if found else ""
    click.echo(f"{len(found)} articles of the last {since} would have alerted{shown}")
    step = max(1, len(found) // EXAMPLES)
    for one in found[::step][:EXAMPLES]:
        brief = _brief(one)
        click.echo(
            f"\n  {brief['title']}\n  {brief['url']}\n  {', '.join(f'{v.entity} ({v.tier})' for v in one.verdicts)}: {brief['quote']}"
        )


def _brief(one: Found) -> dict[str, Any]:
    from pipeline.alerts.sentence import around

    best = one.verdicts[0].mentions[0]
    text = one.document.part(best.field)
    left, right = around(text, best.start, best.end, longest=160)
    return {"article": one.article.id, "title": one.article.title, "url": one.article.url, "quote": text[left:right]}
