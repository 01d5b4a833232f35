"""``wirewatch mutes``: what is kept quiet, by whom, why and until when."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from workers.cli.tables import as_json_line, table, when

if TYPE_CHECKING:
    from pipeline.store import Store
    from pipeline.store.alerts import Mute

KINDS = ("entity", "alias", "source", "story")


@click.group("mutes", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Without a command: the mutes in force, one JSON object a line.")
@click.pass_context
def command(ctx: click.Context, /, *, as_json: bool) -> None:
    """Keep an entity, alias, source or story quiet for a while; everything is still matched, kept and listed."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_mutes, as_json=as_json)


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that have ended.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_mutes(config: str, /, *, everything: bool = False, as_json: bool = False) -> None:
    """Mutes in force."""
    from workers.wiring import Wiring, now

    rows = Wiring.to_look(config).store.alerts.mutes(None if everything else now())
    if as_json:
        for row in rows:
            as_json_line(_plain(row))
        return
    table([_shown(row) for row in rows], ("number", "what", "until", "by", "why", "hidden"), empty="nothing is muted")


@command.command("add")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("value")
@click.option("--for", "span", metavar="SPAN", help="How long (12h, 30d). Without it: until lifted.")
@click.option("--reason", required=True, help="For whoever finds it later.")
@click.option("--author", default=getpass.getuser, show_default="your login")
@click.option("--dry-run", is_flag=True, help="Only show what it would have hidden in the last 30 days.")
@click.pass_obj
def add(config: str, /, *, kind: str, value: str, span: str | None, reason: str, author: str, dry_run: bool) -> None:
    """Keep quiet alerts about an entity (its id), an alias, a source (feed id or host name) or a story (its id)."""
    from workers.cli.tables import seconds
    from workers.wiring import Wiring, now

    store = Wiring.to_look(config).store
    would = _would_have_hidden(store, kind, value, since=now() - 30 * 86400)
    click.echo(
        f"in the last 30 days it would have hidden {len(would)} alerts:" if would else "in the last 30 days it would have hidden nothing"
    )
    table(would[:10], ("when", "entity", "tier", "title"), empty="")
    if dry_run:
        return
    until = now() + seconds(span, "--for") if span else None
    mute = store.alerts.add_mute(kind, value, author=author, reason=reason, now=now(), until=until)
    click.echo(f"muted {kind} {value} until {when(mute.until) if mute.until else 'lifted'}; lift it with: wirewatch mutes lift {mute.seq}")


@command.command("lift")
@click.argument("number", type=int)
@click.option("--author", default=getpass.getuser, show_default="your login")
@click.pass_obj
def lift(config: str, /, *, number: int, author: str) -> None:
    """End a mute now."""
    from pipeline.errors import InputError
    from workers.wiring import Wiring, now

    if not Wiring.to_look(config).store.alerts.end_mute(number, author=author, now=now()):
        raise InputError(f"there is no mute {number} in force; `wirewatch mutes` lists them")
    click.echo(f"mute {number} is lifted")


@command.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def show(config: str, /, *, number: int, as_json: bool) -> None:
    """What a mute has hidden so far."""
    from workers.wiring import Wiring

    rows = Wiring.to_look(config).store.alerts.suppressions(mute=number)
    if as_json:
        for row in rows:
            as_json_line(row)
        return
    shown = [{**row, "when": when(row["at"])} for row in rows]
    table(shown, ("when", "entity", "tier", "title", "url"), empty=f"mute {number} has hidden nothing")


def _would_have_hidden(store: Store, kind: str, value: str, *, since: float) -> list[dict[str, Any]]:
    """Alerts since then that such a mute would have kept quiet, told from the messages as they were sent."""
    import orjson

    from pipeline.alerts.mutes import hides_payload

    hidden = []
    for row in store.alerts.export_rows(since=since):
        data = orjson.loads(row["body"])["data"] if row["body"] else None
        if data is not None and hides_payload(kind, value, data):
            alert = row["alert"]
            hidden.append(
                {"when": when(alert["created_at"]), "entity": alert["entity"], "tier": alert["tier"], "title": data["article"]["title"]}
            )
    return hidden


def _plain(row: Mute) -> dict[str, Any]:
    import dataclasses

    return dataclasses.asdict(row)


def _shown(row: Mute) -> dict[str, Any]:
    until = "lifted" if row.ended_at else when(row.until) if row.until else "lifted by hand"
    return {"number": row.seq, "what": f"{row.kind} {row.value}", "until": until, "by": row.author, "why": row.reason, "hidden": row.hidden}
