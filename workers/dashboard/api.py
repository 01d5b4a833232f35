"""The JSON API: every question and every change of the table, for programs with a token.

A session may read as well, so that a person can look at the API in a browser; it may not change anything here, because
no form proves where the wish came from.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson
from aiohttp import web

from workers.dashboard.access import Caller, bearer
from workers.dashboard.asking import Change, InvalidError, Question, dumped, flat, parsed
from workers.dashboard.openapi import document
from workers.dashboard.questions import CHANGES, QUESTIONS
from workers.dashboard.web import BOARD, CALLER, Handler, caller

LONGEST: Final = 8 * 1024 * 1024
"""Bytes of a body. It is read only once its sender is known."""


def routes() -> list[web.RouteDef]:
    """The whole API."""
    reads = [web.get(f"/api{one.path}", _reader(one), allow_head=False) for one in QUESTIONS]
    writes = [web.post(f"/api{one.path}", _writer(one)) for one in CHANGES]
    return [web.get("/api/openapi.json", _document, allow_head=False), *reads, *writes]


def path_values(request: web.Request) -> list[Any]:
    """The values of the path's names in order; ``seq`` is a number.

    Raises:
        HTTPNotFound: it is not.
    """
    found: list[Any] = []
    for name, value in request.match_info.items():
        if name == "seq":
            if not (value.isascii() and value.isdigit() and len(value) < 19):  # noqa: PLR2004 - digits of a 64-bit number
                raise web.HTTPNotFound(text=f"{value!r} is not a number of anything")
            found.append(int(value))
        else:
            found.append(value.replace("\x00", "\ufffd"))
    return found


def known(request: web.Request, *, writes: bool) -> Caller:
    """Who asks.

    Raises:
        HTTPUnauthorized: no token, or not one of ours.
        HTTPForbidden: one that may only read.
    """
    who = caller(request)
    if who is None or (writes and bearer(request) is None):
        raise web.HTTPUnauthorized(text="send a token: Authorization: Bearer …", headers={"WWW-Authenticate": 'Bearer realm="wirewatch"'})
    if writes and not who.may_write:
        raise web.HTTPForbidden(text=f"the token {who.name} may only read")
    request[CALLER] = who
    return who


def _reader(one: Question) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        known(request, writes=False)
        given = flat(request.query)
        if one.query is None and given:
            raise InvalidError([{"at": name, "says": "is not known here"} for name in given])
        asked = [*path_values(request), *([parsed(one.query, given)] if one.query else [])]

        def work() -> bytes:
            return dumped(one.answer, one.ask(request.app[BOARD], *asked))

        return _json(await asyncio.to_thread(work))

    return answer


def _writer(one: Change) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        who = known(request, writes=not one.reads_only)
        body = await _body(request, one)
        values = ([] if one.reads_only else [who.name]) + path_values(request) + body

        def work() -> bytes:
            return dumped(one.answer, one.act(request.app[BOARD], *values))

        return _json(await asyncio.to_thread(work), status=one.status)

    return answer


async def _body(request: web.Request, one: Change) -> list[Any]:
    if one.body is None:
        return []
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json")
    try:
        given = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise InvalidError([{"at": "", "says": f"the body is not JSON: {error}"}]) from None
    if not isinstance(given, dict):
        raise InvalidError([{"at": "", "says": "the body is not a JSON object"}])
    return [parsed(one.body, given, strict=True)]


async def _document(request: web.Request) -> web.Response:
    known(request, writes=False)
    version = request.app[BOARD].version
    return _json(await asyncio.to_thread(lambda: orjson.dumps(document(version))))


def _json(body: bytes, *, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
