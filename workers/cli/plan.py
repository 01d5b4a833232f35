"""``wirewatch watchlist plan``: what would a change of the YAML have gained and lost?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workers.archive import Found

EXAMPLES = 10


@click.command("plan")
@click.option("--to", "changed", metavar="DIR", help="The changed configuration directory; without it, --config is the changed one.")
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="How far back (12h, 30d).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {gained, lost, same, articles}.")
@click.pass_obj
def command(config: str, changed: str | None, since: str, as_json: bool) -> None:
    """Compare a change with what the service decided: alerts gained and lost over the last days, with quotes. Fires nothing."""
    import orjson

    from workers.wiring import Wiring

    wiring = Wiring.from_directory(config)
    compared = _compare(wiring, Wiring.from_directory(changed or config), since, quiet=as_json or not sys.stderr.isatty())
    if as_json:
        click.echo(orjson.dumps(compared, option=orjson.OPT_INDENT_2).decode())
        return
    changes = f"{len(compared['gained'])} alerts gained, {len(compared['lost'])} lost, {compared['same']} as before"
    click.echo(f"{compared['articles']} articles of the last {since}: {changes}")
    for what in ("gained", "lost"):
        for one in compared[what][:EXAMPLES]:
            click.echo(f"\n  {what}: {one['entity']} ({one['before']} before, {one['after']} after)")
            click.echo(f"  {one['title']}\n  {one['url']}\n  {one['quote']}")
        if len(compared[what]) > EXAMPLES:
            click.echo(f"\n  … and {len(compared[what]) - EXAMPLES} more {what}; --json lists them all")


def _compare(now_in_force: Any, changed: Any, since: str, *, quiet: bool) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import Progress

    from workers.archive import search
    from workers.spans import since as instant
    from workers.wiring import now

    store, start = now_in_force.store, instant(since, now())
    was = {entity.id: one.alert.at.rank for one in now_in_force.configuration.watchlists for entity in one.entities}
    will = {entity.id: one.alert.at.rank for one in changed.configuration.watchlists for entity in one.entities}
    gained: list[dict[str, Any]] = []
    lost: list[dict[str, Any]] = []
    total, same = store.articles.count(start), 0
    decided = store.articles.tiers(start)
    with Progress(console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("articles", total=total)
        for found in search(store, changed.matcher, since=start, progress=lambda count, _: bar.advance(task, count)):
            before = decided.pop(found.article.id, {})
            after = {verdict.entity: verdict.tier for verdict in found.verdicts}
            for entity in sorted({*before, *after}):
                fired = _fires(before.get(entity), was.get(entity))
                fires = _fires(after.get(entity), will.get(entity))
                if fired == fires:
                    same += fired
                    continue
                (gained if fires else lost).append(_case(found, entity, before.get(entity), after.get(entity)))
    for article, before in decided.items():  # articles in which the changed lists find nobody at all
        lost += [_gone(store, article, entity, tier) for entity, tier in sorted(before.items()) if _fires(tier, was.get(entity))]
    return {"articles": total, "same": same, "gained": gained, "lost": lost}


def _fires(tier: Any, at: int | None) -> bool:
    from pipeline.model import Tier

    return tier is not None and at is not None and Tier(tier).rank >= at


def _case(found: Found, entity: str, before: Any, after: Any) -> dict[str, Any]:
    from pipeline.alerts.sentence import around, opening

    verdict = next((one for one in found.verdicts if one.entity == entity), None)
    quote = opening(found.document.text, longest=160)
    if verdict is not None:
        best = verdict.mentions[0]
        text = found.document.part(best.field)
        left, right = around(text, best.start, best.end, longest=160)
        quote = text[left:right]
    return {
        "entity": entity,
        "article": found.article.id,
        "title": found.article.title,
        "url": found.article.url,
        "before": str(before) if before else "no alert",
        "after": str(after) if after else "no alert",
        "quote": quote,
    }


def _gone(store: Any, ident: str, entity: str, before: str) -> dict[str, Any]:
    from pipeline.alerts.sentence import opening

    article = store.articles.get(ident)
    title, url, text = (article.title, article.url, article.text) if article else ("", "", "")
    about = {"entity": entity, "article": ident, "title": title, "url": url}
    return {**about, "before": before, "after": "no alert", "quote": opening(text, longest=160)}
