"""How loud may we be? Everything a person can set about when alerts go out, with its defaults.

``AlertPolicy`` is the service's (``settings.yaml``, key ``alerts``); a watchlist's ``alert`` block overrides parts of it
(``narrowed``). This module refuses to know what an alert says and how it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.alerts.endpoints import Severity
from pipeline.model import Duration, Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """A part of the day in which only loud alerts go out at once; the others wait for its end and come as one."""

    start: str = ""
    """``22:00``. Empty: no quiet hours."""
    end: str = ""
    """``07:00``; before ``start`` means the next day."""
    zone: str = "UTC"
    """An IANA time zone, such as ``Europe/Brussels``."""
    loud: Severity = Severity.HIGH
    """Alerts of this severity and above go out all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Alerts of a severity and above go to further endpoints."""

    severity: Severity
    """From here on up."""
    to: tuple[str, ...]
    """Ids of endpoints, beside the watchlist's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertPolicy:
    """When an alert goes out at once, when it waits for the digest, and to whom."""

    to: tuple[str, ...] = ()
    """Ids of endpoints. Empty: alerts are kept and shown, and sent nowhere."""
    at: Tier = Tier.PROBABLE
    """The lowest tier that alerts."""
    severity: Severity | None = None
    """None: high for confirmed, medium for probable, low for possible."""
    routes: tuple[Route, ...] = ()
    """Further endpoints by severity."""
    cooldown: Duration = 0.0
    """Seconds after an instant alert in which further stories of the same entity wait for the digest."""
    cap: int = 100
    """Instant alerts an hour for one entity; the rest goes to the digest. 0: no cap."""
    digest: Duration = 3600.0
    """Seconds from one digest to the next; digests stand on multiples of it, so 24h means midnight UTC."""
    digest_at: tuple[str, ...] = ()
    """``08:00``, ``17:30``: digests at these times of day instead."""
    digest_zone: str = "UTC"
    """An IANA time zone for ``digest_at``."""
    instant: bool = True
    """False: nothing goes out at once, everything waits for the digest."""
    quiet: QuietHours = field(default_factory=QuietHours)
    """The part of the day to keep quiet in."""
    updates: bool = True
    """Whether a story that grows or becomes surer is reported again as ``alert.story_update``."""
    update_every: Duration = 3600.0
    """Seconds between two updates of one story for one entity, at least."""
    update_factor: int = 3
    """How many times more sources than when last told make a story worth telling again."""
    reports: int = 5
    """How many further reports an hour, of what looks like an event that was told, go out at once for one entity and story;
    the others wait for the digest. Copies and what surely is the same event are kept quiet; a likeness alone keeps nothing quiet."""
    max_age: Duration = 259200.0
    """Articles that are older than this when they are found, such as after an outage, wait for the digest."""
    late_after: Duration = 3600.0
    """Articles that are older than this when they are found alert marked as late."""

    def narrowed(
        self,
        *,
        to: tuple[str, ...] | None = None,
        at: Tier | None = None,
        severity: str | None = None,
        cooldown: float | None = None,
        digest: float | None = None,
        cap: int | None = None,
        updates: bool | None = None,
    ) -> AlertPolicy:
        """This policy with what a watchlist says for itself; None keeps the service's."""
        said: dict[str, Any] = {"to": to, "at": at, "cooldown": cooldown, "digest": digest, "cap": cap, "updates": updates}
        changed = {key: value for key, value in said.items() if value is not None}
        if severity is not None:
            changed["severity"] = Severity(severity)
        return replace(self, **changed)

    def severity_of(self, tier: Tier) -> Severity:
        """How loud an alert of this tier is."""
        return self.severity or _BY_TIER[tier]

    def endpoints(self, severity: Severity) -> tuple[str, ...]:
        """Ids of the endpoints of an alert this loud, each once, in the order written."""
        routed = (endpoint for route in self.routes if severity.rank >= route.severity.rank for endpoint in route.to)
        return tuple(dict.fromkeys((*self.to, *routed)))


_BY_TIER = {Tier.CONFIRMED: Severity.HIGH, Tier.PROBABLE: Severity.MEDIUM, Tier.POSSIBLE: Severity.LOW}
