"""Feeds and entries in the store: who may poll, what a poll writes, and what is known of an entry."""

from __future__ import annotations

import threading
from dataclasses import replace

from sqlalchemy import select
from storelife import DAY, NOW, feed, item, poll

from pipeline.model import Entry, EntryState, Lane
from pipeline.store import Store, ids, open_store
from pipeline.store.entries import PageRecord
from pipeline.store.feeds import EditedEntry, FeedEvent, FeedRow
from pipeline.store.tables import sightings


def test_sync_adds_changes_and_switches_off_but_never_forgets(store: Store) -> None:
    specs = [FeedRow(url=f"https://paper.example/{n}", name=f"n{n}", tags=("a",), options={"headers": {"x": "y"}}) for n in range(3)]
    assert store.feeds.sync(specs, NOW) == (3, 0)
    assert store.feeds.sync([replace(specs[0], name="renamed"), specs[1]], NOW + 1) == (0, 1)
    assert {health.name for health in store.feeds.health()} == {"renamed", "n1"}
    gone = store.feeds.get(ids.feed_id(specs[2].url))
    assert gone is not None
    assert gone.options == {"headers": {"x": "y"}}
    assert gone.tags == ("a",)
    assert len(store.feeds.claim_due(NOW, "p", 60, 10)) == 2
    assert store.feeds.sync(specs, NOW + 2) == (0, 0)
    assert [one.url for one in store.feeds.claim_due(NOW + 2, "p", 60, 10)] == [specs[2].url]


def test_a_feed_switched_off_in_the_configuration_is_not_polled(store: Store) -> None:
    spec = FeedRow(url="https://paper.example/feed")
    store.feeds.sync([spec], NOW)
    assert store.feeds.sync([replace(spec, enabled=False)], NOW) == (0, 1)
    assert store.feeds.claim_due(NOW, "p", 60, 10) == []
    assert store.feeds.next_due_at() is None


def test_a_claim_is_exclusive_until_its_lease_ends(store: Store) -> None:
    feed(store)
    assert store.feeds.claim_due(NOW + 59, "other", 60, 10) == []
    (taken,) = store.feeds.claim_due(NOW + 60, "other", 60, 10)
    written = store.feeds.record_poll(poll(taken, item(), events=(FeedEvent(kind="redirect", detail={"from": "x"}),)))
    assert written.new
    assert not written.held
    assert store.feeds.get(taken.id).last_poll is None  # type: ignore[union-attr]
    assert store.feeds.events() == []


