"""Where alerts go: what a person may say about a receiver in ``endpoints.yaml``.

Secrets reach these types as values already resolved from the environment or a file; none of them is ever part of
``repr``, so that none ends up in a log. This module refuses to know how anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from pipeline.model import Duration


class EndpointKind(StrEnum):
    """How a receiver wants to be told."""

    STANDARD = "standard"
    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"
    NTFY = "ntfy"
    EMAIL = "email"
    APPRISE = "apprise"


class Mode(StrEnum):
    """How a standard webhook is enveloped. The body is the same bytes in both."""

    WEBHOOK = "webhook"
    CLOUDEVENTS = "cloudevents"


ALLOWED: Final[dict[EndpointKind, float | None]] = {
    EndpointKind.STANDARD: None,
    EndpointKind.SLACK: 1.0,
    EndpointKind.DISCORD: 0.5,
    EndpointKind.TEAMS: 2.0,
    EndpointKind.NTFY: 0.2,
    EndpointKind.EMAIL: 1.0,
    EndpointKind.APPRISE: 0.5,
}
"""Deliveries a second that each kind takes by its own documentation (November 2025): Slack 1 a channel, Discord 30 a minute,
Teams 4 before it throttles, ntfy.sh one in 5 s after a burst of 60; the others are kept to what a mailbox bears."""


class Reach(StrEnum):
    """Which addresses an endpoint may have. Cloud metadata addresses are never reached."""

    PUBLIC = "public"
    LOCAL = "local"


class Severity(StrEnum):
    """How loud an alert is. Ordered by ``rank``: high > medium > low. A watchlist uses the same words."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for low to 2 for high."""
        return _RANK[self]


_RANK = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """When an endpoint that keeps failing is left alone for a while, without using up anybody's attempts."""

    failures: int = 5
    """Failures in a row that open it."""
    pause: Duration = 30.0
    """Seconds until one delivery is let through to try; doubled each time that it fails."""
    longest: Duration = 900.0
    """Seconds that a pause grows to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failing:
    """When people are told of an endpoint that does not recover, and when it is given up."""

    report_after: tuple[Duration, ...] = (3600.0, 86400.0, 259200.0)
    """Seconds of nothing but failure after which ``delivery.failing`` goes to ``report_to``."""
    report_to: tuple[str, ...] = ()
    """Ids of other endpoints; empty means every other endpoint that works."""
    disable_after: Duration = 432000.0
    """Seconds of nothing but failure after which the endpoint is switched off; its alerts are kept for ``deliveries replay``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointSpec:
    """One receiver, as ``endpoints.yaml`` describes it."""

    id: str
    """What ``alert: {to: [...]}`` calls it."""
    url: str = field(repr=False)
    """Where to POST. For kind ``email`` ``smtp://`` or ``smtps://host:port``; for ``apprise`` any Apprise URL. Chat URLs hold a token."""
    secret: str = field(default="", repr=False)
    """Signs each body (kind ``standard``): ``whsec_`` and base64, or any text. For ``ntfy`` an access token; for ``email`` the password."""
    previous_secret: str = field(default="", repr=False)
    """During a rotation: bodies carry a second signature made with this one, until it is removed here."""
    kind: EndpointKind = EndpointKind.STANDARD
    """How the receiver wants to be told."""
    mode: Mode = Mode.WEBHOOK
    """Kind ``standard``: ``cloudevents`` adds the ``ce-`` headers of CloudEvents 1.0 in binary content mode."""
    network: Reach = Reach.PUBLIC
    """``local`` allows loopback and private addresses, for receivers at home."""
    at: Severity = Severity.LOW
    """Alerts below this severity are not sent here."""
    rate: float = 0.0
    """Deliveries a second at most. 0: what the kind allows, which for ``standard`` is no limit."""
    concurrency: int = 8
    """Deliveries under way at once."""
    timeout: Duration = 20.0
    """Seconds for one attempt, all of it."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Headers added to each request, such as an Authorization that a proxy asks for."""
    ca_file: str = ""
    """A PEM file with the authority that signed the receiver's certificate, where it is not a public one."""
    client_cert: str = ""
    """A PEM file with the certificate that Wirewatch shows the receiver (mutual TLS), and its chain."""
    client_key: str = ""
    """A PEM file with that certificate's key, without a passphrase. Empty: it stands in ``client_cert`` too."""
    mail_from: str = ""
    """Kind ``email``: the sender's address."""
    mail_to: tuple[str, ...] = ()
    """Kind ``email``: the readers' addresses."""
    user: str = ""
    """Kind ``email``: the name to log in with, where the server wants one."""
    breaker: Breaker = Breaker()
    """When to leave it alone for a while."""
    failing: Failing = Failing()
    """When to tell people that it does not recover."""
    enabled: bool = True
    """Off: its deliveries wait for ``deliveries replay``."""

    @property
    def per_second(self) -> float | None:
        """Deliveries a second that it takes, or None for no limit."""
        return self.rate or ALLOWED[self.kind]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What to sign with, newest first."""
        return tuple(secret for secret in (self.secret, self.previous_secret) if secret)
