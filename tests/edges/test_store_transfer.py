"""The whole ledger out and in again, from either database to either; and the schema from its first revision to its last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from storelife import NOW, alerted, analysis, claimed

from pipeline.errors import InputError, StoreError
from pipeline.store import Store, open_store
from pipeline.store.engine import Database
from pipeline.store.migrate import HEAD, SCRIPTS, migrate, revision
from pipeline.store.tables import METADATA
from pipeline.store.transfer import SKIPPED


def filled(store: Store) -> None:
    alerted(store, 1, "ops", "second", story="st_1")
    alerted(store, 2, "ops", story="st_1", event="story_grew")
    store.articles.record_analysis(analysis(claimed(store, "普里戈任"), story="st_2"))
    store.hosts.put("paper.example", NOW, robots="User-agent: *", learned={"gap": 1.5})
    store.alerts.add_mute("entity", "wagner-group", author="ana", reason="r", now=NOW)


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.transaction() as connection:
        found = {table.name: connection.execute(select(table)).all() for table in METADATA.sorted_tables}
    return {name: sorted(map(repr, map(tuple, each))) for name, each in found.items() if name != "heartbeats"}  # type: ignore[misc]


@pytest.mark.parametrize("target", ["sqlite_url", "pg_url"])
def test_an_export_restores_on_either_database(store: Store, target: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    filled(store)
    store.entries.release("collector", NOW)
    url = f"sqlite:///{tmp_path / 'restored.db'}" if target == "sqlite_url" else request.getfixturevalue("pg_empty_url")
    lines = list(store.export(NOW))
    with open_store(url, upgrade=False) as other:
        counts = other.restore(lines)
        assert rows(other) == rows(store)
        assert counts["alerts"] == 2
        assert {hit.article_id for hit in other.articles.search("wagner")} == {hit.article_id for hit in store.articles.search("wagner")}
        with store.analysis() as before, other.analysis() as after:
            asked = {"since": 0.0, "until": NOW * 2, "most": 9}
            assert after.postings([1, 2, -3], **asked) == before.postings([1, 2, -3], **asked)  # type: ignore[arg-type]
        alerted(other, 9, at=NOW + 1)
        assert other.alerts.list()[0].seq == 3


def test_leases_do_not_travel(store: Store, tmp_path: Path) -> None:
    page = claimed(store)
    with open_store(f"sqlite:///{tmp_path / 'restored.db'}") as other:
        other.restore(store.export(NOW))
        assert [one.id for one in other.articles.claim_pages([page.id], "next", NOW + 1, 60)] == [page.id]


def test_a_restore_refuses_a_filled_database_and_damaged_exports(store: Store, tmp_path: Path) -> None:
    filled(store)
    lines = list(store.export(NOW))
    with pytest.raises(StoreError, match="not empty"):
        store.restore(lines)
    newer = orjson.dumps({"wirewatch": 1, "revision": "9999", "at": 0})
    broken = {
        "header": [b"nothing"],
        "newer version": [newer],
        "not a row": [lines[0], b"{}"],
        "no table": [lines[0], b'{"table":"x","row":{}}'],
    }
    for says, wrong in broken.items():
        with open_store(f"sqlite:///{tmp_path / 'broken.db'}") as other:
            with pytest.raises(InputError, match=says):
                other.restore(wrong)
            assert sum(len(each) for each in rows(other).values()) == 0


def test_an_export_is_of_one_moment(store: Store) -> None:
    filled(store)
    reading = store.export(NOW)
    first = [next(reading), next(reading)]
    store.alerts.add_mute("source", "late.example", author="ana", reason="r", now=NOW)
    said = [orjson.loads(line) for line in [*first, *reading][1:]]
    assert [line["row"]["value"] for line in said if line["table"] == "mutes"] == ["wagner-group"]
    assert not {line["table"] for line in said} & SKIPPED


def test_the_newest_revision_is_the_one_that_starts_are_checked_against() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == HEAD


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_first_schema_comes_to_the_newest_with_its_rows(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else str(request.getfixturevalue("pg_empty_url"))
    database = Database(url)
    migrate(database, "0001")
    with database.write() as connection:
        connection.execute(text("INSERT INTO feeds (id, url, since, added_at, next_try) VALUES ('fe_1', 'https://a', 1, 1, 2)"))
        connection.execute(text("INSERT INTO alerts (id, created_at) VALUES ('al_1', 3)"))
        connection.execute(text("INSERT INTO site_lines (site, line, articles) VALUES ('a', 1, 2)"))
    database.close()
    with open_store(url) as store:
        assert store.revision == HEAD
        assert [feed.next_try for feed in store.feeds.health()] == [2.0]
        assert [alert.id for alert in store.alerts.list()] == ["al_1"]
        filled(store)


def test_the_migrations_make_what_the_tables_say(store: Store) -> None:
    with store.transaction() as connection:
        there = inspect(connection)
        assert revision(connection) == HEAD
        for table in METADATA.sorted_tables:
            columns = {column["name"] for column in there.get_columns(table.name)} - {"words"}
            assert columns == set(table.columns.keys())
            indexes = {index["name"] for index in there.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= indexes


def test_a_database_of_a_newer_version_is_refused(store: Store, store_url: str) -> None:
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        open_store(store_url)
