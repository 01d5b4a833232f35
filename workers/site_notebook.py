"""Where does the command line keep what sites repeat?

In one SQLite file in a directory, which many runs may share, or in a file that is gone when the run ends. Implements ``SiteMemory``;
the service keeps the same in its own database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.articles.memory import Lesson, line_hash
from pipeline.errors import ConfigError

RECENT: Final = 500
"""Articles of a site that are remembered; older ones are forgotten as new ones come."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS articles (site TEXT, article INTEGER, number INTEGER, PRIMARY KEY (site, article)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lines (site TEXT, line INTEGER, article INTEGER, PRIMARY KEY (site, line, article)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lines_by_article ON lines (site, article);
"""
_ASK: Final = "SELECT line, count(*) FROM lines WHERE site = ? AND article <> ? AND line IN ({}) GROUP BY line"
_AT_ONCE: Final = 500


class SiteNotebook:
    """A site memory in one file."""

    def __init__(self, directory: Path) -> None:
        """Opens or makes ``directory/site-memory.sqlite``; the directory is made where it is missing.

        Raises ConfigError where there cannot be such a directory.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{directory} cannot keep a site memory: {error.strerror}; name a directory, input or off") from error
        self._db = sqlite3.connect(directory / "site-memory.sqlite", isolation_level=None, timeout=30.0)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _SCHEMA)

    def carriers(self, site: str, article: str, lines: Sequence[int]) -> Mapping[int, int]:
        """See ``SiteMemory``."""
        own = line_hash(article)
        found: dict[int, int] = {}
        for start in range(0, len(lines), _AT_ONCE):
            part = lines[start : start + _AT_ONCE]
            found.update(self._db.execute(_ASK.format(",".join("?" * len(part))), (site, own, *part)))
        return found

    def record(self, lesson: Lesson) -> None:
        """Remember what an article teaches; twice is as good as once."""
        article = line_hash(lesson.article)
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            count = self._db.execute("SELECT coalesce(max(number), 0) FROM articles WHERE site = ?", (lesson.site,)).fetchone()[0]
            self._db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?, ?)", (lesson.site, article, count + 1))
            self._db.execute("DELETE FROM lines WHERE site = ? AND article = ?", (lesson.site, article))
            self._db.executemany("INSERT INTO lines VALUES (?, ?, ?)", ((lesson.site, line, article) for line in lesson.lines))
            for (old,) in self._db.execute(
                "SELECT article FROM articles WHERE site = ? AND number <= ?", (lesson.site, count + 1 - RECENT)
            ).fetchall():
                self._db.execute("DELETE FROM lines WHERE site = ? AND article = ?", (lesson.site, old))
                self._db.execute("DELETE FROM articles WHERE site = ? AND article = ?", (lesson.site, old))

    def close(self) -> None:
        """Give the file back."""
        self._db.close()
