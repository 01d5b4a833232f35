"""``wirewatch poll``, ``work``, ``deliver`` and ``serve``: one role each, for many machines."""

from __future__ import annotations

from pathlib import Path

import click

from workers import roles


def _role(name: str, says: str) -> click.Command:
    @click.command(name, help=f"{says} Stops on SIGTERM after it has finished what it holds.")
    @click.pass_obj
    def run(config: str) -> None:
        from workers.service import Service

        raise click.exceptions.Exit(Service(Path(config), {name}).run())

    return run


poll = _role(roles.POLL, "Read feeds, fetch articles, and offer them to the workers.")
work = _role(roles.WORK, "Extract, match and decide: one worker process for each core.")
deliver = _role(roles.DELIVER, "Send alerts to their endpoints.")
serve = _role(roles.SERVE, "Serve the dashboard, the JSON API and the metrics.")
