"""``wirewatch alive``: has this role shown life on this machine lately? For container health checks."""

from __future__ import annotations

import socket

import click

from workers import roles

_LATELY = 45.0


@click.command("alive")
@click.argument("role", type=click.Choice(sorted(roles.ALL)))
@click.pass_obj
def command(config: str, role: str) -> None:
    """Exit 0 if ROLE has shown life on this machine within 45 seconds, 1 if not."""
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(config)
    here = socket.gethostname()
    if role == roles.WORK:
        alive = wiring.broker.workers(host=here) > 0
    else:
        alive = any(one.role == role and one.host == here for one in wiring.store.reports.heartbeats(now() - _LATELY))
    if not alive:
        click.echo(f"{role} has not shown life on {here} for {_LATELY:.0f} s", err=True)
        raise click.exceptions.Exit(1)
