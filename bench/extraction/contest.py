"""Who needs how long for a page? Each extractor in its own process, under a deadline, in an environment made for the purpose."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import venv
from pathlib import Path
from typing import IO, Any, Final

from bench.extraction.candidate import FOREIGN

PACKAGES: Final = ("readability-lxml", "newspaper4k", "lxml_html_clean")
DEADLINE: Final = 30.0
"""Seconds after which an extractor is killed; it has no text for that page and the deadline for its time."""
ROOT: Final = Path(__file__).resolve().parents[2]


def environment(folder: Path) -> Path:
    """The interpreter that has the rivals; made with the ordinary package index where it is not there yet."""
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (folder / "made").touch()
    return python


class Contestant:
    """One extractor's process; started again when it had to be killed."""

    def __init__(self, name: str, rivals: Path) -> None:
        self.name = name
        self.hung = 0
        self._python = rivals if name in FOREIGN else Path(sys.executable)
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        command = [str(self._python), str(ROOT / "bench" / "extraction" / "candidate.py"), self.name]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)

    def read(self, page: dict[str, Any]) -> tuple[float, str]:
        """Processor seconds and the text; the deadline and nothing where there was no answer in time."""
        into, out = _pipes(self._process)
        into.write(json.dumps({"html": page["html"], "url": page.get("url") or ""}) + "\n")
        into.flush()
        ready, _, _ = select.select([out], [], [], DEADLINE)
        line = out.readline() if ready else ""
        if line:
            said = json.loads(line)
            return float(said["seconds"]), str(said["text"])
        self.close()
        self.hung += 1
        self._process = self._start()
        return DEADLINE, ""

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for pipe in _pipes(self._process):
            pipe.close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
