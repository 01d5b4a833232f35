"""What happens when the database is locked or gone? Every public method says StoreError; a new method joins the table."""

from __future__ import annotations

import inspect
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from storelife import NOW, item, poll

from pipeline.errors import ConfigError, StoreError
from pipeline.model import Entry, EntryState, Lane
from pipeline.store import Store, open_store
from pipeline.store.alerts import AlertState
from pipeline.store.analysis import AnalysisRecord, SiteLearned
from pipeline.store.deliveries import AttemptRecord, DeliveryState, MessageRecord, ReplayFilter
from pipeline.store.entries import DirectArticle, PageRecord
from pipeline.store.feeds import FeedForPoll, FeedRow
from pipeline.store.reports import Heartbeat

FEED = FeedForPoll(
    **dict.fromkeys(("id", "url", "fetch_url", "name", "site", "state", "reason"), "x"),
    **dict.fromkeys(("tier", "polls", "failures"), 0),
    **dict.fromkeys(("since", "next_try", "added_at"), NOW),
    **dict.fromkeys(("every", "etag", "last_modified", "validators_url", "body_hash", "last_poll", "first_success", "last_success")),
    **dict.fromkeys(("last_entry", "interval", "rate", "lag")),
    tags=(),
    options={},
    learned={},
)
PAGE = PageRecord(entry_id="en_1", owner=None, url="u", final_url="u", body=b"", fetched_at=NOW, lane=Lane.HOT)
ANALYSIS = AnalysisRecord(page_id="pg_1", owner=None, at=NOW, state=EntryState.NO_MATCH, reason="")
ATTEMPT = AttemptRecord(delivery_id="dl_1", owner=None, at=NOW, outcome="delivered", state=DeliveryState.DELIVERED)
MESSAGE = MessageRecord(id="no_1", type="test.ping", body=b"{}", created_at=NOW, endpoints=("ops",), route="test")
BEAT = Heartbeat(process="p", role="r", host="h", pid=1, version="0", started_at=NOW, at=NOW)
DIRECT = DirectArticle(key="k", entry=Entry(id="k", url="u"), body=b"")

