"""What is wrong, or probably not meant, in how alerts are set up? Each fault as (the key it stands at, what, and the fix).

For ``wirewatch check`` and the start of the service: a fault found here is an alert that would not have arrived. This
module refuses to know files and lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pipeline.alerts import calendar, signature
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Mode, Reach
from pipeline.alerts.policy import AlertPolicy
from pipeline.errors import ConfigError

Fault = tuple[tuple[str | int, ...], str]

_RESERVED: Final = frozenset({"webhook-id", "webhook-timestamp", "webhook-signature", "content-type", "content-length", "host"})
_PATIENT: Final = 60.0


def of_endpoint(spec: EndpointSpec, known: tuple[str, ...]) -> Iterator[Fault]:
    """Faults of one endpoint. ``known`` are the ids of all."""
    if spec.kind is EndpointKind.STANDARD:
        for key, secret in (("secret", spec.secret), ("previous_secret", spec.previous_secret)):
            yield from _refused((key,), signature.key, secret)
    if spec.kind is EndpointKind.EMAIL:
        yield from _of_mail(spec)
    yield from _of_form(spec)
    if spec.timeout <= 0:
        yield ("timeout",), "the timeout must be more than nothing; write 20s"
    if spec.concurrency < 1:
        yield ("concurrency",), "at least one delivery must be under way; write 1 or more"
    for name in spec.headers:
        if name.lower() in _RESERVED or (spec.mode is Mode.CLOUDEVENTS and name.lower().startswith("ce-")):
            yield ("headers", name), f"the header {name} is set by Wirewatch; remove it"
    for place, other in enumerate(spec.failing.report_to):
        if other not in known:
            yield ("failing", "report_to", place), f"there is no endpoint {other!r}"


def _of_form(spec: EndpointSpec) -> Iterator[Fault]:
    """What one kind of endpoint has and another has not."""
    if spec.mode is Mode.CLOUDEVENTS and spec.kind is not EndpointKind.STANDARD:
        yield ("mode",), f"kind {spec.kind} has a form of its own; remove `mode`, or write `kind: standard`"
    if spec.client_key and not spec.client_cert:
        yield ("client_key",), "a key alone shows nobody who we are; add a line `client_cert: FILE`"
    if spec.client_cert and spec.kind in {EndpointKind.EMAIL, EndpointKind.APPRISE}:
        yield ("client_cert",), f"kind {spec.kind} shows no certificate; remove the line"


def _of_mail(spec: EndpointSpec) -> Iterator[Fault]:
    if "@" not in spec.mail_from:
        yield ("mail_from",), "an e-mail endpoint needs the sender's address; add a line `mail_from: watch@example.org`"
    if not spec.mail_to or not all("@" in reader for reader in spec.mail_to):
        yield ("mail_to",), "an e-mail endpoint needs its readers' addresses; add a line `mail_to: [you@example.org]`"


def doubts_of_endpoint(spec: EndpointSpec) -> Iterator[Fault]:
    """What is allowed at one endpoint and probably not meant."""
    if spec.kind is EndpointKind.STANDARD and spec.secret and len(_key(spec.secret)) < signature.ADVISED:
        yield ("secret",), f"the secret has fewer than {signature.ADVISED} bytes; make one with: openssl rand -base64 32 | sed s/^/whsec_/"
    if spec.kind is EndpointKind.APPRISE:
        yield ("kind",), "Apprise connects by itself, outside the guard against private addresses"
    if spec.timeout > _PATIENT:
        yield ("timeout",), "after a crash, deliveries under way are taken up again only after this long; 20s serves most receivers"
    if spec.kind is not EndpointKind.APPRISE and spec.url.startswith("http://") and spec.network is not Reach.LOCAL:
        yield ("url",), "everybody on the way can read what is sent by http://; write https:// if the receiver can"


def of_policy(policy: AlertPolicy, known: tuple[str, ...]) -> Iterator[Fault]:
    """Faults of the service's alert policy."""
    for place, route in enumerate(policy.routes):
        for at, endpoint in enumerate(route.to):
            if endpoint not in known:
                yield ("routes", place, "to", at), f"there is no endpoint {endpoint!r}"
    for place, written in enumerate(policy.digest_at):
        yield from _refused(("digest_at", place), calendar.time_of_day, written)
    yield from _refused(("digest_zone",), calendar.zone, policy.digest_zone)
    yield from _refused(("quiet", "zone"), calendar.zone, policy.quiet.zone)
    for key, written in (("start", policy.quiet.start), ("end", policy.quiet.end)):
        yield from _refused(("quiet", key), calendar.time_of_day, written)
    if bool(policy.quiet.start) != bool(policy.quiet.end):
        yield ("quiet",), "quiet hours need a start and an end"


def _refused(where: tuple[str | int, ...], read: Callable[[str], object], written: str) -> Iterator[Fault]:
    if not written:
        return
    try:
        read(written)
    except ConfigError as error:
        yield where, str(error)


def _key(secret: str) -> bytes:
    try:
        return signature.key(secret)
    except ConfigError:
        return b""
