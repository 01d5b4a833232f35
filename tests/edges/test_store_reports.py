"""Listings and reports: alerts and what people say of them, search, hosts, backlog, heartbeats, configuration revisions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from storelife import DAY, NOW, alerted, analysis, claimed, feed, item, poll

from pipeline.store import Store, ids
from pipeline.store.alerts import AlertState
from pipeline.store.fulltext import excerpt, searchable, terms
from pipeline.store.reports import Heartbeat


def test_alerts_are_listed_newest_first_and_paged(store: Store) -> None:
    made = [alerted(store, n, at=NOW + n, entity="even" if n % 2 == 0 else "odd")[0] for n in range(5)]
    first = store.alerts.list(limit=2)
    assert [row.id for row in first] == made[:2:-1]
    assert [row.id for row in store.alerts.list(limit=2, before=first[-1].seq)] == made[2:0:-1]
    assert [row.id for row in store.alerts.list(entity="odd")] == [made[3], made[1]]
    assert [row.id for row in store.alerts.list(since=NOW + 1, until=NOW + 3, watchlist="wagner")] == [made[2], made[1]]
    assert store.alerts.list(state=AlertState.DISMISSED) == []


def test_a_state_has_its_author_and_is_audited(store: Store) -> None:
    ident, _ = alerted(store)
    assert store.alerts.set_state(ident, AlertState.REVIEWED, author="ana", note="ours", now=NOW + 1)
    assert not store.alerts.set_state("al_unknown", AlertState.REVIEWED, author="ana", now=NOW)
    row = store.alerts.get(ident)
    assert row is not None
    assert (row.state, row.author, row.note, row.state_at) == ("reviewed", "ana", "ours", NOW + 1)
    store.alerts.note(author="ben", action="feed.retry", target="fe_1", now=NOW + 2)
    assert [(line["author"], line["action"]) for line in store.alerts.audit()] == [("ben", "feed.retry"), ("ana", "alert.state")]
    assert store.alerts.show("al_unknown") is None


def test_an_export_holds_every_alert_whole(store: Store) -> None:
    made = [alerted(store, n, at=NOW + n)[0] for n in range(5)]
    rows = list(store.alerts.export_rows(since=NOW + 1, until=NOW + 4, batch=2))
    assert [row["alert"]["id"] for row in rows] == made[1:4]
    assert all(row["article"] and row["mentions"] and row["body"] for row in rows)


def test_feedback_is_gathered_by_alias(store: Store) -> None:
    one, two = (alerted(store, n)[0] for n in range(2))
    said = [(one, "ana", "relevant"), (one, "ana", "not_relevant"), (one, "ben", "not_relevant"), (two, "ana", "relevant")]
    for ident, author, verdict in said:
        assert store.alerts.add_feedback(ident, verdict=verdict, author=author, alias="Wagner", now=NOW)
    assert not store.alerts.add_feedback("al_unknown", verdict="relevant", author="ana", now=NOW)
    (line,) = store.alerts.feedback_by_alias()
    assert (line.alias, line.relevant, line.not_relevant) == ("Wagner", 1, 2)


def test_mutes_end_by_time_or_by_hand(store: Store) -> None:
    timed = store.alerts.add_mute("alias", "Wagner", author="ana", reason="opera week", now=NOW, until=NOW + 10)
    endless = store.alerts.add_mute("source", "paper.example", author="ana", reason="noise", now=NOW)
    assert [mute.seq for mute in store.alerts.mutes(NOW + 9)] == [endless.seq, timed.seq]
    assert [mute.seq for mute in store.alerts.mutes(NOW + 10)] == [endless.seq]
    assert store.alerts.end_mute(endless.seq, author="ben", now=NOW + 11)
    assert not store.alerts.end_mute(endless.seq, author="ben", now=NOW + 12)
    assert store.alerts.mutes(NOW + 12) == []
    assert len(store.alerts.mutes()) == 2


WRITTEN = {
    "en": ("Mercenaries near Bakhmut", "Yevgeny Prigozhin's fighters said they had left the town on Tuesday."),
    "fr": ("La légion à Évreux", "Le préfet a déclaré que les élèves étaient rentrés."),
    "ru": ("Наёмники у города", "Евгений Пригожин заявил, что бойцы ушли."),
    "zh": ("雇佣兵", "瓦格纳集团负责人普里戈任说，他们已经离开。"),
    "th": ("ข่าว", "กลุ่มวากเนอร์ออกจากเมืองแล้ว"),
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("prigozhin", ["en"]),
        ("PRIGOZHIN bakhmut", ["en"]),
        ('"left the town"', ["en"]),
        ('"the left town"', []),
        ("evreux", ["fr"]),
        ("ÉLÈVES", ["fr"]),
        ("Пригожин", ["ru"]),
        ("наемники", ["ru"]),
        ("普里戈任", ["zh"]),
        ("戈任", ["zh"]),
        ("วากเนอร์", ["th"]),
        ("merc*", ["en"]),
        ("prigozhin -bakhmut", []),
        ("the -prigozhin", []),
        ("-prigozhin", []),
        ("", []),
        ("' OR 1=1 --", []),
        ('"', []),
        ("town NOT tuesday", []),
        ("a:b & (c | !d) <-> e", []),
    ],
)
def test_search_finds_words_in_every_script(store: Store, query: str, found: list[str]) -> None:
    for language, (title, body) in WRITTEN.items():
        page = claimed(store, language)
        record = analysis(page)
        assert record.article is not None
        store.articles.record_analysis(replace(record, article=replace(record.article, title=title, text=body, language=language)))
    assert [hit.language for hit in store.articles.search(query)] == found


def test_search_ranks_titles_first_and_pages(store: Store) -> None:
    for n, (title, body) in enumerate([("Plain", "a town"), ("Town hall", "nothing"), ("Plain", "no such word")]):
        page = claimed(store, n)
        record = analysis(page, at=NOW + n)
        assert record.article is not None
        store.articles.record_analysis(replace(record, article=replace(record.article, title=title, text=body)))
    assert [hit.title for hit in store.articles.search("town")] == ["Town hall", "Plain"]
    assert [hit.title for hit in store.articles.search("town", limit=1, offset=1)] == ["Plain"]
    assert [hit.title for hit in store.articles.search("town", since=NOW + 1)] == ["Town hall"]
    assert [hit.title for hit in store.articles.search("town", until=NOW + 1)] == ["Plain"]


def test_excerpts_stand_around_the_word() -> None:
    written = "x " * 100 + "then Wagner came " + "y " * 100
    assert "Wagner came" in excerpt(written, "wagner")
    assert excerpt("short", "absent") == "short"
    assert searchable("Ünïcode, 普里") == "unicode 普 里"
    assert terms('a -b "c d" e*') == [(True, "a", False), (False, "b", False), (True, "c d", False), (True, "e", True)]


def test_hosts_remember_robots_backoff_and_incidents(store: Store) -> None:
    store.hosts.put("paper.example", NOW, robots="User-agent: *", robots_status=200, robots_until=NOW + DAY)
    store.hosts.put("paper.example", NOW + 1, backoff_until=NOW + 60, learned={"gap": 2.0})
    host = store.hosts.get(["paper.example", "other.example"])["paper.example"]
    assert (host.robots, host.backoff_until, host.learned) == ("User-agent: *", NOW + 60, {"gap": 2.0})
    assert [one.host for one in store.hosts.incidents(NOW)] == ["paper.example"]
    assert store.hosts.incidents(NOW + 61) == []
    taken = feed(store)
    store.feeds.record_poll(poll(taken, failures=3, state="failing", succeeded=False))
    assert store.hosts.failing() == [{"host": "paper.example", "feeds": 1, "failing": 1}]


def test_the_backlog_says_what_waits_and_how_long(store: Store) -> None:
    store.feeds.record_poll(poll(feed(store), item(1)))
    alerted(store, 2)
    backlog = {stage.stage: stage for stage in store.reports.backlog(NOW + 30)}
    assert list(backlog) == ["poll", "collect", "analyse_hot", "analyse_cold", "deliver", "digest"]
    assert (backlog["collect"].waiting, backlog["collect"].due, backlog["collect"].past_due) == (1, 1, 30.0)
    assert (backlog["poll"].waiting, backlog["poll"].due, backlog["poll"].past_due) == (1, 0, 0.0)
    assert backlog["deliver"].past_due == 30.0
    assert store.reports.totals(NOW)["alerts"] == 1
    assert store.reports.totals(NOW + 1)["alerts"] == 0


def test_processes_and_configurations_are_remembered(store: Store) -> None:
    beat = Heartbeat(process="poller@a:1", role="poller", host="a", pid=1, version="0.1", started_at=NOW, at=NOW, state={"loops": 3})
    store.reports.beat(beat)
    store.reports.beat(replace(beat, at=NOW + 5))
    assert store.reports.heartbeats(NOW + 1) == [replace(beat, at=NOW + 5)]
    store.reports.silence("poller@a:1")
    assert store.reports.heartbeats(0) == []
    store.reports.record_revision("sha256:a", NOW, accepted=True, summary={"feeds": 3})
    store.reports.record_revision("sha256:b", NOW + 1, accepted=False, problems=["feeds.yaml:1:1: no"])
    assert [(row["revision"], row["accepted"], row["problems"]) for row in store.reports.revisions()] == [
        ("sha256:b", False, ["feeds.yaml:1:1: no"]),
        ("sha256:a", True, []),
    ]
    store.reports.put_meta("backfill", {"after": 3}, NOW)
    store.reports.put_meta("backfill", {"after": 4}, NOW)
    assert store.reports.get_meta("backfill") == {"after": 4}
    assert store.reports.get_meta("nothing") is None


def test_a_turn_is_taken_by_one_in_its_time(store: Store) -> None:
    taken = [store.reports.take_turn("prune", at, 60) for at in (NOW, NOW, NOW + 59, NOW + 60, NOW + 61)]
    assert taken == [True, False, False, True, False]


def test_stories_are_listed_with_what_alerted(store: Store) -> None:
    alerted(store, 1, at=NOW + 1)
    page = claimed(store, 2)
    store.articles.record_analysis(analysis(page, at=NOW))
    assert len(store.stories.list()) == 2
    (told,) = store.stories.list(alerted=True)
    assert store.stories.list(before=told.last_seen)[0].id == ids.story_id(page.article_id)
    assert [member["article_id"] for member in store.stories.members(told.id)] == [told.first_article]


def test_the_schema_is_at_its_head_and_answers(store: Store) -> None:
    from pipeline.store.migrate import HEAD

    store.ping()
    assert store.revision == HEAD
    assert store.dialect in {"sqlite", "postgresql"}
