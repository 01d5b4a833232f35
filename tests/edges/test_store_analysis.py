"""One transaction from decision to outbox: what it writes, what it refuses, and who wins a race."""

from __future__ import annotations

import threading
from dataclasses import replace
from hashlib import sha256

import pytest
from storelife import DAY, NOW, alert, alerted, analysis, claimed, mention, suppression, verdict

from pipeline.model import EntryState, Tier
from pipeline.store import Store, ids, open_store
from pipeline.store.analysis import AnalysisRecord, DeliveryPlan, SiteLearned
from pipeline.store.stories import StoryRecord


def test_everything_about_a_page_is_written_at_once(store: Store) -> None:
    ident, page = alerted(store, 1, "ops", "second")
    article = store.articles.get(page.article_id)
    assert article is not None
    assert (article.title, article.language, article.captions) == ("Headline 1", "en", ("A street",))
    assert article.removed == ({"text": "Subscribe", "reason": "newsletter"},)
    assert article.text_sha256 == sha256(article.text.encode()).hexdigest()
    (line,) = store.articles.ledger(page.article_id)
    assert line["ledger"]["why"] == [{"code": "full_name_in_text", "weight": 0.6, "detail": ""}]
    assert article.text[line["start"] : line["end"]] == line["surface"]
    shown = store.alerts.show(ident)
    assert shown is not None
    assert shown["body"] == b'{"type":"alert.match"}'
    assert {delivery["endpoint"] for delivery in shown["deliveries"]} == {"ops", "second"}
    assert store.entries.counts_by_state() == {"alerted": 1}


def test_a_page_is_recorded_by_its_holder_and_once(store: Store) -> None:
    page = claimed(store)
    record = analysis(page, alert(page, "st_1"))
    assert not store.articles.record_analysis(replace(record, owner="somebody else")).held
    assert store.articles.record_analysis(record).held
    again = store.articles.record_analysis(replace(record, owner=None))
    assert (again.held, again.alerts) == (False, ())
    assert len(store.alerts.list()) == 1


def test_an_error_in_the_decision_leaves_no_trace(store: Store) -> None:
    page = claimed(store)

    def decide() -> None:
        with store.analysis() as tx:
            assert tx.record(analysis(page, alert(page, "st_1"))).held
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        decide()
    assert store.alerts.list() == []
    assert store.articles.get(page.article_id) is None
    assert store.articles.record_analysis(analysis(page)).held


def test_several_pages_may_share_a_transaction(store: Store) -> None:
    pages = [claimed(store, n) for n in range(3)]
    with store.analysis() as tx:
        story = ids.story_id(pages[0].article_id)
        for page in pages:
            told = tx.facts(story, ["wagner-group"])
            alerts = () if told else (alert(page, story),)
            tx.record(analysis(page, *alerts, story=story))
    assert len(store.alerts.list()) == 1
    brief = store.stories.get(story)
    assert brief is not None
    assert (brief.size, brief.sources, brief.copies) == (3, 1, 0)


def test_the_same_alert_from_another_page_is_not_repeated(store: Store) -> None:
    ident, _ = alerted(store, 1, story="st_1")
    page = claimed(store, 2)
    recorded = store.articles.record_analysis(analysis(page, alert(page, "st_1", "ops", "second"), story="st_1"))
    assert recorded.alerts == ()
    assert recorded.deliveries == ()
    assert [row.id for row in store.alerts.list()] == [ident]


def test_facts_tell_what_was_said_here_and_elsewhere(store: Store) -> None:
    alerted(store, 1, story="st_1", at=NOW, facts={"first_tier": True}, size=4, sources=3)
    with store.analysis() as tx:
        here = tx.facts("st_1", ["wagner-group", "nobody"])
        elsewhere = tx.facts("st_2", ["wagner-group"])["wagner-group"]
        assert tx.was_told("st_1")
        assert not tx.was_told("st_2")
        assert (tx.told_since("wagner-group", NOW), tx.told_since("wagner-group", NOW + 1)) == (1, 0)
    assert list(here) == ["wagner-group"]
    fact = here["wagner-group"]
    assert (fact.here, fact.tier, fact.size, fact.sources, fact.facts) == (True, Tier.CONFIRMED, 4, 3, {"first_tier": True})
    assert (elsewhere.here, elsewhere.last_any, elsewhere.tier) == (False, NOW, None)


