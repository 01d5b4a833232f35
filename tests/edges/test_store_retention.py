"""What a prune forgets, what it never forgets by itself, and what a purge by name removes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from storelife import DAY, NOW, alerted, analysis, claimed, feed, fetched, poll, suppression

from pipeline.flow.prune import Pruned, RetentionPolicy, prune
from pipeline.store import Store, ids
from pipeline.store.deliveries import MessageRecord, ReplayFilter
from pipeline.store.tables import METADATA

POLICY = RetentionPolicy()


def counts(store: Store) -> dict[str, int]:
    with store.transaction() as connection:
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in METADATA.sorted_tables}


def analysed(store: Store, n: int) -> str:
    page = claimed(store, n)
    store.articles.record_analysis(replace(analysis(page), suppressions=(suppression(page),)))
    return page.id


def test_bytes_go_first_and_the_rest_of_the_page_stays(store: Store) -> None:
    pages = [analysed(store, n) for n in range(3)]
    kept = counts(store)
    pruned = prune(store, POLICY, NOW + POLICY.pages + 1)
    assert pruned.counts == {"pages": 3, "articles": 0, "index": 3, "stories": 0, "sites": 0, "log": 0}
    assert store.articles.page(pages[0]) is None
    (ledger,) = store.entries.why("https://paper.example/1")
    assert len(ledger["pages"][0]["sha256"]) == 64
    assert counts(store)["articles"] == kept["articles"]
    assert prune(store, POLICY, NOW + POLICY.pages + 2).counts["pages"] == 0


def test_in_the_end_nothing_of_a_quiet_article_is_left(store: Store) -> None:
    for n in range(3):
        analysed(store, n)
    end = NOW + max(POLICY.articles, POLICY.log) + DAY
    assert prune(store, POLICY, end).finished
    left = {name: count for name, count in counts(store).items() if count}
    assert set(left) <= {"feeds", "meta"}
    assert store.articles.search("Wagner") == []
    assert prune(store, POLICY, end) == Pruned(counts=dict.fromkeys(("pages", "articles", "index", "stories", "sites", "log"), 0))


def test_what_an_alert_rests_on_outlives_every_age(store: Store) -> None:
    ident, page = alerted(store, 1)
    analysed(store, 2)
    prune(store, POLICY, NOW + 100 * max(POLICY.articles, POLICY.log))
    shown = store.alerts.show(ident)
    assert shown is not None
    assert shown["article"]["text"].startswith("Wagner came")
    assert shown["mentions"]
    assert shown["body"]
    assert shown["deliveries"]
    stored = store.articles.page(page.id)
    assert stored is not None
    assert (stored.body, stored.headers) == (page.body, page.headers)
    assert store.stories.get(ids.story_id(page.article_id)) is not None
    assert [hit.article_id for hit in store.articles.search("wagner")] == [page.article_id]
    assert store.entries.why("https://paper.example/2") == []


def test_an_entry_that_its_feed_still_shows_is_not_forgotten(store: Store) -> None:
    analysed(store, 1)
    analysed(store, 2)
    end = NOW + POLICY.articles + 1
    entry = store.entries.why("https://paper.example/1")[0]["entry"]["id"]
    store.feeds.record_poll(poll(feed(store), at=end - DAY, owner=None, seen={entry: ("guid:1",)}))
    assert prune(store, POLICY, end).counts["articles"] == 1
    assert store.entries.why("https://paper.example/1")
    assert not store.entries.why("https://paper.example/2")


def test_what_is_under_way_is_never_forgotten(store: Store) -> None:
    page = fetched(store, 1)
    prune(store, POLICY, NOW + 10 * POLICY.log)
    assert store.articles.page(page) is not None


def test_a_prune_may_be_stopped_and_goes_on(store: Store) -> None:
    for n in range(5):
        analysed(store, n)
    end = NOW + POLICY.articles + 1
    assert not prune(store, POLICY, end, go_on=lambda: False).finished
    assert counts(store)["articles"] == 5
    assert store.retention.drop_entries(end, end, limit=2) == 2
    assert prune(store, POLICY, end).counts["articles"] == 3


def test_a_purge_by_name_leaves_bare_rows_and_an_audit(store: Store) -> None:
    ident, page = alerted(store, 1, "ops", "second")
    purged = store.retention.purge(page.article_id, author="ana", reason="court order", now=NOW + 5)
    assert (purged.articles, purged.pages, purged.messages, purged.cancelled) == (1, 1, 1, 2)
    shown = store.alerts.show(ident)
    assert shown is not None
    assert (shown["article"], shown["mentions"], shown["body"], shown["alert"]["title"]) == (None, [], b"", "")
    assert store.articles.page(page.id) is None
    assert store.articles.search("wagner") == []
    assert store.deliveries.claim_due(NOW + 9, "d", 30, 10) == ()
    assert store.deliveries.replay(ReplayFilter(), NOW + 9) == []
    assert store.articles.reanalyse([page.id], NOW + 9) == 0
    assert store.alerts.audit()[0]["action"] == "article.purge"
    assert store.feeds.known_keys(page.feed.id, ["guid:1"])


def test_messages_that_were_no_alert_are_forgotten_when_they_have_ended(store: Store) -> None:
    store.deliveries.sync_endpoints({"ops": "standard"}, NOW)
    for n in range(2):
        message = MessageRecord(id=f"no_{n}", type="test.ping", body=b"{}", created_at=NOW, endpoints=("ops",), route="test")
        (sent, *_) = store.deliveries.add_message(message)
    store.deliveries.cancel([sent], reason="x", now=NOW)
    assert prune(store, POLICY, NOW + POLICY.log + 1).counts["log"] == 1
    assert [row["message_id"] for row in store.deliveries.list()] == ["no_0"]
