"""Tell people that a source fell silent, or speaks again.

The message is written before the poll that noticed is recorded. Its id follows from the source and the moment at which the silence
began, so that a poll which is done again after a crash writes the very same message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.alerts import notices, payload
from pipeline.alerts.payload import SourceFacts
from pipeline.model import Instant
from pipeline.store import Store
from pipeline.store.deliveries import MessageRecord
from pipeline.store.feeds import FeedEvent, FeedForPoll

SILENT: Final = "source.silent"
RECOVERED: Final = "source.recovered"


def tell(store: Store, feed: FeedForPoll, events: Sequence[FeedEvent], endpoints: tuple[str, ...], now: Instant) -> None:
    """Put what ``events`` say of silence into the outbox, for these endpoints. Raises StoreError."""
    source = SourceFacts(id=feed.id, name=feed.name, domain=feed.site, feed_url=feed.url)
    for event in events:
        if event.kind not in {SILENT, RECOVERED} or not endpoints:
            continue
        since, why = float(event.detail["since"]), str(event.detail["why"])
        make = notices.source_silent if event.kind == SILENT else notices.source_recovered
        notice = make(source, since=since, reason=why, now=now)
        message = MessageRecord(
            id=notice.id, type=event.kind, body=payload.encode(notice.payload), created_at=now, endpoints=endpoints, route="notice"
        )
        store.deliveries.add_message(message)
