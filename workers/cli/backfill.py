"""``wirewatch backfill``: a new or changed name against the articles that are kept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.flow.refire import Case
    from pipeline.flow.telling import Outcome
    from pipeline.mentions.watchlist import Watchlist
    from workers.wiring import Wiring

EXAMPLES = 10
NEVER = 99
"""A rank above that of every tier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsed:
    """An article that names somebody asked for, and what firing on it would come to."""

    case: Case
    outcome: Outcome

    @property
    def fires(self) -> list[str]:
        """Whom it would alert for."""
        return [alert.entity for alert in self.outcome.alerts]

    @property
    def waits(self) -> list[str]:
        """Those of them that would go out with a digest, not at once."""
        return [one.entity for one in self.outcome.alerts if all(plan.digest is not None for plan in one.deliveries)]


@click.command("backfill")
@click.option("--entity", "entities", metavar="ID", multiple=True, required=True, help="Whom to look for; may be given several times.")
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="How far back (12h, 30d).")
@click.option("--dry-run", is_flag=True, help="Show what would fire, and fire nothing.")
@click.option("--yes", is_flag=True, help="Fire without asking.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each article found, then the totals.")
@click.pass_obj
def command(config: str, entities: tuple[str, ...], since: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Match the archive against one or more entities, show what would fire, and fire only when told to.

    Rules, mutes, cooldown and what was told before count as they do for a new article. An interrupted search goes on where
    it stopped.
    """
    from pipeline.flow.refire import refire
    from workers.desk import readers
    from workers.spans import since as instant
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(config)
    lists = only(wiring.configuration.watchlists, entities)
    found = list(_rehearse(wiring, lists, entities, instant(since, now()), as_json=as_json))
    _tell(found, entities, since, as_json=as_json)
    count = sum(len(one.fires) for one in found)
    if dry_run or not count:
        return
    if not yes and not (sys.stdin.isatty() and click.confirm(f"Fire {_alerts(count)}?", err=True)):
        click.echo("nothing was fired; say --yes to fire", err=True)
        return
    reader, teller = readers(wiring)
    fired = sum(refire(one.case, wiring.store, reader, teller, now()) for one in found)
    click.echo(f"{_alerts(fired)} fired", err=True)


def only(lists: tuple[Watchlist, ...], entities: tuple[str, ...]) -> tuple[Watchlist, ...]:
    """The watchlists with nobody in them but these entities and those that are evidence for them or asked for by a rule.

    Raises:
        ConfigError: nobody is watched under one of these ids.
    """
    from dataclasses import replace

    from pipeline.errors import ConfigError

    known = {entity.id: (entity, one) for one in lists for entity in one.entities}
    for ident in entities:
        if ident not in known:
            raise ConfigError(f"--entity {ident}: nobody is watched under this id; known: {', '.join(sorted(known)[:8])}")
    kept = set(entities)
    for ident in entities:
        entity, watchlist = known[ident]
        kept |= {*entity.related, *_ruling(watchlist)}
    return tuple(replace(one, entities=tuple(entity for entity in one.entities if entity.id in kept)) for one in lists)


def _ruling(watchlist: Watchlist) -> Iterator[str]:
    """Ids that the rules of a list name as terms."""
    from pipeline.mentions.rules import ENTITY

    for rule in watchlist.rules:
        for term in (*rule.all, *rule.any, *rule.none):
            if term.startswith(ENTITY):
                yield term.removeprefix(ENTITY)


def _rehearse(
    wiring: Wiring, lists: tuple[Watchlist, ...], entities: tuple[str, ...], since: float, *, as_json: bool
) -> Iterator[Rehearsed]:
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from pipeline.flow.rehearsal import Rehearsal
    from workers.archive import resumed
    from workers.desk import readers
    from workers.wiring import now

    at = {entity.id: one.alert.at.rank for one in lists for entity in one.entities}
    asked = {ident: at[ident] for ident in entities}  # the others are there as evidence
    store = wiring.store
    reader, teller = readers(wiring.with_configuration(replace(wiring.configuration, watchlists=lists)))
    rehearsal = Rehearsal(store, reader, teller, now())
    with Progress(console=Console(stderr=True), disable=as_json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("articles", total=store.articles.count(since))
        name = "+".join(sorted(at))
        for case in resumed(store, reader, name=name, since=since, now=now(), progress=lambda count, _: bar.advance(task, count)):
            verdicts = tuple(one for one in case.verdicts if one.tier is not None and one.tier.rank >= asked.get(one.entity, NEVER))
            if verdicts:
                narrowed = replace(case, verdicts=verdicts)
                yield Rehearsed(case=narrowed, outcome=rehearsal.outcome(narrowed))


def _tell(found: list[Rehearsed], entities: tuple[str, ...], since: str, *, as_json: bool) -> None:
    firing = [one for one in found if one.fires]
    quiet = Counter(str(kept.reason) for one in found for kept in one.outcome.suppressions)
    alerts, waiting = sum(len(one.fires) for one in firing), sum(len(one.waits) for one in firing)
    if as_json:
        _tell_programs(found, {"articles": len(firing), "alerts": alerts, "digest": waiting, "quiet": dict(quiet)})
        return
    later = f" ({waiting} of them with the digest)" if waiting else ""
    click.echo(f"{len(found)} articles of the last {since} name {', '.join(entities)}; {_alerts(alerts)} would fire{later}")
    if quiet:
        click.echo("kept quiet: " + ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in quiet.most_common()))
    if len(firing) > EXAMPLES:
        click.echo(f"{EXAMPLES} of those that would fire:")
    step = max(1, len(firing) // EXAMPLES)
    for one in firing[::step][:EXAMPLES]:
        brief, tiers = _brief(one), {alert.entity: alert.tier for alert in one.outcome.alerts}
        named = ", ".join(f"{entity} ({tier})" for entity, tier in tiers.items())
        click.echo(f"\n  {brief['title']}\n  {brief['url']}\n  {named}: {brief['quote']}")


def _tell_programs(found: list[Rehearsed], totals: dict[str, Any]) -> None:
    import orjson

    for one in found:
        quiet = [{"entity": kept.entity, "reason": kept.reason, "says": kept.detail["says"]} for kept in one.outcome.suppressions]
        click.echo(orjson.dumps({**_brief(one), "entities": one.fires, "digest": one.waits, "quiet": quiet}).decode())
    click.echo(orjson.dumps(totals).decode())


def _alerts(count: int) -> str:
    return f"{count} alert{'' if count == 1 else 's'}"


def _brief(one: Rehearsed) -> dict[str, Any]:
    from pipeline.alerts.sentence import around

    case = one.case
    verdict = next((each for each in case.verdicts if each.entity in one.fires), case.verdicts[0])
    best = verdict.mentions[0]
    text = case.document.part(best.field)
    left, right = around(text, best.start, best.end, longest=160)
    return {"article": case.article.id, "title": case.article.title, "url": case.article.url, "quote": text[left:right]}
