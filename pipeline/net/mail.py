"""How does a message leave as e-mail? One SMTP conversation behind the same guard as everything else.

``smtplib`` blocks, so callers give it a thread. Errors leave here as FetchError with the same codes as those of HTTP.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import BlockedAddressError, FetchError
from pipeline.net.guard import BlockedSocketError, Guard

_PORTS: Final = {"smtp": 587, "smtps": 465}
_TEMPORARY: Final = range(400, 500)


def send_mail(url: str, message: EmailMessage, *, user: str, password: str, guard: Guard, timeout: float, ca_file: str = "") -> None:
    """Hand ``message`` to the server at ``url`` (``smtp://host:587``, ``smtps://host:465``); each step has ``timeout`` seconds.

    ``smtp`` turns TLS on where the server offers it, and never sends a password without. Raises FetchError: code
    ``refused`` is final, the others can be tried again.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    if parts.scheme not in _PORTS or not host:
        raise FetchError("bad_url", f"an e-mail endpoint is smtp://host:587 or smtps://host:465, not {parts.scheme}://…", retryable=False)
    try:
        server = _open(host, port, guard, timeout, over=_tls(ca_file) if parts.scheme == "smtps" else None)
        _talk(server, message, user=user, password=password, ca_file=ca_file)
    except (OSError, smtplib.SMTPException) as error:
        raise _explain(error, host) from error


def _open(host: str, port: int, guard: Guard, timeout: float, *, over: ssl.SSLContext | None) -> smtplib.SMTP:
    class Guarded(smtplib.SMTP):
        """Connects only where the guard allows."""

        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            plain = _connect(host, port, guard, timeout)
            return over.wrap_socket(plain, server_hostname=host) if over else plain

    return Guarded(host, port, timeout=timeout)


def _connect(host: str, port: int, guard: Guard, timeout: float) -> socket.socket:
    last: OSError = OSError("no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            guard.check(str(address[0]))
            made = socket.socket(family, kind, protocol)
            made.settimeout(timeout)
            made.connect(address)
        except OSError as error:
            last = error
        else:
            return made
    raise last


def _talk(server: smtplib.SMTP, message: EmailMessage, *, user: str, password: str, ca_file: str) -> None:
    try:
        server.ehlo_or_helo_if_needed()
        encrypted = isinstance(server.sock, ssl.SSLSocket)
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=_tls(ca_file))
            server.ehlo()
            encrypted = True
        if user:
            if not encrypted:
                raise smtplib.SMTPNotSupportedError("the server offers no TLS, and a password is never sent without")
            server.login(user, password)
        server.send_message(message)
    finally:
        with suppress(OSError, smtplib.SMTPException):  # a quarrel over the goodbye does not unsend a message
            server.quit()
        server.close()


def _tls(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


def _explain(error: Exception, host: str) -> FetchError:
    said = f"{host}: {error}"[:500]
    if isinstance(error, BlockedSocketError):
        return BlockedAddressError(said)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _by_code(max((code for code, _ in error.recipients.values()), default=550), said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, said)
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "connect")
    return FetchError(code, said, retryable=code != "refused")


_CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    (TimeoutError, "timeout"),
    (smtplib.SMTPNotSupportedError, "refused"),
    (smtplib.SMTPServerDisconnected, "bad_answer"),
)


def _by_code(code: int, said: str) -> FetchError:
    return FetchError("busy" if code in _TEMPORARY else "refused", said, retryable=code in _TEMPORARY)