CALLS: dict[str, Callable[[Store], Any]] = {
    "feeds.sync": lambda s: s.feeds.sync([FeedRow(url="u")], NOW),
    "feeds.claim_due": lambda s: s.feeds.claim_due(NOW, "o", 60, 1),
    "feeds.next_due_at": lambda s: s.feeds.next_due_at(),
    "feeds.release": lambda s: s.feeds.release("o"),
    "feeds.known_keys": lambda s: s.feeds.known_keys("fe_1", ["k"]),
    "feeds.known_keys_of": lambda s: s.feeds.known_keys_of([("fe_1", ["k"])]),
    "feeds.record_poll": lambda s: s.feeds.record_poll(poll(FEED, item())),
    "feeds.record_polls": lambda s: s.feeds.record_polls([poll(FEED, item())]),
    "feeds.get": lambda s: s.feeds.get("fe_1"),
    "feeds.reschedule": lambda s: s.feeds.reschedule("fe_1", NOW, now=NOW),
    "feeds.revert_redirect": lambda s: s.feeds.revert_redirect(1, NOW),
    "feeds.events": lambda s: s.feeds.events(),
    "feeds.health": lambda s: s.feeds.health(),
    "feeds.volume": lambda s: s.feeds.volume("fe_1", NOW),
    "hosts.get": lambda s: s.hosts.get(["h"]),
    "hosts.put": lambda s: s.hosts.put("h", NOW, failures=1),
    "hosts.failing": lambda s: s.hosts.failing(),
    "hosts.incidents": lambda s: s.hosts.incidents(NOW),
    "sites.carriers": lambda s: s.sites.carriers("s", "a", [1]),
    "sites.learn": lambda s: s.sites.learn(SiteLearned(site="s", lines=(1,), article="a"), NOW),
    "entries.claim_fetch": lambda s: s.entries.claim_fetch(NOW, "o", 60, 1),
    "entries.release": lambda s: s.entries.release("o", NOW),
    "entries.next_due_at": lambda s: s.entries.next_due_at(),
    "entries.record_page": lambda s: s.entries.record_page(PAGE),
    "entries.record_pages": lambda s: s.entries.record_pages([PAGE]),
    "entries.record_fetch_failure": lambda s: s.entries.record_fetch_failure(
        "en_1", owner=None, state=EntryState.FAILED, reason="", next_at=None, now=NOW
    ),
    "entries.postpone": lambda s: s.entries.postpone(["en_1"], NOW),
    "entries.retry": lambda s: s.entries.retry(["en_1"], NOW),
    "entries.add_direct": lambda s: s.entries.add_direct(DIRECT, NOW),
    "entries.counts_by_state": lambda s: s.entries.counts_by_state(),
    "entries.why": lambda s: s.entries.why("u"),
    "articles.is_due": lambda s: s.articles.is_due(NOW),
    "articles.offer_due": lambda s: s.articles.offer_due(Lane.HOT, NOW, 60, 1),
    "articles.renew_offers": lambda s: s.articles.renew_offers(["pg_1"], NOW),
    "articles.withdraw_offers": lambda s: s.articles.withdraw_offers(NOW),
    "articles.claim_pages": lambda s: s.articles.claim_pages(["pg_1"], "o", NOW, 60),
    "articles.release": lambda s: s.articles.release("o", NOW),
    "articles.site_memory": lambda s: s.articles.site_memory("ar_1").carriers("s", "a", [1]),
    "articles.record_analysis": lambda s: s.articles.record_analysis(ANALYSIS),
    "articles.record_crash": lambda s: s.articles.record_crash("pg_1", "", NOW),
    "articles.record_glances": lambda s: s.articles.record_glances([], ["pg_1"], owner="w", reason="", now=NOW),
    "articles.reanalyse": lambda s: s.articles.reanalyse(["pg_1"], NOW),
    "articles.get": lambda s: s.articles.get("ar_1"),
    "articles.by_url": lambda s: s.articles.by_url("u"),
    "articles.page": lambda s: s.articles.page("pg_1"),
    "articles.ledger": lambda s: s.articles.ledger("ar_1"),
    "articles.search": lambda s: s.articles.search("word"),
    "articles.iterate_texts": lambda s: list(s.articles.iterate_texts(0)),
    "articles.count": lambda s: s.articles.count(),
    "articles.verdicts_a_day": lambda s: s.articles.verdicts_a_day(0),
    "stories.get": lambda s: s.stories.get("st_1"),
    "stories.members": lambda s: s.stories.members("st_1"),
    "stories.list": lambda s: s.stories.list(),
    "alerts.list": lambda s: s.alerts.list(),
    "alerts.get": lambda s: s.alerts.get("al_1"),
    "alerts.show": lambda s: s.alerts.show("al_1"),
    "alerts.set_state": lambda s: s.alerts.set_state("al_1", AlertState.REVIEWED, author="a", now=NOW),
    "alerts.export_rows": lambda s: list(s.alerts.export_rows()),
    "alerts.suppressions": lambda s: s.alerts.suppressions(),
    "alerts.add_mute": lambda s: s.alerts.add_mute("entity", "e", author="a", reason="r", now=NOW),
    "alerts.end_mute": lambda s: s.alerts.end_mute(1, author="a", now=NOW),
    "alerts.mutes": lambda s: s.alerts.mutes(),
    "alerts.add_feedback": lambda s: s.alerts.add_feedback("al_1", verdict="relevant", author="a", now=NOW),
    "alerts.feedback_by_alias": lambda s: s.alerts.feedback_by_alias(),
    "alerts.note": lambda s: s.alerts.note(author="a", action="b", target="c", now=NOW),
    "alerts.audit": lambda s: s.alerts.audit(),
    "deliveries.claim_due": lambda s: s.deliveries.claim_due(NOW, "o", 60, 1),
    "deliveries.next_due_at": lambda s: s.deliveries.next_due_at(),
    "deliveries.record_attempts": lambda s: s.deliveries.record_attempts([ATTEMPT]),
    "deliveries.postpone": lambda s: s.deliveries.postpone(["dl_1"], NOW),
    "deliveries.release": lambda s: s.deliveries.release("o", NOW),
    "deliveries.add_message": lambda s: s.deliveries.add_message(MESSAGE),
    "deliveries.digest_due": lambda s: s.deliveries.digest_due(NOW),
    "deliveries.list": lambda s: s.deliveries.list(),
    "deliveries.attempts": lambda s: s.deliveries.attempts("dl_1"),
    "deliveries.replay": lambda s: s.deliveries.replay(ReplayFilter(), NOW),
    "deliveries.cancel": lambda s: s.deliveries.cancel(["dl_1"], reason="", now=NOW),
    "deliveries.sync_endpoints": lambda s: s.deliveries.sync_endpoints({"ops": "standard"}, NOW),
    "deliveries.endpoint": lambda s: s.deliveries.endpoint("ops"),
    "deliveries.endpoints": lambda s: s.deliveries.endpoints(),
    "deliveries.set_endpoint": lambda s: s.deliveries.set_endpoint("ops", state="active"),
    "reports.backlog": lambda s: s.reports.backlog(NOW),
    "reports.totals": lambda s: s.reports.totals(),
    "reports.endpoints": lambda s: s.reports.endpoints(NOW),
    "reports.beat": lambda s: s.reports.beat(BEAT),
    "reports.heartbeats": lambda s: s.reports.heartbeats(0),
    "reports.silence": lambda s: s.reports.silence("p"),
    "reports.record_revision": lambda s: s.reports.record_revision("r", NOW, accepted=True),
    "reports.revisions": lambda s: s.reports.revisions(),
    "reports.put_meta": lambda s: s.reports.put_meta("n", 1, NOW),
    "reports.keep_meta": lambda s: s.reports.keep_meta("n", 1, NOW),
    "reports.take_turn": lambda s: s.reports.take_turn("n", NOW, 60),
    "reports.get_meta": lambda s: s.reports.get_meta("n"),
    "leases.holders": lambda s: s.leases.holders(NOW),
    "leases.release": lambda s: s.leases.release("o", NOW),
    "retention.drop_bodies": lambda s: s.retention.drop_bodies(NOW, (0.0, "")),
    "retention.drop_entries": lambda s: s.retention.drop_entries(NOW, NOW),
    "retention.drop_index": lambda s: s.retention.drop_index(NOW),
    "retention.drop_stories": lambda s: s.retention.drop_stories(NOW),
    "retention.drop_lessons": lambda s: s.retention.drop_lessons(NOW),
    "retention.drop_log": lambda s: s.retention.drop_log(NOW),
    "retention.purge": lambda s: s.retention.purge("ar_1", author="a", reason="r", now=NOW),
    "export": lambda s: list(s.export(NOW)),
    "restore": lambda s: s.restore([b'{"wirewatch":1,"revision":"0001"}']),
    "ping": lambda s: s.ping(),
    "revision": lambda s: s.revision,
    "transaction": lambda s: s.transaction().__enter__(),
    "analysis": lambda s: s.analysis().__enter__(),
}
ASK_NOTHING = {"close", "dialect", "retention.tidy"}


