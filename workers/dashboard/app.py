"""The web service: pages, API, live events and whatever else listens on the same port, as one application and one loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from urllib.parse import quote

from aiohttp import web

from pipeline.errors import ConfigError
from pipeline.settings.types import ApiToken, DashboardSettings, Scope
from pipeline.telemetry import log
from workers import health
from workers.dashboard import api, live, pages
from workers.dashboard.access import LOCAL_NAMES, Door
from workers.dashboard.board import Board
from workers.dashboard.render import STATIC
from workers.dashboard.web import BOARD, DOOR, STOP, guarded
from workers.loop import Loop, pause
from workers.wiring import Wiring, now, process_name

LINE = 32 * 1024
"""Bytes of a request's first line: the longest address that ``explain`` takes, each character written as %XX%XX%XX%XX."""


def loops(wiring: Wiring, *, process: str) -> dict[str, Loop]:
    """The loop that serves, by name; none where the dashboard is switched off.

    ``process`` is what this process publishes its counters under.
    """
    return {"dashboard": partial(serve, wiring, process=process)} if wiring.configuration.settings.dashboard.enabled else {}


async def serve(
    wiring: Wiring, stop: asyncio.Event, beat: Callable[[], None], *, process: str = "", started: Callable[[str], None] | None = None
) -> None:
    """Serve until ``stop``.

    ``process`` is what this process publishes its counters under; ``started`` is told the address, with the token that opens it.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    settings = wiring.configuration.settings.dashboard
    board = Board(wiring)
    door = await asyncio.to_thread(door_of, wiring)
    asked = health.Health(wiring.store, wiring.broker, process=process or process_name("serve"), now=now)
    app = build_app(board, door, stop, further=health.routes(asked))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0, max_line_size=LINE)
    await runner.setup()
    try:
        port = await _listen(runner, settings)
        log("serve").info("listening", host=settings.host, port=port)
        if started is not None:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            started(login_address(f"http://{host}:{port}", door.main_token))
        while not await pause(stop, 1.0):
            beat()
    finally:
        await runner.cleanup()


def build_app(board: Board, door: Door, stop: asyncio.Event, *, further: Iterable[web.RouteDef] = ()) -> web.Application:
    """The application. ``further`` are routes for machines, which on loopback need no token."""
    app = web.Application(middlewares=[guarded], client_max_size=api.LONGEST)
    app[BOARD], app[DOOR], app[STOP], app[live.PULSE] = board, door, stop, live.Pulse()
    app.cleanup_ctx.append(_watching)
    app.add_routes([web.get("/live", live.events), *further, *api.routes(), *pages.routes()])
    app.router.add_get("/static/{name}", _static)
    return app


def login_address(base: str, token: str) -> str:
    """The address that logs in whoever opens it."""
    return f"{base.rstrip('/')}/login?token={quote(token, safe='')}"


def main_token(wiring: Wiring) -> str:
    """The token that opens everything: the one that is set, or one that this installation made for itself."""
    return wiring.configuration.settings.dashboard.token or wiring.secret("dashboard")


def door_of(wiring: Wiring) -> Door:
    """Who may enter, by the settings and by what this installation made for itself.

    Raises:
        ConfigError: two tokens are the same, or one is too short to keep anybody out.
    """
    settings = wiring.configuration.settings.dashboard
    tokens = (ApiToken(name="dashboard", token=main_token(wiring), scope=Scope.WRITE), *settings.tokens)
    if len({each.token for each in tokens}) < len(tokens):
        raise ConfigError("settings.yaml: dashboard.tokens: two tokens are the same; give each holder one of their own")
    for each in tokens:
        if len(each.token) < 16 and settings.host not in LOCAL_NAMES:  # noqa: PLR2004 - 16 characters: 64 bits even in hex
            raise ConfigError(
                f"settings.yaml: dashboard: the token {each.name} is shorter than 16 characters; make one with openssl rand -hex 24"
            )
    return Door(tokens, links_key=wiring.secret("links"), port=settings.port)


async def _listen(runner: web.AppRunner, settings: DashboardSettings) -> int:
    site = web.TCPSite(runner, settings.host, settings.port, reuse_address=True)
    try:
        await site.start()
    except OSError as error:
        raise ConfigError(
            f"settings.yaml: dashboard: {settings.host}:{settings.port} cannot be listened on ({error.strerror}); "
            "set WIREWATCH_DASHBOARD__PORT to another port, or 0 for any"
        ) from error
    return int(runner.addresses[0][1])


async def _watching(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[live.PULSE].watch(app))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def _static(request: web.Request) -> web.Response:
    known = {path.name: path for path in STATIC.iterdir() if path.suffix in _KINDS}
    path = known.get(request.match_info["name"])
    if path is None:
        raise web.HTTPNotFound(text="there is no such file")
    kept = "public, max-age=31536000, immutable" if request.query_string else "no-cache"
    return web.Response(body=path.read_bytes(), content_type=_KINDS[path.suffix], charset="utf-8", headers={"Cache-Control": kept})
