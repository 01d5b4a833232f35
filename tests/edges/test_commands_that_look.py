"""Commands that only look at the ledger, called where no secret of an endpoint is set: each works, and lists a line of JSON a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from click.testing import CliRunner
from storelife import NOW, alerted

from pipeline.store import open_store
from workers.cli import wirewatch

LOOKING = [
    ("alerts", "list", "--since", "9000d"),
    ("alerts", "list", "--quiet"),
    ("feeds", "list"),
    ("feeds", "health"),
    ("deliveries", "list"),
    ("watchlist", "list"),
    ("watchlist", "plan"),
    ("mutes", "list"),
    ("alerts", "feedback"),
    ("prune",),
    ("explain", "page.html"),
    ("backfill", "--entity", "okonjo", "--dry-run"),
]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose endpoints get their secrets from an environment that has none."""
    monkeypatch.delenv("WIREWATCH_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    files: dict[str, Any] = {
        "settings.yaml": {"data_dir": str(tmp_path / "data"), "models": {}},
        "feeds.yaml": {"feeds": [{"url": "https://paper.example/feed", "headers": {"x-key": "${PAPER_KEY}"}}]},
        "endpoints.yaml": {
            "endpoints": [
                {"id": "ops", "url": "https://b.example/hook", "secret": "${OPS_SECRET}"},
                {"id": "chat", "url": "${CHAT_URL}", "kind": "slack"},
                {"id": "mail", "url": "${MAIL_URL}", "kind": "email"},
            ]
        },
        "watchlists/w.yaml": {"alert": {"to": ["ops"]}, "entities": [{"id": "okonjo", "name": "Ifeoma Okonjo-Bassey"}]},
    }
    for name, content in files.items():
        (tmp_path / "config" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "config" / name).write_text(yaml.safe_dump(content), "utf-8")
    (tmp_path / "page.html").write_text("<html><body><p>Ifeoma Okonjo-Bassey spoke at noon in the old harbour hall.</p></body></html>")
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as store:
        alerted(store, 1, "ops")
        store.reports.put_meta("seen", "yes", NOW)
    return tmp_path / "config"


def called(config: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(wirewatch, ["--config", str(config), *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_looking_needs_no_secret(config: Path, words: tuple[str, ...]) -> None:
    code, said = called(config, *words, "--json")
    assert code == 0
    if words[0] not in {"watchlist", "prune", "explain"} or words[1:] == ("list",):
        assert all(isinstance(orjson.loads(line), dict) for line in said.splitlines())


def test_an_endpoint_that_is_to_be_reached_needs_its_own_secret_and_no_other(config: Path) -> None:
    result = CliRunner().invoke(wirewatch, ["--config", str(config), "deliveries", "test", "ops"])
    assert "OPS_SECRET" in str(result.exception)
