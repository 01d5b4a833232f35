"""Canaries in every place where a secret may stand, through a running service: none is ever said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy.engine import make_url

WIREWATCH = Path(sys.executable).with_name("wirewatch")
TOKEN = "canary-token-0123456789abcdef"
SECRETS = {
    "CANARY_ENDPOINT": "whsec_Y2FuYXJ5LWVuZHBvaW50LWNhbmFyeS1lbmRwb2ludA==",
    "CANARY_TOKEN": TOKEN,
    "CANARY_API": "canary-api-0123456789abcdef",
    "CANARY_HEADER": "canary-header-0123456789",
    "CANARY_PATH": "canary-path-0123456789",
}
PAGES = [
    "/",
    "/alerts",
    "/entities",
    "/stories",
    "/sources",
    "/deliveries",
    "/status",
    "/search",
    "/metrics",
    "/healthz",
    "/readyz",
    "/api/openapi.json",
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A service whose feed, endpoint and watchdog are all out of reach, so that it has much to complain about."""
    home = tmp_path / "config"
    (home / "watchlists").mkdir(parents=True)
    nowhere = "http://127.0.0.1:9"
    files = {
        "settings.yaml": {
            "data_dir": str(tmp_path / "data"),
            "models": {},
            "workers": 1,
            "log": {"style": "json", "level": "debug"},
            "net": {"allow_networks": ["127.0.0.0/8"]},
            "dashboard": {"port": 0, "token": "${CANARY_TOKEN}", "tokens": [{"name": "graphs", "token": "${CANARY_API}"}]},
            "heartbeat": {"url": f"{nowhere}/${{CANARY_PATH}}", "network": "local", "every": "1s"},
        },
        "feeds.yaml": {"feeds": [{"url": f"{nowhere}/feed", "every": "1s", "headers": {"Authorization": "Bearer ${CANARY_HEADER}"}}]},
        "endpoints.yaml": {"endpoints": [{"id": "sink", "url": f"{nowhere}/hook", "secret": "${CANARY_ENDPOINT}", "network": "local"}]},
        "watchlists/one.yaml": {"watchlist": "one", "alert": {"to": ["sink"]}, "entities": [{"id": "a", "name": "Torvald Brandvold"}]},
    }
    for name, content in files.items():
        (home / name).write_text(yaml.safe_dump(content), "utf-8")
    return home


@pytest.fixture
def environment(pg_url: str) -> dict[str, str]:
    """With the password in the database's address; the server of the tests lets everybody in."""
    address = make_url(pg_url).set(password="canary-database").render_as_string(hide_password=False)
    return (
        {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
        | SECRETS
        | {"WIREWATCH_DATABASE_URL": address}
    )


def said(config: Path, environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([WIREWATCH, "--config", config, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def canaries(text: str) -> list[str]:
    return [secret for secret in [*SECRETS.values(), "canary"] if secret in text]


@pytest.fixture
def service(config: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Path]:
    log = tmp_path / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen([WIREWATCH, "--config", config, "run"], env=environment, stdout=sink, stderr=sink)
    yield log
    process.send_signal(signal.SIGTERM)
    process.wait(40)


def address(log: Path) -> str:
    """Where the dashboard listens, from the log."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for line in log.read_text("utf-8").splitlines():
            if line.startswith("{") and (event := json.loads(line))["event"] == "listening":
                return f"http://127.0.0.1:{event['port']}"
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def read(url: str) -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return str(reply.headers) + reply.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:  # not ready is an answer too
        with error:
            return str(error.headers) + error.read().decode("utf-8", "replace")


def test_no_log_line_page_or_command_says_a_secret(service: Path, config: Path, environment: dict[str, str]) -> None:
    home = address(service)
    said(config, environment, "deliveries", "test", "sink")
    time.sleep(3)  # polls, deliveries and the watchdog fail meanwhile, and say so
    for page in PAGES:
        assert canaries(read(home + page)) == [], page
    for words in (["doctor"], ["doctor", "--json"], ["check"], ["feeds", "list"], ["feeds", "health"], ["deliveries", "list", "--json"]):
        assert canaries(said(config, environment, *words)) == [], words
    log = service.read_text("utf-8")
    assert "feed_polled" in log
    assert canaries(log) == []


def test_a_database_out_of_reach_is_named_without_its_password(config: Path, environment: dict[str, str]) -> None:
    environment["WIREWATCH_DATABASE_URL"] = "postgresql://someone:canary-database@127.0.0.1:1/nowhere"
    environment["WIREWATCH_REDIS_URL"] = "redis://:canary-queue@127.0.0.1:1/0"
    for words in (["doctor"], ["alerts", "list"], ["alive", "poll"], ["alive", "work"]):
        text = said(config, environment, *words)
        assert text
        assert canaries(text) == [], words
