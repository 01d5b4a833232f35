"""``wirewatch dashboard``: the address that opens the dashboard, with the token in it."""

from __future__ import annotations

import click


@click.command("dashboard")
@click.option("--token", "only_token", is_flag=True, help="Print the token alone, for a program's Authorization header.")
@click.pass_obj
def command(config: str, *, only_token: bool) -> None:
    """Print the address that logs you in. Whoever has it may change what the pages can change: keep it to yourself."""
    from pipeline.settings.secrets import unresolved
    from workers.dashboard.app import login_address, main_token
    from workers.wiring import Wiring

    wiring = Wiring.to_look(config)
    if unresolved(wiring.configuration.settings.dashboard.token):
        wiring = Wiring.from_directory(config)  # says what is missing
    token = main_token(wiring)
    shown = wiring.configuration.settings.dashboard
    base = wiring.public_url or f"http://{shown.host}:{shown.port}"
    click.echo(token if only_token else login_address(base, token))
