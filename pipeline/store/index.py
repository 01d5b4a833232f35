"""Which earlier articles could be about the same event? The keys of every recent article, and what is compared in full.

A key (a band) is a signed 64-bit number that similar articles are likely to share: a shingle of the text, a rare word, a
name. What it means is the caller's business. Cost per article follows from how many share its keys, never from how many
articles there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, TextClause, func, select, text

from pipeline.model import Instant
from pipeline.store.columns import packed, signed, unpacked
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, fields, listed, numbers, the, these, upsert
from pipeline.store.tables import bands, members, signatures

EXACT: Final = 10_000
"""Articles up to which PostgreSQL counts the index, because its estimate is empty until the table was first analysed."""


Holder: TypeAlias = tuple[str, str]
"""An article that holds a key, and its story."""


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
) -> dict[int, list[Holder]]:
    """For each key the articles of the span that hold it, newest first; not those that ``most`` or more hold."""
    found: dict[int, list[Holder]] = {}
    if keys:
        mine = listed(database.dialect, sorted({signed(key) for key in keys}))
        given = {"keys": mine, "since": since, "until": until, "most": most, "last": most - 1}
        for band, article, story in connection.execute(_holders(database.dialect), given).all():
            found.setdefault(band, []).append((article, story))
    return found


_SPAN_OF: Final = "band = k.value AND at >= :since AND at <= :until"
_SQLITE: Final = text(  # CROSS JOIN keeps the order: from the keys to who holds them
    "SELECT b.band, b.article_id, m.story_id FROM json_each(:keys) AS k "  # noqa: S608 - from constants
    "CROSS JOIN bands AS b CROSS JOIN members AS m "
    "WHERE b.band = k.value AND b.at >= :since AND b.at <= :until AND m.article_id = b.article_id "
    f"AND NOT EXISTS (SELECT 1 FROM bands WHERE {_SPAN_OF} LIMIT 1 OFFSET :last) ORDER BY b.at DESC, b.article_id"
)
_LATERAL: Final = text(  # LIMIT keeps the planner from reading all members
    "SELECT b.band, b.article_id, m.story_id FROM unnest(CAST(:keys AS bigint[])) AS k(value), "  # noqa: S608 - from constants
    f"LATERAL (SELECT band, article_id, at FROM bands WHERE {_SPAN_OF} ORDER BY at DESC LIMIT :most) AS b, "
    "LATERAL (SELECT story_id FROM members WHERE article_id = b.article_id LIMIT 1) AS m "
    f"WHERE NOT EXISTS (SELECT 1 FROM bands WHERE {_SPAN_OF} OFFSET :last LIMIT 1) ORDER BY b.at DESC, b.article_id"
)


def _holders(dialect: str) -> TextClause:
    return _LATERAL if dialect == "postgresql" else _SQLITE


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
    given = {"keys": listed(database.dialect, keys), "at": at, "article": article_id}
    connection.execute(_bands(database.dialect), given)


def forget_keys(connection: Connection, article_id: str, at: Instant, keys: bytes) -> None:
    """Take an article's keys out of the index."""
    for part in chunks(unpacked(keys)):
        mine = bands.c.band.in_(part), bands.c.at == at, bands.c.article_id == article_id
        connection.execute(bands.delete().where(*mine))
