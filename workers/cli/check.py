"""``wirewatch check``: is the configuration right, and will its names behave?"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.settings.types import Configuration


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {ok, problems, warnings, revision}.")
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@click.pass_obj
def command(config: str, as_json: bool, strict: bool) -> None:
    """Validate DIR: every error as file:line:column with the likely fix; aliases that will misfire; the lists' own tests."""
    from pipeline.errors import ConfigError
    from pipeline.settings.load import load

    try:
        found = load(Path(config), os.environ)
        problems: tuple[str, ...] = tuple(failed_tests(found))
        warnings: tuple[str, ...] = (*found.warnings, *_misfires(found))
    except ConfigError as error:
        found, problems, warnings = None, error.problems, ()
    bad = bool(problems) or (strict and bool(warnings))
    if as_json:
        revision = found.revision if found else None
        click.echo(json.dumps({"ok": not bad, "problems": problems, "warnings": warnings, "revision": revision}, ensure_ascii=False))
    else:
        _tell(None if bad else found, problems, warnings)
    if bad:
        raise click.exceptions.Exit(2)


def _tell(found: Configuration | None, problems: tuple[str, ...], warnings: tuple[str, ...]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    for warning in warnings:
        click.echo(f"{warning} (warning)", err=True)
    if found is not None:
        entities = sum(len(one.entities) for one in found.watchlists)
        click.echo(
            f"ok: {_many(len(found.feeds), 'feed')}, {_many(len(found.watchlists), 'watchlist')} with {_many(entities, 'entity')}, "
            f"{_many(len(found.endpoints), 'endpoint')}; revision {found.revision[:19]}"
        )


def _many(count: int, what: str) -> str:
    plural = f"{what.removesuffix('y')}ies" if what.endswith("y") else f"{what}s"
    return f"{count} {what if count == 1 else plural}"


def _misfires(found: Configuration) -> list[str]:
    from pipeline.mentions.misfire import misfires

    return [f"watchlists/{one.watchlist}: {warning}" for one in found.watchlists for warning in misfires(one)]


def failed_tests(found: Configuration) -> list[str]:
    """What the lists' own tests say that does not come true."""
    if not any(one.tests for one in found.watchlists):
        return []
    from pipeline.mentions.examples import failures  # heavy, and for nothing where no list has tests
    from pipeline.mentions.match import compile_watchlist

    matcher = compile_watchlist(found.watchlists)
    return [f"watchlists/{one.watchlist}: {failure}" for one in found.watchlists for failure in failures(one, matcher)]
