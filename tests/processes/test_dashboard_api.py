"""The API and the forms over real HTTP: tokens, scopes, pages of listings, errors, proofs, headers, the audit."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import dashboard_newsdesk as desk
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from pipeline.alerts.links import address, mark
from pipeline.model import Lane
from workers.dashboard import app as dashboard
from workers.dashboard.answers import changes
from workers.dashboard.asking import dumped, parsed
from workers.dashboard.board import Board
from workers.dashboard.questions import CHANGES, QUESTIONS
from workers.dashboard.web import CSP
from workers.wiring import Wiring

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """A news desk with a month behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("READER", desk.READER)
        made = desk.seed(tmp_path_factory.mktemp("desk"))
    yield made
    made.store.close()


def test_every_question_has_an_answer_on_postgresql(tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER", desk.READER)
    monkeypatch.setenv("WIREWATCH_DATABASE_URL", pg_url)
    wiring = desk.seed(tmp_path)
    try:
        ask_everything(wiring)
    finally:
        wiring.store.close()


def ask_everything(wiring: Wiring) -> None:
    board = Board(wiring)
    for question in QUESTIONS:
        pairs = zip(question.path.split("/"), filled(question.path, wiring).split("/"), strict=True)
        values = [given for name, given in pairs if name != given]
        few = {"limit": "2"} if question.query and "limit" in question.query.__slots__ else {}
        answer = question.ask(board, *values, *([parsed(question.query, few)] if question.query else []))
        assert dumped(question.answer, answer)
        cursor = getattr(answer, "next", None)
        if cursor is not None and question.query is not None:
            assert question.ask(board, parsed(question.query, {**few, "cursor": cursor})).items
    assert changes.add_mute(board, "Noor", changes.NewMute(kind=changes.MuteKind.STORY, value="st_x")).active
    assert changes.give_feedback(board, "Noor", one_alert(wiring), changes.NewFeedback(verdict="relevant")).count == 1
    assert changes.replay(board, "Noor", changes.NewReplay(endpoint="desk")).count > 0
    assert set(board.listings.pulse()) >= {"alerts", "polls"}


class Client:
    """Somebody with a token, a session, or nothing."""

    def __init__(self, session: aiohttp.ClientSession, wiring: Wiring) -> None:
        self.session = session
        self.wiring = wiring

    @property
    def main(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {dashboard.main_token(self.wiring)}"}

    @property
    def reader(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {desk.READER}"}

    async def get(self, path: str, *, as_reader: bool = True, **options: Any) -> tuple[aiohttp.ClientResponse, Any]:
        async with self.session.get(
            path, headers={**(self.reader if as_reader else {}), **options.pop("headers", {})}, **options
        ) as answer:
            return answer, await answer.json(content_type=None) if "json" in answer.content_type else await answer.text()

    async def post(self, path: str, body: Any = None, *, headers: dict[str, str] | None = None) -> tuple[aiohttp.ClientResponse, Any]:
        given = self.main if headers is None else headers
        async with self.session.post(path, json=body, headers=given) as answer:
            return answer, await answer.json(content_type=None)

    async def form(self, path: str, fields: dict[str, str], **headers: str) -> tuple[aiohttp.ClientResponse, str]:
        async with self.session.post(path, data=fields, headers=headers, allow_redirects=False) as answer:
            return answer, await answer.text()

    async def login(self, token: str | None = None) -> str:
        """Begin a session; returns what its forms carry."""
        fields = {"token": token or dashboard.main_token(self.wiring), "name": "Noor"}
        answer, _ = await self.form("/login", fields)
        assert answer.status == 303
        _, text = await self.get("/alerts", as_reader=False)
        found = re.search(r'name="csrf" value="([^"]+)"', text)
        assert found
        return found[1]


@pytest_asyncio.fixture
async def client(wiring: Wiring) -> AsyncIterator[Client]:
    """The service on a free port of loopback, and a client without any cookie."""
    stop = asyncio.Event()
    app = dashboard.build_app(Board(wiring), await asyncio.to_thread(dashboard.door_of, wiring), stop)
    async with TestServer(app) as server:
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(base_url=server.make_url("/"), cookie_jar=jar) as session:
            yield Client(session, wiring)
            stop.set()


def one_alert(wiring: Wiring) -> str:
    return wiring.store.alerts.list(entity="halden-ferries")[0].id


def filled(path: str, wiring: Wiring) -> str:
    """A path with its names replaced by what there is."""
    store = wiring.store
    alert = store.alerts.list(entity="halden-ferries")[0]
    values = {
        "alert_id": alert.id,
        "entity_id": "halden-ferries",
        "story_id": alert.story_id,
        "source_id": store.feeds.health()[0].id,
        "delivery_id": store.deliveries.list()[0]["id"],
        "article_id": alert.article_id,
    }
    return path.format(**values)


async def test_every_question_answers_as_its_document_says(client: Client, wiring: Wiring) -> None:
    import jsonschema

    _, document = await client.get("/api/openapi.json")
    assert document["openapi"].startswith("3.1")
    for question in QUESTIONS:
        where = filled(question.path, wiring)
        params = {"url": wiring.store.articles.get(where_article(wiring)).url} if question.path == "/explain" else {}
        answer, body = await client.get(f"/api{where}", params=params)
        assert answer.status == 200, (where, body)
        said = document["paths"][f"/api{question.path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(body, {**said, "components": document["components"]})
    assert {path for path, methods in document["paths"].items() if "post" in methods} == {f"/api{change.path}" for change in CHANGES}


def where_article(wiring: Wiring) -> str:
    return wiring.store.alerts.list()[0].article_id


async def test_the_document_is_openapi(client: Client) -> None:
    _, document = await client.get("/api/openapi.json")
    names = set(document["components"]["schemas"])
    assert set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))) <= names
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)


