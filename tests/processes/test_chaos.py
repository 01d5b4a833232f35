"""Each kind of process killed once, and the queue flushed, in the middle of a stream: every alert comes, none twice."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHAOS = Path(__file__).parents[2] / "bench/chaos.py"


@pytest.mark.timeout(300)
def test_whatever_is_killed_every_alert_comes_once(tmp_path: Path) -> None:
    command = [sys.executable, str(CHAOS), "--each", "--articles", "30", "--rate", "1.5", "--wait", "120", "--keep", str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "came 30, lost 0" in done.stdout
    hits = re.search(r"hits: (\{.*\})", done.stdout)
    assert hits
    assert hits[1].count(": 1") == 8
