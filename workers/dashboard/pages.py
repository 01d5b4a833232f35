"""The pages: every question of the table with a template, every change as a form, and the way in.

Opening an address changes nothing. Each POST shows that it comes from a form of this session, or carries the mark of a
link that a message of ours had.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from pipeline.alerts.links import MUTE, NOT_RELEVANT
from workers.dashboard import render
from workers.dashboard.access import SESSION_SECONDS, Caller, is_cross_site
from workers.dashboard.answers import alerts, changes, trying
from workers.dashboard.answers.shared import Done
from workers.dashboard.api import path_values
from workers.dashboard.asking import Change, Question, filled, parsed
from workers.dashboard.board import RefusedError
from workers.dashboard.questions import CHANGES, QUESTIONS
from workers.dashboard.web import BOARD, CALLER, DOOR, FLASH, Handler, caller, frame, html

OURS: Final = frozenset({"csrf", "back"})
"""Fields of every form that are not part of the change."""
WEEK: Final = 168.0
"""Hours that the link of a message mutes for at most."""
NAME: Final = 40
"""Characters of a person's name."""


def routes() -> list[web.RouteDef]:
    """Every page and every form."""
    shown = [web.get(one.path, _shower(one)) for one in QUESTIONS if one.template]
    done = [web.post(one.path, _doer(one)) for one in CHANGES if not one.reads_only]
    answering = [
        route
        for action in (NOT_RELEVANT, MUTE)
        for route in (web.get(f"/alerts/{{alert_id}}/{action}", _ask(action)), web.post(f"/alerts/{{alert_id}}/{action}", _answer(action)))
    ]
    way_in = [web.get("/login", _login_page), web.post("/login", _login), web.post("/logout", _logout)]
    return [web.get("/", _first), *way_in, web.get("/try", _try_page), web.post("/try", _try), *shown, *done, *answering]


def entered(request: web.Request) -> Caller:
    """Who looks at this page.

    Raises:
        HTTPSeeOther: to the way in, for somebody without a session.
    """
    who = caller(request)
    if who is None:
        raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs, safe='')}")
    request[CALLER] = who
    return who


def checked(request: web.Request, form: dict[str, Any], *, writes: bool = True) -> Caller:
    """Who sent this form.

    Raises:
        HTTPForbidden: it is not one of this session's, or its sender may only read.
    """
    who = entered(request)
    if is_cross_site(request) or not request.app[DOOR].is_our_form(who, str(form.get("csrf", ""))):
        raise web.HTTPForbidden(text="this form was not made for this session; go back, load the page again and repeat it")
    if writes and not who.may_write:
        raise web.HTTPForbidden(text="this session may only read; log in with a token of write scope to change something")
    return who


