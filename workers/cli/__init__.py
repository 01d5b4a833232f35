"""The command line. Each command is a module of this package, imported only when it is called.

``wirewatch --help`` must answer at once, so nothing heavy is imported here: the group knows each command's module and
one line about it, and no more.
"""

from __future__ import annotations

import importlib
import sys
from typing import Final, NamedTuple

import click

from pipeline.errors import ConfigError, WirewatchError


class Entry(NamedTuple):
    """Where a command lives and what ``--help`` says of it."""

    module: str
    """``module`` with a click command (or group) named ``command`` in it, or ``module:name``."""
    says: str


# In the order that ``--help`` shows them.
SECTIONS: Final[dict[str, dict[str, Entry]]] = {
    "Start here": {
        "demo": Entry("workers.cli.demo", "The whole service on a newsroom of its own, in a minute."),
        "check": Entry("workers.cli.check", "Is the configuration right, and will its names behave?"),
        "doctor": Entry("workers.cli.doctor", "What is installed, reachable and degraded, each with the fix."),
    },
    "Run the service": {
        "run": Entry("workers.cli.run", "The whole service in one process tree."),
        "poll": Entry("workers.cli.role:poll", "One role: read feeds, fetch articles."),
        "work": Entry("workers.cli.role:work", "One role: extract, match, decide."),
        "deliver": Entry("workers.cli.role:deliver", "One role: send alerts."),
        "serve": Entry("workers.cli.role:serve", "One role: dashboard, JSON API, metrics."),
        "dashboard": Entry("workers.cli.dashboard", "The address that opens the dashboard, with its token."),
        "alive": Entry("workers.cli.alive", "Has a role shown life on this machine lately?"),
        "schema": Entry("workers.cli.schema", "Write JSON Schemas for editors and receivers."),
    },
    "One stage by hand": {
        "parse-feed": Entry("workers.cli.parse_feed", "Read a feed: bytes in, a JSON line for each entry out."),
        "extract": Entry("workers.cli.extract", "Read the story out of pages: JSON lines in and out."),
        "match": Entry("workers.cli.match", "Say whom documents mean, and why: JSON lines in and out."),
        "group": Entry("workers.cli.group", "Put reports in their stories, find copies: JSON lines in and out."),
    },
    "Look and act": {
        "watchlist": Entry("workers.cli.watchlist", "Who is watched: list, import, suggest, plan a change."),
        "feeds": Entry("workers.cli.feeds", "The sources: list, add, import, export, discover, health."),
        "explain": Entry("workers.cli.explain", "Why an article alerts or does not, told to a person."),
        "alerts": Entry("workers.cli.alerts", "What alerted and why; review, export."),
        "backfill": Entry("workers.cli.backfill", "A new name against the archive: what would have fired."),
        "deliveries": Entry("workers.cli.deliveries", "What was sent and how it went; replay, test an endpoint."),
        "mutes": Entry("workers.cli.mutes", "What is kept quiet, by whom, why and until when."),
        "prune": Entry("workers.cli.prune", "Forget what is past its retention; purge an article by name."),
        "export": Entry("workers.cli.ledger:export", "The whole ledger into one file."),
        "restore": Entry("workers.cli.ledger:restore", "Such a file into an empty database of either kind."),
        "receive": Entry("workers.cli.receive", "A receiver to try with: verifies signatures, prints alerts."),
    },
}


class _Commands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the sections."""
        return [name for commands in SECTIONS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, or None where there is none of that name."""
        for commands in SECTIONS.values():
            if cmd_name in commands:
                module, _, name = commands[cmd_name].module.partition(":")
                loaded = getattr(importlib.import_module(module), name or "command")
                return loaded if isinstance(loaded, click.Command) else None
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The sections, one line a command, without importing any."""
        for section, commands in SECTIONS.items():
            if commands:
                with formatter.section(section):
                    formatter.write_dl([(name, entry.says) for name, entry in commands.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wirewatch", prog_name="wirewatch")
@click.option(
    "--config",
    metavar="DIR",
    envvar="WIREWATCH_CONFIG",
    default="config",
    show_default=True,
    help="Configuration directory (or WIREWATCH_CONFIG).",
)
@click.pass_context
def wirewatch(ctx: click.Context, config: str) -> None:
    """Watch the news for names, and POST a signed webhook when one is really meant."""
    ctx.obj = config


def main() -> None:
    """Run the command line; exits 0 when done, 1 when it failed, 2 when the call or the configuration is wrong."""
    try:
        code = wirewatch(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)  # outside of its standalone mode click returns the code of an Exit
    except click.ClickException as error:
        error.show()
        sys.exit(2 if isinstance(error, click.UsageError) else 1)
    except click.Abort:
        sys.exit(130)
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(2)
    except WirewatchError as error:
        click.echo(f"wirewatch: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away (``| head``): nothing is wrong, and nobody is left to tell
        sys.exit(0)
