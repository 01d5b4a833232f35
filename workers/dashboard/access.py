"""Who is asking, and may they? Tokens for programs, sessions for people, and a proof that a form is one of ours.

A session is a signed cookie and nothing is kept about it on this side; whoever changes the token ends every session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from pipeline.alerts.links import is_ours
from pipeline.settings.types import ApiToken, Scope

SESSION_SECONDS: Final = 30 * 86400.0
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """Somebody who has shown a token."""

    name: str
    """What the audit calls them."""
    scope: Scope
    csrf: str = ""
    """What forms of this session carry; empty for a caller with a token."""

    @property
    def may_write(self) -> bool:
        """Whether they may change something."""
        return self.scope is Scope.WRITE


class Door:
    """Checks tokens, sessions, forms and links. Holds secrets and no state."""

    def __init__(self, tokens: Iterable[ApiToken], *, links_key: str, port: int) -> None:
        """``tokens``: the first is the main one, and its change ends every session."""
        self._tokens = tuple(tokens)
        self._key = hashlib.sha256(b"wirewatch session\0" + self._tokens[0].token.encode()).digest()
        self._links_key = links_key
        self.main_token = self._tokens[0].token
        self.cookie = f"wirewatch_{port}"  # cookies know hosts, not ports: two services on one machine must not share one

    def by_token(self, given: str) -> Caller | None:
        """Whose token this is."""
        found = None
        for known in self._tokens:  # all of them, so that the time taken says nothing
            if hmac.compare_digest(known.token.encode(), given.encode("utf-8", "replace")):
                found = Caller(name=known.name, scope=known.scope)
        return found

    def begin(self, caller: Caller, now: float) -> str:
        """A new session's cookie."""
        said = {"name": caller.name, "scope": caller.scope, "until": now + SESSION_SECONDS, "nonce": secrets.token_urlsafe(12)}
        # without padding: a value with "=" in it is quoted on the way out, and not everybody takes the quotes off again
        body = base64.urlsafe_b64encode(orjson.dumps(said)).decode().rstrip("=")
        return f"{body}.{self._mac('session', body)}"

    def by_session(self, cookie: str, now: float) -> Caller | None:
        """Whose session this is; None where it is forged, over, or from before the token changed."""
        body, _, mac = cookie.partition(".")
        if not hmac.compare_digest(self._mac("session", body).encode(), mac.encode("utf-8", "replace")):
            return None
        said = orjson.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if said["until"] < now:
            return None
        return Caller(name=said["name"], scope=Scope(said["scope"]), csrf=self._mac("form", body))

    def is_our_form(self, caller: Caller, given: str) -> bool:
        """Whether a form was made for this session."""
        return bool(caller.csrf) and hmac.compare_digest(caller.csrf.encode(), given.encode("utf-8", "replace"))

    def is_our_link(self, action: str, alert_id: str, given: str) -> bool:
        """Whether a message of ours carried this link."""
        return is_ours(self._links_key, action, alert_id, given)

    def _mac(self, purpose: str, body: str) -> str:
        digest = hmac.new(self._key, f"{purpose}\0{body}".encode("utf-8", "replace"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def bearer(request: web.Request) -> str | None:
    """The token of the Authorization header, or None."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def is_cross_site(request: web.Request) -> bool:
    """Whether a browser says that another site sent this. Browsers too old to say are held by the form's proof alone."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def host_is_ours(request: web.Request, listens_on: str, public_url: str) -> bool:
    """Whether the Host header names this service: a name that somebody pointed at this machine is turned away."""
    if listens_on not in LOCAL_NAMES and not public_url:
        return True
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return name in LOCAL_NAMES | {listens_on, urlsplit(public_url).hostname}
