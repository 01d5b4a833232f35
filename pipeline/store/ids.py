"""Which id does a thing have? One that follows from what the thing is about, so that a re-run writes the same rows.

An id is a prefix and the first 20 hex digits of a SHA-256 over its parts: 80 bits, so that a billion rows of one kind
collide with a probability below one in a million.
"""

from __future__ import annotations

import hashlib
from typing import Final

DIGITS: Final = 20


def derive(prefix: str, *parts: str | int) -> str:
    """``prefix_`` and 20 hex digits. Parts are length-prefixed, so ("a", "bc") and ("ab", "c") differ."""
    digest = hashlib.sha256()
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return f"{prefix}_{digest.hexdigest()[:DIGITS]}"


def feed_id(url: str) -> str:
    """A feed is its address as the configuration gives it."""
    return derive("fe", url)


def entry_id(feed: str, key: str) -> str:
    """An entry is its first identity key in the feed that showed it first."""
    return derive("en", feed, key)


def page_id(entry: str, revision: int) -> str:
    """A page is one fetched state of an entry; an edited article is its next revision."""
    return derive("pg", entry, revision)


def article_id(entry: str) -> str:
    """An article is its entry, whatever its revision."""
    return derive("ar", entry)


def story_id(article: str) -> str:
    """A story is its first article."""
    return derive("st", article)


def alert_id(entity: str, story: str, event: str, revision: int) -> str:
    """What an alert is about; also its ``webhook-id``."""
    return derive("al", entity, story, event, revision)


def delivery_id(message: str, endpoint: str) -> str:
    """One message to one endpoint."""
    return derive("dl", message, endpoint)
