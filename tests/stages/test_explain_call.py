"""``explain`` takes what to explain and whom to ask for in either order."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.cli.explain import command, in_order

URL = "https://paper.example/story"


@pytest.mark.parametrize(
    "words", [[URL, "--why-not", "wagner-group"], ["--why-not", URL, "wagner-group"], ["--why-not", "wagner-group", URL]]
)
def test_both_readings_ask_the_same(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def explain(_config: str, target: str, *, entity: str | None, as_json: bool) -> str:
        asked.append((target, entity))
        return ""

    monkeypatch.setattr("workers.explanation.explain", explain)
    done = CliRunner().invoke(command, words, obj="config")
    assert done.exit_code == 0, done.output
    assert asked == [(URL, "wagner-group")]


def test_a_file_is_what_to_explain_and_a_word_is_an_entity(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Wagner</p>")
    assert in_order("wagner", str(page)) == (str(page), "wagner")
    assert in_order(str(page), "wagner") == (str(page), "wagner")
    assert in_order("wagner", "-") == ("-", "wagner")


def test_what_is_neither_stays_as_it_was_said() -> None:
    assert in_order("missing.html", "wagner") == ("missing.html", "wagner")