def test_many_claimers_never_share_a_feed(store_url: str) -> None:
    with open_store(store_url) as store:
        store.feeds.sync([FeedRow(url=f"https://paper.example/{n}") for n in range(60)], NOW)
        taken: list[str] = []

        def claim(owner: str) -> None:
            while found := store.feeds.claim_due(NOW, owner, 60, 7):
                taken.extend(one.id for one in found)

        threads = [threading.Thread(target=claim, args=(f"p{n}",)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == len(set(taken)) == 60


def test_the_most_overdue_feed_comes_first(store: Store) -> None:
    store.feeds.sync([FeedRow(url=f"https://paper.example/{n}", first_try=NOW - n) for n in range(5)], NOW)
    assert [one.next_try for one in store.feeds.claim_due(NOW, "p", 60, 2)] == [NOW - 4, NOW - 3]
    assert store.feeds.next_due_at() == NOW - 4


def test_a_poll_is_written_whole(store: Store) -> None:
    taken = feed(store)
    record = poll(
        taken,
        item(1, published_at=NOW - 90),
        etag='W/"a"',
        last_modified="Mon",
        validators_url="https://cdn.example/feed",
        body_hash="b",
        interval=600.0,
        rate=12.5,
        learned={"hours": [1, 2]},
        lags=(90.0, 30.0),
        events=(FeedEvent(kind="resumed", detail={"after": 3}),),
    )
    (new,) = store.feeds.record_poll(record).new
    again = store.feeds.get(taken.id)
    assert again is not None
    assert (again.etag, again.last_modified, again.validators_url) == ('W/"a"', "Mon", "https://cdn.example/feed")
    assert (again.state, again.polls, again.first_success, again.last_entry) == ("ok", 1, NOW, NOW)
    assert (again.rate, again.learned) == (12.5, {"hours": [1, 2]})
    assert store.feeds.volume(taken.id, NOW) == [
        {"day": int(NOW // DAY), "polls": 1, "unchanged": 0, "failures": 0, "entries": 1, "lag": 60.0}
    ]
    assert [event["kind"] for event in store.feeds.events(taken.id)] == ["resumed"]
    known = store.feeds.known_keys(taken.id, ["guid:1", "url:https://paper.example/1", "guid:2"])
    assert {key: found.entry_id for key, found in known.items()} == {"guid:1": new, "url:https://paper.example/1": new}
    assert known["guid:1"].content_hash == "hash-1"


def test_the_reason_keeps_its_since_until_it_changes(store: Store) -> None:
    taken = feed(store)
    failing = poll(taken, outcome="timeout", succeeded=False, state="failing", reason="timed out", failures=1, at=NOW + 1, owner=None)
    store.feeds.record_poll(failing)
    store.feeds.record_poll(replace(failing, at=NOW + 2, failures=2))
    (health,) = store.feeds.health()
    assert (health.state, health.reason, health.since, health.failures) == ("failing", "timed out", NOW + 1, 2)
    assert health.last_success is None


def test_url_keys_hold_for_all_feeds_and_guids_for_their_own(store: Store) -> None:
    one, two = feed(store), feed(store, "https://paper.example/sport")
    (first,) = store.feeds.record_poll(poll(one, item(1))).new
    assert store.feeds.record_poll(poll(two, item(1))).new == ()
    assert store.feeds.known_keys(two.id, ["guid:1"])["guid:1"].entry_id == first
    store.feeds.record_poll(poll(two, owner=None, seen={first: ("guid:1",)}))
    store.feeds.record_poll(poll(one, owner=None, seen={first: ("guid:1",)}))
    with store.transaction() as connection:
        assert connection.execute(select(sightings.c.feed_id)).scalars().all() == [two.id]
    other = replace(item(9), keys=("guid:1", "url:https://paper.example/9"))
    third = feed(store, "https://paper.example/third")
    assert store.feeds.record_poll(poll(third, other)).new != ()


def test_the_same_entry_twice_in_one_poll_is_one_entry(store: Store) -> None:
    taken = feed(store)
    assert len(store.feeds.record_poll(poll(taken, item(1), item(1))).new) == 1


def test_an_edit_makes_the_next_revision_due(store: Store) -> None:
    taken = feed(store)
    (ident,) = store.feeds.record_poll(poll(taken, item(1))).new
    store.entries.claim_fetch(NOW, "collector", 60, 1)
    edit = EditedEntry(
        entry_id=ident, entry=Entry(id="guid-1", url="https://paper.example/1", title="Corrected"), keys=("guid:1b",), content_hash="h2"
    )
    store.feeds.record_poll(poll(taken, at=NOW + 70, owner=None, edited=(edit,)))
    (again,) = store.entries.claim_fetch(NOW + 70, "collector", 60, 10)
    assert (again.id, again.revision, again.entry.title, again.state) == (ident, 1, "Corrected", EntryState.NEW)
    assert store.feeds.known_keys(taken.id, ["guid:1b"])["guid:1b"].content_hash == "h2"


def test_an_edit_overtakes_the_page_that_is_being_fetched(store: Store) -> None:
    """The page of before the edit must not be taken for the edited one, nor its failure for that of the edited one."""
    taken = feed(store)
    (ident,) = store.feeds.record_poll(poll(taken, item(1))).new
    (before,) = store.entries.claim_fetch(NOW, "collector", 60, 1)
    edit = EditedEntry(entry_id=ident, entry=replace(item(1).entry, title="Corrected"), keys=("guid:1",), content_hash="h2")
    store.feeds.record_poll(poll(taken, at=NOW + 5, owner=None, edited=(edit,)))
    old = PageRecord(
        entry_id=ident, owner="collector", revision=before.revision, url="u", final_url="u", body=b"old", fetched_at=NOW + 6, lane=Lane.HOT
    )
    store.entries.record_page(old)
    assert store.entries.next_due_at() == NOW + 5
    (again,) = store.entries.claim_fetch(NOW + 6, "collector", 60, 1)
    store.entries.record_page(old)  # however late it comes, and though the same collector holds the entry again
    failed = {"owner": "collector", "state": EntryState.RETRYING, "reason": "timeout", "next_at": NOW + 999, "now": NOW + 7}
    assert not store.entries.record_fetch_failure(ident, revision=before.revision, **failed)
    page = store.entries.record_page(replace(old, revision=again.revision, body=b"new"))
    (waiting,) = store.articles.claim_pages([page], "analyser", NOW + 8, 60)
    assert (waiting.revision, waiting.body) == (1, b"new")


def test_polls_written_together_are_what_they_are_alone(store: Store) -> None:
    one, two = feed(store), feed(store, "https://paper.example/sport")
    lost = feed(store, "https://paper.example/late")
    shared = replace(item(7), keys=("guid:b", "url:https://paper.example/7"))
    written = store.feeds.record_polls(
        [
            poll(one, item(1), item(7), state="ok", etag="a"),
            poll(two, shared, item(2), state="silent", reason="quiet", succeeded=True),
            poll(lost, item(3), owner="somebody else", etag="late"),
            poll(replace(one, id="fe_unknown"), item(4), owner=None),
        ]
    )
    assert [len(each.new) for each in written] == [2, 1, 1, 1]
    assert [each.held for each in written] == [True, True, False, False]
    assert store.feeds.known_keys(two.id, ["guid:b"])["guid:b"].feed_id == one.id
    rows = {each.id: each for each in store.feeds.health()}
    assert [(rows[each.id].state, rows[each.id].polls) for each in (one, two, lost)] == [("ok", 1), ("silent", 1), ("new", 0)]
    assert store.feeds.volume(two.id, NOW)[0]["entries"] == 1
    with store.transaction() as connection:
        assert connection.execute(select(sightings.c.feed_id)).scalars().all() == [two.id]


def test_seen_entries_refresh_their_keys_once_a_day(store: Store) -> None:
    taken = feed(store)
    (ident,) = store.feeds.record_poll(poll(taken, item(1))).new
    store.feeds.record_poll(poll(taken, at=NOW + 100, owner=None, seen={ident: ("guid:1", "guid:new")}))
    known = store.feeds.known_keys(taken.id, ["guid:1", "guid:new"])
    assert (known["guid:1"].seen_at, known["guid:new"].seen_at) == (NOW, NOW + 100)
    store.feeds.record_poll(poll(taken, at=NOW + 2 * DAY, owner=None, seen={ident: ("guid:1",)}))
    assert store.feeds.known_keys(taken.id, ["guid:1"])["guid:1"].seen_at == NOW + 2 * DAY


def test_text_that_no_database_takes_is_kept_at_its_length(store: Store) -> None:
    taken = feed(store)
    odd = Entry(id="g\x00", url="https://paper.example/odd", title="a\x00b\ud800c😀", content="<p>\ud83d</p>", summary="")
    store.feeds.record_poll(poll(taken, replace(item(1), entry=odd)))
    (got,) = store.entries.claim_fetch(NOW, "c", 60, 1)
    assert got.entry.title == "a\ufffdb\ufffdc😀"
    assert got.entry.content == "<p>?</p>"


def test_a_redirect_can_be_reverted_once(store: Store) -> None:
    taken = feed(store)
    moved = FeedEvent(kind="redirect", detail={"from": taken.url, "to": "https://new.example/feed"})
    store.feeds.record_poll(poll(taken, fetch_url="https://new.example/feed", etag="e", events=(moved,)))
    (event,) = store.feeds.events(kinds=["redirect"])
    assert store.feeds.revert_redirect(event["seq"], NOW + 5)
    assert not store.feeds.revert_redirect(event["seq"], NOW + 5)
    back = store.feeds.get(taken.id)
    assert back is not None
    assert (back.fetch_url, back.etag, back.next_try) == (taken.url, None, NOW + 5)


def test_a_clean_stop_gives_everything_back(store: Store) -> None:
    taken = feed(store)
    assert store.feeds.release("poller") == 1
    assert [one.id for one in store.feeds.claim_due(NOW, "next", 60, 10)] == [taken.id]
