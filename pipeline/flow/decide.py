"""What follows from a poll? The feed's state, its next poll, what is new in it, and what to tell; as one record for the ledger.

Everything here is decided from what it is given. Nothing is asked and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.backoff import Dice
from pipeline.feeds import habits, health, redirects, schedule
from pipeline.feeds.caching import fresh_for
from pipeline.feeds.dates import instant
from pipeline.feeds.habits import DAY, HOUR, Learned
from pipeline.feeds.health import Trouble
from pipeline.feeds.novelty import Fresh, Novelty
from pipeline.feeds.parsed import ParsedFeed
from pipeline.feeds.spec import PollPolicy
from pipeline.flow.obtain import Document
from pipeline.flow.signals import RECOVERED, SILENT
from pipeline.flow.sources import backlog_age
from pipeline.model import Instant
from pipeline.store.feeds import EditedEntry, FeedEvent, FeedForPoll, KnownEntry, NewEntry, PollRecord

LAG_MEMORY: Final = 0.1
"""Weight of one entry in a feed's mean lag."""
SEEN_EVERY: Final = DAY
"""Known entries are noted as seen this often: enough to keep them from being forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a verdict rests on beside the feed and its answer."""

    policy: PollPolicy
    pace: Callable[[Learned], float]
    """The pace of all feeds together, given what is now known of this one's habits."""
    least: float
    """The minimum interval of the feed's host, seconds."""
    rng: Dice
    owner: str
    now: Instant


def changed(
    feed: FeedForPoll, document: Document, parsed: ParsedFeed, novelty: Novelty, known: Mapping[str, KnownEntry], ground: Ground
) -> PollRecord:
    """After a poll that brought a document."""
    now = ground.now
    fresh = [_new_entry(one, feed, ground.policy, now) for one in novelty.fresh]
    lags = tuple(lag for one in fresh if not one.backlog and (lag := _lag(one, now)) is not None)
    learned = habits.with_hints(_lesson(feed, novelty, fresh, now, len(parsed.entries)), parsed.hints)
    record = _succeeded(feed, document, ground, learned=learned, fresh=bool(fresh), shares=novelty.known > 0 or not parsed.entries)
    return replace(
        record,
        entries=tuple(fresh),
        edited=tuple(EditedEntry(entry_id=c.entry_id, entry=c.entry, keys=c.keys, content_hash=c.content_hash) for c in novelty.changed),
        seen=_worth_noting(feed.id, novelty.seen, known, now),
        lags=lags,
        lag=_mean_lag(feed.lag, lags),
    )


def unchanged(feed: FeedForPoll, document: Document, ground: Ground) -> PollRecord:
    """After a poll that found the document as it was."""
    before = Learned.from_json(feed.learned.get("habits") or {})
    elapsed = ground.now - (feed.last_success or ground.now)
    learned = habits.learn(before, elapsed=elapsed, times=(), silence=0.0, window=None, known=None)
    return replace(_succeeded(feed, document, ground, learned=learned, fresh=False, shares=True), outcome="unchanged", lag=feed.lag)


def failed(feed: FeedForPoll, trouble: Trouble, ground: Ground) -> PollRecord:
    """After a poll that brought nothing. Whatever was known of the feed stays."""
    prognosis = health.after_failure(
        trouble,
        failures=feed.failures + 1,
        interval=feed.every or feed.interval,
        now=ground.now,
        policy=ground.policy,
        rng=ground.rng,
        gone_at=feed.learned.get("gone_at"),
    )
    return PollRecord(
        feed_id=feed.id,
        owner=ground.owner,
        at=ground.now,
        outcome=trouble.code,
        succeeded=False,
        state=prognosis.state,
        reason=prognosis.reason,
        next_try=prognosis.next_try,
        fetch_url=feed.fetch_url,
        etag=feed.etag,
        last_modified=feed.last_modified,
        validators_url=feed.validators_url,
        body_hash=feed.body_hash,
        failures=feed.failures + 1,
        interval=feed.interval,
        rate=feed.rate,
        lag=feed.lag,
        learned={**feed.learned, "gone_at": prognosis.gone_at},
        events=(FeedEvent(kind="parked", detail={"why": prognosis.reason}),) if prognosis.state == health.PARKED else (),
    )


