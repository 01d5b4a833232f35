"""The service as a person runs it: `wirewatch run` on a directory of YAML, a paper on the loopback, a receiver that checks signatures."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

SECRET = "whsec_c2VydmljZS10ZXN0LXNlcnZpY2UtdGVzdC1zZXJ2aWNl"
WIREWATCH = Path(sys.executable).with_name("wirewatch")
FILLERS = (
    (
        "The council met on Monday and put off the vote on the harbour wall. Residents had brought photographs of the last storm. "
        "An engineer explained why the stones move, and what it would cost to keep them where they are for another twenty years."
    ),
    (
        "Neighbours watched from the stairs. The search lasted four hours and ended before the school across the street let out. "
        "A spokesman for the court would only say that the papers concern a warehouse and the freight that was kept in it."
    ),
    (
        "Rehearsals are held above the fire station, where the acoustics are better than in church. Newcomers are handed a score, "
        "a biscuit and a neighbour who can count. The concert at midsummer is sold out, and the mayor will turn pages."
    ),
    (
        "At the lake, divers had raised a safe the week before. The locksmith who opened it has been asked not to speak to reporters, "
        "and does not, though he whistles. The village shop has doubled its order of newspapers until the hearing in autumn."
    ),
)


class Newspaper:
    """One feed, articles that appear when they are published, and the endpoint that hears of them."""

    def __init__(self) -> None:
        self.articles: dict[int, tuple[str, str, float]] = {0: ("Harbour wall", "A vote is put off.", time.time())}
        self.alerts: list[dict[str, Any]] = []
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(paper.page(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                Webhook(SECRET).verify(body, {name.lower(): value for name, value in self.headers.items()})
                paper.alerts.append({"webhook-id": self.headers["webhook-id"], **json.loads(body)})
                self.reply("ok")

            def reply(self, text: str | None) -> None:
                data = (text or "").encode()
                self.send_response(200 if text else 404)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str) -> str | None:
        if path == "/feed":
            items = "".join(
                f"<item><title>{title}</title><link>{self.url}/a/{n}</link><guid>{n}</guid><pubDate>{formatdate(at)}</pubDate></item>"
                for n, (title, _, at) in self.articles.items()
            )
            return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
        if path.startswith("/a/"):
            title, text, _ = self.articles[int(path[3:])]
            body = "".join(f"<p>{line}</p>" for line in [text, FILLERS[int(path[3:])]])
            return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
        return None

    def publish(self, title: str, text: str) -> None:
        self.articles[len(self.articles)] = (title, text, time.time())

    def heard_of(self, entity: str) -> list[dict[str, Any]]:
        return [alert for alert in self.alerts if alert["data"]["watch"]["entity_id"] == entity]


class Running:
    """One `wirewatch run` in a directory of its own."""

    def __init__(self, home: Path, paper: Newspaper) -> None:
        self.config, self.data, self.log = home / "config", home / "data", home / "service.log"
        (self.config / "watchlists").mkdir(parents=True)
        self.write("settings.yaml", {"net": {"allow_networks": ["127.0.0.0/8"], "networks": {"127.0.0.0/8": {"gap": 0}}}, "workers": 1})
        self.write("feeds.yaml", {"feeds": [{"url": f"{paper.url}/feed", "every": 1}]})
        self.write("endpoints.yaml", {"endpoints": [{"id": "desk", "url": paper.url, "network": "local", "secret": "${DESK_SECRET}"}]})
        self.watch("ilmar", "Ilmar Tuulik")
        self.start()

    def write(self, name: str, content: object) -> None:
        (self.config / name).write_text(json.dumps(content), "utf-8")  # JSON is YAML

    def watch(self, ident: str, name: str) -> None:
        entity = {"id": ident, "name": name, "kind": "person"}
        self.write(f"watchlists/{ident}.yaml", {"watchlist": ident, "alert": {"to": ["desk"]}, "entities": [entity]})

    def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "DESK_SECRET": SECRET,
            "WIREWATCH_DATA_DIR": str(self.data),
            "WIREWATCH_DASHBOARD__PORT": "0",
        }
        with self.log.open("ab") as said:
            command = [str(WIREWATCH), "--config", str(self.config), "run"]
            self.process = subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(35)

    def said(self) -> list[dict[str, Any]]:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if not (self.data / "wirewatch.db").exists():
            return []
        with sqlite3.connect(f"file:{self.data / 'wirewatch.db'}?mode=ro", uri=True) as ledger:
            try:
                return ledger.execute(query).fetchall()
            except sqlite3.OperationalError:  # not migrated yet, or busy
                return []


def until(what: Callable[[], Any], seconds: float, service: Running) -> Any:
    """Wait for something to come true; the log is what went wrong when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s; the service said:\n{service.log.read_text('utf-8', 'replace')[-6000:]}")


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    newspaper = Newspaper()
    yield newspaper
    newspaper.server.shutdown()
    newspaper.server.server_close()


@pytest.fixture
def service(tmp_path: Path, paper: Newspaper) -> Iterator[Running]:
    running = Running(tmp_path, paper)
    until(lambda: running.rows("SELECT 1 FROM feeds WHERE first_success IS NOT NULL"), 60, running)
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


@pytest.mark.timeout(240)
def test_from_the_feed_to_the_webhook_through_a_reload_a_refusal_a_kill_and_a_stop(service: Running, paper: Newspaper) -> None:
    paper.publish("A flat is searched", "Investigators searched the flat of Ilmar Tuulik on Tuesday and carried out two boxes.")
    [first] = until(lambda: paper.heard_of("ilmar"), 30, service)
    assert first["type"] == "alert.match"
    assert first["data"]["article"]["title"] == "A flat is searched"
    assert first["webhook-id"] == first["data"]["alert_id"]

    # a good change takes effect; what stood in the feed before is not told again
    service.watch("oona", "Oona Vesterlund")
    until(lambda: any(one["event"] == "configuration" and one["entities"] == 2 for one in service.said()), 5, service)
    until(lambda: any(one["event"] == "change_taken_up" for one in service.said()), 15, service)
    paper.publish("A choir finds a bass", "Oona Vesterlund, who leads the choir, had almost given up the search when he rang.")
    until(lambda: paper.heard_of("oona"), 30, service)

    # a bad change is told with its place and refused, and the old configuration stays
    (service.config / "watchlists/bad.yaml").write_text("watchlist: bad\nentitys: []\n")
    refused = until(lambda: [one for one in service.said() if one["event"] == "configuration_refused"], 5, service)
    assert "bad.yaml:2:1: unknown key 'entitys'; did you mean 'entities'?" in refused[0]["problem"]
    (service.config / "watchlists/bad.yaml").unlink()

    # everything is killed at once; what was accepted is told after the restart, and nothing is told twice
    paper.publish("Safe raised from lake bed", "The safe that divers raised belongs to Ilmar Tuulik, the prosecutor confirmed in a note.")
    os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait()
    service.start()
    until(lambda: len(paper.heard_of("ilmar")) > 1, 60, service)
    until(lambda: not service.rows("SELECT 1 FROM entries WHERE state IN ('new', 'fetched', 'retrying')"), 30, service)
    ids = [alert["webhook-id"] for alert in paper.alerts]
    assert len(set(ids)) == 3

    # every entry is accounted for, and SIGTERM drains
    assert dict(service.rows("SELECT state, count(*) FROM entries GROUP BY state")) == {"alerted": 3, "no_match": 1}
    assert service.stop() == 0
    assert SECRET not in service.log.read_text("utf-8", "replace")
