"""The archive read again: backfill, its resumption, plan, and the bundle of evidence, on real ledgers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from click.testing import CliRunner
from sqlalchemy import insert, select
from storelife import NOW, alerted

from pipeline.errors import InputError
from pipeline.flow.reading import Reader, watched_by
from pipeline.flow.refire import Case
from pipeline.mentions.match import compile_watchlist
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind
from pipeline.store import Store, open_store
from pipeline.store.tables import articles, feeds, members, suppressions, verdicts
from workers import archive, evidence
from workers.cli import wirewatch

PEOPLE = {"okonjo": "Ifeoma Okonjo-Bassey", "brandvold": "Torvald Brandvold"}
QUIET = "The council met in the old town hall and spoke about the price of bread for two hours."


def article(number: int, text: str = QUIET, **more: Any) -> dict[str, Any]:
    names = {key: f"{prefix}_{number}" for key, prefix in (("id", "ar"), ("entry_id", "en"), ("page_id", "pg"))}
    said = {"feed_id": "fe_1", "url": f"https://paper.example/{number}", "title": "News from the town", "text": text, "language": "en"}
    return {**names, **said, "matched_at": NOW + number, "fetched_at": NOW, **more}


def fill(store: Store, *rows: dict[str, Any]) -> None:
    with store.transaction() as connection:
        for row in rows:
            connection.execute(insert(articles).values(**row))


def reader(*who: str) -> Reader:
    entities = tuple(Entity(id=one, name=PEOPLE[one], kind=Kind.PERSON) for one in who)
    watchlist = Watchlist(watchlist="test", entities=entities)
    return Reader(matcher=compile_watchlist([watchlist]), watched=watched_by((watchlist,)))


def found(some: Iterator[Case]) -> list[tuple[str, str]]:
    return [(one.article.id, one.verdicts[0].entity) for one in some]


def test_a_search_finds_who_is_named_in_the_order_of_arrival(store: Store) -> None:
    named = {7: "okonjo", 431: "brandvold", 990: "okonjo"}
    fill(store, *(article(n, f"{PEOPLE[named[n]]} spoke. {QUIET}" if n in named else QUIET) for n in range(1000)))
    told: list[tuple[int, int]] = []
    hits = archive.search(store, reader(*PEOPLE), since=0.0, progress=lambda count, seq: told.append((count, seq)), processes=2)
    assert found(hits) == [("ar_7", "okonjo"), ("ar_431", "brandvold"), ("ar_990", "okonjo")]
    assert sum(count for count, _ in told) == 1000
    assert [seq for _, seq in told] == sorted(seq for _, seq in told)


def test_a_search_begins_at_its_time_and_reads_only_the_feeds_words_of_a_page_that_was_no_article(store: Store) -> None:
    text = f"{PEOPLE['okonjo']} spoke."
    fill(store, article(1, text), article(5, text), article(6, text, status="blocked"), article(7, "", status="blocked", summary=text))
    assert [ident for ident, _ in found(archive.search(store, reader("okonjo"), since=NOW + 3, processes=1))] == ["ar_5", "ar_7"]


def test_an_interrupted_search_goes_on_where_it_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_BATCH", 10)
    monkeypatch.setattr(archive, "_MARK_EVERY", 1)
    fill(store, *(article(n, f"{PEOPLE['okonjo']} spoke." if n % 20 == 5 else QUIET) for n in range(100)))
    asked = {"name": "okonjo", "since": 0.0, "now": NOW, "processes": 1}
    first = archive.resumed(store, reader("okonjo"), **asked)  # type: ignore[arg-type]
    assert [next(first).article.id for _ in range(3)] == ["ar_5", "ar_25", "ar_45"]
    first.close()  # as ^C does
    read: list[int] = []
    second = archive.resumed(store, reader("okonjo"), **asked, progress=lambda count, _: read.append(count))  # type: ignore[arg-type]
    assert [ident for ident, _ in found(second)] == ["ar_5", "ar_25", "ar_45", "ar_65", "ar_85"]
    assert sum(read) == 60
    assert store.reports.get_meta("backfill.okonjo") is None


def test_other_names_or_an_earlier_time_begin_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_BATCH", 10)
    monkeypatch.setattr(archive, "_MARK_EVERY", 1)
    fill(store, *(article(n, f"{' and '.join(PEOPLE.values())} spoke.") for n in range(40)))
    for who, since in (("brandvold", NOW + 10), ("okonjo", NOW)):
        first = archive.resumed(store, reader("okonjo"), name="test", since=NOW + 10, now=NOW, processes=1)
        for _ in range(15):
            next(first)
        first.close()
        again = archive.resumed(store, reader(who), name="test", since=since, now=NOW, processes=1)
        assert len(found(again)) == (40 if since == NOW else 30)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service that has read three articles and watches nobody who is in them."""
    monkeypatch.delenv("WIREWATCH_CONFIG", raising=False)
    home = tmp_path / "config"
    write(home, {"settings.yaml": {"data_dir": str(tmp_path / "data"), "models": {}, "alerts": {"to": ["sink"]}}})
    write(home, {"endpoints.yaml": {"endpoints": [{"id": "sink", "url": "http://127.0.0.1:9/x", "network": "local"}]}})
    watching(home, "okonjo")
    (tmp_path / "data").mkdir()
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as store:
        from workers.wiring import now

        texts = [f"{PEOPLE['okonjo']} opened the session. {QUIET}", QUIET, f"“No comment,” said {PEOPLE['brandvold']}. {QUIET}"]
        fill(store, *(article(n, text, matched_at=now() - 60 + n, fetched_at=now() - 60) for n, text in enumerate(texts)))
        store.deliveries.sync_endpoints({"sink": "standard"}, now())
    return home


