"""``wirewatch extract --jsonl``: pages in, stories out, one JSON object a line."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

if TYPE_CHECKING:
    from pipeline.articles.extract import Draft
    from pipeline.model import Extraction
    from workers.site_notebook import SiteNotebook

EMPTY: Final[dict[str, Any]] = {
    "status": "garbled",
    "title": None,
    "text": "",
    "author": None,
    "published": None,
    "language": None,
    "canonical_url": None,
    "removed": [],
}
"""What stands beside ``error`` for a page that no child survived; the statuses have no word for it that fits better."""


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help='Read {"id","url","html"} a line on standard input.')
@click.option(
    "--site-memory",
    metavar="input|off|DIR",
    default="input",
    show_default=True,
    help="Where to learn what a site repeats: the whole input before the first answer, nowhere, or a directory that is kept.",
)
def command(*, jsonl: bool, site_memory: str) -> None:  # noqa: ARG001
    """Read the story out of each page: JSON lines in, JSON lines out."""
    from pipeline.articles.language import detect

    detect("The children of this process share the model that this sentence loads.")
    drafts = _drafts(line for line in sys.stdin.buffer if line.strip())
    if site_memory == "off":
        answers: Iterable[bytes] = (_printed(_loads(line)) for line in drafts)
        _write(answers)
        return
    from workers.site_notebook import SiteNotebook

    with tempfile.TemporaryDirectory(prefix="wirewatch-") as scratch:
        if site_memory == "input":
            notebook = SiteNotebook(Path(scratch))
            _write(_read_twice(drafts, notebook, Path(scratch) / "drafts.jsonl"))
        else:
            notebook = SiteNotebook(Path(site_memory))
            _write(_one_by_one(drafts, notebook))
        notebook.close()


def _read_twice(drafts: Iterable[bytes], notebook: SiteNotebook, spool: Path) -> Iterator[bytes]:
    """Learn from everything, then answer: the answers do not depend on the order of the input."""
    with spool.open("w+b") as file:
        for line in drafts:
            file.write(line + b"\n")
            _learn(_loads(line), notebook)
        file.seek(0)
        for line in file:
            yield _printed(_remembered(_loads(line), notebook))


def _one_by_one(drafts: Iterable[bytes], notebook: SiteNotebook) -> Iterator[bytes]:
    for line in drafts:
        read = _loads(line)
        yield _printed(_remembered(dict(read), notebook))
        _learn(read, notebook)


def _learn(read: dict[str, Any], notebook: SiteNotebook) -> None:
    from pipeline.articles.memory import Lesson

    if "lesson" in read:
        site, article, lines = read["lesson"]
        notebook.record(Lesson(site=site, article=article, lines=tuple(lines)))


def _remembered(read: dict[str, Any], notebook: SiteNotebook) -> dict[str, Any]:
    """The answer without what the site repeats."""
    from pipeline.articles.memory import Standing, questions, repeated

    if not read.get("standings"):
        return read
    site, article, _ = read["lesson"]
    lines = read["text"].split("\n")
    standings = [Standing(words=words, home=home, linked=linked) for words, home, linked in read["standings"]]
    gone = repeated(lines, standings, notebook.carriers(site, article, questions(lines)))
    read["removed"] += [{"text": lines[number], "reason": "site_memory"} for number in sorted(gone)]
    read["text"] = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    return read


def _drafts(lines: Iterable[bytes]) -> Iterator[bytes]:
    from workers.cores import cores
    from workers.crew import CrewPolicy, work_through

    return work_through(lines, _draft_line, _lost, processes=cores(), policy=CrewPolicy())


def _draft_line(line: bytes) -> bytes:
    from workers.jsonl import answer

    return answer(line, _draft, empty={})


def _draft(request: dict[str, Any]) -> dict[str, Any]:
    """One page's answer in the contract's words, and what a site memory needs to go on with it."""
    from pipeline.articles.extract import draft
    from pipeline.articles.memory import learn
    from pipeline.errors import InputError

    html, url = request.get("html"), request.get("url") or ""
    if not isinstance(html, str) or not isinstance(url, str):
        raise InputError('"html" and "url" must be strings, and "html" must be there')
    read = draft(html, url=url)
    return _told(request.get("id"), read.extraction) | _for_memory(read, learn(read.extraction, url=url))


def _told(ident: Any, story: Extraction) -> dict[str, Any]:
    return {
        "id": ident,
        "status": story.status,
        "title": story.title,
        "text": story.text,
        "author": story.author,
        "published": story.published,
        "language": story.language,
        "canonical_url": story.canonical_url,
        "removed": [{"text": line.text, "reason": line.reason} for line in story.removed],
    }


def _for_memory(read: Draft, lesson: Any) -> dict[str, Any]:
    if not read.standings:
        return {}
    return {
        "standings": [[line.words, line.home, round(line.linked, 3)] for line in read.standings],
        "lesson": [lesson.site, lesson.article, lesson.lines],
    }


def _lost(line: bytes, why: str) -> bytes:
    try:
        ident = orjson.loads(line).get("id")
    except (orjson.JSONDecodeError, AttributeError):
        ident = None
    return orjson.dumps({"id": ident, "error": f"given up: {why}", **EMPTY})


def _loads(line: bytes) -> dict[str, Any]:
    import json

    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError:  # lone surrogates
        read = json.loads(line)
    return dict(read)


def _printed(read: dict[str, Any]) -> bytes:
    import json

    read.pop("standings", None)
    read.pop("lesson", None)
    try:
        return orjson.dumps(read)
    except (TypeError, orjson.JSONEncodeError):
        return json.dumps(read).encode("ascii")


def _write(answers: Iterable[bytes]) -> None:
    out = sys.stdout.buffer
    for answer in answers:
        out.write(answer + b"\n")
    out.flush()