async def test_nobody_without_a_token_learns_anything(client: Client, wiring: Wiring) -> None:
    for question in QUESTIONS:
        answer, body = await client.get(f"/api{filled(question.path, wiring)}", as_reader=False)
        assert (answer.status, answer.content_type, body["status"]) == (401, PROBLEM, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        if question.template:
            page, text = await client.get(filled(question.path, wiring), as_reader=False)
            assert page.url.path == "/login"
            assert "Halden" not in text
    answer, _ = await client.get("/live", as_reader=False)
    assert answer.status == 401
    answer, _ = await client.get("/api/alerts", headers={"Authorization": "Bearer wrong"})
    assert answer.status == 401


async def test_a_reading_token_changes_nothing(client: Client, wiring: Wiring) -> None:
    path = f"/api/alerts/{one_alert(wiring)}/state"
    answer, body = await client.post(path, {"state": "reviewed"}, headers=client.reader)
    assert (answer.status, answer.content_type) == (403, PROBLEM)
    assert "grafana" in body["detail"]
    csrf = await client.login(desk.READER)
    answer, text = await client.form(f"/alerts/{one_alert(wiring)}/state", {"state": "reviewed", "csrf": csrf})
    assert answer.status == 403
    assert "may only read" in text
    answer, _ = await client.post("/api/try", {"text": "nobody"}, headers=client.reader)
    assert answer.status == 200


async def test_a_session_cannot_change_anything_through_the_api(client: Client, wiring: Wiring) -> None:
    await client.login()
    answer, _ = await client.get("/api/alerts", as_reader=False)
    assert answer.status == 200
    answer, _ = await client.post(f"/api/alerts/{one_alert(wiring)}/state", {"state": "reviewed"}, headers={})
    assert answer.status == 401


async def test_what_a_token_changes_stands_in_the_audit(client: Client, wiring: Wiring) -> None:
    alert = one_alert(wiring)
    answer, body = await client.post(f"/api/alerts/{alert}/state", {"state": "dismissed", "note": "old"})
    assert (answer.status, body) == (200, {"done": "marked dismissed", "count": 1})
    _, found = await client.get(f"/api/alerts/{alert}")
    assert (found["alert"]["state"], found["alert"]["note"]) == ("dismissed", "old")
    answer, mute = await client.post("/api/mutes", {"kind": "source", "value": "tabloid.example", "reason": "noise", "hours": 2})
    assert answer.status == 201
    assert mute["until"].endswith("Z")
    answer, _ = await client.post(f"/api/mutes/{mute['seq']}/end")
    assert answer.status == 200
    answer, body = await client.post(f"/api/mutes/{mute['seq']}/end")
    assert (answer.status, body["detail"]) == (404, f"no mute {mute['seq']} is in force")
    answer, _ = await client.post(f"/api/alerts/{alert}/feedback", {"verdict": "not_relevant", "alias": "Halden"})
    source = wiring.store.feeds.health()[0].id
    await client.post(f"/api/sources/{source}/poll")
    await client.post("/api/endpoints/archive/resume")
    answer, body = await client.post("/api/replays", {"endpoint": "desk", "dry_run": True})
    assert body["count"] > 0
    answer, body = await client.post("/api/replays", {"endpoint": "desk", "state": "delivered"})
    assert body["count"] > 0
    _, audit = await client.get("/api/audit")
    actions = [line["action"] for line in audit["items"]]
    wanted = ["delivery.replay", "endpoint.resume", "source.poll", "alert.feedback", "mute.end", "mute.add", "alert.state"]
    assert actions[: len(wanted)] == wanted
    assert {line["author"] for line in audit["items"][: len(wanted)]} == {"dashboard"}


async def test_pages_of_a_listing_meet_without_gap_or_repeat(client: Client) -> None:
    paths = ("alerts", "stories", "entries", "deliveries", "quiet", "audit", "entities", "sources")
    for path in (f"/api/{name}" for name in paths):
        _, whole = await client.get(path, params={"limit": 100})
        key = "id" if path not in {"/api/quiet", "/api/audit"} else "at"
        seen, cursor = [], None
        while True:
            answer, part = await client.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})
            assert answer.status == 200
            seen += part["items"]
            cursor = part["next"]
            if cursor is None:
                break
        assert [one[key] for one in seen] == [one[key] for one in whole["items"]], path
        assert len(seen) == len(whole["items"])


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/alerts/al_nothing", 404, "there is no alert al_nothing"),
        ("/api/nothing", 404, "Not Found"),
        ("/api/alerts?limit=0", 400, "limit"),
        ("/api/alerts?limit=many", 400, "limit"),
        ("/api/alerts?colour=red", 400, "is not known here"),
        ("/api/alerts?entity=a&entity=b", 400, "more than once"),
        ("/api/alerts?since=yesterday", 400, "2026-11-23T06:40:00Z"),
        ("/api/alerts?cursor=x", 409, "`next`"),
        ("/api/stories?cursor=x", 409, "`next`"),
        ("/api/alerts?state=lost", 400, "state"),
        ("/api/entities?cursor=-1", 409, "`next`"),
        ("/api/sources?x=1", 400, "is not known here"),
        ("/api/explain?url=" + "a" * 2001, 400, "url"),
        ("/api/search?q=" + "a" * 400, 400, "q"),
    ],
)
async def test_errors_are_problems(client: Client, path: str, status: int, says: str) -> None:
    answer, body = await client.get(path)
    assert (answer.status, answer.content_type) == (status, PROBLEM)
    assert set(body) >= {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status
    assert says in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"state": "lost"}, 400), ({"state": "new", "extra": 1}, 400), ([], 400), ({"state": "new", "note": "x" * 3000}, 400)],
)
async def test_bodies_that_do_not_fit_are_refused(client: Client, wiring: Wiring, body: Any, status: int) -> None:
    answer, said = await client.post(f"/api/alerts/{one_alert(wiring)}/state", body)
    assert (answer.status, answer.content_type) == (status, PROBLEM)
    assert said["errors"]


