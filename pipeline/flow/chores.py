"""What the outbox needs done now and then: digests that are due, and word of endpoints that do not recover."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import orjson

from pipeline.alerts import notices, payload
from pipeline.alerts.endpoints import EndpointSpec
from pipeline.alerts.retry import HINTS, AttemptClass
from pipeline.flow.outbox import Line, write_health
from pipeline.model import Instant
from pipeline.store.deliveries import DeliveryState, DigestItem, MessageRecord

if TYPE_CHECKING:
    from pipeline.store import Store


def send_digests(store: Store, now: Instant) -> list[str]:
    """Put every digest that is due into the outbox, one message for each endpoint and hundred alerts. Returns their ids."""
    waiting = sorted(store.deliveries.digest_due(now), key=lambda item: item.endpoint)
    made = []
    for endpoint, items in groupby(waiting, key=lambda item: item.endpoint):
        made += [_send(store, endpoint, part, now) for part in _parts(list(items))]
    return made


def _parts(items: list[DigestItem]) -> list[list[DigestItem]]:
    return [items[place : place + notices.DIGESTED] for place in range(0, len(items), notices.DIGESTED)]


def _send(store: Store, endpoint: str, items: Sequence[DigestItem], now: Instant) -> str:
    notice = notices.digest([(orjson.loads(item.body), item.reason) for item in items], endpoint=endpoint, now=now)
    message = MessageRecord(
        id=notice.id, type="alert.digest", body=payload.encode(notice.payload), created_at=now, endpoints=(endpoint,), route="digest"
    )
    store.deliveries.add_message(message, digested=[item.seq for item in items])
    return notice.id


def report_failing(store: Store, line: Line, endpoints: Sequence[EndpointSpec], now: Instant) -> tuple[str, ...]:
    """Tell the other endpoints that this one does not recover. Returns their ids; empty where there is nobody to tell."""
    health = line.health
    assert health.failing_since is not None
    states = {state.id: state.state for state in store.deliveries.endpoints()}
    others = tuple(spec.id for spec in endpoints if spec.id != line.spec.id and spec.enabled and states.get(spec.id) == "active")
    told = tuple(ident for ident in line.spec.failing.report_to if ident != line.spec.id) or others
    last = next(iter(store.deliveries.list(endpoint=line.spec.id, limit=1)), {})
    outcome = str(last.get("reason", ""))
    waiting = store.deliveries.list(endpoint=line.spec.id, state=DeliveryState.WAITING, limit=10_000)
    facts = notices.FailingFacts(
        endpoint=line.spec.id,
        since=health.failing_since,
        failures=health.failures,
        report=health.reports,
        disabled=health.disabled is not None,
        last_error=outcome,
        hint=HINTS[AttemptClass(outcome)] if outcome in set(AttemptClass) else "",
        waiting=len(waiting),
    )
    notice = notices.delivery_failing(facts, now=now)
    if told:
        body = payload.encode(notice.payload)
        store.deliveries.add_message(
            MessageRecord(id=notice.id, type="delivery.failing", body=body, created_at=now, endpoints=told, route="notice")
        )
    store.deliveries.set_endpoint(line.spec.id, **{**write_health(health, now=now), "reported": health.reports + 1})
    return told
