"""``wirewatch extract --jsonl`` as a process: order, bad lines, site memory and pages that try to stop it."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
STORY = "".join(
    f"<p>The ferry to Tolverne was late for the {number}. time this month, and the harbour master of Skarrow would not say why.</p>"
    for number in range(1, 9)
)
PAGE = f"<!doctype html><html lang='en'><head><title>Late again</title></head><body><article>{STORY}</article></body></html>"


def extract(lines: list[str], *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "workers.cli", "extract", "--jsonl", *arguments]
        if importlib.util.find_spec("workers.cli.__main__")
        else [sys.executable, "-c", "from workers.cli import main; main()", "extract", "--jsonl", *arguments],
        input="".join(line + "\n" for line in lines).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=110,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.stem}_for_extract", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def asked(ident: Any, html: str, url: str = "https://paper.example/late") -> str:
    return json.dumps({"id": ident, "url": url, "html": html})


def test_answers_keep_the_order_and_bad_lines_end_nothing() -> None:
    given = [asked(1, PAGE), "not json", '{"id": 3}', "[4]", asked(5, "\xff\xd8\xff\xe0JFIF" * 100), asked("\ud800", PAGE)]
    got = extract(given)
    assert [row["id"] for row in got] == [1, None, 3, None, 5, "\ud800"]
    assert ["error" in row for row in got] == [False, True, True, True, False, False]
    assert got[2]["error"] == '"html" and "url" must be strings, and "html" must be there'
    assert [got[0]["status"], got[4]["status"]] == ["ok", "not_html"]
    assert set(got[0]) == {"id", "status", "title", "text", "author", "published", "language", "canonical_url", "removed"}


def test_the_same_page_gives_the_same_answer_wherever_it_stands() -> None:
    given = [asked(number, PAGE) for number in range(60)]
    given += [asked(number, PAGE.replace("ferry", f"boat {number}"), f"https://x.example/{number}") for number in range(60, 100)]
    random.Random(5).shuffle(given)
    rows = extract(given, "--site-memory", "off")
    answers = {json.dumps({**row, "id": None}) for row in rows if row["id"] < 60}
    assert len(answers) == 1


def test_finite_input_is_known_before_the_first_answer() -> None:
    pages = list(loaded(ROOT / "tests/golden/site/newspaper.py").newspaper(3))
    given = [asked(page.id, page.html, page.url) for page in pages]
    forth, back = extract(given), extract(given[::-1])
    assert forth == back[::-1]
    for page, row in zip(pages, forth, strict=True):
        lines = row["text"].split("\n")
        assert [line for line in page.story if line not in lines] == []
        assert [line for line in page.furniture if line in lines] == []


def test_a_directory_remembers_from_run_to_run(tmp_path: Path) -> None:
    pages = list(loaded(ROOT / "tests/golden/site/newspaper.py").newspaper(4))
    extract([asked(page.id, page.html, page.url) for page in pages[:10]], "--site-memory", str(tmp_path / "memory"))
    (row,) = extract([asked(pages[10].id, pages[10].html, pages[10].url)], "--site-memory", str(tmp_path / "memory"))
    slogan = next(line.text for line in pages[10].lines if line.kind == "slogan")
    assert slogan not in row["text"]
    assert {"text": slogan, "reason": "site_memory"} in row["removed"]


HOSTILE = (
    "photograph", "deep_divs", "wide_inline", "line_breaks", "many_attributes", "many_classes", "comment_bomb", "json_ld_bomb",
    "one_script", "utf16", "random_bytes", "empty", "bare_text", "feed", "gzip_bytes",
)  # fmt: skip
"""One of each sort; ``python -m bench.extraction --hostile`` runs them all."""


def test_hostile_pages_end_with_a_status() -> None:
    every = loaded(ROOT / "bench/extraction/hostile.py").PAGES
    pages = {name: every[name] for name in HOSTILE}
    rows = extract([asked(name, make().decode("utf-8", "replace")) for name, make in pages.items()], "--site-memory", "off")
    assert [row["id"] for row in rows] == list(pages)
    assert [row["id"] for row in rows if "error" in row] == []
    assert {row["status"] for row in rows} <= {"ok", "stub", "paywalled", "blocked", "script_only", "garbled", "not_html"}
