"""Which lines does a site repeat? How many recent articles of each site carried each line.

An article counts once however often it is fetched, and is forgotten exactly: what each taught is kept beside the counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select, update

from pipeline.model import Instant
from pipeline.store.columns import packed, signed, unpacked
from pipeline.store.engine import Database
from pipeline.store.sql import chunks, the, these, upsert, write_many
from pipeline.store.tables import lessons, site_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteLearned:
    """Which lines an article of a site showed. Recording it twice changes nothing."""

    site: str
    lines: tuple[int, ...]
    """64-bit hashes of normalised lines, each once."""
    article: str = ""
    """What makes it one article, such as its address without query; the article's id where empty."""


_LESSON: Final = select(lessons.c.lines).where(lessons.c.site == the("this_site"), lessons.c.article == the("this_article"))
_COUNTS: Final = select(site_lines.c.line, site_lines.c.articles).where(
    site_lines.c.site == the("this_site"), site_lines.c.line.in_(these("lines"))
)


class Sites:
    """The memory of what sites repeat. Written by ``Store.analysis``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def carriers(self, site: str, article: str, lines: Sequence[int], *, also: str = "") -> Mapping[int, int]:
        """How many recent articles of ``site`` other than ``article`` (and ``also``) carry each of ``lines``; absent means none."""
        wanted = {signed(line): line for line in lines}
        counts: dict[int, int] = {}
        with self._db.read() as connection:
            for part in chunks(list(wanted)):
                counts |= {row.line: row.articles for row in connection.execute(_COUNTS, {"this_site": site, "lines": part})}
            own = [connection.scalar(_LESSON, {"this_site": site, "this_article": one}) for one in {article, also} if counts and one]
        for line in [line for taught in own if taught is not None for line in unpacked(taught)]:
            if line in counts:
                counts[line] -= 1
        return {wanted[line]: count for line, count in counts.items() if count > 0}

    def learn(self, learned: SiteLearned, now: Instant) -> None:
        """As ``AnalysisRecord.learned``, outside an analysis."""
        with self._db.write() as connection:
            learn(self._db, connection, learned, now)


def learn(database: Database, connection: Connection, learned: SiteLearned, now: Instant) -> None:
    """Count an article's lines. Of one that was counted before, only lines that are new in it."""
    lines = {signed(line) for line in learned.lines}
    before = connection.scalar(_LESSON, {"this_site": learned.site, "this_article": learned.article})
    known = set(unpacked(before)) if before is not None else set()
    lesson = {"site": learned.site, "article": learned.article, "lines": packed(sorted(lines | known)), "at": now}
    connection.execute(upsert(database.dialect, lessons, keys=("site", "article"), update=("lines", "at")), [lesson])
    rows = [{"site": learned.site, "line": line, "articles": 1} for line in sorted(lines - known)]  # sorted: no two wait for each other
    write_many(connection, upsert(database.dialect, site_lines, keys=("site", "line"), add=("articles",)), rows)


def forget(connection: Connection, site: str, article: str) -> None:
    """Undo what an article taught."""
    mine = lessons.c.site == site, lessons.c.article == article
    lines = connection.scalar(lessons.delete().where(*mine).returning(lessons.c.lines))
    for part in chunks(unpacked(lines or b"")):
        taught = site_lines.c.site == site, site_lines.c.line.in_(part)
        connection.execute(update(site_lines).where(*taught).values(articles=site_lines.c.articles - 1))
        connection.execute(site_lines.delete().where(*taught, site_lines.c.articles <= 0))
