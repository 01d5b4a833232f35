"""Which stored pages are offered to the workers now, and which again?

The ledger says what is due: a page that nobody was offered, or whose offer or claim has run out because a process died or
Redis forgot. The queue is kept short on purpose, so that all of this is one query, whatever happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.broker.jobs import Broker
from pipeline.broker.keys import LANES
from pipeline.broker.policy import QueuePolicy, SweepPolicy
from pipeline.errors import BrokerError
from pipeline.model import Instant, Lane
from pipeline.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """What one look did."""

    pages: Mapping[Lane, int] = field(default_factory=dict)
    """Pages put on each lane's queue."""
    withdrawn: int = 0
    """Offers that were void because Redis had forgotten them."""
    paused: bool = False
    """Redis is too full to be given more; the ledger keeps what waits."""


def room(waiting: int, workers: int, *, batch: int, policy: SweepPolicy) -> int:
    """How many more pages a lane takes: some seconds of work for each worker, counted in whole jobs.

    ``waiting`` counts jobs, each of them as full, since how full they are is not known.
    """
    return max(0, policy.pages_per_worker * max(1, workers) - waiting * batch)


def offer(store: Store, broker: Broker, *, now: Instant, policy: SweepPolicy, queue: QueuePolicy) -> Offered:
    """Fill the queues from the ledger, hot before cold.

    Raises:
        BrokerError: Redis is out of reach; nothing counts as offered then.
        StoreError: the ledger is.
    """
    withdrawn = store.articles.withdraw_offers(now) if broker.forgot() else 0
    if not store.articles.is_due(now):
        return Offered(pages=dict.fromkeys(LANES, 0), withdrawn=withdrawn)
    pressure = broker.pressure()
    if pressure.pause:
        return Offered(withdrawn=withdrawn, paused=True)
    workers = broker.workers()
    pages: dict[Lane, int] = {}
    for lane in LANES:
        batch = queue.hot_batch if lane is Lane.HOT else queue.cold_batch
        fits = room(pressure.waiting[lane], workers, batch=batch, policy=policy)
        pages[lane] = _offer(store, broker, lane, fits, now, policy) if fits else 0
    return Offered(pages=pages, withdrawn=withdrawn)


def _offer(store: Store, broker: Broker, lane: Lane, fits: int, now: Instant, policy: SweepPolicy) -> int:
    page_ids = store.articles.offer_due(lane, now, policy.offer_lease, fits)
    try:
        broker.enqueue(lane, page_ids)
    except BrokerError:
        store.articles.renew_offers(page_ids, now)  # nobody was offered anything: due at once, not after a lease
        raise
    return len(page_ids)
