"""``wirewatch group``: which reports tell one story, decided as they stream in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import click

from pipeline.errors import InputError
from pipeline.stories.fingerprint import fingerprint
from pipeline.stories.grouping import Report, StoryPolicy
from pipeline.stories.memory import MemoryIndex, place
from pipeline.urls import canonical
from workers.jsonl import answer


@click.command("group")
@click.option("--jsonl", is_flag=True, required=True, help="Read one JSON object a line, answer one a line.")
def command(*, jsonl: bool) -> None:  # noqa: ARG001 - the contract names the flag; there is no other form
    r"""Put reports in their stories.

    Standard input: {"id", "title", "text", "published"} a line, plus optional "url", "source", "language", about in time
    order (up to 48 h late is tolerated). Answer: {"id", "story", "duplicate_of"}, where "story" is the id of its first
    document and "duplicate_of" the document that this one is a copy of, or null. A printed decision is final.
    """
    desk = Desk(StoryPolicy())
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            out.write(answer(line, desk.place, empty={"story": None, "duplicate_of": None}) + b"\n")
            out.flush()


class Desk:
    """Reads reports in a stream and remembers the stories that are open."""

    def __init__(self, policy: StoryPolicy) -> None:
        """With nothing open."""
        self._policy = policy
        self._index = MemoryIndex(keep=policy.copy_window + policy.late)
        self._latest = 0.0

    def place(self, line: dict[str, Any]) -> dict[str, Any]:
        """One report's story. Raises InputError where the line has no usable id."""
        ident = line.get("id")
        if not isinstance(ident, str | int) or ident == "":
            raise InputError('"id" is missing, or neither a string nor a number')
        title, text = _words(line, "title"), _words(line, "text")
        at = self._instant(line.get("published"))
        source = _words(line, "source") or _words(line, "url").partition("//")[2].partition("/")[0]
        # a number stays a number in the answer; the index only compares and hashes it
        report = Report(id=cast("str", ident), fingerprint=fingerprint(title, text, address=_address(line)), at=at, source=source)
        found = place(report, self._index, self._policy)
        return {"id": ident, "story": found.story, "duplicate_of": found.duplicate_of}

    def _instant(self, published: object) -> float:
        """When the report was published; one that does not say counts as the latest so far."""
        try:
            moment = datetime.fromisoformat(published) if isinstance(published, str) else None
        except ValueError:
            moment = None
        if moment is None:
            return self._latest
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        self._latest = max(self._latest, at)
        return at


def _words(line: dict[str, Any], key: str) -> str:
    value = line.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f'"{key}" is not a string')
    return value


def _address(line: dict[str, Any]) -> str:
    """The article's address in one spelling; none where it is a site's front page."""
    found = canonical(_words(line, "url"))
    return found if urlsplit(found).path.strip("/") or urlsplit(found).query else ""
