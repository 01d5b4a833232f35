"""``wirewatch alerts``: what alerted, why, and what people made of it."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from workers.cli.feedback import command as feedback
from workers.cli.tables import table

if TYPE_CHECKING:
    from pipeline.store.alerts import AlertRow


@click.group("alerts")
def command() -> None:
    """List alerts, show one with all its evidence, say what you make of it, export them."""


command.add_command(feedback)


@command.command("list")
@click.option("--entity", metavar="ID", help="Of one entity.")
@click.option("--state", type=click.Choice(["new", "reviewed", "dismissed"]), help="In one state.")
@click.option("--since", metavar="SPAN", default="7d", show_default=True, help="No older than this (12h, 30d).")
@click.option("--limit", type=int, default=50, show_default=True)
@click.option("--quiet", is_flag=True, help="Also what was kept quiet, with its reason.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_alerts(config: str, entity: str | None, state: str | None, since: str, limit: int, quiet: bool, as_json: bool) -> None:
    """Alerts, the newest first."""
    from pipeline.store.alerts import AlertState
    from workers.spans import since as instant
    from workers.wiring import Wiring, now

    store = Wiring.to_look(config).store
    after = instant(since, now())
    rows = store.alerts.list(entity=entity, state=AlertState(state) if state else None, since=after, limit=limit)
    hidden = store.alerts.suppressions(since=after, entity=entity, limit=limit) if quiet else []
    if as_json:
        for row in rows:
            click.echo(_json(_plain(row)))
        for kept in hidden:
            click.echo(_json({"suppressed": True, **kept}))
        return
    table(
        [_plain(row) for row in rows],
        ("when", "id", "entity", "tier", "state", "title", "reason"),
        empty="no alerts; `wirewatch alerts list --quiet` shows what was kept quiet",
    )
    if quiet:
        table(
            [{**kept, "when": _when(kept["at"])} for kept in hidden],
            ("when", "entity", "tier", "reason", "title"),
            empty="nothing was kept quiet",
        )


@command.command("show")
@click.argument("ident", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.pass_obj
def show(config: str, ident: str, as_json: bool) -> None:
    """One alert: the message as sent, the evidence for and against, and every delivery attempt."""
    import orjson

    from pipeline.errors import InputError
    from workers.wiring import Wiring

    found = Wiring.to_look(config).store.alerts.show(ident)
    if found is None:
        raise InputError(f"there is no alert {ident}; `wirewatch alerts list` shows those there are")
    found["body"] = orjson.loads(found["body"]) if found["body"] else None
    if as_json:
        click.echo(_json(found))
        return
    alert = found["alert"]
    click.secho(f"{alert['title']}  ({alert['tier']}, {alert['severity']}, {alert['state']})", bold=True)
    click.echo(f"{_when(alert['created_at'])}  {alert['reason']}")
    if found["article"]:
        click.echo(f"{found['article']['title']}\n{found['article']['url']}")
    for match in (found["body"] or {}).get("data", {}).get("matches", []):
        click.echo(f"\n  [{match['field']}] {match['sentence']}")
        click.echo("  for: " + ", ".join(f"{line['code']} {line['weight']:+.2f}" for line in match["why"]))
        if match["against"]:
            click.echo("  against: " + ", ".join(f"{line['code']} {line['weight']:+.2f}" for line in match["against"]))
    click.echo()
    for delivery in found["deliveries"]:
        click.echo(f"to {delivery['endpoint']}: {delivery['state']} after {delivery['attempts']} attempts {delivery['reason']}")
    for attempt in found["attempts"]:
        click.echo(
            f"  {_when(attempt['at'])}  {attempt['outcome']} {attempt['status'] or ''} {attempt['error']}  {attempt['seconds'] or 0:.2f} s"
        )


@command.command("set")
@click.argument("ident", metavar="ID")
@click.argument("state", type=click.Choice(["new", "reviewed", "dismissed"]))
@click.option("--note", default="", help="For whoever looks later.")
@click.option("--author", default=getpass.getuser, show_default="your login")
@click.pass_obj
def set_state(config: str, ident: str, state: str, note: str, author: str) -> None:
    """Say what you make of an alert."""
    from pipeline.errors import InputError
    from pipeline.store.alerts import AlertState
    from workers.wiring import Wiring, now

    if not Wiring.to_look(config).store.alerts.set_state(ident, AlertState(state), author=author, now=now(), note=note):
        raise InputError(f"there is no alert {ident}; `wirewatch alerts list` shows those there are")
    click.echo(f"{ident} is {state}")


@command.command("export")
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False))
@click.option("--since", metavar="SPAN", default="30d", show_default=True, help="No older than this (12h, 30d).")
@click.option("--verify", "only_verify", is_flag=True, help="Check a bundle written before, and write nothing.")
@click.pass_obj
def export(config: str, target: str, since: str, only_verify: bool) -> None:
    """Write alerts with the pages behind them: FILE.zip is a bundle that proves itself, FILE.csv a table."""
    from pathlib import Path

    from workers import evidence
    from workers.spans import since as instant
    from workers.wiring import Wiring, now

    path = Path(target)
    if only_verify:
        wrong = list(evidence.verify(path))
        click.echo("\n".join(wrong) if wrong else f"{path} is as it was written")
        raise click.exceptions.Exit(1 if wrong else 0)
    store, after = Wiring.to_look(config).store, instant(since, now())
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as sink:
            count = evidence.as_csv(store, sink, since=after)
    else:
        count = evidence.bundle(store, path, since=after, made_at=now())
    click.echo(f"{count} alerts written to {path}")


def _plain(row: AlertRow) -> dict[str, Any]:
    import dataclasses

    return {**dataclasses.asdict(row), "when": _when(row.created_at)}


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _json(value: Any) -> str:
    import orjson

    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
