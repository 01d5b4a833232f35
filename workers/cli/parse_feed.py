"""``wirewatch parse-feed``: a feed's bytes in, one JSON line an entry out."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

_MOST = 256 * 1024 * 1024
"""Largest gzipped file that is unpacked."""


@click.command("parse-feed")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of text for a person.")
@click.option("--url", default="", metavar="URL", help="Where the feed came from, to resolve relative links.")
@click.option("--content-type", default=None, metavar="TYPE", help="The Content-Type that it was served with.")
def command(file: BinaryIO, *, as_json: bool, url: str, content_type: str | None) -> None:
    """Read a feed (RSS, Atom, RDF, CDF, JSON Feed, news sitemap) from FILE or standard input."""
    import orjson

    from pipeline.errors import InputError
    from pipeline.flow.obtain import ungzipped

    try:
        body = ungzipped(file.read(), _MOST)
    except ValueError as error:
        raise InputError(str(error)) from error
    for entry in _entries(body, url, content_type):
        if as_json:
            click.echo(orjson.dumps(entry).decode("utf-8"))
        else:
            click.echo(f"{entry['published'] or entry['updated'] or 'no date':25}  {entry['title'] or '(no title)'}")
            click.echo(f"{'':27}{entry['url'] or '(no link)'}")


def _entries(body: bytes, url: str, content_type: str | None) -> list[dict[str, Any]]:
    from pipeline.errors import InputError
    from pipeline.feeds.parse import fuller, parse
    from workers import authority

    try:
        feed = parse(body, url=url, content_type=content_type)
    except InputError:
        found = authority.once(body, url=url, content_type=content_type) if body.strip() else None
        if found is None or not found.entries:
            raise
        feed = found
    if feed.needs_authority:
        feed = fuller(feed, authority.once(body, url=url or feed.self_url or feed.link, content_type=content_type))
    fields = ("id", "url", "title", "summary", "author", "published", "updated")
    return [{field: getattr(entry, field) or None for field in fields} for entry in feed.entries]