def test_an_update_moves_the_facts_and_keeps_the_first_alert(store: Store) -> None:
    first, _ = alerted(store, 1, story="st_1", at=NOW)
    second, _ = alerted(store, 2, story="st_1", at=NOW + 100, event="story_grew", revision=3, type="alert.story_update", size=9)
    with store.analysis() as tx:
        fact = tx.facts("st_1", ["wagner-group"])["wagner-group"]
    assert first != second
    assert (fact.alert_id, fact.size, fact.alerted_at, fact.updated_at) == (first, 9, NOW, NOW + 100)


def test_what_waits_for_a_digest_is_told_but_not_loud(store: Store) -> None:
    plan = DeliveryPlan(endpoint="mail", next_at=NOW + DAY, digest="daily", reason="hourly_cap")
    ident, _ = alerted(store, 1, deliveries=(plan,))
    assert store.deliveries.list() == []
    assert store.deliveries.digest_due(NOW + DAY - 1) == []
    (waiting,) = store.deliveries.digest_due(NOW + DAY)
    assert (waiting.alert_id, waiting.endpoint, waiting.reason) == (ident, "mail", "hourly_cap")
    with store.analysis() as tx:
        assert tx.told_since("wagner-group", 0) == 0
        assert tx.facts("st_x", ["wagner-group"]) == {}


def test_an_edited_article_replaces_its_words_and_verdicts(store: Store) -> None:
    _, page = alerted(store, 1)
    with store.analysis() as tx:
        before = tx.previous(page.article_id)
    assert before is not None
    assert (before.revision, before.rule_rev, before.duplicate_of) == (0, "sha256:1", None)
    store.articles.reanalyse([page.id], NOW + 5)
    (page,) = store.articles.claim_pages([page.id], "analyser", NOW + 6, 60)
    record = analysis(page, at=NOW + 7)
    assert record.article is not None
    store.articles.record_analysis(
        replace(record, article=replace(record.article, text="Quite another matter."), verdicts=(verdict("other"),))
    )
    assert store.articles.search("hurt") == []
    assert [hit.article_id for hit in store.articles.search("another matter")] == [page.article_id]
    assert [line["entity"] for line in store.articles.ledger(page.article_id)] == ["other"]


def test_postings_are_the_newest_of_each_key_within_the_span(store: Store) -> None:
    pages = [claimed(store, n) for n in range(5)]
    for n, page in enumerate(pages):
        story = StoryRecord(
            story_id="st_1",
            article_id=page.article_id,
            title="t",
            source=f"s{n}",
            url=page.url,
            at=NOW + n,
            bands=(7, 2**63 + 1, 1000 + n),
            features={"n": n},
            duplicate_of=pages[0].article_id if n else None,
        )
        store.articles.record_analysis(replace(analysis(page), story=story))
    with store.analysis() as tx:
        found = tx.postings([7, 2**63 + 1, 1003, 5], since=NOW + 3, until=NOW + 4, most=3)
        few = tx.postings([7, 2**63 + 1, 1003, 5], since=NOW + 1, until=NOW + 4, most=4)
        known = tx.known([pages[3].article_id, "ar_unknown"])
        assert tx.indexed() == 5
    late = [(pages[4].article_id, "st_1"), (pages[3].article_id, "st_1")]
    assert found == {7: late, 2**63 + 1 - 2**64: late, 1003: [(pages[3].article_id, "st_1")]}
    assert few == {1003: [(pages[3].article_id, "st_1")]}, "what as many hold says nothing"
    assert [(one.article_id, one.story_id, one.source, one.features, one.at) for one in known] == [
        (pages[3].article_id, "st_1", "s3", {"n": 3}, NOW + 3)
    ]
    brief = store.stories.get("st_1")
    assert brief is not None
    assert (brief.size, brief.copies, brief.sources, brief.last_seen) == (5, 4, 5, NOW)


