"""Which lines does a site repeat? Counted over its most recent articles, each of which counts once however often it is fetched.

Kept as one row an article with the hashes of its lines, and counted when asked: a row a line would dirty thirty pages of
the database for each article, and would have every worker wait for the rows of a site's furniture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from pipeline.model import Instant
from pipeline.store.columns import packed, signed, unpacked
from pipeline.store.engine import Database
from pipeline.store.sql import the, upsert
from pipeline.store.tables import lessons

RECENT: Final = 150
"""Articles of a site that are asked: enough that a share of them means something, few enough to read in a millisecond."""
_RECENT: Final = (
    select(lessons.c.article, lessons.c.lines).where(lessons.c.site == the("this_site")).order_by(lessons.c.at.desc()).limit(RECENT)
)
_LESSON: Final = select(lessons.c.lines).where(lessons.c.site == the("this_site"), lessons.c.article == the("this_article"))


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteLearned:
    """Which lines an article of a site showed. Recording it twice changes nothing."""

    site: str
    lines: tuple[int, ...]
    """64-bit hashes of normalised lines, each once."""
    article: str = ""
    """What makes it one article, such as its address without query; the article's id where empty."""


class Sites:
    """The memory of what sites repeat. Written by ``Store.analysis``."""

    def __init__(self, database: Database) -> None:
        """Over one database."""
        self._db = database

    def carriers(self, site: str, article: str, lines: Sequence[int], *, also: str = "") -> Mapping[int, int]:
        """How many recent articles of ``site`` other than ``article`` (and ``also``) carry each of ``lines``; absent means none."""
        wanted = {signed(line): line for line in lines}
        counts: Counter[int] = Counter()
        with self._db.read() as connection:
            for row in connection.execute(_RECENT, {"this_site": site}):
                if row.article not in {article, also}:
                    counts.update(wanted.keys() & unpacked(row.lines))
        return {wanted[line]: count for line, count in counts.items()}

    def learn(self, learned: SiteLearned, now: Instant) -> None:
        """As ``AnalysisRecord.learned``, outside an analysis."""
        with self._db.write() as connection:
            learn(self._db, connection, learned, now)


def learn(database: Database, connection: Connection, learned: SiteLearned, now: Instant) -> None:
    """Keep an article's lines. One that is known keeps those of its earlier revisions too."""
    lines = {signed(line) for line in learned.lines}
    before = connection.scalar(_LESSON, {"this_site": learned.site, "this_article": learned.article})
    if before is not None:
        lines |= set(unpacked(before))
    lesson = {"site": learned.site, "article": learned.article, "lines": packed(sorted(lines)), "at": now}
    connection.execute(upsert(database.dialect, lessons, keys=("site", "article"), update=("lines", "at")), [lesson])
