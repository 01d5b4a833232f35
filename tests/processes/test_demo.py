"""``wirewatch demo`` as a person runs it: everything real, in processes of its own, judged by its exit code and what it prints."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from workers.demo.edition import ARTICLES
from workers.demo.service import program

pytestmark = pytest.mark.timeout(240)


def demo(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "COLUMNS": "120", "PYTHONUTF8": "1"}
    return subprocess.run(
        [program(), "demo", *arguments], env=environment, cwd=home, capture_output=True, text=True, timeout=220, check=False
    )


@pytest.mark.parametrize("seed", ["1", "7"])
def test_the_demo_comes_out_right_whatever_the_seed(seed: str, tmp_path: Path) -> None:
    done = demo("--seed", seed, home=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "16 of 16 alerts came, 16 signed and verified, no false alarm" in done.stdout
    tables = done.stdout.partition("Rightly kept quiet")
    for surface in ("Prigoschin", "Prigojine", "Пригожин", "Prigoży", "Πριγκόζιν"):
        assert surface in tables[0].rpartition("Alerts")[2]
    for reason in ("the composer", "the actor", "a mayor", "related headlines", "newsletter prompt", "never answers", "3 of 3 entries"):
        assert reason in tables[2]
    assert list(tmp_path.glob("wirewatch-demo-*")) == []  # a good demo leaves nothing behind


def test_a_truth_that_does_not_come_true_is_a_failure_and_says_which(tmp_path: Path) -> None:
    planted = tmp_path / "articles.yaml"
    text = ARTICLES.read_text("utf-8")
    text = text.replace(
        "  - id: mali\n    paper: ledger\n    expect: [wagner-group]", "  - id: mali\n    paper: ledger\n    quiet: planted"
    )
    text = text.replace(
        "  - id: choir\n    paper: ledger\n    quiet: names nobody", "  - id: choir\n    paper: ledger\n    expect: [prigozhin]"
    )
    planted.write_text(text, "utf-8")
    done = demo("--articles", str(planted), home=tmp_path)
    assert done.returncode == 1, done.stdout[-6000:] + done.stderr[-2000:]
    assert "false alarm: Wagner Group" in done.stdout
    assert "missing: prigozhin in “Shipyard choir" in done.stdout
    assert "2 things missing or wrong" in done.stdout
