"""Onto which lane does a page go? Quick scan and storing of what was collected, several pages in one transaction.

The scan is the dictionary's: it reads every word that extraction could ever return, and decides how soon the page is read, never
what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from pipeline.articles.visible import visible_text
from pipeline.feeds.plain import words
from pipeline.model import EntryState, Instant, Lane
from pipeline.store import Store
from pipeline.store.entries import EntryForFetch, PageRecord

MOST: Final = 16
"""Pages scanned and stored in one go: the first of them waits for the last, some 50 ms."""


class Scanner(Protocol):
    """The quick scan of the watchlists."""

    def scan(self, *texts: str) -> bool:
        """Whether anything that may alert could be in these texts."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """What there is of one entry: its page, or what its feed says of it."""

    claimed: EntryForFetch
    body: bytes
    url: str
    """Where the body came from in the end."""
    headers: Mapping[str, str]
    status: int | None
    origin: str
    """``page`` or ``feed``."""
    reason: str
    """Why it is not the page."""
    at: Instant


class Kept(NamedTuple):
    """Where it stands now."""

    page_id: str
    lane: Lane


def keep(pages: Sequence[Got], *, store: Store, scanner: Scanner, owner: str, hits_only: bool) -> list[Kept]:
    """Scan and store; pages without a hit are kept unread where ``hits_only``. Raises StoreError, and then nothing is stored."""
    records = [_record(got, scanner, owner, hits_only=hits_only) for got in pages]
    stored = store.entries.record_pages(records)
    return [Kept(page_id, record.lane) for page_id, record in zip(stored, records, strict=True)]


def _record(got: Got, scanner: Scanner, owner: str, *, hits_only: bool) -> PageRecord:
    lane = Lane.HOT if _may_matter(got, scanner) else Lane.COLD
    unread = lane is Lane.COLD and hits_only
    return PageRecord(
        entry_id=got.claimed.id,
        owner=owner,
        revision=got.claimed.revision,
        url=got.claimed.entry.url,
        final_url=got.url,
        body=got.body,
        fetched_at=got.at,
        lane=lane,
        status=got.status,
        headers=got.headers,
        origin=got.origin,
        settled=EntryState.NO_MATCH if unread else None,
        reason="the quick scan found no name; kept unread" if unread else got.reason,
    )


def _may_matter(got: Got, scanner: Scanner) -> bool:
    """The quick scan over what the feed says and over every word of the page, as one text: each further question costs a tenth more."""
    entry = got.claimed.entry
    charset = got.headers.get("Content-Type", "").lower().partition("charset=")[2].partition(";")[0].strip("\"' ")
    said = (entry.title, words(entry.summary), visible_text(got.body, charset or None), words(entry.content) if entry.content else "")
    return scanner.scan("\n".join(said))
