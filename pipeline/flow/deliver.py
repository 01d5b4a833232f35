"""One delivery: send it as its endpoint wants it, and say what became of it.

Foreign answers and errors become an ``Attempt`` here; what an attempt means is decided by ``alerts.retry`` and written by
the store. Nothing here waits for anything but the receiver, and never longer than the endpoint's timeout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol

from pipeline.alerts.channels import Outgoing, outgoing
from pipeline.alerts.endpoints import EndpointSpec
from pipeline.alerts.retry import HINTS, Attempt, AttemptClass, Next, RetryPolicy, after, classify
from pipeline.errors import ConfigError, FetchError
from pipeline.model import Instant
from pipeline.net.fetch import Response
from pipeline.store.deliveries import AttemptRecord, DeliveryForSend, DeliveryState

REPLY: Final = 16 * 1024
"""Bytes of a reply that are read."""
SHOWN: Final = 300
"""Characters of a reply that are kept in the log of attempts."""


class Poster(Protocol):
    """The only way out: a guarded client. ``pipeline.net.fetch.Fetcher`` is one."""

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], limit: int | None = None, deadline: float | None = None
    ) -> Response:
        """Send once; redirects are answers. Raises FetchError."""
        ...


class Sender(Protocol):
    """What delivers to one endpoint: HTTP, SMTP, or a process that speaks something else."""

    async def send(self, endpoint: EndpointSpec, *, ident: str, body: bytes, now: Instant, deadline: float) -> Sent:
        """One attempt. Never raises for what the receiver or the network does."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """How one attempt went."""

    attempt: Attempt
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds for ``dns``, ``connect``, ``tls`` and ``first_byte``, where they were needed."""


class HttpSender:
    """Delivers by one POST, as every kind of endpoint but mail and Apprise takes it."""

    def __init__(self, poster: Poster) -> None:
        """``poster`` guards addresses according to the endpoint's ``network``."""
        self._poster = poster

    async def send(self, endpoint: EndpointSpec, *, ident: str, body: bytes, now: Instant, deadline: float) -> Sent:
        """POST once and read at most ``REPLY`` bytes of the reply."""
        try:
            request = outgoing(endpoint, ident=ident, body=body, sent=int(now))
        except (ConfigError, KeyError, ValueError) as error:
            return Sent(attempt=Attempt(outcome=AttemptClass.CANNOT_SEND, detail=f"{type(error).__name__}: {error}"[:SHOWN]))
        return await self._post(request, now, deadline)

    async def _post(self, request: Outgoing, now: Instant, deadline: float) -> Sent:
        try:
            response = await self._poster.post(request.url, body=request.body, headers=request.headers, limit=REPLY, deadline=deadline)
        except FetchError as error:
            return failed(error)
        return Sent(attempt=_answered(response, now), timings=timings(response))


def failed(error: FetchError) -> Sent:
    """The attempt that ended in an error of the network."""
    outcome = _BY_CODE.get(error.code, AttemptClass.BAD_REPLY)
    return Sent(attempt=Attempt(outcome=outcome, retry_after=error.retry_after, detail=str(error)[:SHOWN]))


def _answered(response: Response, now: Instant) -> Attempt:
    disable = response.headers.get("webhook-delivery", "").strip().lower() == "disable"
    outcome = classify(response.status, disable=disable)
    return Attempt(
        outcome=outcome,
        status=response.status,
        retry_after=retry_after(response.headers.get("retry-after"), now),
        detail="" if outcome is AttemptClass.OK else response.body[:SHOWN].decode("utf-8", "replace"),
    )


def timings(response: Response) -> dict[str, float]:
    """Seconds of each step that was needed."""
    steps = {name: getattr(response.timings, name) for name in ("dns", "connect", "tls", "first_byte")}
    return {name: round(seconds, 4) for name, seconds in steps.items() if seconds is not None}


_BY_CODE: Final = {
    "timeout": AttemptClass.TIMEOUT,
    "dns": AttemptClass.DNS,
    "connect": AttemptClass.CONNECT,
    "network": AttemptClass.CONNECT,
    "proxy": AttemptClass.CONNECT,
    "tls": AttemptClass.TLS,
    "blocked_address": AttemptClass.BLOCKED_ADDRESS,
    "bad_url": AttemptClass.CANNOT_SEND,
    "refused": AttemptClass.REFUSED,
    "busy": AttemptClass.SERVER_ERROR,
}


def retry_after(written: str | None, now: Instant) -> float | None:
    """Seconds that a Retry-After header asks for, given in seconds or as a date; None where it says nothing usable."""
    if not written:
        return None
    text = written.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)


def record(
    delivery: DeliveryForSend, sent: Sent, *, owner: str, policy: RetryPolicy, at: Instant, seconds: float, jitter: float
) -> AttemptRecord:
    """What the ledger writes of one attempt that ended at ``at``. ``jitter`` is 0 to 1, from dice."""
    attempt = sent.attempt
    decision = after(attempt, attempts=delivery.attempts + 1, policy=policy, now=at, jitter=jitter)
    return AttemptRecord(
        delivery_id=delivery.id,
        owner=owner,
        at=at,
        outcome=DeliveryState.DELIVERED if attempt.outcome is AttemptClass.OK else attempt.outcome,
        state=_STATE[decision.next],
        # a delivery to an endpoint that was switched off stays due, so that it goes out when the endpoint is switched on
        next_at=at if decision.next is Next.PARKED else decision.due,
        status=attempt.status,
        error=attempt.detail,
        seconds=round(seconds, 4),
        counted=decision.next is not Next.PARKED,
        detail=_detail(sent),
    )


def _detail(sent: Sent) -> dict[str, Any]:
    hint = HINTS[sent.attempt.outcome]
    return {**({"timings": dict(sent.timings)} if sent.timings else {}), **({"hint": hint} if hint else {})}


_STATE: Final = {
    Next.DONE: DeliveryState.DELIVERED,
    Next.RETRY: DeliveryState.WAITING,
    Next.PARKED: DeliveryState.WAITING,
    Next.EXHAUSTED: DeliveryState.FAILED,
}
