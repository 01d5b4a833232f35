"""Get a feed's document, from the network or from this machine, and say what came: a document, nothing new, or trouble."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pipeline.errors import FetchError
from pipeline.feeds.caching import retry_after
from pipeline.feeds.health import Trouble
from pipeline.net.fetch import Fetcher, Hop, Response, Validators
from pipeline.net.inflate import BrokenEncodingError, decoder
from pipeline.store.feeds import FeedForPoll

ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5"
)
LARGE: Final = 200_000
"""Bytes from which a body is unpacked and compared in a thread, so that the event loop is not held up."""
_FEED_FILES: Final = frozenset({".xml", ".rss", ".atom", ".rdf", ".json", ".cdf"})
_NOT_MODIFIED: Final = 304
GZIP: Final = b"\x1f\x8b"
"""How a file begins that is gzip itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """What was got. ``bodies`` is empty where nothing changed."""

    bodies: tuple[bytes, ...] = ()
    """One for a feed; one a file for a directory."""
    url: str = ""
    """Where it came from in the end."""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    body_hash: str | None = None
    etag: str | None = None
    last_modified: str | None = None


async def obtain(feed: FeedForPoll, fetcher: Fetcher, *, limit: int, now: float) -> Document | Trouble:
    """The feed's document. Nothing is raised but what is a fault of ours."""
    if feed.fetch_url.startswith("file:"):
        return await asyncio.to_thread(_from_files, feed, limit)
    known = Validators(url=feed.validators_url or "", etag=feed.etag, last_modified=feed.last_modified)
    headers: dict[str, str] = {"Accept": ACCEPT, **dict(feed.options.get("headers") or {})}
    try:
        answer = await fetcher.get(feed.fetch_url, headers=headers, validators=known, limit=limit)
    except FetchError as error:
        return Trouble(code=error.code, message=str(error), retry_after=error.retry_after)
    read = partial(_read, feed, answer, limit, now)
    return await asyncio.to_thread(read) if len(answer.body) >= LARGE or answer.body.startswith(GZIP) else read()


def _read(feed: FeedForPoll, answer: Response, limit: int, now: float) -> Document | Trouble:
    if answer.status == _NOT_MODIFIED:
        return _document(feed, answer, bodies=(), body_hash=feed.body_hash)
    if not answer.ok:
        return Trouble(
            code=f"http_{answer.status}",
            message=f"{answer.url} answers {answer.status}",
            status=answer.status,
            retry_after=retry_after(answer.headers, now),
        )
    body = answer.body
    try:
        body = ungzipped(body, limit)
    except (BrokenEncodingError, ValueError) as error:
        return Trouble(code="too_large" if isinstance(error, OverflowError) else "bad_body", message=f"{answer.url}: {error}")
    hashed = digest(body)
    unchanged = hashed == feed.body_hash
    return _document(feed, answer, bodies=() if unchanged else (body,), body_hash=hashed)


def _document(feed: FeedForPoll, answer: Response, *, bodies: tuple[bytes, ...], body_hash: str | None) -> Document:
    """Validators are kept as they came. A 304 need not repeat them; then the old ones stay."""
    again = answer.status == _NOT_MODIFIED
    return Document(
        bodies=bodies,
        url=answer.url,
        content_type=answer.headers.get("Content-Type"),
        headers=answer.headers,
        hops=answer.hops,
        body_hash=body_hash,
        etag=answer.headers.get("ETag") or (feed.etag if again else None),
        last_modified=answer.headers.get("Last-Modified") or (feed.last_modified if again else None),
    )


def ungzipped(body: bytes, limit: int) -> bytes:
    """A file that is gzip itself (``sitemap.xml.gz``), unpacked up to ``limit``; anything else as it is.

    Raises BrokenEncodingError, or ValueError where it is larger.
    """
    if not body.startswith(GZIP):
        return body
    unpack, pieces, size = decoder("gzip"), [], 0
    for piece in unpack.feed(body):
        size += len(piece)
        if size > limit:
            raise ValueError(f"the file is larger than {limit} bytes after decompression")
        pieces.append(piece)
    unpack.finish()
    return b"".join(pieces)


def digest(body: bytes) -> str:
    """What a body is compared by."""
    return hashlib.sha256(body).hexdigest()[:32]


def _from_files(feed: FeedForPoll, limit: int) -> Document | Trouble:
    """A file, or every feed file in a directory in order of name. Unchanged while names, sizes and times are."""
    path = Path(unquote(urlsplit(feed.fetch_url).path))
    try:
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in _FEED_FILES) if path.is_dir() else [path]
        state: list[Any] = [(file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
        hashed = digest(repr(state).encode())
        if hashed == feed.body_hash:
            return Document(url=feed.fetch_url, body_hash=hashed)
        bodies = tuple(file.read_bytes()[:limit] for file in files)
    except OSError as error:
        return Trouble(code="no_file", message=f"{path}: {error.strerror}")
    return Document(bodies=bodies, url=feed.fetch_url, body_hash=hashed)
