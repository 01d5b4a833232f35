"""Is this body from us, and when was it sent? Signs and verifies as Standard Webhooks says.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (symmetric signatures,
``v1``). This module refuses to know what a body says, and the clock: the time of sending is an argument.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.errors import ConfigError, WirewatchError

PREFIX: Final = "whsec_"
TOLERANCE: Final = 300.0
"""Seconds that a signature is good for, either way: what the official libraries allow."""
ADVISED: Final = 24
"""Bytes of key that the standard asks for at least; ``check`` warns below it."""


class SignatureError(WirewatchError):
    """The body was not signed with a known secret, was changed on the way, or is too old. The message says which."""


def key(secret: str) -> bytes:
    """The bytes that a secret stands for: base64 after ``whsec_``, else its UTF-8 bytes as they are.

    Raises ConfigError where nothing is left to sign with or the base64 is broken. The message never holds the secret.
    """
    if not secret.startswith(PREFIX):
        raw = secret.encode()
    else:
        written = secret.removeprefix(PREFIX)
        try:
            raw = base64.b64decode(written + "=" * (-len(written) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise ConfigError("a webhook secret starts with whsec_ but what follows is not base64") from None
    if not raw:
        raise ConfigError("a webhook secret is empty; make one with: openssl rand -base64 32 | sed s/^/whsec_/")
    return raw


def sign(secrets: Sequence[str], *, ident: str, sent: int, body: bytes) -> str:
    """The value of ``webhook-signature``: one ``v1,`` signature for each secret, newest first, separated by a space.

    ``ident`` is the value of ``webhook-id``, ``sent`` that of ``webhook-timestamp`` in Unix seconds.
    """
    return " ".join(f"v1,{_mac(key(secret), ident, str(sent), body)}" for secret in secrets)


def headers(secrets: Sequence[str], *, ident: str, sent: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt. ``ident`` stays the same on every retry, ``sent`` is new on each."""
    signed = {"webhook-signature": sign(secrets, ident=ident, sent=sent, body=body)} if secrets else {}
    return {"webhook-id": ident, "webhook-timestamp": str(sent), **signed}


def verify(secrets: Sequence[str], *, headers: Mapping[str, str], body: bytes, now: float, tolerance: float = TOLERANCE) -> None:
    """Return when one of ``secrets`` signed exactly this body within ``tolerance`` seconds of ``now``.

    Header names are read without regard to case. Raises SignatureError otherwise.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        ident, sent, signatures = given["webhook-id"], given["webhook-timestamp"], given["webhook-signature"]
    except KeyError as missing:
        raise SignatureError(f"header {missing.args[0]} is missing") from None
    _check_time(sent, now, tolerance)
    candidates = [value for version, _, value in (part.partition(",") for part in signatures.split(" ")) if version == "v1"]
    expected = [_mac(key(secret), ident, sent, body) for secret in secrets]
    # every pair is compared, so that the time taken says nothing about which one matched
    matches = [hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in candidates]
    if not any(matches):
        raise SignatureError("no signature matches: the body was changed on the way, or the secret is another one")


def _check_time(sent: str, now: float, tolerance: float) -> None:
    if not (sent.isascii() and sent.isdigit()):
        raise SignatureError(f"webhook-timestamp is not a number of seconds: {sent!r}")
    if abs(now - int(sent)) > tolerance:
        raise SignatureError(f"signed {now - int(sent):+.0f} s ago: more than {tolerance:.0f} s away from this machine's clock")


def _mac(secret: bytes, ident: str, sent: str, body: bytes) -> str:
    signed = f"{ident}.{sent}.".encode("utf-8", "surrogateescape") + body
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode("ascii")
