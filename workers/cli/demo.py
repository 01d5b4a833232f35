"""``wirewatch demo``: the whole service on a newsroom of its own, with a verdict."""

from __future__ import annotations

import click


@click.command("demo")
@click.option("--seed", type=int, default=1, show_default=True, help="Varies the texts; the same seed gives the same texts.")
@click.option(
    "--articles", type=click.Path(exists=True, dir_okay=False), help="Another newsroom's articles, written like workers/demo/articles.yaml."
)
@click.option("--serve", is_flag=True, help="Stay up with the dashboard afterwards.")
def command(*, seed: int, articles: str | None, serve: bool) -> None:
    """Run the whole service on a newsroom on this machine and judge what it sends.

    Exits 0 when every alert that was owed came, nothing else did, and every signature was good.
    """
    import time

    started = time.time()  # before anything heavy is imported: a person waits from here on

    import asyncio
    import os
    import shutil
    import tempfile
    from pathlib import Path

    from rich.console import Console

    from workers import wiring
    from workers.demo import edition
    from workers.demo.play import Demo, World
    from workers.demo.show import Stage

    root = Path(tempfile.mkdtemp(prefix="wirewatch-demo-"))
    printed = edition.load(seed, Path(articles) if articles else edition.ARTICLES)
    world = World(clock=wiring.now, environment=os.environ, root=root)
    try:
        with Stage(printed, Console(highlight=False), clock=wiring.now, started=started) as stage:
            outcome = asyncio.run(Demo(printed, world, stage).play(serve=serve))
    except KeyboardInterrupt:
        shutil.rmtree(root, ignore_errors=True)
        raise
    if not outcome.is_right:
        raise click.exceptions.Exit(1)  # what it kept stays, to be looked into
    shutil.rmtree(root, ignore_errors=True)
