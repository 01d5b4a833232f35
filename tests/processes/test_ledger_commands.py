"""``wirewatch prune``, ``export`` and ``restore`` as a person calls them."""

from __future__ import annotations

import stat
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from pipeline.model import Entry
from pipeline.store import open_store
from pipeline.store.entries import DirectArticle
from workers.cli import wirewatch


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that says nothing but where its data are."""
    directory = tmp_path / "config"
    directory.mkdir()
    (directory / "settings.yaml").write_text(f"data_dir: {tmp_path / 'data'}\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as store:
        entry = Entry(id="k", url="https://paper.example/1", title="A headline")
        store.entries.add_direct(DirectArticle(key="k", entry=entry, body=b"<p>x</p>"), 1_800_000_000.0)
    return directory


def called(config: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(wirewatch, ["--config", str(config), *words], catch_exceptions=True)
    return result.exit_code, result.output


@pytest.mark.parametrize("name", ["ledger.jsonl", "ledger.jsonl.gz"])
def test_what_is_exported_is_restored_into_a_new_place(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = tmp_path / name
    assert called(config, "export", str(file))[0] == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setenv("WIREWATCH_DATA_DIR", str(tmp_path / "elsewhere"))
    code, said = called(config, "restore", str(file))
    assert (code, "rows restored" in said) == (0, True)
    with open_store(f"sqlite:///{tmp_path / 'elsewhere' / 'wirewatch.db'}") as store:
        assert store.entries.why("https://paper.example/1")
    assert called(config, "restore", str(file))[0] == 1


def test_a_prune_says_what_it_forgot(config: Path) -> None:
    code, said = called(config, "prune", "--json")
    assert code == 0
    assert orjson.loads(said)["articles"] == 0
    assert "nothing is old enough" in called(config, "prune")[1]


def test_a_purge_wants_a_reason_and_an_article(config: Path) -> None:
    assert called(config, "prune", "--purge", "ar_1")[0] != 0
    assert "no article is kept" in called(config, "prune", "--purge", "ar_1", "--reason", "asked")[1]


def test_secrets_stay_at_home_unless_asked_for(config: Path, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as store:
        store.reports.keep_meta("secret:links", "whsec_canary", 1_800_000_000.0)
        store.reports.put_meta("turn", "kept", 1_800_000_000.0)
    plain, whole = tmp_path / "plain.jsonl", tmp_path / "whole.jsonl"
    assert called(config, "export", str(plain))[0] == 0
    assert called(config, "export", "--with-secrets", str(whole))[0] == 0
    assert "canary" not in plain.read_text()
    assert "kept" in plain.read_text()
    assert "canary" in whole.read_text()
