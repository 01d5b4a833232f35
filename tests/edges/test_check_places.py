"""``wirewatch check`` says where: file, line and column of every name that will misfire, test that fails, file that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from workers.cli.check import command

WATCHLIST = """\
watchlist: glass
alert: {to: [desk]}
entities:
  - id: corning
    name: Corning Incorporated
    aliases: [Corning]
    strong_aliases:
      - March
tests:
  - {text: "Corning Incorporated sold a glassworks.", alerts: []}
"""
ENDPOINTS = 'endpoints:\n  - {id: desk, url: "https://hooks.example.org/", ca_file: absent.pem}\n'


def test_every_remark_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists/glass.yaml").write_text(WATCHLIST)
    (tmp_path / "endpoints.yaml").write_text(ENDPOINTS)
    result = CliRunner().invoke(command, obj=str(tmp_path))
    assert result.exit_code == 2
    said = dict(re.findall(r"^\S*/(\w+\.yaml:\d+:\d+): (.*)$", result.output, re.MULTILINE))
    assert "absent.pem cannot be read" in said["endpoints.yaml:2:51"]
    assert "'Corning' is also a surname" in said["glass.yaml:6:15"]
    assert "strong alias 'March'" in said["glass.yaml:8:9"]
    assert "corning should not alert and does" in said["glass.yaml:10:5"]
