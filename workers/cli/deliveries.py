"""``wirewatch deliveries``: what was sent where, how it went, once more, and does this endpoint work?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from workers.cli.tables import as_json_line, seconds, table, when

if TYPE_CHECKING:
    from pipeline.alerts.endpoints import EndpointSpec
    from pipeline.flow.deliver import Sent
    from pipeline.store import Store
    from pipeline.store.deliveries import ReplayFilter
    from workers.wiring import Wiring

STATES = ("waiting", "delivered", "failed", "cancelled")
ANSWER_WITHIN = 5.0
"""Seconds that ``test`` waits at most."""


@click.group("deliveries")
def command() -> None:
    """List deliveries, send some once more, test an endpoint, switch one on again."""


@command.command("list")
@click.option("--endpoint", metavar="ID", help="To one endpoint.")
@click.option("--state", type=click.Choice(STATES), help="In one state.")
@click.option("--since", metavar="SPAN", default="7d", show_default=True, help="No older than this (12h, 30d).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--attempts", "with_attempts", is_flag=True, help="Each with its log of attempts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_deliveries(
    config: str, /, *, endpoint: str | None, state: str | None, since: str, limit: int, with_attempts: bool, as_json: bool
) -> None:
    """Deliveries, the newest first."""
    from pipeline.store.deliveries import DeliveryState
    from workers.wiring import Wiring, now

    store = Wiring.to_look(config).store
    after = now() - seconds(since, "--since")
    rows = store.deliveries.list(endpoint=endpoint, state=DeliveryState(state) if state else None, since=after, limit=limit)
    if with_attempts:
        rows = [{**row, "log": store.deliveries.attempts(row["id"])} for row in rows]
    if as_json:
        for row in rows:
            as_json_line(row)
        return
    columns = ("when", "id", "endpoint", "type", "state", "tries", "reason", "next", "title")
    if not with_attempts:
        table([_shown(row) for row in rows], columns, empty="no deliveries; `wirewatch alerts list` shows alerts and what was kept quiet")
        return
    for row in rows:
        table([_shown(row)], columns, empty="")
        table([_tried(attempt) for attempt in row["log"]], ("at", "outcome", "status", "seconds", "error", "hint"), empty="  not tried yet")
        click.echo()


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    upcoming = when(row["next_at"]) if row["next_at"] else ""
    return {**row, "when": when(row["created_at"]), "tries": row["attempts"], "next": upcoming}


def _tried(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": when(row["at"]), "hint": (row["detail"] or {}).get("hint", "")}


@command.command("replay")
@click.argument("idents", metavar="[ID]…", nargs=-1)
@click.option("--endpoint", metavar="ID", help="To one endpoint.")
@click.option("--entity", metavar="ID", help="About one entity.")
@click.option("--state", type=click.Choice(STATES[1:]), help="That ended in this state.")
@click.option("--since", metavar="SPAN", help="No older than this (12h, 30d).")
@click.option("--until", metavar="SPAN", help="Older than this.")
@click.option("--new-id", is_flag=True, help="Give each a new webhook-id, so that a receiver that drops repeats takes it.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def replay(config: str, /, *, idents: tuple[str, ...], new_id: bool, dry_run: bool, as_json: bool, **chosen: str | None) -> None:
    """Send deliveries once more, in their old order. IDs are those of deliveries, alerts or messages.

    The same bytes go out under the same webhook-id; the running deliverer sends them.
    """
    from pipeline.errors import InputError
    from workers.wiring import Wiring, now

    wanted = _wanted(idents, chosen, now())
    if wanted is None:
        raise click.UsageError("say what to replay: IDs, --endpoint, --entity, --state or --since")
    store = Wiring.to_look(config).store
    ids = store.deliveries.replay(wanted, now(), dry_run=dry_run, new_id=new_id)
    if idents and not ids:
        raise InputError(f"{' '.join(idents)} names no delivery that can be sent again; `wirewatch deliveries list` shows all")
    if as_json:
        for ident in ids:
            as_json_line({"id": ident, "dry_run": dry_run})
        return
    verb = "would be sent" if dry_run else "will be sent"
    click.echo(f"{len(ids)} deliveries {verb} once more" + "".join(f"\n  {ident}" for ident in ids[:20]))
    if len(ids) > 20:  # noqa: PLR2004 - a screen
        click.echo(f"  and {len(ids) - 20} more")
    _warn_of_the_disabled(store, wanted.endpoint)


def _wanted(idents: tuple[str, ...], chosen: dict[str, str | None], now: float) -> ReplayFilter | None:
    from pipeline.store.deliveries import DeliveryState, ReplayFilter

    if not idents and not any(chosen.values()):
        return None
    state, since, until = chosen["state"], chosen["since"], chosen["until"]
    return ReplayFilter(
        endpoint=chosen["endpoint"],
        entity=chosen["entity"],
        state=DeliveryState(state) if state else None,
        since=now - seconds(since, "--since") if since else None,
        until=now - seconds(until, "--until") if until else None,
        ids=idents,
    )


def _warn_of_the_disabled(store: Store, endpoint: str | None) -> None:
    for state in store.deliveries.endpoints():
        if state.state == "disabled" and endpoint in {None, state.id}:
            click.echo(f"endpoint {state.id} is switched off ({state.reason}); switch it on with: wirewatch deliveries resume {state.id}")


@command.command("resume")
@click.argument("endpoint", metavar="ENDPOINT")
@click.pass_obj
def resume(config: str, /, *, endpoint: str) -> None:
    """Switch an endpoint on again that was switched off or is parked; what waits for it goes out in order."""
    from pipeline.alerts.retry import EndpointHealth
    from pipeline.errors import InputError
    from pipeline.flow.outbox import write_health
    from pipeline.store.deliveries import DeliveryState
    from workers.wiring import Wiring, now

    store = Wiring.to_look(config).store
    fields = write_health(EndpointHealth(), now=now())
    fields.pop("last_success")
    if not store.deliveries.set_endpoint(endpoint, **fields, since=now()):
        raise InputError(f"there is no endpoint {endpoint}; endpoints.yaml lists them")
    waiting = store.deliveries.list(endpoint=endpoint, state=DeliveryState.WAITING, limit=10_000)
    click.echo(f"endpoint {endpoint} is on; {len(waiting)} deliveries wait for it")


@command.command("test")
@click.argument("endpoint", metavar="ENDPOINT")
@click.option("--ping", is_flag=True, help="Send a test.ping instead of a copy of the last alert.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def test(config: str, /, *, endpoint: str, ping: bool, as_json: bool) -> None:
    """Send a test message the way alerts are sent, and say within 5 s how it went.

    It is the last alert that went to this endpoint, or an invented one, with only `test`, id and time changed; the
    same code signs and sends it. Nothing of it enters the ledger.
    """
    from pipeline.errors import InputError, WirewatchError
    from workers.wiring import Wiring

    wiring = Wiring.to_reach(config, endpoint)
    spec = next((one for one in wiring.endpoints if one.id == endpoint), None)
    if spec is None:
        known = ", ".join(one.id for one in wiring.endpoints) or "none"
        raise InputError(f"there is no endpoint {endpoint}; endpoints.yaml names: {known}")
    ident, sent = asyncio.run(_try(wiring, spec, ping=ping))
    told = _told(spec, ident, sent)
    if as_json:
        as_json_line(told)
    else:
        click.echo("\n".join(f"{name:11} {value}" for name, value in told.items() if value not in {"", None}))
    if told["outcome"] != "ok":
        raise WirewatchError(f"endpoint {endpoint} did not take the test: {told['hint']}")


async def _try(wiring: Wiring, spec: EndpointSpec, *, ping: bool) -> tuple[str, Sent]:
    from pipeline.flow.senders import Senders
    from workers.wiring import now

    at = now()
    ident, body = _message(wiring.store, spec, at, ping=ping)
    senders = Senders(wiring.configuration.settings.net)
    try:
        sender = await senders.for_endpoint(spec)
        return ident, await sender.send(spec, ident=ident, body=body, now=at, deadline=min(ANSWER_WITHIN - 0.5, spec.timeout))
    finally:
        await senders.close()


def _message(store: Store, spec: EndpointSpec, at: float, *, ping: bool) -> tuple[str, bytes]:
    from pipeline.alerts import notices, payload, sample
    from pipeline.alerts.identity import notice_id

    if ping:
        notice = notices.ping(spec.id, now=at)
        return notice.id, payload.encode(notice.payload)
    last = next((row for row in store.deliveries.list(endpoint=spec.id, limit=50) if row["alert_id"] and not row["test"]), None)
    shown = store.alerts.show(last["alert_id"]) if last else None
    body = shown["body"] if shown and shown["body"] else payload.encode(payload.alert(sample.alert(now=at)))
    return notice_id("test", spec.id, repr(at)), payload.as_test(bytes(body), now=at)


def _told(spec: EndpointSpec, ident: str, sent: Sent) -> dict[str, Any]:
    from pipeline.alerts.retry import HINTS

    attempt = sent.attempt
    steps = {name: f"{took * 1000:.1f} ms" for name, took in sent.timings.items()}
    return {
        "endpoint": spec.id,
        "kind": str(spec.kind),
        "id": ident,
        "outcome": str(attempt.outcome),
        "status": attempt.status,
        **{name: steps.get(name) for name in ("dns", "connect", "tls", "first_byte")},
        "answer": attempt.detail,
        "hint": HINTS[attempt.outcome],
    }
