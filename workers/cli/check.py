"""``wirewatch check``: is the configuration right, and will its names behave?"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.mentions.misfire import Misfire
    from pipeline.mentions.watchlist import Entity, Watchlist
    from pipeline.settings.cross import Files
    from pipeline.settings.types import Configuration
    from pipeline.settings.yamlfile import Path as Place


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: {ok, problems, warnings, revision}.")
@click.option("--strict", is_flag=True, help="Warnings count as problems.")
@click.pass_obj
def command(config: str, as_json: bool, strict: bool) -> None:
    """Validate DIR: every error as file:line:column with the likely fix; aliases that will misfire; the lists' own tests."""
    from pipeline.errors import ConfigError
    from pipeline.settings.load import load_with_files

    gc.disable()  # what is read stays to the end, and looking for garbage in it is a quarter of the work
    try:
        found, files = load_with_files(Path(config), os.environ)
        problems: tuple[str, ...] = tuple(failed_tests(found, files))
        warnings: tuple[str, ...] = (*found.warnings, *_misfires(found, files))
    except ConfigError as error:
        found, problems, warnings = None, error.problems, ()
    finally:
        gc.enable()
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


def _misfires(found: Configuration, files: Files) -> Iterator[str]:
    from pipeline.mentions.misfire import misfires

    for file, one in zip(files.watchlists, found.watchlists, strict=True):
        where = {entity.id: index for index, entity in enumerate(one.entities)}
        for misfire in misfires(one):
            yield file.problem(_place(one, where[misfire.entity], misfire), str(misfire))


def _place(watchlist: Watchlist, index: int, misfire: Misfire) -> Place:
    """Where the name stands that will misfire."""
    entity: Entity = watchlist.entities[index]
    for key in ("strong_aliases", "aliases"):
        names = getattr(entity, key)
        if misfire.alias in names:
            return ("entities", index, key, names.index(misfire.alias))
    return ("entities", index, "name")


def failed_tests(found: Configuration, files: Files) -> Iterator[str]:
    """What the lists' own tests say that does not come true."""
    if not any(one.tests for one in found.watchlists):
        return
    from pipeline.mentions.examples import failures  # heavy, and for nothing where no list has tests
    from pipeline.mentions.match import compile_watchlist

    matcher = compile_watchlist(found.watchlists)
    for file, one in zip(files.watchlists, found.watchlists, strict=True):
        for number, failure in failures(one, matcher):
            yield file.problem(("tests", number), failure)
