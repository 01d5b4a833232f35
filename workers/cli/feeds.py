"""``wirewatch feeds``: the sources, as configured and as they fare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

if TYPE_CHECKING:
    from pipeline.feeds.spec import FeedSpec
    from pipeline.net.policy import NetPolicy
    from pipeline.store.feeds import FeedHealth

_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group("feeds")
def command() -> None:
    """Look at the sources, add to them, and see how they fare."""


@command.command("list")
@_JSON
@click.pass_obj
def list_(directory: str, *, as_json: bool) -> None:
    """Show the feeds of the configuration."""
    for feed in _configured(directory):
        if as_json:
            _print_json(
                {"url": feed.url, "name": feed.name, "tier": feed.tier, "every": feed.every, "tags": feed.tags, "enabled": feed.enabled}
            )
        else:
            every = f"every {_span(feed.every)}" if feed.every else f"tier {feed.tier}"
            click.echo(f"{'' if feed.enabled else 'off '}{every:12} {feed.name or '-':32.32} {feed.url}")


@command.command()
@click.argument("url")
@click.option("--name", default="", help="What to call it; the feed's own title when left out.")
@click.option("--tag", "tags", multiple=True, help="A tag for rules and alerts; may be repeated.")
@click.option("--every", default=None, metavar="DURATION", help="Poll this often (30s, 10m, 2h) instead of learning.")
@click.option("--tier", type=click.IntRange(1, 3), default=2, show_default=True, help="1: cannot be missed; 3: background.")
@click.pass_obj
def add(directory: str, url: str, name: str, tags: Sequence[str], every: str | None, tier: int) -> None:
    """Add the feed at URL to feeds.yaml. Nothing is fetched; a running service takes it up within seconds."""
    from pipeline.errors import ConfigError
    from pipeline.feeds.spec import FeedSpec
    from pipeline.model import parse_duration

    try:
        parse_duration(every)
    except ValueError as error:
        raise ConfigError(f"--every: {error}") from None
    if not url.startswith(("http://", "https://", "file://")):
        raise ConfigError(f"{url!r} is no address of a feed; write https://… (`wirewatch feeds discover` finds it for a site)")
    added = _append(directory, [FeedSpec(url=url, name=name, tags=tuple(tags), tier=tier)], every=every)
    click.echo(f"added {url} to {_file(directory)}" if added else f"{url} is there already")


@command.command("import")
@click.argument("opml", type=click.File("rb"))
@click.pass_obj
def import_(directory: str, opml: BinaryIO) -> None:
    """Add the feeds of an OPML file to feeds.yaml; folders become tags."""
    from pipeline.feeds.opml import read

    feeds = read(opml.read())
    added = _append(directory, feeds)
    click.echo(f"added {added} of {len(feeds)} feeds to {_file(directory)}; {len(feeds) - added} were there already")


@command.command()
@click.pass_obj
def export(directory: str) -> None:
    """Write the feeds of the configuration to standard output as OPML."""
    from pipeline.feeds.opml import write

    click.echo(write(_configured(directory)), nl=False)


@command.command()
@click.argument("url")
@_JSON
@click.pass_obj
def discover(directory: str, url: str, *, as_json: bool) -> None:
    """Find the feeds of the site or page at URL, in at most 12 requests. Uses the network."""
    import asyncio

    from pipeline.net.policy import NetPolicy
    from workers.wiring import Wiring

    net = Wiring.to_look(directory).configuration.settings.net if Path(directory).is_dir() else NetPolicy()
    found = asyncio.run(_discover(net, url))
    for feed in found:
        if as_json:
            _print_json({"url": feed.url, "title": feed.title, "kind": feed.kind, "entries": feed.entries, "why": feed.why})
        else:
            click.echo(f"{feed.url}  {feed.kind}, {feed.entries} entries  {feed.title}")
    if not found:
        raise click.ClickException(f"no feed was found at {url}")


@command.command()
@_JSON
@click.pass_obj
def health(directory: str, *, as_json: bool) -> None:
    """Show how every feed fares: state, reason, since when, next try, rate and lag."""
    from workers.wiring import Wiring, now

    wiring = Wiring.to_look(directory)
    with wiring.open_store() as store:
        feeds, incidents, at = store.feeds.health(), store.hosts.incidents(now()), now()
    if not feeds and not as_json:
        click.echo("no feed yet: the service has not run with this configuration")
    for feed in feeds:
        if as_json:
            _print_json(_health_json(feed))
        else:
            click.echo(_health_line(feed, at))
    for host in incidents:
        if as_json:
            _print_json({"host": host.host, "incident": host.incident, "since": host.incident_since, "backoff_until": host.backoff_until})
        elif host.incident:
            click.echo(f"{host.host}: {host.incident}, since {_ago(host.incident_since, at)}")


def _health_json(feed: FeedHealth) -> dict[str, Any]:
    from dataclasses import asdict
    from datetime import UTC, datetime

    moments = {"since", "next_try", "last_poll", "last_success", "last_entry"}
    said = asdict(feed)
    return {
        name: datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds") if name in moments and value is not None else value
        for name, value in said.items()
    }


def _health_line(feed: FeedHealth, now: float) -> str:
    said = f"{feed.state:8} {feed.name or feed.url:32.32} since {_ago(feed.since, now):8} next {_in(feed.next_try, now):8}"
    habits = f"{feed.rate:.1f}/day" if feed.rate is not None else "-"
    lag = f"lag {_span(feed.lag)}" if feed.lag is not None else "lag -"
    every = f"every {_span(feed.interval)}" if feed.interval is not None else ""
    moved = f"  moved to {feed.fetch_url}" if feed.fetch_url != feed.url else ""
    return f"{said} {habits:>9} {lag:9} {every:11}{'  ' + feed.reason if feed.reason else ''}{moved}".rstrip()


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds / size:.3g}{unit}"
    return f"{seconds:.3g}s"


def _ago(then: float | None, now: float) -> str:
    return "-" if then is None else _span(max(0.0, now - then))


def _in(then: float, now: float) -> str:
    return "now" if then <= now else f"in {_span(then - now)}"


async def _discover(net: NetPolicy, url: str) -> Sequence[Any]:
    from pipeline.flow.discovery import discover_feeds
    from pipeline.net.fetch import Fetcher
    from pipeline.net.politeness import Governor, Rules
    from pipeline.net.robots import Robots

    async with Fetcher(net, Governor(Rules(net))) as fetcher:
        return await discover_feeds(url, fetcher, Robots(fetcher, net.user_agent), limit=net.feed_bytes)


def _configured(directory: str) -> tuple[FeedSpec, ...]:
    from workers.wiring import Wiring

    return Wiring.to_look(directory).configuration.feeds


def _file(directory: str) -> Path:
    return Path(directory) / "feeds.yaml"


def _append(directory: str, feeds: Sequence[FeedSpec], *, every: str | None = None) -> int:
    """Add feeds to feeds.yaml, comments and layout untouched. Returns how many were not there already."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    from pipeline.errors import ConfigError
    from pipeline.feeds.spec import FeedSpec

    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    path = _file(directory)
    if not path.parent.is_dir():
        raise ConfigError(f"{directory}: no such configuration directory")
    content = yaml.load(path.read_text("utf-8")) if path.exists() else CommentedMap()
    content = CommentedMap() if content is None else content
    there = content.setdefault("feeds", CommentedSeq())
    if there is None:
        there = content["feeds"] = CommentedSeq()
    known = {str(feed.get("url")) for feed in there}
    added = 0
    for feed in feeds:
        if feed.url in known:
            continue
        said = {
            "url": feed.url,
            "name": feed.name,
            "tier": feed.tier if feed.tier != FeedSpec(url="").tier else None,
            "every": every,
            "tags": list(feed.tags),
        }
        line = CommentedMap({name: value for name, value in said.items() if value})
        line.fa.set_flow_style()
        there.append(line)
        known.add(feed.url)
        added += 1
    if added:
        fresh = path.with_suffix(".yaml.new")
        with fresh.open("w", encoding="utf-8") as out:
            yaml.dump(content, out)
        fresh.replace(path)
    return added


def _print_json(value: dict[str, Any]) -> None:
    import orjson

    click.echo(orjson.dumps(value).decode("utf-8"))
