"""What do the messages say that are not about one story? Digests, sources, endpoints that fail, and the ping.

Like ``payload`` it builds plain dictionaries from arguments; ids follow from what a message is about, so that a second
process that notices the same thing sends the same message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.alerts.identity import notice_id
from pipeline.alerts.payload import SourceFacts, envelope, stamp
from pipeline.model import Instant

DIGESTED: Final = 100
"""Alerts in one digest; further ones go into the next message."""
_NAMED: Final = 3
_KEPT: Final = ("alert_id", "severity", "tier", "reason", "watch", "role", "mention_count", "article", "source", "story", "times", "links")


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message, ready to be encoded."""

    id: str
    """Its ``webhook-id``."""
    payload: dict[str, Any]


def digest(alerts: Sequence[tuple[dict[str, Any], str]], *, endpoint: str, now: Instant) -> Notice:
    """One digest of (an alert's payload, why it was held back), the oldest first. At most ``DIGESTED`` of them."""
    items = [_item(payload["data"], why) for payload, why in alerts]
    ident = notice_id("digest", endpoint, *(item["alert_id"] for item in items))
    counts = Counter(item["watch"]["name"] for item in items)
    named = ", ".join(f"{name} {count}" for name, count in counts.most_common(_NAMED))
    others = f" and {len(counts) - _NAMED} more" if len(counts) > _NAMED else ""
    times = sorted(item["times"]["alerted"] for item in items)
    data = {
        "digest_id": ident,
        "title": f"{len(items)} {'alert' if len(items) == 1 else 'alerts'} held back: {named}{others}",
        "period": {"from": times[0], "to": times[-1]},
        "count": len(items),
        "alerts": items,
    }
    return Notice(id=ident, payload=envelope("alert.digest", data, now=now))


def _item(data: dict[str, Any], why: str) -> dict[str, Any]:
    best = data["matches"][0] if data["matches"] else {}
    quote = {key: best.get(key) for key in ("field", "surface", "alias", "sentence")}
    return {**{key: data[key] for key in _KEPT}, "held_back": why, "match": quote}


def source_silent(source: SourceFacts, *, since: Instant, reason: str, now: Instant) -> Notice:
    """A feed that used to speak says nothing, or cannot be read. ``since``: when it was last heard."""
    return _source("source.silent", source, f"{source.name or source.domain} is silent", since=since, reason=reason, now=now)


def source_recovered(source: SourceFacts, *, since: Instant, reason: str, now: Instant) -> Notice:
    """It speaks again. ``since``: when the silence began, as in the message that reported it."""
    return _source("source.recovered", source, f"{source.name or source.domain} is back", since=since, reason=reason, now=now)


def _source(kind: str, source: SourceFacts, title: str, *, since: Instant, reason: str, now: Instant) -> Notice:
    ident = notice_id(kind, source.id, int(since))
    told = {"id": source.id, "name": source.name, "domain": source.domain, "feed_url": source.feed_url}
    data = {"notice_id": ident, "title": title, "reason": reason, "source": told, "since": stamp(since)}
    return Notice(id=ident, payload=envelope(kind, data, now=now))


@dataclass(frozen=True, kw_only=True, slots=True)
class FailingFacts:
    """An endpoint that does not recover."""

    endpoint: str
    since: Instant
    failures: int
    report: int
    """Which report on this stretch of failure it is, from 0."""
    disabled: bool
    last_error: str
    hint: str
    waiting: int
    """Messages that wait for it."""


def delivery_failing(facts: FailingFacts, *, now: Instant) -> Notice:
    """An endpoint fails; told to the others."""
    ident = notice_id("delivery.failing", facts.endpoint, int(facts.since), facts.report)
    state = "was switched off; its messages are kept for replay" if facts.disabled else "is tried again"
    data = {
        "notice_id": ident,
        "title": f"Endpoint {facts.endpoint} {'switched off' if facts.disabled else 'fails'}",
        "reason": f"nothing but failures since {stamp(facts.since)} ({facts.failures} in a row); it {state}",
        "endpoint": {"id": facts.endpoint},
        "since": stamp(facts.since),
        "failures": facts.failures,
        "disabled": facts.disabled,
        "last_error": facts.last_error,
        "hint": facts.hint,
        "waiting": facts.waiting,
    }
    return Notice(id=ident, payload=envelope("delivery.failing", data, now=now))


def ping(endpoint: str, *, now: Instant) -> Notice:
    """A message that only asks whether it arrives."""
    data = {"title": f"A test of endpoint {endpoint}", "reason": "sent by hand", "endpoint": {"id": endpoint}}
    return Notice(id=notice_id("test.ping", endpoint, repr(now)), payload=envelope("test.ping", data, now=now, test=True))
