"""Which earlier articles could be about the same event? The keys of every recent article, and what is compared in full.

A key (a band) is a signed 64-bit number that similar articles are likely to share: a shingle of the text, a rare word, a
name. What it means is the caller's business. Cost per article follows from how many share its keys, never from how many
articles there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, TextClause, func, select, text

from pipeline.model import Instant
from pipeline.store.columns import packed, signed, unpacked
from pipeline.store.engine import Database
from pipeline.store.sql import as_numbers, chunks, fields, numbers, the, these, upsert
from pipeline.store.tables import bands, members, signatures

KEYS: Final = 100
"""Keys asked for in one statement."""
EXACT: Final = 10_000
"""Articles up to which PostgreSQL counts the index, because its estimate is empty until the table was first analysed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An earlier article that the index found."""

    article_id: str
    story_id: str
    at: Instant
    source: str
    features: Mapping[str, Any]
    """What was stored with it, for the exact comparison."""


def postings(
    database: Database, connection: Connection, keys: Sequence[int], *, since: Instant, until: Instant, most: int
) -> dict[int, list[str]]:
    """For each key the articles of the span that hold it, newest first, at most ``most``; keys without any are absent."""
    found: dict[int, list[str]] = {}
    span = {"since": since, "until": until, "most": most}
    for part in chunks(sorted({signed(key) for key in keys}), KEYS):
        if database.dialect == "postgresql":
            rows = connection.execute(_LATERAL, span | {"bands": part})
        else:
            rows = connection.execute(_union(len(part)), span | {f"k{n}": key for n, key in enumerate(part)})
        for band, article in rows:
            found.setdefault(band, []).append(article)
    return found


_ONE: Final = "SELECT band, article_id, at FROM bands WHERE band = {band} AND at >= :since AND at <= :until ORDER BY at DESC LIMIT :most"
_LATERAL: Final = text(
    "SELECT b.band, b.article_id FROM unnest(CAST(:bands AS bigint[])) AS k(key), "  # noqa: S608 - from constants
    f"LATERAL ({_ONE.format(band='k.key')}) AS b ORDER BY b.at DESC"
)


@cache
def _union(count: int) -> TextClause:
    """SQLite has no LATERAL: one branch a key, each a walk of the primary key that stops after ``most``."""
    branches = " UNION ALL ".join(f"SELECT * FROM ({_ONE.format(band=f':k{n}')})" for n in range(count))  # noqa: S608 - from constants
    return text(f"SELECT band, article_id FROM ({branches}) ORDER BY at DESC")  # noqa: S608 - from constants


_KNOWN: Final = (
    select(members.c.story_id, members.c.source, signatures.c.article_id, signatures.c.at, signatures.c.features)
    .join(members, members.c.article_id == signatures.c.article_id)
    .where(signatures.c.article_id.in_(these("articles")))
)
_GUESS: Final = text("SELECT reltuples FROM pg_class WHERE oid = 'signatures'::regclass")
_SPAN: Final = text("SELECT max(rowid) - min(rowid) + 1 FROM signatures")
_COUNT: Final = select(func.count()).select_from(signatures)


def known(connection: Connection, articles: Collection[str]) -> list[Candidate]:
    """These articles as they were put; those that the index has forgotten are absent."""
    found: list[Candidate] = []
    for part in chunks(sorted(articles)):
        found += [fields(Candidate, row) for row in connection.execute(_KNOWN, {"articles": part})]
    return found


_STORIES: Final = select(members.c.article_id, members.c.story_id).where(members.c.article_id.in_(these("articles")))


def stories_of(connection: Connection, articles: Collection[str]) -> dict[str, str]:
    """Article → story."""
    found: dict[str, str] = {}
    for part in chunks(sorted(articles)):
        found |= {row.article_id: row.story_id for row in connection.execute(_STORIES, {"articles": part})}
    return found


def indexed(database: Database, connection: Connection) -> int:
    """Articles in the index, roughly: counting a million for each article would cost more than grouping it."""
    if database.dialect == "postgresql":
        guess = connection.scalar(_GUESS) or 0
        return int(guess) if guess > EXACT else connection.scalar(_COUNT) or 0
    return int(connection.scalar(_SPAN) or 0)


_SIGNATURE: Final = select(signatures.c.at, signatures.c.bands).where(signatures.c.article_id == the("article"))


@cache
def _bands(dialect: str) -> TextClause:
    return text(f"INSERT INTO bands (band, at, article_id) SELECT value, :at, :article FROM {numbers(dialect, 'keys')}")  # noqa: S608 - constants


def write_index(
    database: Database,
    connection: Connection,
    article_id: str,
    at: Instant,
    *,
    keys: Sequence[int],
    features: Mapping[str, Any],
    before: bool,
) -> None:
    """An article's keys and features. Those of an earlier revision (``before``) go: its signature lists them."""
    mine = sorted({signed(key) for key in keys})
    old = connection.execute(_SIGNATURE, {"article": article_id}).first() if before else None
    if old is not None:
        forget_keys(connection, article_id, old.at, old.bands)
    row = {"article_id": article_id, "at": at, "bands": packed(mine), "features": dict(features)}
    connection.execute(upsert(database.dialect, signatures, keys=("article_id",), update=("at", "bands", "features")), [row])
    write_keys(database, connection, article_id, at, mine)


def write_keys(database: Database, connection: Connection, article_id: str, at: Instant, keys: Sequence[int]) -> None:
    """Put an article's signed keys into the index."""
    given = {"keys": as_numbers(database.dialect, keys), "at": at, "article": article_id}
    connection.execute(_bands(database.dialect), given)


def forget_keys(connection: Connection, article_id: str, at: Instant, keys: bytes) -> None:
    """Take an article's keys out of the index."""
    for part in chunks(unpacked(keys)):
        mine = bands.c.band.in_(part), bands.c.at == at, bands.c.article_id == article_id
        connection.execute(bands.delete().where(*mine))
