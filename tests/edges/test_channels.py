"""Mail, ntfy and Apprise against real servers on the loopback; a certificate of one's own; a deadline that holds."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from pipeline.alerts import payload, sample
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Mode, Reach
from pipeline.alerts.retry import AttemptClass
from pipeline.flow.deliver import Sent
from pipeline.flow.senders import Senders
from pipeline.net import apprise
from pipeline.net.policy import NetPolicy

TLS = Path(__file__).parents[1] / "golden" / "tls"
BODY = payload.encode(payload.alert(sample.alert(now=1_800_000_000.0)))


def spec(url: str, kind: EndpointKind, **changes: object) -> EndpointSpec:
    made = EndpointSpec(
        id="x", url=url, kind=kind, network=Reach.LOCAL, mail_from="watch@w.example", mail_to=("ana@r.example", "ben@r.example")
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def send(endpoint: EndpointSpec, *, deadline: float = 5.0) -> Sent:
    senders = Senders(NetPolicy())
    try:
        sender = await senders.for_endpoint(endpoint)
        return await sender.send(endpoint, ident="al_1", body=BODY, now=time.time(), deadline=deadline)
    finally:
        await senders.close()


@dataclass
class MailServer:
    """As much of an SMTP server as a client needs."""

    replies: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    message: str = ""
    url: str = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n")
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.message = (await reader.readuntil(b"\r\n.\r\n")).decode()
            writer.write(self.replies.get(verb, "250 ok").encode() + b"\r\n")
            await writer.drain()
            if verb == "QUIT":
                break


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[str]:
    """A server that leaves no connection open behind it, whatever the client did."""
    open_ones: list[tuple[asyncio.Task[None] | None, asyncio.StreamWriter]] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.append((asyncio.current_task(), writer))
        with suppress(ConnectionError):
            await talk(reader, writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task, writer in open_ones:
            if task is not None:
                task.cancel()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def mail_server(**replies: str) -> AsyncIterator[MailServer]:
    found = MailServer(replies=replies)
    async with listening(found.talk) as found.url:
        yield found


async def test_mail_is_handed_over() -> None:
    async with mail_server() as there:
        sent = await send(spec(there.url, EndpointKind.EMAIL))
    assert sent.attempt.outcome is AttemptClass.OK
    assert [line for line in there.said if line.startswith(("mail", "rcpt"))] == [
        "mail FROM:<watch@w.example>", "rcpt TO:<ana@r.example>", "rcpt TO:<ben@r.example>",
    ]  # fmt: skip
    assert "Message-ID: <al_1@w.example>" in there.message
    assert "https://news.example/2026/lighthouse" in there.message


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ({"RCPT": "550 no such reader"}, AttemptClass.REFUSED),
        ({"RCPT": "451 come again"}, AttemptClass.SERVER_ERROR),
        ({"DATA": "552 too much"}, AttemptClass.REFUSED),
    ],
)
async def test_what_a_mail_server_says_is_understood(replies: dict[str, str], outcome: AttemptClass) -> None:
    async with mail_server(**replies) as there:
        assert (await send(spec(there.url, EndpointKind.EMAIL))).attempt.outcome is outcome


async def test_a_password_is_never_sent_without_tls() -> None:
    async with mail_server() as there:
        sent = await send(spec(there.url, EndpointKind.EMAIL, user="watch", secret="hidden"))
    assert sent.attempt.outcome is AttemptClass.REFUSED
    assert "hidden" not in " ".join(there.said) + sent.attempt.detail


async def test_a_silent_mail_server_ends_at_the_deadline() -> None:
    async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(silence) as url:
        started = time.monotonic()
        sent = await send(spec(url, EndpointKind.EMAIL), deadline=0.5)
    assert sent.attempt.outcome is AttemptClass.TIMEOUT
    assert time.monotonic() - started < 3.0


async def test_mail_stands_behind_the_guard() -> None:
    async with mail_server() as there:
        sent = await send(spec(there.url, EndpointKind.EMAIL, network=Reach.PUBLIC))
    assert sent.attempt.outcome is AttemptClass.BLOCKED_ADDRESS
    assert there.said == []


@asynccontextmanager
async def web_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[str, list[tuple[str, bytes, Mapping[str, str]]]]]:
    seen: list[tuple[str, bytes, Mapping[str, str]]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append((request.path, await request.read(), request.headers))
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{runner.addresses[0][1]}", seen
    finally:
        await runner.cleanup()


async def test_ntfy_is_published_at_the_root_with_its_token() -> None:
    async with web_server() as (url, seen):
        sent = await send(spec(f"{url}/wagner", EndpointKind.NTFY, secret="tk_1"))
    assert sent.attempt.outcome is AttemptClass.OK
    path, body, headers = seen[0]
    assert path == "/"
    assert orjson.loads(body)["topic"] == "wagner"
    assert headers["authorization"] == "Bearer tk_1"


async def test_a_certificate_of_ones_own_needs_its_authority_named() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(TLS / "authority.pem", TLS / "key.pem")
    async with web_server(tls) as (url, seen):
        without = await send(spec(url, EndpointKind.STANDARD, secret="x" * 24))
        named = await send(spec(url, EndpointKind.STANDARD, secret="x" * 24, ca_file=str(TLS / "authority.pem")))
    assert without.attempt.outcome is AttemptClass.TLS
    assert named.attempt.outcome is AttemptClass.OK
    assert {"connect", "tls", "first_byte"} <= set(named.timings)
    assert len(seen) == 1


async def test_a_receiver_may_ask_who_we_are(tmp_path: Path) -> None:
    """Mutual TLS: without a certificate we are turned away, with it we are let in, and files that say nothing are told by name."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(TLS / "authority.pem", TLS / "key.pem")
    tls.load_verify_locations(TLS / "authority.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    trusted: dict[str, Any] = {"secret": "x" * 24, "ca_file": str(TLS / "authority.pem")}
    ours = {"client_cert": str(TLS / "authority.pem"), "client_key": str(TLS / "key.pem")}
    (tmp_path / "nonsense.pem").write_text("nonsense")
    async with web_server(tls) as (url, seen):
        nameless = await send(spec(url, EndpointKind.STANDARD, **trusted))
        named = await send(spec(url, EndpointKind.STANDARD, **trusted, **ours))
        missing = await send(spec(url, EndpointKind.STANDARD, **trusted, client_cert=str(tmp_path / "none.pem")))
        broken = await send(spec(url, EndpointKind.STANDARD, **trusted, client_cert=str(tmp_path / "nonsense.pem")))
    assert nameless.attempt.outcome in {AttemptClass.TLS, AttemptClass.CONNECT, AttemptClass.BAD_REPLY}
    assert named.attempt.outcome is AttemptClass.OK
    assert {missing.attempt.outcome, broken.attempt.outcome} == {AttemptClass.CANNOT_SEND}
    assert "none.pem" in missing.attempt.detail
    assert len(seen) == 1


async def test_a_cloud_event_is_the_same_body_with_headers_of_its_own() -> None:
    async with web_server() as (url, seen):
        plain = await send(spec(url, EndpointKind.STANDARD, secret="x" * 24))
        enveloped = await send(spec(url, EndpointKind.STANDARD, secret="x" * 24, mode=Mode.CLOUDEVENTS))
    assert {plain.attempt.outcome, enveloped.attempt.outcome} == {AttemptClass.OK}
    (_, before, without), (_, after, headers) = seen
    assert before == after
    assert not [name for name in without if name.lower().startswith("ce-")]
    body = orjson.loads(after)
    assert {name.lower(): value for name, value in headers.items() if name.lower().startswith("ce-")} == {
        "ce-specversion": "1.0",
        "ce-id": headers["webhook-id"],
        "ce-source": "wirewatch",
        "ce-type": body["type"],
        "ce-time": body["timestamp"],
        "ce-subject": body["data"]["watch"]["entity_id"],
    }
    assert headers["content-type"] == "application/json"


async def test_apprise_is_outside_and_killed_in_time() -> None:
    if not apprise.is_installed():
        sent = await send(spec("json://localhost", EndpointKind.APPRISE))
        assert sent.attempt.outcome is AttemptClass.CANNOT_SEND
        assert "wirewatch[apprise]" in sent.attempt.detail
        return
    async with web_server() as (url, seen):
        sent = await send(spec(url.replace("http://", "json://"), EndpointKind.APPRISE), deadline=20.0)
        assert (sent.attempt.outcome, len(seen)) == (AttemptClass.OK, 1)
        assert b"lighthouse" in seen[0][1]
    wrong = await send(spec("nothing-at-all", EndpointKind.APPRISE), deadline=20.0)
    assert wrong.attempt.outcome is AttemptClass.REFUSED
    started = time.monotonic()
    late = await send(spec("json://localhost:9/", EndpointKind.APPRISE), deadline=0.05)
    assert late.attempt.outcome is AttemptClass.TIMEOUT
    assert time.monotonic() - started < 5.0
