"""``wirewatch doctor``: what is installed, reachable and degraded, each with the exact fix."""

from __future__ import annotations

import click


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {ok, findings: [{what, state, says, fix}]}.")
@click.pass_obj
def command(config: str, as_json: bool) -> None:
    """Look at everything the service stands on. Exits 1 when something that it needs is broken."""
    import dataclasses
    import json

    from workers.examination import State, examine

    findings = examine(config)
    ok = not any(one.state is State.BROKEN for one in findings)
    if as_json:
        click.echo(json.dumps({"ok": ok, "findings": [dataclasses.asdict(one) for one in findings]}, ensure_ascii=False))
    else:
        marks = {State.GOOD: "ok      ", State.DEGRADED: "degraded", State.BROKEN: "BROKEN  "}
        for one in findings:
            click.echo(f"{marks[one.state]}  {one.what}: {one.says}")
            if one.fix:
                click.echo(f"          fix: {one.fix}")
    if not ok:
        raise click.exceptions.Exit(1)
