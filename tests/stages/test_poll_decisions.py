"""What follows from a poll, decided from values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds import health
from pipeline.feeds.habits import DAY, HOUR, Learned
from pipeline.feeds.health import Trouble
from pipeline.feeds.identity import content_hash, keys_of
from pipeline.feeds.novelty import sort
from pipeline.feeds.parsed import ParsedFeed, PublisherHints
from pipeline.feeds.spec import PollPolicy
from pipeline.flow import decide
from pipeline.flow.decide import Ground
from pipeline.flow.obtain import Document
from pipeline.model import Entry
from pipeline.net.fetch import Hop
from pipeline.store.feeds import FeedForPoll, KnownEntry, PollRecord

NOW = 1_800_000_000.0
HOME = "https://desk.example/feed"
GROUND = Ground(policy=PollPolicy(), pace=lambda _learned: HOUR, least=0.0, rng=Random(1), owner="me", now=NOW)
BUSY = Learned(counts=(2.0,) * 24, days=4.0, window=20, gap=HOUR)
"""Some twelve entries a day, watched for long enough to be missed."""
FEED = FeedForPoll(
    id="f",
    url=HOME,
    fetch_url=HOME,
    name="Desk",
    site="desk.example",
    tier=2,
    tags=(),
    every=None,
    options={},
    state="ok",
    reason="",
    since=NOW - 9 * DAY,
    next_try=NOW,
    etag='"before"',
    last_modified="Mon, 01 Jan 2026 00:00:00 GMT",
    validators_url=HOME,
    body_hash="hash before",
    polls=100,
    failures=0,
    added_at=NOW - 9 * DAY,
    last_poll=NOW - HOUR,
    first_success=NOW - 9 * DAY,
    last_success=NOW - HOUR,
    last_entry=NOW - 2 * HOUR,
    interval=HOUR,
    rate=12.0,
    lag=100.0,
    learned={"habits": BUSY.to_json()},
)
UNSEEN = replace(FEED, state="new", polls=0, first_success=None, last_success=None, last_entry=None, learned={}, lag=None)


def entry(number: int, *, age: float | None = HOUR, title: str = "") -> Entry:
    written = None if age is None else datetime.fromtimestamp(NOW - age, UTC).isoformat()
    url = f"https://desk.example/news/report-number-{number}"
    return Entry(id=f"g-{number}", url=url, title=title or f"Report {number} of the harbour", published=written)


@dataclass(frozen=True)
class Known:
    """Entries as the ledger would answer for them."""

    entries: Sequence[Entry] = ()
    feed: str = "f"
    seen_at: float = NOW - HOUR

    def by_key(self) -> Mapping[str, KnownEntry]:
        return {
            key: KnownEntry(
                entry_id=one.id, feed_id=self.feed, content_hash=content_hash(one), revision=0, state="ok", seen_at=self.seen_at
            )
            for one, keys in zip(self.entries, keys_of(self.entries), strict=True)
            for key in keys
        }


def changed(feed: FeedForPoll, *entries: Entry, known: Known = Known(), document: Document | None = None, **more: Any) -> PollRecord:
    ground = replace(GROUND, **more.pop("ground", {}))
    parsed = ParsedFeed(kind="rss", entries=entries, **more)
    novelty = sort(feed.id, entries, keys_of(entries), known.by_key())
    return decide.changed(feed, document or Document(url=HOME, body_hash="hash now"), parsed, novelty, known.by_key(), ground)


# -- what is new ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "ages", "backlog"),
    [({}, [HOUR, None], [True, True]), ({"backlog": "24h"}, [HOUR, 25 * HOUR, None], [False, True, True])],
)
def test_what_the_first_poll_shows_is_backlog_unless_it_is_as_young_as_was_asked(options, ages, backlog):
    record = changed(replace(UNSEEN, options=options), *(entry(n, age=age) for n, age in enumerate(ages)))
    assert [one.backlog for one in record.entries] == backlog
    assert not any(one.late for one in record.entries)


def test_later_polls_have_no_backlog_but_may_be_late():
    record = changed(FEED, entry(1, age=60.0), entry(2, age=5 * HOUR), entry(3, age=None))
    assert [(one.backlog, one.late) for one in record.entries] == [(False, False), (False, True), (False, False)]
    assert record.lags == pytest.approx((60.0, 5 * HOUR), abs=1)


def test_the_future_is_now():
    (one,) = changed(FEED, entry(1, age=-DAY)).entries
    assert one.published_at == NOW


def test_lag_is_a_mean_that_forgets_and_backlog_does_not_count():
    assert changed(FEED, entry(1, age=200.0)).lag == pytest.approx(110.0, abs=1)
    assert changed(UNSEEN, entry(1, age=200.0)).lag is None
    assert changed(FEED, entry(1, age=30 * DAY)).lag == 100.0


def test_an_edit_belongs_to_the_feed_that_showed_the_entry_first():
    before, after = entry(1, title="The report"), entry(1, title="The report, corrected")
    own = changed(FEED, after, known=Known([before]))
    assert ([one.entry_id for one in own.edited], own.entries) == (["g-1"], ())
    assert changed(FEED, after, known=Known([before], feed="other")).edited == ()


@pytest.mark.parametrize(("feed", "seen_at", "noted"), [("f", NOW - HOUR, False), ("f", NOW - 2 * DAY, True), ("other", NOW - HOUR, True)])
def test_known_entries_are_noted_only_where_there_is_something_to_note(feed, seen_at, noted):
    assert bool(changed(FEED, entry(1), known=Known([entry(1)], feed=feed, seen_at=seen_at)).seen) is noted


# -- what is remembered -----------------------------------------------------------------------------------------------


def test_validators_are_those_of_the_answer_and_none_are_invented():
    spoken = Document(url="https://desk.example/end", body_hash="new", etag="W/odd", last_modified="yesterday")
    record = changed(FEED, entry(1), document=spoken)
    assert (record.etag, record.last_modified, record.validators_url, record.body_hash) == ("W/odd", "yesterday", spoken.url, "new")
    silent = changed(FEED, entry(1))
    assert (silent.etag, silent.last_modified) == (None, None)


def test_a_failure_forgets_nothing():
    record = decide.failed(replace(FEED, learned={**FEED.learned, "moved": {"to": "x"}}), Trouble(code="timeout", message="late"), GROUND)
    kept = {name: getattr(record, name) for name in ("etag", "last_modified", "validators_url", "body_hash", "interval", "rate", "lag")}
    assert kept == {name: getattr(FEED, name) for name in kept}
    assert record.learned["habits"] == FEED.learned["habits"]
    assert record.learned["moved"] == {"to": "x"}
    assert (record.state, record.reason, record.failures, record.succeeded) == (health.FAILING, "late", 1, False)


def test_what_the_document_says_of_its_pace_outlives_answers_without_a_document():
    record = changed(FEED, entry(1), hints=PublisherHints(interval=7200.0, skip_hours=(3,)))
    after = decide.unchanged(replace(FEED, learned=record.learned), Document(url=HOME), GROUND)
    assert (after.outcome, after.succeeded, after.learned["habits"]["hint"]) == ("unchanged", True, 7200.0)
    assert after.next_try >= NOW + 7200.0


def test_a_poll_that_knows_few_entries_halves_the_interval():
    entries = [entry(n) for n in range(10)]
    few = changed(FEED, *entries, known=Known(entries[:3]))
    many = changed(FEED, *entries, known=Known(entries[:4]))
    assert Learned.from_json(few.learned["habits"]).cap == pytest.approx(HOUR / 2)
    assert Learned.from_json(many.learned["habits"]).cap is None
    assert few.next_try <= NOW + HOUR / 2


# -- states -----------------------------------------------------------------------------------------------------------


def test_silence_is_told_once_and_so_is_its_end():
    quiet = replace(FEED, last_entry=NOW - 3 * DAY)
    fell = decide.unchanged(quiet, Document(url=HOME), GROUND)
    assert (fell.state, [one.kind for one in fell.events]) == (health.SILENT, ["source.silent"])
    still = decide.unchanged(replace(quiet, state=fell.state, reason=fell.reason), Document(url=HOME), GROUND)
    assert (still.state, still.reason, still.events) == (health.SILENT, fell.reason, ())
    back = changed(replace(quiet, state=fell.state), entry(1))
    assert (back.state, [one.kind for one in back.events]) == (health.OK, ["source.recovered"])


def test_gone_twice_parks_and_any_success_brings_it_back():
    gone = Trouble(code="http_410", message="gone", status=410)
    first = decide.failed(FEED, gone, GROUND)
    assert (first.state, first.events) == (health.FAILING, ())
    later = replace(GROUND, now=first.next_try)
    second = decide.failed(replace(FEED, failures=1, learned=first.learned), gone, later)
    assert (second.state, [one.kind for one in second.events]) == (health.PARKED, ["parked"])
    back = decide.unchanged(replace(FEED, state=second.state, learned=second.learned), Document(url=HOME), GROUND)
    assert (back.state, [one.kind for one in back.events], back.failures) == (health.OK, ["resumed"], 0)


def test_a_move_is_believed_only_after_days_of_the_same_answer_about_the_same_entries():
    there = "https://new.example/feed"
    moved = Document(url=there, hops=(Hop(url=HOME, status=301, to=there),))
    feed, at = FEED, NOW
    for _ in range(9):
        record = changed(feed, entry(1), known=Known([entry(1)]), document=moved, ground={"now": at})
        if record.fetch_url == there:
            break
        feed, at = replace(feed, learned=record.learned, last_success=at), at + DAY
    assert at - NOW == 7 * DAY
    assert "redirect" in {one.kind for one in record.events}
    stranger = changed(FEED, entry(9), document=moved)
    assert (stranger.fetch_url, "moved" in stranger.learned) == (HOME, False)


def test_what_a_host_allows_is_the_least():
    assert changed(FEED, entry(1), ground={"least": 5 * HOUR}).next_try >= NOW + 5 * HOUR
    assert changed(replace(FEED, every=30.0), entry(1), ground={"least": 5 * HOUR}).next_try == NOW + 30.0


CODES = st.sampled_from(["timeout", "dns", "tls", "not_a_feed", "http_404", "http_410", "http_429", "http_503"])


@given(st.lists(CODES | st.none() | st.integers(0, 4), max_size=30), st.integers(0, 2**32))
def test_whatever_happens_there_is_a_next_try_later_than_now(story, seed):
    """A life of a feed: errors, unchanged answers (None), and documents with so many new entries."""
    feed, ground, number = UNSEEN, replace(GROUND, rng=Random(seed)), 0
    for happened in story:
        if isinstance(happened, str):
            status = int(happened[5:]) if happened.startswith("http_") else None
            record = decide.failed(feed, Trouble(code=happened, message=happened, status=status), ground)
        elif happened is None:
            record = decide.unchanged(feed, Document(url=HOME), ground)
        else:
            news = [entry(number + n, age=None) for n in range(happened)]
            number += happened
            record = changed(feed, *news, ground={"now": ground.now, "rng": ground.rng})
        assert ground.now < record.next_try <= ground.now + max(health.PARKED_FOR, 1.1 * DAY)
        assert record.succeeded == (record.failures == 0)
        assert bool(record.reason) == (record.state != health.OK)
        succeeded_at = ground.now if record.succeeded else feed.last_success
        feed = replace(
            feed,
            state=record.state,
            reason=record.reason,
            learned=record.learned,
            failures=record.failures,
            interval=record.interval,
            last_success=succeeded_at,
            first_success=feed.first_success or succeeded_at,
            last_entry=ground.now if record.entries else feed.last_entry,
        )
        ground = replace(ground, now=record.next_try)
