"""Takes webhooks as a receiver should: a body is believed when its signature holds, and nothing else is.

Answers 204 to what it believes and 401, with the reason, to what it does not. What a message says is for ``tell`` to
read. ``receive`` and ``demo`` stand on this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from pipeline.alerts import signature
from pipeline.errors import WirewatchError

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a body that is read; a digest of a hundred alerts has some 300 kB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """One POST."""

    at: float
    """Unix seconds."""
    id: str
    """Its ``webhook-id``; empty where it has none."""
    body: bytes
    refused: str = ""
    """Why it is not believed; empty where the signature holds."""


class Sink:
    """An endpoint that lives from ``start`` to ``stop``."""

    def __init__(self, secret: str, *, clock: Callable[[], float], tell: Callable[[Posted], None]) -> None:
        """``clock`` gives Unix seconds; ``tell`` is called once for each POST.

        Raises:
            ConfigError: nothing can be verified with this secret.
        """
        signature.key(secret)
        self._secret = secret
        self._clock = clock
        self._tell = tell
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self, host: str, port: int) -> str:
        """Listen there (port 0: on any free one) and return the address to POST to.

        Raises:
            WirewatchError: somebody else listens there, or nobody may.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise WirewatchError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error
        return f"http://{f'[{host}]' if ':' in host else host}:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body, now = await request.read(), self._clock()
        refused = ""
        try:
            signature.verify((self._secret,), headers=request.headers, body=body, now=now)
        except signature.SignatureError as error:
            refused = str(error)
        self._tell(Posted(at=now, id=request.headers.get("webhook-id", ""), body=body, refused=refused))
        return web.Response(status=401, text=refused) if refused else web.Response(status=204)
