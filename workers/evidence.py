"""What can be shown to somebody who was not there? Alerts with the pages behind them, as one bundle that proves itself.

A bundle is a zip file: ``alerts.jsonl`` (each alert with its message, evidence, deliveries and attempts), ``pages.warc.gz`` (each
page as it was answered, in the archive format of libraries, ISO 28500), ``alerts.csv`` for spreadsheets, and ``manifest.json``
with the SHA-256 of every file and of every page's bytes. ``verify`` checks all of them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

import orjson
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import InputError
from pipeline.store import Store
from pipeline.store.articles import PageForAnalysis

COLUMNS: Final = (
    "created",
    "id",
    "entity",
    "watchlist",
    "tier",
    "severity",
    "state",
    "author",
    "note",
    "reason",
    "title",
    "url",
    "source",
    "published",
    "text_sha256",
    "page_sha256",
)
_UNPACKED: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that speak of how a body travelled; it is kept unpacked, so they would be lies."""


def bundle(store: Store, target: Path, *, since: float = 0.0, until: float | None = None, made_at: float) -> int:
    """Write a bundle of all alerts of that time. Returns how many. The file appears whole or not at all."""
    count = 0
    shown: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        place = Path(scratch)
        with (
            (place / "alerts.jsonl").open("wb") as lines,
            (place / "pages.warc.gz").open("wb") as warc,
            _table(place / "alerts.csv") as table,
        ):
            writer = WARCWriter(warc, gzip=True)
            writer.write_record(writer.create_warcinfo_record("pages.warc.gz", {"software": f"wirewatch {version('wirewatch')}"}))
            for row in store.alerts.export_rows(since=since, until=until):
                page = store.articles.page(row["article"]["page_id"]) if row["article"] else None
                if page is not None and page.id not in shown:
                    shown[page.id] = page.sha256
                    writer.write_record(_response(writer, page))
                lines.write(
                    orjson.dumps(
                        {**row, "body": orjson.loads(row["body"]) if row["body"] else None}, default=str, option=orjson.OPT_NON_STR_KEYS
                    )
                    + b"\n"
                )
                csv.writer(table).writerow(_cells(row, page))
                count += 1
        _pack(place, target, {"made": _iso(made_at), "alerts": count, "pages": shown})
    return count


def as_csv(store: Store, sink: IO[str], *, since: float = 0.0, until: float | None = None) -> int:
    """The alerts of that time as a table. Returns how many."""
    writer, count = csv.writer(sink), 0
    writer.writerow(COLUMNS)
    for row in store.alerts.export_rows(since=since, until=until):
        page = store.articles.page(row["article"]["page_id"]) if row["article"] else None
        writer.writerow(_cells(row, page))
        count += 1
    return count


def verify(target: Path) -> Iterator[str]:
    """What does not match the manifest, a line each; nothing where all is as it was written.

    Raises:
        InputError: it is no bundle.
    """
    try:
        with zipfile.ZipFile(target) as packed:
            manifest = json.loads(packed.read("manifest.json"))
            for name, expected in manifest["files"].items():
                if hashlib.sha256(packed.read(name)).hexdigest() != expected:
                    yield f"{name} was changed after it was written"
            yield from _wrong_pages(io.BytesIO(packed.read("pages.warc.gz")), set(manifest["pages"].values()))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{target} is no bundle of wirewatch ({error}); `wirewatch alerts export` writes one") from error


def _wrong_pages(warc: IO[bytes], expected: set[str]) -> Iterator[str]:
    from warcio.archiveiterator import ArchiveIterator

    found = {
        hashlib.sha256(record.content_stream().read()).hexdigest() for record in ArchiveIterator(warc) if record.rec_type == "response"
    }
    yield from (f"the page with SHA-256 {missing} is not among the pages" for missing in sorted(expected - found))


def _response(writer: WARCWriter, page: PageForAnalysis) -> Any:
    headers = [(name, value) for name, value in page.headers.items() if name.lower() not in _UNPACKED]
    head = StatusAndHeaders(f"{page.status or 200} OK", [*headers, ("Content-Length", str(len(page.body)))], protocol="HTTP/1.1")
    return writer.create_warc_record(
        page.final_url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=head,
        warc_headers_dict={"WARC-Date": _iso(page.fetched_at), "WARC-Record-ID": f"<urn:sha256:{page.sha256}>"},
    )


def _table(path: Path) -> IO[str]:
    sink = path.open("w", encoding="utf-8", newline="")
    csv.writer(sink).writerow(COLUMNS)
    return sink


def _cells(row: dict[str, Any], page: PageForAnalysis | None) -> Iterable[str]:
    alert, article = row["alert"], row["article"] or {}
    values = {
        **{name: alert[name] for name in ("id", "entity", "watchlist", "tier", "severity", "state", "author", "note", "reason")},
        "created": _iso(alert["created_at"]),
        **{name: article.get(name) for name in ("title", "url", "published", "text_sha256")},
        "source": page.feed.name or page.feed.url if page else "",
        "page_sha256": page.sha256 if page else "",
    }
    return [_safe(str(values[name] or "")) for name in COLUMNS]


def _safe(cell: str) -> str:
    """A spreadsheet runs a cell that starts with one of these; a quote before it makes it text (OWASP, "CSV Injection")."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _pack(place: Path, target: Path, manifest: dict[str, Any]) -> None:
    names = sorted(path.name for path in place.iterdir())
    manifest["files"] = {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in names}
    whole = place / "bundle.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.write(place / name, name)
        packed.writestr("manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
    whole.replace(target)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