async def test_bodies_that_are_no_json_are_refused(client: Client, wiring: Wiring) -> None:
    path = f"/api/alerts/{one_alert(wiring)}/state"
    async with client.session.post(path, data=b"{", headers={**client.main, "Content-Type": "application/json"}) as answer:
        assert (answer.status, answer.content_type) == (400, PROBLEM)
    async with client.session.post(path, data=b"state=new", headers=client.main) as answer:
        assert (answer.status, answer.content_type) == (415, PROBLEM)
    async with client.session.post(
        path, data=io.BytesIO(b"x" * 9_000_000), headers={**client.main, "Content-Type": "application/json"}
    ) as answer:
        assert (answer.status, answer.content_type) == (413, PROBLEM)
    async with client.session.delete(path, headers=client.main) as answer:
        assert (answer.status, answer.content_type, answer.headers["Allow"]) == (405, PROBLEM, "POST")


async def test_strange_characters_are_data(client: Client, wiring: Wiring) -> None:
    alert = one_alert(wiring)
    note = "a\x00b <script>alert(1)</script> \u202e"
    answer, _ = await client.post(f"/api/alerts/{alert}/state", {"state": "reviewed", "note": note})
    assert answer.status == 200
    await client.login()
    _, text = await client.get(f"/alerts/{alert}", as_reader=False)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    for path in ("/api/alerts/%00", "/api/search?q=%00%22*-", "/api/search?q=%22", "/api/mutes?%00=1"):
        answer, _ = await client.get(path)
        assert answer.status in {200, 400, 404}, path