def local(address: str, otherwise: str = "/alerts") -> str:
    """An address of ours as it came, anything else replaced."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and not any(ord(char) < 33 for char in address)  # noqa: PLR2004
    return address if ours else otherwise


def _shower(one: Question) -> Handler:
    async def show(request: web.Request) -> web.Response:
        who = entered(request)
        given = filled(request.query)
        asked = [*path_values(request), *([parsed(one.query, given)] if one.query else [])]
        said = {**frame(request, who), "title": one.title, "query": asked[-1] if one.query else None}

        def work() -> str:
            return render.page(one.template, **said, board=request.app[BOARD], it=one.ask(request.app[BOARD], *asked))

        response = html(await asyncio.to_thread(work))
        if FLASH in request.cookies:
            response.del_cookie(FLASH, path="/")
        return response

    return show


def _doer(one: Change) -> Handler:
    async def do(request: web.Request) -> web.Response:
        entered(request)  # before anything is read
        form = filled(await request.post())
        who = checked(request, form)
        body = [parsed(one.body, {name: value for name, value in form.items() if name not in OURS})] if one.body else []
        answer = await asyncio.to_thread(one.act, request.app[BOARD], who.name, *path_values(request), *body)
        return back(str(form.get("back", "")), sentence(answer))

    return do


def sentence(answer: Any) -> str:
    """What a change did, for the page that is shown after it."""
    if isinstance(answer, Done):
        return answer.done if answer.count == 1 else f"{answer.count}: {answer.done}"
    return "muted" if isinstance(answer, changes.MuteLine) else "taken in"


def back(where: str, says: str) -> web.Response:
    """To the page that the form stood on, with a sentence."""
    response = web.Response(status=303, headers={"Location": local(where)})
    response.set_cookie(FLASH, quote(says), max_age=30, httponly=True, samesite="Strict", path="/")
    return response


async def _first(_request: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/alerts")


async def _login_page(request: web.Request) -> web.Response:
    token = request.query.get("token", "")
    if token:
        return _enter(request, token, "", request.query.get("next", ""))
    return _way_in(request, request.query.get("next", ""), "")


async def _login(request: web.Request) -> web.Response:
    form = filled(await request.post())
    if is_cross_site(request):
        raise web.HTTPForbidden(text="this form was sent by another site")
    return _enter(request, str(form.get("token", "")).strip(), str(form.get("name", "")).strip(), str(form.get("next", "")))


def _enter(request: web.Request, token: str, name: str, where: str) -> web.Response:
    door = request.app[DOOR]
    who = door.by_token(token)
    if who is None:
        return _way_in(request, where, "This is not a token of this service.", status=403)
    person = Caller(name=name[:NAME] or who.name, scope=who.scope)
    response = web.Response(status=303, headers={"Location": local(where)})
    response.set_cookie(
        door.cookie,
        door.begin(person, request.app[BOARD].now()),
        max_age=int(SESSION_SECONDS),
        httponly=True,
        secure=request.secure or request.headers.get("X-Forwarded-Proto") == "https",
        samesite="Lax",
        path="/",
    )
    return response


def _way_in(request: web.Request, where: str, fault: str, *, status: int = 200) -> web.Response:
    return html(render.page("login.html", **frame(request, None), title="Log in", next=local(where), fault=fault), status=status)


async def _logout(request: web.Request) -> web.Response:
    checked(request, filled(await request.post()), writes=False)
    response = web.Response(status=303, headers={"Location": "/login"})
    response.del_cookie(request.app[DOOR].cookie, path="/")
    return response


async def _try_page(request: web.Request) -> web.Response:
    said = frame(request, entered(request))
    trial = parsed(trying.Trial, filled(request.query))
    return html(await asyncio.to_thread(lambda: render.page("try.html", **said, title="Try it", asked=trial, it=None, fault="")))


async def _try(request: web.Request) -> web.Response:
    entered(request)  # before anything is read
    form = filled(await request.post())
    said = frame(request, checked(request, form, writes=False))
    trial = parsed(trying.Trial, {name: value for name, value in form.items() if name not in OURS})

    def work() -> str:
        try:
            it, fault = trying.try_it(request.app[BOARD], trial), ""
        except RefusedError as error:
            it, fault = None, str(error)
        return render.page("try.html", **said, title="Try it", asked=trial, it=it, fault=fault)

    return html(await asyncio.to_thread(work))


def _allowed(request: web.Request, action: str, given: str) -> tuple[Caller | None, bool]:
    """Who asks, and whether the mark of a link lets them: a reader of a message needs no session."""
    ours = request.app[DOOR].is_our_link(action, request.match_info["alert_id"], given)
    return (caller(request) if ours else entered(request)), ours


def _ask(action: str) -> Handler:
    async def ask(request: web.Request) -> web.Response:
        mark = request.query.get("mark", "")
        who, ours = _allowed(request, action, mark)
        board, alert_id = request.app[BOARD], request.match_info["alert_id"]
        said = {**frame(request, who), "title": "Not relevant" if action == NOT_RELEVANT else "Mute"}

        def work() -> str:
            it = alerts.alert_detail(board, alert_id)
            return render.page("answer.html", **said, it=it, action=action, mark=mark if ours else "", sent=False)

        return html(await asyncio.to_thread(work))

    return ask


def _answer(action: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        form = filled(await request.post())
        mark = str(form.pop("mark", ""))
        who, ours = _allowed(request, action, mark)
        author = who.name if who else "a reader of the message"
        if not ours:
            author = checked(request, form).name
        board, alert_id = request.app[BOARD], request.match_info["alert_id"]
        said = {**frame(request, who), "title": "Thank you"}
        body = {name: value for name, value in form.items() if name not in OURS}

        def work() -> str:
            it = alerts.alert_detail(board, alert_id)
            _write(board, author, it, action, body)
            return render.page("answer.html", **said, it=it, action=action, mark="", sent=True)

        return html(await asyncio.to_thread(work))

    return answer


def _write(board: Any, author: str, it: alerts.AlertDetail, action: str, body: dict[str, Any]) -> None:
    if action == NOT_RELEVANT:
        changes.give_feedback(board, author, it.alert.id, parsed(changes.NewFeedback, {**body, "verdict": "not_relevant"}))
        return
    # what the link names decides whom it may mute, and not for good: whoever sees the message holds the link
    kind = "story" if body.pop("kind", "") == "story" else "entity"
    value = it.alert.story_id if kind == "story" else it.alert.entity
    wish = parsed(changes.NewMute, {**body, "kind": kind, "value": value})
    changes.add_mute(board, author, replace(wish, hours=min(wish.hours or WEEK, WEEK)))