def test_an_article_that_moves_leaves_its_old_keys_and_story(store: Store) -> None:
    page = claimed(store)
    store.articles.record_analysis(analysis(page, story="st_1"))
    store.articles.reanalyse([page.id], NOW + 5)
    store.articles.claim_pages([page.id], "analyser", NOW + 6, 60)
    record = analysis(page, story="st_2", at=NOW + 7)
    assert record.story is not None
    store.articles.record_analysis(replace(record, story=replace(record.story, bands=(2, 99))))
    with store.analysis() as tx:
        assert set(tx.postings([1, 2, -3, 99], since=0, until=NOW + 99, most=9)) == {2, 99}
    assert [(story.id, story.size) for story in store.stories.list()] == [("st_2", 1), ("st_1", 0)]


def test_suppressions_are_counted_once_and_credited_to_their_mute(store: Store) -> None:
    mute = store.alerts.add_mute("entity", "wagner-group", author="ana", reason="busy week", now=NOW)
    page = claimed(store)
    quiet = suppression(page, mute=mute.seq, detail={"says": "muted by ana"})
    record = replace(analysis(page), state=EntryState.SUPPRESSED, suppressions=(quiet, quiet))
    store.articles.record_analysis(record)
    (row,) = store.alerts.suppressions()
    assert (row["reason"], row["detail"], row["title"]) == ("muted", {"says": "muted by ana"}, "Headline 1")
    assert store.alerts.suppressions(mute=mute.seq + 1) == []
    with store.analysis() as tx:
        assert [one["seq"] for one in tx.mutes(NOW + 1)] == [mute.seq]


def test_a_line_counts_once_for_each_article(store: Store) -> None:
    teach = store.sites.learn
    teach(SiteLearned(site="s", article="a", lines=(1, 2)), NOW)
    teach(SiteLearned(site="s", article="a", lines=(2, 3)), NOW + 1)
    teach(SiteLearned(site="s", article="b", lines=(2, 2**63 + 5)), NOW + 2)
    assert store.sites.carriers("s", "c", [1, 2, 3, 2**63 + 5, 9]) == {1: 1, 2: 2, 3: 1, 2**63 + 5: 1}
    assert store.sites.carriers("s", "a", [1, 2, 3]) == {2: 1}
    assert store.sites.carriers("other", "a", [1, 2, 3]) == {}
    assert store.articles.site_memory("ar_1").carriers("s", "b", [2]) == {2: 1}


def test_two_copies_at_the_same_moment_make_one_alert(store_url: str) -> None:
    with open_store(store_url) as store:
        store.deliveries.sync_endpoints({"ops": "standard"}, NOW)
        pages = [claimed(store, n) for n in range(8)]
        barrier = threading.Barrier(len(pages))

        def decide(n: int) -> None:
            barrier.wait()
            page = pages[n]
            with store.analysis() as tx:
                tx.lock(["wagner-group"])
                found = tx.postings([1], since=NOW - DAY, until=NOW + DAY, most=9)
                known = tx.known([article for article, _ in found.get(1, [])])
                story = known[0].story_id if known else ids.story_id(page.article_id)
                told = tx.facts(story, ["wagner-group"])
                tx.record(analysis(page, *(() if told else (alert(page, story),)), story=story))

        threads = [threading.Thread(target=decide, args=(n,)) for n in range(len(pages))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.alerts.list()) == 1
        (story,) = store.stories.list()
        assert story.size == len(pages)


def test_the_archive_is_walked_in_batches_and_resumed(store: Store) -> None:
    for n in range(7):
        alerted(store, n, at=NOW + n)
    batches = list(store.articles.iterate_texts(NOW + 1, batch=3))
    assert [len(batch) for batch in batches] == [3, 3]
    rest = list(store.articles.iterate_texts(NOW + 1, batches[0][-1].seq, batch=100, until=NOW + 6))
    assert [[article.title for article in batch] for batch in rest] == [["Headline 4", "Headline 5"]]
    assert store.articles.count(NOW + 1) == 6
    days = store.articles.verdicts_a_day(NOW, entity="wagner-group")
    assert sum(day["articles"] for day in days) == 7


def test_mentions_of_a_rule_that_let_nothing_through_are_kept(store: Store) -> None:
    page = claimed(store)
    record: AnalysisRecord = replace(analysis(page), verdicts=(verdict("a", None), verdict("b", Tier.POSSIBLE)))
    store.articles.record_analysis(record)
    assert {line["entity"] for line in store.articles.ledger(page.article_id)} == {"a", "b"}
    assert mention().tier is Tier.CONFIRMED