async def test_forms_of_others_change_nothing(client: Client, wiring: Wiring) -> None:
    alert = one_alert(wiring)
    csrf = await client.login()
    path, fields = f"/alerts/{alert}/state", {"state": "reviewed", "back": "/alerts"}
    before = len(wiring.store.alerts.audit(limit=200))
    for given, headers in (
        ({}, {}),
        ({"csrf": "wrong"}, {}),
        ({"csrf": csrf}, {"Origin": "https://evil.example"}),
        ({"csrf": csrf}, {"Origin": "null"}),
        ({"csrf": csrf}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer, _ = await client.form(path, {**fields, **given}, **headers)
        assert answer.status == 403, (given, headers)
    assert len(wiring.store.alerts.audit(limit=200)) == before
    answer, _ = await client.form(path, {**fields, "csrf": csrf, "back": "//evil.example"})
    assert (answer.status, answer.headers["Location"]) == (303, "/alerts")
    assert wiring.store.alerts.audit(limit=1)[0]["author"] == "Noor"


async def test_every_change_wants_the_proof(client: Client) -> None:
    await client.login()
    for change in CHANGES:
        path = re.sub(r"{\w+}", "1", change.path)
        answer, _ = await client.form(path, {})
        assert answer.status == 403, path
    answer, _ = await client.form("/logout", {})
    assert answer.status == 403


async def test_a_session_that_was_tampered_with_is_none(client: Client, wiring: Wiring) -> None:
    await client.login()
    cookies = {cookie.key: cookie.value for cookie in client.session.cookie_jar}
    name = next(key for key in cookies if key.startswith("wirewatch_") and key != "wirewatch_done")
    body, _, mac = cookies[name].partition(".")
    for forged in (f"{body[:-2]}AA.{mac}", f"{body}.{mac[:-2]}AA", "", "x.y", f"{body}."):
        answer, _ = await client.get("/api/alerts", as_reader=False, headers={"Cookie": f"{name}={forged}"})
        assert answer.status in {200, 401}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as bare:
            where = client.session._base_url.join(answer.url.with_path("/api/alerts"))
            async with bare.get(where, headers={"Cookie": f"{name}={forged}"}) as alone:
                assert alone.status == 401, forged


async def test_a_link_of_a_message_opens_one_form_and_changes_nothing_by_itself(client: Client, wiring: Wiring) -> None:
    alert = one_alert(wiring)
    key = wiring.secret("links")
    path = address("", key, "not-relevant", alert)
    before = len(wiring.store.alerts.audit(limit=200))
    for _ in range(2):
        answer, text = await client.get(path, as_reader=False)
        assert answer.status == 200
        assert "opening this page changes nothing" in text
    assert len(wiring.store.alerts.audit(limit=200)) == before
    given = mark(key, "not-relevant", alert)
    answer, text = await client.form(f"/alerts/{alert}/not-relevant", {"mark": given, "alias": "Halden", "note": "the town"})
    assert answer.status == 200
    assert "Thank you" in text
    said = wiring.store.alerts.audit(limit=1)[0]
    assert (said["action"], said["target"], said["detail"]["note"]) == ("alert.feedback", alert, "the town")
    # of another alert, another action, or nobody: the way in
    for other in (
        f"/alerts/{alert}/not-relevant?mark=x",
        f"/alerts/{alert}/mute?mark={given}",
        f"/alerts/al_other/not-relevant?mark={given}",
    ):
        answer, _ = await client.get(other, as_reader=False)
        assert answer.url.path == "/login", other
    answer, _ = await client.form(f"/alerts/{alert}/mute", {"mark": given, "kind": "entity"})
    assert (answer.status, answer.headers["Location"].startswith("/login")) == (303, True)
    # a link of ours mutes what it names, whatever its form was made to say
    answer, _ = await client.form(
        f"/alerts/{alert}/mute", {"mark": mark(key, "mute", alert), "kind": "source", "value": "all", "hours": "8"}
    )
    newest = wiring.store.alerts.mutes()[0]
    assert (answer.status, newest.kind, newest.value) == (200, "entity", "halden-ferries")
    wiring.store.alerts.end_mute(newest.seq, author="test", now=newest.created_at)


async def test_every_answer_carries_the_headers(client: Client, wiring: Wiring) -> None:
    await client.login()
    for path in ("/alerts", "/status", "/api/alerts", "/nothing", "/static/style.css", f"/alerts/{one_alert(wiring)}"):
        answer, text = await client.get(path)
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.content_type == "text/html":
            assert not re.search(r"<style|<script(?! src)|\son\w+=|\sstyle=", text), path
            assert not re.search(r'(?:src|href)="(?:https?:)?//(?!\w+\.example)', text), path
    assert "unsafe" not in CSP


async def test_a_name_that_somebody_pointed_here_is_turned_away(client: Client) -> None:
    answer, body = await client.get("/api/alerts", headers={"Host": "rebind.example"})
    assert (answer.status, answer.content_type) == (421, PROBLEM)
    assert "public_url" in body["detail"]


async def test_no_page_or_answer_shows_a_secret(client: Client, wiring: Wiring) -> None:
    await client.login()
    secrets = [dashboard.main_token(wiring), desk.READER, wiring.secret("links"), *(one.secret for one in wiring.endpoints), "secret-path"]
    for question in QUESTIONS:
        for path in (f"/api{question.path}", question.path):
            _, text = await client.get(filled(path, wiring))
            written = text if isinstance(text, str) else json.dumps(text)
            assert not [secret for secret in secrets if secret in written], path


async def test_trying_a_text(client: Client) -> None:
    answer, body = await client.post("/api/try", {"text": "Mirela Costin runs Halden Ferries, the ferry company."})
    assert answer.status == 200
    assert {one["entity"]: one["fires"] for one in body["entities"]} == {"halden-ferries": True, "mirela-costin": True}
    for one in body["entities"]:
        for mention in one["mentions"]:
            assert body["text"][mention["start"] : mention["end"]] == mention["surface"]
            assert mention["why"]
    answer, body = await client.post("/api/try", {"text": "Nobody is named here."})
    assert body["entities"] == []
    for given in ({}, {"url": "ftp://x.example/"}, {"url": "http://127.0.0.1:9/"}, {"url": "http://169.254.169.254/latest/meta-data"}):
        answer, body = await client.post("/api/try", given)
        assert answer.status == 409, given


async def test_an_article_that_is_handed_in_is_taken_once(client: Client, wiring: Wiring) -> None:
    given = {"url": "https://desk.example/memo", "title": "A memo", "text": "Halden Ferries <b>moves</b>.\n\nIts office, that is."}
    answer, body = await client.post("/api/articles", given)
    assert (answer.status, body["new"]) == (200, True)
    _, again = await client.post("/api/articles", given)
    assert again == {"entry_id": body["entry_id"], "new": False}
    page = wiring.store.articles.claim_pages(wiring.store.articles.offer_due(Lane.HOT, Board(wiring).now() + 1, 1.0, 10), "x", 2e9, 1.0)[-1]
    assert b"<p>Halden Ferries &lt;b&gt;moves&lt;/b&gt;.</p>" in page.body
    _, found = await client.get("/api/explain", params={"url": given["url"]})
    assert [one["id"] for one in found["items"]] == [body["entry_id"]]
    dated = {"url": "https://desk.example/y", "text": "x", "published": 4e16}
    for bad in ({"url": "https://desk.example/x"}, {"url": "javascript:alert(1)", "text": "x"}, dated):
        answer, _ = await client.post("/api/articles", bad)
        assert answer.status in {400, 409}


async def test_a_very_long_article_makes_no_heavy_page(client: Client, wiring: Wiring) -> None:
    lines = [
        f"In month {n} Halden Ferries told the council of {n * 7} more days at the dock, and berth {n % 11} stayed empty."
        for n in range(900)
    ]
    text = [" ".join(lines[n : n + 9]) for n in range(0, 900, 9)]
    report = {"feed": "zaliv", "age": 0.001, "title": "The long report on the ferries", "text": text}
    await asyncio.to_thread(desk.publish, wiring, [report], Board(wiring).now())
    ident = wiring.store.articles.search("council berth")[0].article_id
    await client.login()
    _, text = await client.get(f"/articles/{ident}", as_reader=False)
    assert 20_000 < len(text.encode()) < 100_000
    assert "in the API" in re.sub(r"<[^>]+>", "", text)
    for alert in wiring.store.alerts.list(limit=3):
        _, text = await client.get(f"/alerts/{alert.id}", as_reader=False)
        assert len(text.encode()) < 100_000


async def test_events_name_what_is_new(client: Client, wiring: Wiring) -> None:
    async with client.session.get("/live", headers=client.reader) as stream:
        assert stream.content_type == "text/event-stream"
        await asyncio.sleep(2.5)
        feed = wiring.store.feeds.health()[0]
        wiring.store.feeds.record_poll(desk.polled(feed, feed.next_try + 1e6))
        async with asyncio.timeout(20):
            async for line in stream.content:
                if line.startswith(b"data:"):
                    assert json.loads(line[5:]) == ["polls"]
                    break


async def test_two_equal_tokens_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.errors import ConfigError

    monkeypatch.setenv("READER", "the-same-token-for-both")
    monkeypatch.setenv("WIREWATCH_DASHBOARD__TOKEN", "the-same-token-for-both")
    wiring = Wiring.from_directory(desk.configure(tmp_path))
    with pytest.raises(ConfigError, match="two tokens are the same"):
        dashboard.door_of(wiring)
    wiring.store.close()


def test_the_document_for_people_names_everything() -> None:
    written = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    for one in (*QUESTIONS, *CHANGES):
        assert f"`/api{one.path}`" in written


async def test_the_loop_serves_until_it_is_told_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER", desk.READER)
    wiring = Wiring.from_directory(desk.configure(tmp_path))
    stop, told, beats = asyncio.Event(), asyncio.get_running_loop().create_future(), []
    task = asyncio.create_task(dashboard.serve(wiring, stop, lambda: beats.append(1), started=told.set_result))
    address_of_it = await asyncio.wait_for(told, 20)
    base = address_of_it.partition("/login")[0]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(address_of_it) as answer:
            assert (answer.status, answer.url.path) == (200, "/alerts")
        async with session.get(f"{base}/healthz") as answer:
            assert answer.status == 200
        async with session.get(f"{base}/readyz") as answer:
            assert answer.status == 503  # nothing but the dashboard runs
        async with session.get(f"{base}/metrics") as answer:
            assert "wirewatch_backlog" in await answer.text()
        async with session.get(f"{base}/live") as stream:
            await asyncio.sleep(1.2)
            stop.set()
            await asyncio.wait_for(stream.content.read(), 10)
    await asyncio.wait_for(task, 20)
    assert beats
    wiring.store.close()


async def test_counters_want_a_token_where_others_can_reach_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers import health

    monkeypatch.setenv("READER", desk.READER)
    monkeypatch.setenv("WIREWATCH_DASHBOARD__HOST", "0.0.0.0")
    wiring = Wiring.from_directory(desk.configure(tmp_path))
    further = health.routes(health.Health(wiring.store, wiring.broker, process="test", now=lambda: 0.0))
    app = dashboard.build_app(Board(wiring), dashboard.door_of(wiring), asyncio.Event(), further=further)
    async with TestServer(app) as server, aiohttp.ClientSession(base_url=server.make_url("/")) as session:
        for path, headers, status in (
            ("/metrics", {}, 401),
            ("/metrics", {"Authorization": f"Bearer {desk.READER}"}, 200),
            ("/healthz", {}, 200),
            ("/healthz", {"Host": "any.example"}, 200),
        ):
            async with session.get(path, headers=headers) as answer:
                assert answer.status == status, path
    wiring.store.close()


def test_the_command_prints_the_address_that_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from workers.cli.dashboard import command

    monkeypatch.setenv("READER", desk.READER)
    monkeypatch.setenv("WIREWATCH_DASHBOARD__PORT", "8420")
    config = str(desk.configure(tmp_path))
    said = CliRunner().invoke(command, [], obj=config)
    assert said.output.startswith("http://127.0.0.1:8420/login?token=whsec_")
    token = CliRunner().invoke(command, ["--token"], obj=config).output.strip()
    assert said.output.strip() == dashboard.login_address("http://127.0.0.1:8420", token)
