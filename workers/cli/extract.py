"""``wirewatch extract --jsonl``: pages in, stories out, one JSON object a line."""

from __future__ import annotations

from typing import Any

import click


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help='Read {"id","url","html"} a line on standard input.')
def command(*, jsonl: bool) -> None:  # noqa: ARG001
    """Read the story out of each page: JSON lines in, JSON lines out."""
    from workers import jsonl as lines

    lines.run(answer, empty={})


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """One page's answer in the contract's words."""
    from pipeline.articles.extract import extract

    story = extract(request["html"], url=request.get("url") or "")
    return {
        "id": request.get("id"),
        "status": story.status,
        "title": story.title,
        "text": story.text,
        "author": story.author,
        "published": story.published,
        "language": story.language,
        "canonical_url": story.canonical_url,
        "removed": [{"text": line.text, "reason": line.reason} for line in story.removed],
    }