def write(home: Path, files: dict[str, Any]) -> None:
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def watching(home: Path, *who: str) -> None:
    entities = [{"id": one, "name": PEOPLE[one], "kind": "person"} for one in who]
    write(home, {"watchlists/test.yaml": {"watchlist": "test", "entities": entities}})


def called(config: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(wirewatch, ["--config", str(config), *words])
    return result.exit_code, result.stdout


def test_backfill_shows_first_and_fires_once_when_told_to(config: Path, tmp_path: Path) -> None:
    code, said = called(config, "backfill", "--entity", "okonjo", "--dry-run", "--json")
    lines = [orjson.loads(line) for line in said.splitlines()]
    assert code == 0
    assert lines[-1] == {"articles": 1, "alerts": 1, "digest": 0, "quiet": {}}
    assert "okonjo" in lines[0]["entities"]
    assert PEOPLE["okonjo"] in lines[0]["quote"]
    assert alerts(tmp_path) == []
    assert called(config, "backfill", "--entity", "okonjo")[0] == 0
    assert alerts(tmp_path) == []
    for _ in range(2):
        assert called(config, "backfill", "--entity", "okonjo", "--yes")[0] == 0
        assert alerts(tmp_path) == ["okonjo"]


def alerts(tmp_path: Path) -> list[str]:
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as store:
        return [row.entity for row in store.alerts.list()]


def test_backfill_tells_nothing_of_those_who_are_only_evidence(config: Path) -> None:
    people = [{"id": "okonjo", "name": PEOPLE["okonjo"], "related": ["brandvold"]}, {"id": "brandvold", "name": PEOPLE["brandvold"]}]
    write(config, {"watchlists/test.yaml": {"watchlist": "test", "entities": people}})
    _, said = called(config, "backfill", "--entity", "okonjo", "--dry-run", "--json")
    *lines, totals = [orjson.loads(line) for line in said.splitlines()]
    assert [line["entities"] for line in lines] == [["okonjo"]]
    assert totals["alerts"] == 1


def test_backfill_of_somebody_unknown_names_those_who_are_known(config: Path) -> None:
    result = CliRunner().invoke(wirewatch, ["--config", str(config), "backfill", "--entity", "nobody"])
    assert "okonjo" in str(result.exception)


def rehearsed(config: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *lines, totals = [
        orjson.loads(line) for line in called(config, "backfill", "--entity", "okonjo", "--dry-run", "--json")[1].splitlines()
    ]
    return lines, totals


def opened(config: Path) -> Store:
    return open_store(f"sqlite:///{config.parent / 'data' / 'wirewatch.db'}")


def test_a_preview_counts_what_firing_then_fires(config: Path, tmp_path: Path) -> None:
    with opened(config) as store:
        from workers.wiring import now

        named = f"{PEOPLE['okonjo']} opened the session. {QUIET}"
        fill(store, *(article(n, named, matched_at=now() - 30 + n, fetched_at=now() - 30) for n in range(10, 14)))
        with store.transaction() as connection:  # three of the five stand in one story
            rows = [{"article_id": f"ar_{n}", "story_id": "st_1", "at": now()} for n in (11, 12, 13)]
            connection.execute(insert(members), rows)
    lines, totals = rehearsed(config)
    assert [len(line["entities"]) for line in lines] == [1, 0, 1, 0, 0]
    assert totals == {"articles": 2, "alerts": 2, "digest": 0, "quiet": {"copy": 1, "same_story": 2}}
    assert called(config, "backfill", "--entity", "okonjo", "--yes")[0] == 0
    assert alerts(tmp_path) == ["okonjo"] * 2
    assert rehearsed(config)[1] == {"articles": 0, "alerts": 0, "digest": 0, "quiet": {"same_story": 5}}


@pytest.mark.parametrize(("rule", "fires"), [({"none": ["bread"]}, 0), ({"tags": ["sport"]}, 0), ({"tags": ["politics"]}, 1)])
def test_preview_and_plan_go_by_rules_and_the_tags_of_feeds(config: Path, rule: dict[str, Any], fires: int) -> None:
    with opened(config) as store, store.transaction() as connection:
        connection.execute(
            insert(feeds).values(id="fe_1", url="https://paper.example/feed", tags=["politics"], since=NOW, next_try=NOW, added_at=NOW)
        )
    one = yaml.safe_load((config / "watchlists/test.yaml").read_text())
    write(config, {"watchlists/test.yaml": {**one, "rules": [rule]}})
    _, totals = rehearsed(config)
    assert (totals["alerts"], totals["quiet"]) == (fires, {} if fires else {"rule": 1})
    assert len(planned(config)["gained"]) == fires


def test_backfill_knows_those_whom_a_rule_asks_for(config: Path) -> None:
    people = [{"id": one, "name": name} for one, name in PEOPLE.items()]
    for term, fires in (("entity:brandvold", 0), ("entity:okonjo", 1)):
        write(config, {"watchlists/test.yaml": {"watchlist": "test", "entities": people, "rules": [{"all": [term]}]}})
        assert rehearsed(config)[1]["alerts"] == fires


def planned(config: Path, *words: str) -> dict[str, Any]:
    code, said = called(config, "watchlist", "plan", *words, "--json")
    assert code == 0
    plan: dict[str, Any] = orjson.loads(said)
    return plan


def test_plan_says_what_a_change_gains_and_fires_nothing(config: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    write(changed, {name: yaml.safe_load((config / name).read_text()) for name in ("settings.yaml", "endpoints.yaml")})
    watching(changed, "brandvold")
    assert called(config, "backfill", "--entity", "okonjo", "--yes")[0] == 0
    plan = planned(config, "--to", str(changed))
    assert [(one["entity"], one["before"], one["after"]) for one in plan["gained"]] == [("brandvold", "no alert", "confirmed")]
    assert PEOPLE["brandvold"] in plan["gained"][0]["quote"]
    assert plan["articles"] == 3
    assert alerts(tmp_path) == ["okonjo"]
    with opened(config) as store:
        store.alerts.add_mute("entity", "brandvold", author="ana", reason="known", now=1.0)
    assert planned(config, "--to", str(changed))["gained"] == []


def test_plan_says_what_a_rule_loses_and_counts_a_story_once(config: Path) -> None:
    with opened(config) as store:
        from workers.wiring import now

        fill(store, *(article(n, f"{PEOPLE['okonjo']} rose. {QUIET}", matched_at=now() - 20 + n, fetched_at=now()) for n in (4, 5, 6)))
        verdict = {"entity": "okonjo", "tier": "confirmed", "at": now() - 5}
        quiet = {"entity": "okonjo", "tier": "confirmed", "at": now() - 5, "reason": "rule", "watchlist": "test"}
        with store.transaction() as connection:
            connection.execute(insert(verdicts), [{"article_id": f"ar_{n}", **verdict} for n in (0, 4, 5, 6)])
            connection.execute(insert(members), [{"article_id": f"ar_{n}", "story_id": "st_1", "at": now()} for n in (4, 5)])
            connection.execute(insert(suppressions), [{"article_id": "ar_6", **quiet}])
    plan = planned(config)
    assert ([one["article"] for one in plan["gained"]], plan["lost"], plan["same"]) == (["ar_6"], [], 2)
    one = yaml.safe_load((config / "watchlists/test.yaml").read_text())
    write(config, {"watchlists/test.yaml": {**one, "rules": [{"none": ["bread"]}]}})
    plan = planned(config)
    assert [(each["article"], each["before"], each["why"]) for each in plan["lost"]] == [
        ("ar_0", "confirmed", "a rule excludes 'bread'"),
        ("ar_4", "confirmed", "a rule excludes 'bread'"),
    ]
    assert (plan["gained"], plan["same"]) == ([], 0)


def test_a_watchlist_is_tested_by_its_own_examples(config: Path) -> None:
    one = yaml.safe_load((config / "watchlists/test.yaml").read_text())
    right = {"text": f"{PEOPLE['okonjo']} opened the session.", "alerts": ["okonjo"]}
    write(config, {"watchlists/test.yaml": {**one, "tests": [right]}})
    assert called(config, "check")[0] == 0
    write(config, {"watchlists/test.yaml": {**one, "tests": [{"text": QUIET, "alerts": ["okonjo"]}]}})
    result = CliRunner().invoke(wirewatch, ["--config", str(config), "check"])
    assert result.exit_code == 2
    assert "okonjo" in result.output


def test_a_bundle_proves_itself_and_shows_what_was_changed(store: Store, tmp_path: Path) -> None:
    alerted(store, 1, "ops")
    target = tmp_path / "alerts.zip"
    assert evidence.bundle(store, target, made_at=NOW) == 1
    assert list(evidence.verify(target)) == []
    with zipfile.ZipFile(target) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert set(parts) == {"alerts.jsonl", "alerts.csv", "pages.warc.gz", "manifest.json"}
    assert orjson.loads(parts["alerts.jsonl"].splitlines()[0])["alert"]["entity"] == "wagner-group"
    for name in ("alerts.jsonl", "alerts.csv", "pages.warc.gz"):
        forged = tmp_path / f"forged-{name}.zip"
        with zipfile.ZipFile(forged, "w") as packed:
            for part, body in parts.items():
                packed.writestr(part, body[:-1] + bytes([body[-1] ^ 1]) if part == name else body)
        try:
            assert any(name in line for line in evidence.verify(forged))
        except InputError:  # the compressed pages can no longer be read at all
            assert name == "pages.warc.gz"
    with pytest.raises(InputError, match="no bundle"):
        list(evidence.verify(tmp_path / "missing.zip"))


def test_the_table_of_alerts_runs_no_formula(store: Store, tmp_path: Path) -> None:
    alerted(store, 1, "ops")
    with store.transaction() as connection:
        ident = connection.scalar(select(articles.c.id))
        connection.execute(articles.update().where(articles.c.id == ident).values(title="=HYPERLINK(1)"))
    with (tmp_path / "alerts.csv").open("w", encoding="utf-8", newline="") as sink:
        assert evidence.as_csv(store, sink) == 1
    assert "'=HYPERLINK(1)" in (tmp_path / "alerts.csv").read_text("utf-8")
