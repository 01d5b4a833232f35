"""From what feeds.yaml says to what the ledger polls."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.feeds.schedule import first_try
from pipeline.feeds.spec import FeedSpec, PollPolicy
from pipeline.model import Instant, Politeness, parse_duration
from pipeline.store import Store
from pipeline.store.feeds import FeedRow
from pipeline.urls import host


def sync(store: Store, specs: Sequence[FeedSpec], policy: PollPolicy, now: Instant) -> tuple[int, int]:
    """Make the ledger poll what the configuration says. Returns how many feeds are new and how many were switched off.

    A feed whose interval was shortened by hand is asked by its new interval at once, unless it is waiting for a reason.
    """
    changed = store.feeds.sync(feed_rows(specs, policy, now), now)
    every = {spec.url: spec.every for spec in specs if spec.every is not None}
    for feed in store.feeds.health():
        wanted = every.get(feed.url)
        if wanted is not None and not feed.failures and feed.polls and feed.next_try > now + wanted:
            store.feeds.reschedule(feed.id, now, now=now)
    return changed


def feed_rows(specs: Sequence[FeedSpec], policy: PollPolicy, now: Instant) -> list[FeedRow]:
    """The feeds of a configuration as the ledger keeps them, for ``store.feeds.sync``.

    New ones are spread over some time by their address, so that a long list does not start with a bang.
    """
    enabled = sum(spec.enabled for spec in specs)
    return [_row(spec, _first(spec, enabled, policy, now)) for spec in specs]


def _row(spec: FeedSpec, first: Instant) -> FeedRow:
    options: dict[str, Any] = {
        "headers": dict(spec.headers or {}),
        "politeness": asdict(spec.politeness) if spec.politeness else None,
        "backlog": spec.backlog if spec.since is None else f"{spec.since:.0f}s",
        "full_text": spec.full_text,
    }
    return FeedRow(
        url=spec.url,
        name=spec.name,
        site=host(spec.url) or "file",
        tier=spec.tier,
        tags=spec.tags,
        every=spec.every,
        options={name: value for name, value in options.items() if value not in (None, {})},
        first_try=first,
        enabled=spec.enabled,
    )


def _first(spec: FeedSpec, feeds: int, policy: PollPolicy, now: Instant) -> Instant:
    if spec.every is not None and spec.every < policy.floor:
        return now
    stable = int.from_bytes(hashlib.sha256(spec.url.encode()).digest()[:4], "big")
    return first_try(stable, now, feeds, policy)


def politeness_by_host(specs: Sequence[FeedSpec]) -> dict[str, Politeness]:
    """What feeds.yaml says about single hosts, for the governor."""
    return {host(spec.url): spec.politeness for spec in specs if spec.politeness and host(spec.url)}


def backlog_age(options: Mapping[str, Any], policy: PollPolicy) -> float:
    """Up to which age entries of the first poll may alert, in seconds; 0 for none."""
    written = str(options.get("backlog") or policy.backlog)
    if written == "none":
        return 0.0
    seconds = parse_duration(written.removeprefix("since:").strip())
    return float(seconds) if isinstance(seconds, int | float) else 0.0
