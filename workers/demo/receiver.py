"""Takes the service's webhooks on a loopback port and believes none whose signature does not hold.

It answers as the standard asks: 204 for what it could verify, 401 for what it could not. What an alert is worth, it
leaves to ``truth``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from aiohttp import web

from pipeline.alerts import signature

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One POST."""

    at: float
    """Unix seconds."""
    id: str
    """Its ``webhook-id``."""
    type: str
    """Such as ``alert.match``; empty where the body could not be read."""
    refused: str = ""
    """Why it was not believed; empty where the signature holds."""
    entity: str = ""
    name: str = ""
    """The entity's name."""
    tier: str = ""
    url: str = ""
    """Of the article."""
    surface: str = ""
    """How the name is written in the article."""
    why: tuple[str, ...] = ()
    """Codes of what speaks for it, the weightiest first."""


class Receiver:
    """An endpoint that lives until ``stop``."""

    def __init__(self, secret: str, *, clock: Callable[[], float], tell: Callable[[Received], None]) -> None:
        """``tell`` is called once for each POST."""
        self.url = ""
        self._secret = secret
        self._clock = clock
        self._tell = tell
        app = web.Application()
        app.router.add_post("/", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)

    async def start(self) -> None:
        """Listen on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        received = read(request.headers, await request.read(), secret=self._secret, now=self._clock())
        self._tell(received)
        return web.Response(status=401, text=received.refused) if received.refused else web.Response(status=204)


def read(headers: Mapping[str, str], body: bytes, *, secret: str, now: float) -> Received:
    """What a POST says, and whether it is believed. Never raises on what anybody sends."""
    ident = headers.get("webhook-id", "")
    try:
        signature.verify((secret,), headers=headers, body=body, now=now)
        payload = orjson.loads(body)
    except (signature.SignatureError, orjson.JSONDecodeError) as error:
        return Received(at=now, id=ident, type="", refused=str(error))
    data = payload["data"]
    if not payload["type"].startswith("alert.") or "watch" not in data:
        return Received(at=now, id=ident, type=payload["type"])
    first: Mapping[str, Any] = next(iter(data["matches"]), {})
    evidence = sorted(first.get("why", ()), key=lambda line: -line["weight"])
    return Received(
        at=now,
        id=ident,
        type=payload["type"],
        entity=data["watch"]["entity_id"],
        name=data["watch"]["name"],
        tier=data["tier"],
        url=data["article"]["url"],
        surface=first.get("surface", ""),
        why=tuple(line["code"] for line in evidence),
    )
