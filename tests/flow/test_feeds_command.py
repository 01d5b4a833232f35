"""``wirewatch feeds`` on a configuration of its own: what is added is there, and the comments stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.cli import wirewatch

FEEDS = """# the wires that we read
feeds:
  - {url: "https://one.example/rss", name: One, tags: [a]}   # the first
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a subcommand of ``feeds`` and gives what it printed."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config/feeds.yaml").write_text(FEEDS)
    monkeypatch.setenv("WIREWATCH_DATA_DIR", str(tmp_path / "data"))

    def call(*words: str, code: int = 0, given: str | None = None) -> str:
        done = CliRunner().invoke(wirewatch, ["--config", str(tmp_path / "config"), "feeds", *words], input=given)
        assert done.exit_code == code, done.output
        return done.output

    call.path = tmp_path
    return call


def test_what_is_added_is_listed_and_the_comments_stay(run):
    assert "added" in run("add", "https://two.example/feed", "--name", "Two", "--every", "10m", "--tag", "b")
    assert "already" in run("add", "https://two.example/feed")
    written = (run.path / "config/feeds.yaml").read_text()
    assert written.startswith(FEEDS)
    listed = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert [(feed["url"], feed["every"], feed["tags"]) for feed in listed] == [
        ("https://one.example/rss", None, ["a"]),
        ("https://two.example/feed", 600.0, ["b"]),
    ]


def test_opml_out_and_in_again(run):
    exported = run("export")
    (run.path / "x.opml").write_text(exported.replace("https://one.example/rss", "https://three.example/rss"))
    assert "added 1 of 1" in run("import", str(run.path / "x.opml"))
    assert "three.example" in run("list")


def test_health_before_the_first_run(run):
    assert "no feed yet" in run("health")
    assert run("health", "--json") == ""


@pytest.mark.parametrize("words", [("add", "not-a-feed"), ("add", "https://x.example/", "--every", "often")])
def test_a_wrong_call_changes_nothing(run, words):
    run(*words, code=1)
    assert (run.path / "config/feeds.yaml").read_text() == FEEDS
