"""Which way out does an endpoint need? One sender for each kind, opened when it is first used, behind the guard it asks for."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import orjson

from pipeline.alerts.channels import APPRISE_TEXT, cut_bytes, mail
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Reach
from pipeline.alerts.retry import Attempt, AttemptClass
from pipeline.alerts.wording import telegram
from pipeline.errors import FetchError
from pipeline.flow.deliver import HttpSender, Sender, Sent, failed
from pipeline.model import Instant
from pipeline.net import apprise
from pipeline.net.connect import Papers
from pipeline.net.fetch import Fetcher
from pipeline.net.guard import Guard
from pipeline.net.mail import send_mail
from pipeline.net.policy import NetPolicy

HOME: Final = (
    *("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
    *("169.254.0.0/16", "fc00::/7", "fe80::/10"),
)
"""What ``network: local`` opens. The guard keeps cloud metadata closed all the same."""


class Senders:
    """The senders of one process."""

    def __init__(self, policy: NetPolicy) -> None:
        """``policy`` is the service's; an endpoint with ``network: local`` gets a guard of its own."""
        self._policy = policy
        self._stack = AsyncExitStack()
        self._http: dict[tuple[Reach, Papers, tuple[int, ...]], HttpSender] = {}

    async def close(self) -> None:
        """Close every connection; the next use opens new ones."""
        self._http.clear()
        await self._stack.aclose()

    async def for_endpoint(self, endpoint: EndpointSpec) -> Sender:
        """The sender of an endpoint. Its certificates are read anew when their files change: some live for a day only."""
        if endpoint.kind is EndpointKind.EMAIL:
            return MailSender(self._guard(endpoint))
        if endpoint.kind is EndpointKind.APPRISE:
            return AppriseSender()
        papers = Papers(ca_file=endpoint.ca_file, client_cert=endpoint.client_cert, client_key=endpoint.client_key)
        try:
            way = endpoint.network, papers, _stamps(papers)
            if way not in self._http:
                fetcher = Fetcher(replace(self._policy, proxy=None), guard=self._guard(endpoint), papers=papers)
                self._http[way] = HttpSender(await self._stack.enter_async_context(fetcher))
        except OSError as error:
            return Unable(f"its ca_file, client_cert or client_key cannot be used: {error}")
        return self._http[way]

    def _guard(self, endpoint: EndpointSpec) -> Guard:
        return Guard(self._policy.allow_networks + (HOME if endpoint.network is Reach.LOCAL else ()))


def _stamps(papers: Papers) -> tuple[int, ...]:
    return tuple(Path(file).stat().st_mtime_ns for file in papers.files)


class Unable:
    """Stands for an endpoint whose files are not what they should be; the others go on."""

    def __init__(self, why: str) -> None:
        """``why``: in words."""
        self._why = why

    async def send(self, endpoint: EndpointSpec, *, ident: str, body: bytes, now: Instant, deadline: float) -> Sent:
        """No attempt."""
        return Sent(attempt=Attempt(outcome=AttemptClass.CANNOT_SEND, detail=self._why))


class MailSender:
    """Delivers by SMTP."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def send(self, endpoint: EndpointSpec, *, ident: str, body: bytes, now: Instant, deadline: float) -> Sent:
        """One conversation with the mail server. A thread cannot be ended, so what it waits for is bounded too."""
        message = mail(endpoint, ident=ident, body=body)
        talk = asyncio.to_thread(
            send_mail,
            endpoint.url,
            message,
            user=endpoint.user,
            password=endpoint.secret,
            guard=self._guard,
            timeout=deadline,
            ca_file=endpoint.ca_file,
        )
        try:
            async with asyncio.timeout(deadline):
                await talk
        except FetchError as error:
            return failed(error)
        except TimeoutError:
            return Sent(attempt=Attempt(outcome=AttemptClass.TIMEOUT, detail="the mail server did not finish in time"))
        return Sent(attempt=Attempt(outcome=AttemptClass.OK))


class AppriseSender:
    """Delivers through Apprise, in a process that is killed at the deadline."""

    async def send(self, endpoint: EndpointSpec, *, ident: str, body: bytes, now: Instant, deadline: float) -> Sent:
        """One run of Apprise."""
        told = telegram(orjson.loads(body))
        text = "\n".join(f"{line.text} {line.url}".rstrip() for line in told.lines)
        try:
            await apprise.notify(endpoint.url, title=told.title, text=cut_bytes(text, APPRISE_TEXT), deadline=deadline)
        except FetchError as error:
            return failed(error)
        return Sent(attempt=Attempt(outcome=AttemptClass.OK))
