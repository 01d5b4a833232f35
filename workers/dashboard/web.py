"""What do all requests have in common? Who asks, what a browser may do with the answer, and how an error is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

import orjson
from aiohttp import web

from pipeline import telemetry
from pipeline.errors import StoreError, WirewatchError
from workers.dashboard import render
from workers.dashboard.access import LOCAL_NAMES, Caller, Door, bearer, host_is_ours
from workers.dashboard.asking import InvalidError
from workers.dashboard.board import Board, MissingError, RefusedError

BOARD: Final = web.AppKey("board", Board)
DOOR: Final = web.AppKey("door", Door)
STOP: Final = web.AppKey("stop", asyncio.Event)
CALLER: Final = web.RequestKey("caller", Caller)
FLASH: Final = "wirewatch_done"
"""The cookie that carries one sentence from a change to the page that is shown after it."""
_KEPT: Final = ("Allow", "Location", "Retry-After", "WWW-Authenticate")
"""Headers of an answer that was raised that mean something to who asked."""
_STATUS: Final = {
    InvalidError: HTTPStatus.BAD_REQUEST,
    MissingError: HTTPStatus.NOT_FOUND,
    RefusedError: HTTPStatus.CONFLICT,
    StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def caller(request: web.Request) -> Caller | None:
    """Who asks, by token or by session."""
    door, token = request.app[DOOR], bearer(request)
    if token is not None:
        return door.by_token(token)
    cookie = request.cookies.get(door.cookie)
    return door.by_session(cookie, request.app[BOARD].now()) if cookie else None


def for_programs(request: web.Request) -> bool:
    """Whether the answer is JSON."""
    return request.path.startswith("/api/") or request.path == "/api"


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Headers on every answer; names that are not ours turned away; every error told in the language of who asked."""
    try:
        _check_name(request)
        _check_counters(request)
        response = await handler(request)
    except web.HTTPException as raised:
        moved = raised.status < HTTPStatus.BAD_REQUEST
        response = web.Response(status=raised.status) if moved else await told(request, raised.status, _words(raised))
        response.headers.update({name: raised.headers[name] for name in _KEPT if name in raised.headers})
    except WirewatchError as error:
        faults = {"errors": error.faults} if isinstance(error, InvalidError) else {}
        response = await told(request, _status(error), str(error), **faults)
        if error.retryable:
            response.headers["Retry-After"] = "5"
    except Exception:  # noqa: BLE001 - a fault of one page must not end the service
        telemetry.log("serve").exception("page_failed", path=request.path)
        response = await told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "something here is broken; the log says what")
    if not response.prepared:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _check_name(request: web.Request) -> None:
    settings = request.app[BOARD].configuration.settings.dashboard
    if not host_is_ours(request, settings.host, settings.public_url):
        raise web.HTTPMisdirectedRequest(text=f"this service is not called {request.host}; set dashboard.public_url to let it be")


def _check_counters(request: web.Request) -> None:
    """What is counted is for this machine, and for whoever has a token; that it lives may be asked by everybody."""
    reachable = request.app[BOARD].configuration.settings.dashboard.host not in LOCAL_NAMES
    if request.path == "/metrics" and reachable and caller(request) is None:
        raise web.HTTPUnauthorized(text="send a token: Authorization: Bearer …", headers={"WWW-Authenticate": 'Bearer realm="wirewatch"'})


def _status(error: WirewatchError) -> HTTPStatus:
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


async def told(request: web.Request, status: int, detail: str, **more: Any) -> web.Response:
    """An error, as problem+json (RFC 9457) or as a page."""
    title = HTTPStatus(status).phrase
    if for_programs(request):
        said = {"type": "about:blank", "title": title, "status": int(status), "detail": detail, "instance": request.path, **more}
        return web.Response(status=status, body=orjson.dumps(said), content_type="application/problem+json")
    who = request.get(CALLER)
    text = await asyncio.to_thread(render.page, "error.html", **frame(request, who), status=int(status), heading=title, detail=detail)
    return html(text, status=status)


def html(text: str, *, status: int = 200) -> web.Response:
    """A page, which nobody keeps a copy of."""
    return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


def frame(request: web.Request, who: Caller | None) -> dict[str, Any]:
    """What the frame of every page says."""
    board = request.app[BOARD]
    return {
        "now": board.now(),
        "me": who,
        "path": request.path,
        "here": request.path_qs,
        "done": unquote(request.cookies.get(FLASH, ""))[:200],
        "revision": board.configuration.revision,
        "version": board.version,
    }


def _words(raised: web.HTTPException) -> str:
    default = f"{raised.status}: {raised.reason}"
    text = raised.text if isinstance(raised.text, str) else ""
    return text if text and text != default else str(raised.reason)
