"""How a connection is made: guarded sockets, names resolved aside, and how long each step took.

Nothing here knows what is asked over the connection.
"""

from __future__ import annotations

import asyncio
import contextvars
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.errors import BlockedAddressError, FetchError
from pipeline.net.guard import MARK, Guard, socket_factory

RESOLVING: Final = 16
"""Names resolved at the same time. In threads of their own: a slow name server must not hold up the database."""

_handshake: contextvars.ContextVar[list[float] | None] = contextvars.ContextVar("handshake", default=None)


@dataclass(slots=True)
class Timings:
    """Seconds that the steps of one request took; None where a step was not needed (a kept connection needs no name)."""

    started: float = 0.0
    dns: float | None = None
    connect: float | None = None
    """TCP alone."""
    tls: float | None = None
    first_byte: float | None = None
    """From the request's start to the answer's head."""
    total: float | None = None

    def end(self) -> None:
        """The body was read."""
        self.total = _now() - self.started


def _now() -> float:
    return asyncio.get_running_loop().time()


class _Context(ssl.SSLContext):
    """Notes when a handshake begins, which asyncio tells nobody."""

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """As the parent's."""
        noted = _handshake.get()
        if noted is not None:
            noted.append(_now())
        return super().wrap_bio(*args, **kwargs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Papers:
    """Whom we trust and who we are, beyond what the system says. Paths of PEM files; empty: nothing beyond."""

    ca_file: str = ""
    """Authorities that are trusted beside the system's."""
    client_cert: str = ""
    """The certificate that we show, with its chain."""
    client_key: str = ""
    """Its key, without a passphrase. Empty: it stands in ``client_cert``."""

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are named."""
        return tuple(path for path in (self.ca_file, self.client_cert, self.client_key) if path)


NO_PAPERS: Final = Papers()
"""What the system says, and no more."""


def _tls(papers: Papers) -> ssl.SSLContext:
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if papers.ca_file:
        context.load_verify_locations(papers.ca_file)
    if papers.client_cert:
        # without the function OpenSSL would ask a terminal for a passphrase, and wait
        context.load_cert_chain(papers.client_cert, papers.client_key or None, password=_no_passphrase)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _no_passphrase() -> str:
    return ""


class Resolver(AbstractResolver):
    """The system's resolver, in threads of its own."""

    def __init__(self) -> None:
        """Starts no thread yet."""
        self._threads = ThreadPoolExecutor(RESOLVING, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """All addresses of ``host``. Raises OSError where it has none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _lookup, host, port, family)
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=int(address[1]), family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """End the threads; lookups under way are left to themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)


def connector(
    resolver: Resolver, guard: Guard, *, connections: int, guarded: bool = True, papers: Papers = NO_PAPERS
) -> aiohttp.TCPConnector:
    """A pool of connections whose every socket passed the guard. ``guarded`` False only where a proxy does the connecting.

    Raises OSError (``ssl.SSLError`` is one) where a file of ``papers`` cannot be read or says something else.
    """
    return aiohttp.TCPConnector(
        resolver=resolver,
        ssl=_tls(papers),
        limit=connections,
        ttl_dns_cache=60,
        keepalive_timeout=15,
        socket_factory=socket_factory(guard) if guarded else None,
    )


def tracing() -> aiohttp.TraceConfig:
    """Fills the ``Timings`` that a request carries as its trace context."""
    trace = aiohttp.TraceConfig()
    marks: contextvars.ContextVar[float] = contextvars.ContextVar("mark", default=0.0)

    async def started(_session: Any, context: Any, _params: Any) -> None:
        context.trace_request_ctx.started = _now()

    async def mark(_session: Any, _context: Any, _params: Any) -> None:
        marks.set(_now())

    async def resolved(_session: Any, context: Any, _params: Any) -> None:
        context.trace_request_ctx.dns = _now() - marks.get()

    async def connecting(_session: Any, context: Any, _params: Any) -> None:
        context.mark = _now()
        _handshake.set([])

    async def connected(_session: Any, context: Any, _params: Any) -> None:
        timings, now = context.trace_request_ctx, _now()
        noted = _handshake.get()
        handshake = noted[0] if noted else now
        timings.tls = now - handshake if noted else None
        timings.connect = max(0.0, handshake - context.mark - (timings.dns or 0.0))

    async def answered(_session: Any, context: Any, _params: Any) -> None:
        context.trace_request_ctx.first_byte = _now() - context.trace_request_ctx.started

    trace.on_request_start.append(started)
    trace.on_dns_resolvehost_start.append(mark)
    trace.on_dns_resolvehost_end.append(resolved)
    trace.on_connection_create_start.append(connecting)
    trace.on_connection_create_end.append(connected)
    trace.on_request_end.append(answered)
    return trace


def explain(error: BaseException, name: str) -> FetchError:
    """A foreign error in our terms: a stable code, a sentence for a person, and whether trying again can help."""
    if isinstance(error, FetchError):
        return error
    if MARK in str(error) or MARK in str(error.__cause__):
        where = str(error.__cause__ if MARK in str(error.__cause__) else error)
        return BlockedAddressError(f"{name}: {where[where.index(MARK) :].partition(']')[0]}; net.allow_networks opens networks on purpose")
    for kind, code, retryable, words in _KINDS:
        if isinstance(error, kind):
            return FetchError(code, f"{name}: {words}: {error}"[:500], retryable=retryable)
    return FetchError("network", f"{name}: {type(error).__name__}: {error}"[:500], retryable=True)


_KINDS: Final[tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, bool, str], ...]] = (
    (aiohttp.InvalidURL, "bad_url", False, "this is no address"),
    (aiohttp.ClientConnectorCertificateError, "tls", False, "its certificate is not valid"),
    (aiohttp.ClientSSLError, "tls", True, "the TLS handshake failed"),
    (aiohttp.ClientConnectorDNSError, "dns", True, "its name has no address"),
    ((aiohttp.ServerTimeoutError, TimeoutError), "timeout", True, "no answer in time"),
    (aiohttp.ClientConnectorError, "connect", True, "no connection"),
    (aiohttp.ClientProxyConnectionError, "proxy", True, "no connection to the proxy"),
    (aiohttp.ClientPayloadError, "truncated", True, "the body broke off"),
    (aiohttp.ClientResponseError, "bad_answer", True, "the answer is not HTTP"),
    (ValueError, "bad_body", True, "the body cannot be read"),
)
