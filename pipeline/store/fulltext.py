"""How is the archive searched? SQLite FTS5 and PostgreSQL tsvector over the same words, with the same query language.

Neither cuts Chinese, Japanese, Thai and their like into words. Each character of those scripts is indexed as a word of
its own and a run of them is searched as a phrase, which finds every name whatever stands around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select, text

from pipeline.model import Instant
from pipeline.store.engine import Database
from pipeline.store.sql import the, upsert, write_many, written
from pipeline.store.tables import articles

UNSPACED: Final = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
TERM: Final = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
WORD: Final = re.compile(r"\w+")
LONGEST: Final = 200_000
"""Characters indexed: a PostgreSQL tsvector holds a megabyte at most."""
AROUND: Final = 90
"""Characters on each side of a hit in its excerpt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """An article that a search found."""

    article_id: str
    url: str
    title: str
    excerpt: str
    """Some text around the first word that was found."""
    language: str | None
    published: str | None
    matched_at: Instant
    score: float
    """Higher is better; comparable within one search only."""


def searchable(written: str) -> str:
    """The words of a text as both indexes get them: lower case, without diacritics, unspaced scripts cut into characters."""
    if not written.isascii():
        decomposed = unicodedata.normalize("NFKD", written)
        written = unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))
        written = UNSPACED.sub(r" \1 ", written)
    return " ".join(WORD.findall(written[:LONGEST].lower()))


_OLD: Final = select(articles.c.seq, articles.c.title, articles.c.text).where(articles.c.id == the("article"))
_WEIGH: Final = text("UPDATE articles SET words = setweight(to_tsvector('simple', :t), 'A') || to_tsvector('simple', :b) WHERE seq = :seq")
_ADD: Final = text("INSERT INTO articles_words (rowid, title, body) VALUES (:seq, :t, :b)")
_DROP: Final = text("INSERT INTO articles_words (articles_words, rowid, title, body) VALUES ('delete', :seq, :t, :b)")


def index_article(database: Database, connection: Connection, values: Mapping[str, Any]) -> bool:
    """Insert or replace an article and its words. Returns whether it was there before."""
    old = connection.execute(_OLD, {"article": values["id"]}).first()
    changed = tuple(name for name in values if name != "id")
    (seq,) = written(connection, upsert(database.dialect, articles, keys=("id",), update=changed, returning="seq"), [values])
    if database.dialect == "sqlite" and old is not None:
        forget_words(connection, old.seq, old.title, old.text)
    words_of(database, connection, seq, values["title"], values["text"])
    return old is not None


def words_of(database: Database, connection: Connection, seq: int, title: str, body: str) -> None:
    """Put an article's words into the index."""
    given = {"seq": seq, "t": searchable(title), "b": searchable(body)}
    connection.execute(_ADD if database.dialect == "sqlite" else _WEIGH, given)


def words_of_many(database: Database, connection: Connection, rows: Iterable[Any]) -> None:
    """As ``words_of`` for new articles: rows of ``seq``, ``title`` and ``text``."""
    given = [{"seq": row.seq, "t": searchable(row.title), "b": searchable(row.text)} for row in rows]
    write_many(connection, _ADD if database.dialect == "sqlite" else _WEIGH, given)


def forget_words(connection: Connection, seq: int, title: str, body: str) -> None:
    """Take an article out of the SQLite index, which keeps no text and has to be told what it held."""
    connection.execute(_DROP, {"seq": seq, "t": searchable(title), "b": searchable(body)})


def terms(query: str) -> list[tuple[bool, str, bool]]:
    """``(wanted, words, by prefix)`` for each word or phrase of a query; signs that mean nothing are left out."""
    found = []
    for minus, phrase, word in TERM.findall(query):
        prefix = word.endswith("*")
        words = searchable(phrase or word)
        if words:
            found.append((not minus, words, prefix))
    return found


def search(
    database: Database, connection: Connection, query: str, *, since: Instant | None, until: Instant | None, limit: int, offset: int
) -> list[Hit]:
    """The articles that hold every wanted word, best first. A query without one finds nothing."""
    wanted = terms(query)
    if not any(positive for positive, _, _ in wanted):
        return []
    ask = _postgres if database.dialect == "postgresql" else _sqlite
    times = {"since": since or 0.0, "until": until or 9e15, "limit": limit, "offset": offset}
    first = next(words for positive, words, _ in wanted if positive)
    return [_hit(row, first) for row in connection.execute(*ask(wanted, times))]


def _sqlite(wanted: list[tuple[bool, str, bool]], times: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    def quoted(words: str, *, prefix: bool) -> str:
        return f'"{words}"' + (" *" if prefix else "")

    match = " AND ".join(quoted(words, prefix=prefix) for positive, words, prefix in wanted if positive)
    for positive, words, prefix in wanted:
        if not positive:
            match = f"({match}) NOT {quoted(words, prefix=prefix)}"
    statement = text(
        "SELECT a.*, -bm25(articles_words, 4.0, 1.0) AS score FROM articles_words JOIN articles a ON a.seq = articles_words.rowid"
        " WHERE articles_words MATCH :match AND a.matched_at >= :since AND a.matched_at < :until"
        " ORDER BY bm25(articles_words, 4.0, 1.0), a.seq DESC LIMIT :limit OFFSET :offset"
    )
    return statement, times | {"match": match}


def _postgres(wanted: list[tuple[bool, str, bool]], times: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    def asked(words: str, *, prefix: bool) -> str:
        lexemes = [f"'{word}'" for word in words.split()]
        return "(" + " <-> ".join(lexemes) + (":*" if prefix else "") + ")"

    match = " & ".join(("" if positive else "!") + asked(words, prefix=prefix) for positive, words, prefix in wanted)
    statement = text(
        "SELECT a.*, ts_rank_cd(a.words, q) AS score FROM articles a, to_tsquery('simple', :match) q"
        " WHERE a.words @@ q AND a.matched_at >= :since AND a.matched_at < :until"
        " ORDER BY score DESC, a.seq DESC LIMIT :limit OFFSET :offset"
    )
    return statement, times | {"match": match}


def _hit(row: Any, words: str) -> Hit:
    plain = {name: getattr(row, name) for name in ("url", "title", "language", "published", "matched_at")}
    return Hit(article_id=row.id, excerpt=excerpt(row.text, words), score=float(row.score), **plain)


def excerpt(written: str, words: str) -> str:
    """Some text around the first place where ``words`` (as ``searchable`` gives them) stand, or the beginning."""
    first = words.split(maxsplit=1)[0]
    if not first.isascii() and UNSPACED.match(first):
        first = words.replace(" ", "")
    at = written.lower().find(first)
    at = max(at, 0)
    start = max(0, at - AROUND)
    cut = written[start : at + AROUND].replace("\n", " ").strip()
    return ("… " if start else "") + cut + (" …" if at + AROUND < len(written) else "")
