"""The commands that look at deliveries and mutes and act on them, against a real ledger and a real receiver."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from standardwebhooks import Webhook
from storelife import NOW, alerted

from pipeline.alerts import payload, sample
from pipeline.store import Store, open_store
from workers.cli import wirewatch
from workers.wiring import now

SECRET = "whsec_" + "QUJD" * 8
Run = Callable[..., Result]


@pytest.fixture
def received() -> Iterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    seen: list[tuple[bytes, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((self.rfile.read(int(self.headers["content-length"])), dict(self.headers.items())))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(tmp_path: Path, received: tuple[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "config"
    directory.mkdir()
    (directory / "endpoints.yaml").write_text(
        f"endpoints:\n  - {{id: ops, url: '{received[0]}', secret: '${{OPS_SECRET}}', network: local}}\n"
        "  - {id: dead, url: 'http://127.0.0.1:9/', secret: '${OPS_SECRET}', network: local}\n"
    )
    monkeypatch.setenv("OPS_SECRET", SECRET)
    monkeypatch.setenv("WIREWATCH_DATA_DIR", str(tmp_path / "data"))
    return directory


@pytest.fixture
def store(config: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'data' / 'wirewatch.db'}") as opened:
        yield opened


@pytest.fixture
def run(config: Path) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(wirewatch, ["--config", str(config), *arguments], obj=str(config))

    return call


def body() -> bytes:
    return payload.encode(payload.alert(sample.alert(now=now())))


def test_a_test_is_the_last_alert_but_for_test_id_and_time(run: Run, store: Store, received: tuple[str, Any]) -> None:
    ident, _ = alerted(store, 1, "ops", body=body())
    made = run("deliveries", "test", "ops", "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.output)
    assert (told["outcome"], told["status"]) == ("ok", 204)
    assert {"connect", "first_byte"} <= {name for name, value in told.items() if value}
    sent, headers = received[1][0]
    Webhook(SECRET).verify(sent, headers)
    shown = store.alerts.show(ident)
    assert shown is not None
    before, after = json.loads(shown["body"]), json.loads(sent)
    assert after["test"] is True
    assert {**after, "test": False, "timestamp": before["timestamp"]} == before


def test_a_test_before_the_first_alert_and_a_ping(run: Run, store: Store, received: tuple[str, Any]) -> None:
    assert run("deliveries", "test", "ops").exit_code == 0
    assert run("deliveries", "test", "ops", "--ping").exit_code == 0
    types = [json.loads(sent)["type"] for sent, _ in received[1]]
    assert types == ["alert.match", "test.ping"]
    assert store.deliveries.list() == []


def test_a_test_that_fails_says_why_and_how_to_mend_it(run: Run, store: Store) -> None:
    made = run("deliveries", "test", "dead")
    assert made.exit_code == 1
    assert "nothing listens there" in str(made.exception)
    assert "no endpoint nowhere" in str(run("deliveries", "test", "nowhere").exception)


def test_listing_with_attempts(run: Run, store: Store) -> None:
    alerted(store, 1, "ops")
    made = run("deliveries", "list", "--attempts", "--json")
    assert made.exit_code == 0, made.exception
    (row,) = [json.loads(line) for line in made.output.splitlines()]
    assert (row["endpoint"], row["state"], row["log"]) == ("ops", "waiting", [])
    assert all(
        row["id"] in run("deliveries", "list").output for row in map(json.loads, run("deliveries", "list", "--json").output.splitlines())
    )
    assert "ops" in run("deliveries", "list").output
    assert "no deliveries" in run("deliveries", "list", "--state", "failed").output


def test_replay_by_filter_with_a_dry_run(run: Run, store: Store) -> None:
    alerted(store, 1, "ops")
    (delivery,) = store.deliveries.claim_due(NOW + 1, "test", 60, 10)
    assert "0 deliveries" in run("deliveries", "replay", "--endpoint", "ops").output, "what still waits is not replayed"
    store.deliveries.cancel([delivery.id], reason="test", now=NOW + 1)
    assert "1 deliveries would be sent" in run("deliveries", "replay", "--endpoint", "ops", "--dry-run").output
    assert store.deliveries.claim_due(NOW + 1, "test", 60, 10) == ()
    assert "1 deliveries will be sent" in run("deliveries", "replay", "--endpoint", "ops").output
    (again,) = store.deliveries.claim_due(NOW + 1, "test", 60, 10)
    assert (again.message_id, again.body, again.attempts) == (delivery.message_id, delivery.body, 0)
    wrong = run("deliveries", "replay")
    assert (wrong.exit_code, "say what to replay" in wrong.output) == (2, True)
    assert "names no delivery" in str(run("deliveries", "replay", "dl_none").exception)


def test_resume_switches_an_endpoint_on(run: Run, store: Store) -> None:
    alerted(store, 1, "ops")
    store.deliveries.set_endpoint("ops", state="disabled", reason="gone", failures=3)
    assert "switched off (gone)" in run("deliveries", "replay", "--endpoint", "ops").output
    assert "1 deliveries wait" in run("deliveries", "resume", "ops").output
    state = store.deliveries.endpoint("ops")
    assert state is not None
    assert (state.state, state.failures) == ("active", 0)


def test_mutes_come_with_author_reason_end_and_what_they_would_have_hidden(run: Run, store: Store) -> None:
    alerted(store, 1, "ops", body=body())
    made = run("mutes", "add", "entity", "example-group", "--reason", "noise", "--author", "ana", "--for", "7d", "--dry-run")
    assert "would have hidden 1 alerts" in made.output
    assert store.alerts.mutes() == []
    made = run("mutes", "add", "entity", "example-group", "--reason", "noise", "--author", "ana", "--for", "7d")
    assert "lift it with: wirewatch mutes lift 1" in made.output
    (row,) = [json.loads(line) for line in run("mutes", "list", "--json").output.splitlines()]
    assert json.loads(run("mutes", "--json").output) == row
    assert (row["kind"], row["value"], row["author"], row["reason"]) == ("entity", "example-group", "ana", "noise")
    assert row["until"] - row["created_at"] == pytest.approx(7 * 86400, abs=5)
    assert "hidden nothing" in run("mutes", "show", "1").output
    assert run("mutes", "lift", "1", "--author", "ben").exit_code == 0
    assert "nothing is muted" in run("mutes").output
    assert "lifted" in run("mutes", "list", "--all").output
    assert run("mutes", "lift", "1").exit_code == 1


def test_receive_wants_a_secret(run: Run) -> None:
    made = run("receive")
    assert made.exit_code == 2
    assert "--secret-of" in made.output