@pytest.fixture(scope="module", params=["sqlite locked", "postgres gone"])
def unreachable(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store whose database another process holds for itself, and one whose server is not there."""
    if request.param == "postgres gone":
        with open_store("postgresql://nobody@127.0.0.1:1/none", busy=1, upgrade=False) as store:
            yield store
        return
    path = tmp_path_factory.mktemp("locked") / "wirewatch.db"
    open_store(f"sqlite:///{path}").close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with open_store(f"sqlite:///{path}", busy=0.01, upgrade=False) as store:
        yield store
    holder.close()


@pytest.mark.parametrize("name", CALLS)
def test_every_method_says_what_happened(unreachable: Store, name: str) -> None:
    with pytest.raises(StoreError) as caught:
        CALLS[name](unreachable)
    assert caught.value.__cause__ is not None
    assert caught.value.retryable


def test_the_table_knows_every_public_method(tmp_path: object) -> None:
    with open_store(f"sqlite:///{tmp_path}/x.db") as store:
        parts = {name: part for name, part in vars(store).items() if not name.startswith("_")}
        public = {f"{name}.{method}" for name, part in parts.items() for method, _ in inspect.getmembers(type(part)) if method[0] != "_"}
        public |= {method for method, _ in inspect.getmembers(Store) if method[0] != "_"}
    assert public - ASK_NOTHING == set(CALLS)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://u@h/x", "neither sqlite nor postgresql"),
        ("nonsense", "write sqlite:////path"),
        ("sqlite+nonsense:///x", "write sqlite:////path"),
    ],
)
def test_an_address_of_another_kind_is_the_configurations_fault(url: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        open_store(url)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: object) -> None:
    path = f"{tmp_path}/x.db"
    with open(path, "wb") as file:  # noqa: PTH123 - one line
        file.write(b"nothing of the kind" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{path}")


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'new' / 'x.db'}") as store:
        store.reports.put_meta("a", 1, NOW)
        assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()} == {0o600}
    with pytest.raises(ConfigError, match="cannot be made"):
        open_store("sqlite:////dev/null/x.db")


def test_a_broken_statement_rolls_everything_back(store: Store) -> None:
    def broken() -> None:
        with store.transaction() as connection:
            connection.execute(text("INSERT INTO meta (name, value, at) VALUES ('a', '1', 0)"))
            connection.execute(text("SELECT something FROM nowhere"))

    with pytest.raises(StoreError, match="nowhere"):
        broken()
    assert store.reports.get_meta("a") is None
    store.reports.put_meta("a", 2, NOW)
    assert store.reports.get_meta("a") == 2
