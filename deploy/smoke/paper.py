"""A newspaper and a receiver for the smoke test: one feed, one article that appears when asked for, webhooks verified and kept.

GET /feed.xml, GET /articles/N, POST /publish, POST /hook, GET /received
"""

from __future__ import annotations

import base64
import hmac
import json
from email.message import Message
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time

SECRET = "whsec_c21va2Utc21va2Utc21va2Utc21va2Utc21va2U="
TITLES = ["Ferry timetable changes in spring", "Wagner Group men seen at the northern mine"]
STORY = (
    "<p>Two people in the region said that men of the Wagner Group had arrived at the mine by helicopter on Sunday.</p>"
    "<p>The mercenaries set up a checkpoint on the only road. The ministry did not answer, and the operator of the mine, a company "
    "registered in Dubai, said that it knew of no visitors.</p><p>Drivers waited until dusk before they were sent back to the coast.</p>"
)
OTHER = "<p>The ferry will leave ten minutes earlier from April on, so that passengers catch the bus to the hospital.</p>" * 3
published: list[tuple[int, float]] = [(0, time())]
received: list[dict[str, object]] = []


def signed(headers: Message, body: bytes) -> bool:
    """Whether a Standard Webhooks signature is right, by the letter of the specification."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.digest(base64.b64decode(SECRET.removeprefix("whsec_")), said, "sha256")).decode()
    return f"v1,{right}" in headers["webhook-signature"].split()


class Paper(BaseHTTPRequestHandler):
    """Serves and listens."""

    def do_GET(self) -> None:
        if self.path == "/feed.xml":
            items = "".join(
                f"<item><title>{TITLES[n]}</title><link>http://paper:8000/articles/{n}</link><guid>paper-{n}</guid>"
                f"<pubDate>{formatdate(at)}</pubDate></item>"
                for n, at in published
            )
            self.answer(
                "application/rss+xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'
            )
        elif self.path.startswith("/articles/"):
            number = int(self.path.rpartition("/")[2])
            head = f"<html lang=en><head><title>{TITLES[number]}</title></head><body><article><h1>{TITLES[number]}</h1>"
            self.answer("text/html; charset=utf-8", f"{head}{STORY if number else OTHER}</article></body></html>")
        elif self.path == "/received":
            self.answer("application/json", json.dumps(received))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/publish":
            published.append((1, time()))
        else:
            if not signed(self.headers, body):
                self.send_error(401)
                return
            received.append({"id": self.headers["webhook-id"], "at": time(), "body": json.loads(body)})
        self.answer("text/plain", "ok")

    def answer(self, kind: str, text: str) -> None:
        """Send a whole reply."""
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test prints what matters."""


ThreadingHTTPServer(("", 8000), Paper).serve_forever()
