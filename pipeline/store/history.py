"""What is known of one entry, from the feed that showed it to the alerts that it caused? For people who ask why."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, or_, select

from pipeline.store import ids
from pipeline.store.tables import alerts, articles, entries, feeds, pages, suppressions, verdicts


def entries_of(connection: Connection, url: str) -> list[str]:
    """Entries that have this address: as linked, as fetched in the end, or as the article's own."""
    found = set(connection.scalars(select(entries.c.id).where(or_(entries.c.url == url, entries.c.id == url))))
    found |= set(connection.scalars(select(pages.c.entry_id).where(pages.c.final_url == url)))
    found |= set(connection.scalars(select(articles.c.entry_id).where(or_(articles.c.url == url, articles.c.canonical_url == url))))
    return sorted(found)


def history(connection: Connection, ident: str) -> dict[str, Any]:
    """All rows about an entry: ``entry``, ``feed``, ``pages``, ``article``, ``verdicts``, ``suppressions``, ``alerts``."""
    entry = connection.execute(select(entries).where(entries.c.id == ident)).one()
    article = connection.execute(select(articles).where(articles.c.entry_id == ident)).first()
    about = ids.article_id(ident)

    def rows(query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row._mapping) for row in connection.execute(query)]

    feed = rows(select(feeds).where(feeds.c.id == entry.feed_id))
    return {
        "entry": dict(entry._mapping),
        "feed": feed[0] if feed else None,
        "pages": rows(select(pages).where(pages.c.entry_id == ident).order_by(pages.c.revision)),
        "article": dict(article._mapping) if article else None,
        "verdicts": rows(select(verdicts).where(verdicts.c.article_id == about)),
        "suppressions": rows(select(suppressions).where(suppressions.c.article_id == about)),
        "alerts": rows(select(alerts).where(alerts.c.article_id == about)),
    }
