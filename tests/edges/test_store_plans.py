"""How does each claim find its rows? Along an index, however many rows there are: EXPLAIN is asked on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, text
from storelife import NOW

from pipeline.model import Lane
from pipeline.store import Store, articles, deliveries, entries, feeds
from pipeline.store.keys import known_by_key
from pipeline.store.sql import listed

CLAIMS: dict[str, Select[Any]] = {
    "feeds": feeds.DUE.params(now=NOW, most=50),
    "entries": entries.DUE.params(now=NOW, most=50),
    "pages": articles.DUE.params(in_lane="hot", now=NOW, most=50),
    "deliveries": deliveries.DUE.params(at_endpoint="ops", again=False, now=NOW, most=50),
    "retries": deliveries.DUE.params(at_endpoint="ops", again=True, now=NOW, most=50),
    "ready": deliveries.READY.params(now=NOW),
}
MANY = {
    "feeds": "INSERT INTO feeds (id, since, added_at, next_try, enabled) SELECT 'fe_' || n, 0, 0, n, true FROM many",
    "entries": "INSERT INTO entries (id, feed_id, since, first_seen, next_at, state) SELECT 'en_' || n, 'f', 0, 0, "
    "CASE WHEN n % 20 = 0 THEN n END, 'new' FROM many",
    "pages": "INSERT INTO pages (id, entry_id, lane, fetched_at, due_at, state) SELECT 'pg_' || n, 'en_' || n, "
    "CASE WHEN n % 2 = 0 THEN 'hot' ELSE 'cold' END, 0, CASE WHEN n % 20 = 0 THEN n END, 'waiting' FROM many",
    "deliveries": "INSERT INTO deliveries (id, message_id, endpoint, story_id, retry, next_at, created_at) SELECT 'dl_' || n, 'al_' || n, "
    "'ops', 'st_' || n, n % 40 = 0, CASE WHEN n % 20 = 0 THEN n END, 0 FROM many",
    "endpoints": "INSERT INTO endpoints (id, since) VALUES ('ops', 0)",
}


ROWS = "INSERT INTO many WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT n FROM c"
WALKS_ALL = ("Seq Scan", "TEMP B-TREE", "Sort")


def _fill(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE many (n integer)"))
        connection.execute(text(ROWS))
        for statement in MANY.values():
            connection.execute(text(statement))
        for table in MANY:
            connection.execute(text(f"ANALYZE {table}"))
        connection.execute(text("DROP TABLE many"))


def _plan(store: Store, query: Select[Any]) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
    with store.transaction() as connection:
        asked = query.compile(dialect=connection.dialect)
        given = tuple(asked.params[name] for name in asked.positiontup) if asked.positiontup else dict(asked.params)
        return [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {asked}", given)]


def test_no_claim_scans_or_sorts_its_table(store: Store) -> None:
    _fill(store)
    for name, query in CLAIMS.items():
        plan = _plan(store, query)
        scans = [line for line in plan if ("SCAN" in line and "INDEX" not in line) or any(word in line for word in WALKS_ALL)]
        if name == "ready":  # walks and sorts the endpoints, which are few
            scans = [line for line in scans if "deliveries" in line and "Sort Key" not in line]
        assert scans == [], (name, plan)


@pytest.mark.parametrize("name", ["feeds", "entries", "pages", "deliveries"])
def test_the_claim_that_is_explained_is_the_claim_that_runs(store: Store, name: str) -> None:
    _fill(store)
    with store.transaction() as connection:
        asked = [row[0] for row in connection.execute(CLAIMS[name])]
    taken = {
        "feeds": lambda: [one.id for one in store.feeds.claim_due(NOW, "o", 60, 50)],
        "pages": lambda: store.articles.offer_due(Lane.HOT, NOW, 60, 50),
    }
    if name in taken:
        assert sorted(taken[name]()) == sorted(asked)
    assert len(asked) == 50


def test_keys_are_found_along_their_index_whichever_way_they_are_asked(store: Store) -> None:
    keys = "INSERT INTO entry_keys (scope, key, entry_id, seen_at) SELECT '', 'url:' || n, 'en_' || n, 0 FROM many"
    with store.transaction() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE many (n integer)"))
        for statement in (ROWS, MANY["entries"], keys, "ANALYZE entry_keys", "ANALYZE entries", "DROP TABLE many"):
            connection.execute(text(statement))
        explain = "EXPLAIN QUERY PLAN" if store.dialect == "sqlite" else "EXPLAIN"
        asked = {"in_scope": "", "keys": listed(store.dialect, ["url:5", "url:7"])}
        plan = [str(row[-1]) for row in connection.execute(text(f"{explain} {known_by_key(store.dialect)}"), asked)]
    walked = [line for line in plan if line.startswith(("SCAN k", "SCAN e")) or "Seq Scan" in line]
    assert walked == [], plan
    assert any("scope=? AND key=?" in line or "Index Cond" in line for line in plan), plan
