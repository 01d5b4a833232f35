"""What does the other end answer? One request with everything that keeps it harmless.

Each hop of a redirect is a request of its own: guarded at the socket, polite to its own host, and stripped of what the first host
was told in confidence. Bodies are unpacked by ourselves, piece by piece, up to a cap. No cookies, no referrer, nothing added
to an address. Foreign errors leave here as FetchError with a stable code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Final, Protocol, Self

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from pipeline.errors import FetchError
from pipeline.net.connect import NO_PAPERS, Papers, Resolver, Timings, connector, explain, tracing
from pipeline.net.guard import Guard
from pipeline.net.inflate import ACCEPT, decoder
from pipeline.net.policy import NetPolicy
from pipeline.urls import host, is_web, join, origin

SLACK: Final = 1024 * 1024
"""Bytes that may come over the wire beyond the cap: what is cut is cut after decompression."""
PERMANENT: Final = frozenset({301, 308})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What an address said when it was last read, byte for byte. Sent to that very address and to no other."""

    url: str
    etag: str | None = None
    last_modified: str | None = None

    def headers(self, url: str) -> dict[str, str]:
        """The conditional headers for a request to ``url``."""
        if url != self.url:
            return {}
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


class Turns(Protocol):
    """Who says when a host may be asked: the politeness governor."""

    def turn(self, host: str) -> AbstractAsyncContextManager[None]:
        """Entered when it is this request's turn, left when the body was read."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """One redirect."""

    url: str
    status: int
    to: str

    @property
    def permanent(self) -> bool:
        """Whether the server calls it one for good (301, 308)."""
        return self.status in PERMANENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What came back at the end of all hops."""

    status: int
    url: str
    """Where the body came from."""
    headers: Mapping[str, str]
    """Case does not matter."""
    body: bytes = b""
    truncated: bool = False
    """True where the body was longer than the cap and the caller wanted its beginning."""
    hops: tuple[Hop, ...] = ()
    timings: Timings = field(default_factory=Timings)
    """Of the last hop."""

    @property
    def ok(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of success


class Fetcher:
    """One session of one process. Use as ``async with Fetcher(policy, governor) as fetcher``."""

    def __init__(self, policy: NetPolicy, governor: Turns | None = None, *, guard: Guard | None = None, papers: Papers = NO_PAPERS) -> None:
        """``governor`` None: nobody is waited for."""
        self._papers = papers
        self._policy = policy
        self._governor = governor
        self._guard = guard or Guard(policy.allow_networks)
        self._session: aiohttp.ClientSession | None = None
        self._resolver: Resolver | None = None

    @property
    def user_agent(self) -> str:
        """What every request says it is."""
        contact = self._policy.contact
        return f"{self._policy.user_agent} (+{contact})" if contact else self._policy.user_agent

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._open()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Close the session and its sockets."""
        await self.close()

    async def close(self) -> None:
        """Close the session and its sockets."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        limit: int | None = None,
        cut: bool = False,
        deadline: float | None = None,
    ) -> Response:
        """Fetch ``url`` through its redirects.

        ``headers`` are sent to the first host only, ``validators`` to the address that they came from. ``limit`` caps the body after
        decompression, in bytes; a longer one is an error, or its beginning with ``cut``. Every status is a Response. Raises FetchError.
        """
        hops: list[Hop] = []
        sent = CIMultiDict(headers or {})
        try:
            async with asyncio.timeout(deadline or self._policy.deadline):
                here = url
                while True:
                    conditional = validators.headers(here) if validators else {}
                    response = await self._once("GET", here, {**sent, **conditional}, limit or self._policy.page_bytes, cut=cut)
                    target = _target(response, here)
                    if target is None:
                        return _with_hops(response, hops)
                    hops.append(Hop(url=here, status=response.status, to=target))
                    self._check_chain(hops)
                    sent = _confidential(sent, here, target)
                    here = target
        except TimeoutError as error:
            raise FetchError("timeout", f"no whole answer from {host(url)} within the deadline", retryable=True) from error

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], limit: int | None = None, deadline: float | None = None
    ) -> Response:
        """Send ``body`` once. Redirects are answers, never followed; at most ``limit`` bytes of the reply are kept. Raises FetchError."""
        try:
            async with asyncio.timeout(deadline or self._policy.deadline):
                return await self._once("POST", url, headers, limit or self._policy.reply_bytes, cut=True, data=body, polite=False)
        except TimeoutError as error:
            raise FetchError("timeout", f"no answer from {host(url)} within the deadline", retryable=True) from error

    async def _once(
        self, method: str, url: str, headers: Mapping[str, str], limit: int, *, cut: bool, data: bytes | None = None, polite: bool = True
    ) -> Response:
        if not is_web(url):
            raise FetchError("bad_url", f"{url!r} is no web address", retryable=False)
        turn = self._governor.turn(host(url)) if polite and self._governor else nullcontext()
        async with turn:
            try:
                if self._policy.proxy:
                    await self._check_behind_proxy(host(url))
                return await self._exchange(method, url, headers, limit, cut=cut, data=data)
            except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
                raise explain(error, host(url)) from error

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], limit: int, *, cut: bool, data: bytes | None) -> Response:
        timings = Timings()
        sent = CIMultiDict({"User-Agent": self.user_agent, "Accept-Encoding": ACCEPT, "Accept": "*/*"})
        sent.update(headers)
        request = self._open().request(
            method,
            URL(url, encoded=_is_encoded(url)),
            headers=sent,
            data=data,
            allow_redirects=False,
            proxy=self._policy.proxy,
            trace_request_ctx=timings,
        )
        async with request as answer:
            body, truncated = b"", False
            if answer.status not in REDIRECTS | {204, 304}:
                body, truncated = await _read(answer, limit, cut=cut)
            timings.end()
            return Response(
                status=answer.status, url=url, headers=CIMultiDictProxy(answer.headers), body=body, truncated=truncated, timings=timings
            )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            policy = self._policy
            self._resolver = Resolver()
            self._session = aiohttp.ClientSession(
                connector=connector(
                    self._resolver, self._guard, connections=policy.connections, guarded=policy.proxy is None, papers=self._papers
                ),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=policy.connect_timeout, sock_read=policy.read_timeout),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[tracing()],
                max_line_size=16384,
                max_field_size=32768,
            )
        return self._session

    async def _check_behind_proxy(self, name: str) -> None:
        """The proxy connects for us, so ask the table about what we can resolve; names that only the proxy knows are its business."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(name, None)
        except OSError:
            return
        for _, _, _, _, address in found:
            self._guard.check(str(address[0]))

    def _check_chain(self, hops: list[Hop]) -> None:
        addresses = {hop.url for hop in hops}
        if hops[-1].to in addresses:
            raise FetchError("redirect_loop", f"redirects of {hops[0].url} lead in a circle", retryable=False)
        if len(hops) >= self._policy.redirects:
            raise FetchError("redirect_loop", f"more than {self._policy.redirects} redirects from {hops[0].url}", retryable=False)


def _target(response: Response, here: str) -> str | None:
    """Where a redirect leads; None where the answer is none. Raises FetchError for one that leads nowhere."""
    if response.status not in REDIRECTS:
        return None
    target = join(here, response.headers.get("Location", "")).partition("#")[0]
    if not response.headers.get("Location"):
        raise FetchError("bad_redirect", f"{here} redirects without saying where", retryable=False)
    if not is_web(target):
        raise FetchError("bad_redirect", f"{here} redirects to {target[:200]!r}, which is no web address", retryable=False)
    return target


def _confidential(headers: CIMultiDict[str], here: str, target: str) -> CIMultiDict[str]:
    """What the next hop may be told: what is ours belongs to a host, and is not told in the clear what was told over TLS."""
    if host(here) != host(target) or (origin(here).startswith("https:") and not origin(target).startswith("https:")):
        return CIMultiDict()
    return headers


def _with_hops(response: Response, hops: list[Hop]) -> Response:
    return Response(
        status=response.status,
        url=response.url,
        headers=response.headers,
        body=response.body,
        truncated=response.truncated,
        hops=tuple(hops),
        timings=response.timings,
    )


async def _read(answer: aiohttp.ClientResponse, limit: int, *, cut: bool) -> tuple[bytes, bool]:
    """The unpacked body and whether it was cut. Reading stops at the cap, whatever the body still promises."""
    unpack = decoder(answer.headers.get("Content-Encoding"))
    pieces: list[bytes] = []
    size = received = 0
    async for chunk in answer.content.iter_chunked(64 * 1024):
        received += len(chunk)
        if received > limit + SLACK:  # bytes that unpack to nothing count too
            raise FetchError("too_large", f"the body is larger than {limit} bytes", retryable=False)
        for piece in unpack.feed(chunk):
            size += len(piece)
            if size > limit:
                if not cut:
                    raise FetchError("too_large", f"the body is larger than {limit} bytes after decompression", retryable=False)
                pieces.append(piece[: len(piece) - (size - limit)])
                return b"".join(pieces), True
            pieces.append(piece)
    unpack.finish()
    return b"".join(pieces), False


def _is_encoded(url: str) -> bool:
    """Feeds name addresses that are already escaped; escaping those again would ask for another page."""
    return "%" in url and url.isascii() and " " not in url