def _succeeded(feed: FeedForPoll, document: Document, ground: Ground, *, learned: Learned, fresh: bool, shares: bool) -> PollRecord:
    """What every successful poll writes: schedule, validators, state, redirects."""
    plan = schedule.plan(
        ground.now,
        learned,
        policy=ground.policy,
        pace=ground.pace(learned),
        every=feed.every,
        tier=feed.tier,
        fresh_for=fresh_for(document.headers, ground.now),
        least=ground.least,
        rng=ground.rng,
    )
    before = redirects.Sighting.from_json(feed.learned.get("moved"))
    move = redirects.judge(document.hops, before, shares_entry=shares, now=ground.now, policy=ground.policy)
    state, reason, events = _state(feed, learned, ground.policy, ground.now, fresh=fresh)
    if move.believed:
        events += (FeedEvent(kind="redirect", detail={"from": feed.fetch_url, "to": move.believed}),)
    remembered: dict[str, Any] = {"habits": learned.to_json()}
    if move.watching:
        remembered["moved"] = move.watching.to_json()
    return PollRecord(
        feed_id=feed.id,
        owner=ground.owner,
        at=ground.now,
        outcome="ok",
        succeeded=True,
        state=state,
        reason=reason,
        next_try=plan.at,
        fetch_url=move.believed or feed.fetch_url,
        etag=document.etag,
        last_modified=document.last_modified,
        validators_url=document.url,
        body_hash=document.body_hash,
        failures=0,
        interval=plan.interval,
        rate=habits.rate(learned, ground.policy),
        learned=remembered,
        events=events,
    )


def _state(feed: FeedForPoll, learned: Learned, policy: PollPolicy, now: Instant, *, fresh: bool) -> tuple[str, str, tuple[FeedEvent, ...]]:
    """Sound or silent, and what to tell when that changes."""
    if feed.last_entry is not None and not fresh and health.is_silent(learned, feed.last_entry, now, policy):
        if feed.state == health.SILENT:
            return health.SILENT, feed.reason, ()
        reason = health.silence_words(feed.last_entry, now, learned, policy)
        return health.SILENT, reason, (FeedEvent(kind=SILENT, detail={"why": reason, "since": feed.last_entry}),)
    was_parked = (FeedEvent(kind="resumed"),) if feed.state == health.PARKED else ()
    if feed.state == health.SILENT and fresh:
        why = f"it spoke again after {(now - (feed.last_entry or now)) / HOUR:.0f} hours"
        return health.OK, "", (FeedEvent(kind=RECOVERED, detail={"why": why, "since": feed.last_entry}),)
    return health.OK, "", was_parked


def _lesson(feed: FeedForPoll, novelty: Novelty, fresh: Sequence[NewEntry], now: Instant, window: int) -> Learned:
    """What the feed's habits are after this document."""
    if feed.last_success is None or not feed.learned.get("habits"):
        return habits.first_lesson([at for new in fresh if (at := new.published_at) is not None], now, window)
    times = [at if (at := new.published_at) is not None and feed.last_success - DAY < at <= now else now for new in fresh]
    elapsed = now - feed.last_success
    if novelty.known == 0 and times:  # the whole window turned over: nobody knows what else was there
        elapsed = min(elapsed, max(now - min(times), 60.0))
    return habits.learn(
        Learned.from_json(feed.learned["habits"]),
        elapsed=elapsed,
        times=times,
        silence=min(times) - feed.last_entry if times and feed.last_entry else 0.0,
        window=window,
        known=novelty.known,
    )


def _new_entry(fresh: Fresh, feed: FeedForPoll, policy: PollPolicy, now: Instant) -> NewEntry:
    published = instant(fresh.entry.published or fresh.entry.updated)
    at = None if published is None else min(published, now)
    is_first = feed.first_success is None
    recent = at is not None and now - at <= backlog_age(feed.options, policy)
    return NewEntry(
        entry=fresh.entry,
        keys=fresh.keys,
        content_hash=fresh.content_hash,
        published_at=at,
        backlog=is_first and not recent,
        late=not is_first and at is not None and now - at > policy.late_after,
    )


def _worth_noting(
    feed_id: str, seen: Mapping[str, tuple[str, ...]], known: Mapping[str, KnownEntry], now: Instant
) -> dict[str, tuple[str, ...]]:
    """Known entries of which the ledger has something to learn: a key, that they are still there, or that this feed shows them too."""

    def is_old_news(key: str) -> bool:
        found = known.get(key)
        return found is not None and found.feed_id == feed_id and now - found.seen_at <= SEEN_EVERY

    return {ident: keys for ident, keys in seen.items() if not all(map(is_old_news, keys))}


def _lag(entry: NewEntry, now: Instant) -> float | None:
    """Seconds from published to seen; None where the publisher gave no time of day or something absurd."""
    written = entry.entry.published or ""
    if entry.published_at is None or len(written) <= len("2026-01-01"):
        return None
    lag = now - entry.published_at
    return lag if lag <= 7 * DAY else None


def _mean_lag(before: float | None, lags: Sequence[float]) -> float | None:
    for lag in lags:
        before = lag if before is None else before + LAG_MEMORY * (lag - before)
    return before
