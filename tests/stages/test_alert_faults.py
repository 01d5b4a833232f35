"""A set-up that would lose alerts is refused with the fix, before it loses any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.alerts import faults
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec, Failing, Mode, Reach, Severity
from pipeline.alerts.policy import AlertPolicy, QuietHours, Route

GOOD = EndpointSpec(id="ops", url="https://desk.example/hook", secret="whsec_" + "QUJD" * 8)
MAIL = EndpointSpec(id="mail", url="smtp://mail.example", kind=EndpointKind.EMAIL, mail_from="w@w.example", mail_to=("r@r.example",))


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (GOOD, None),
        (MAIL, None),
        (replace(GOOD, secret="whsec_broken!"), "secret"),
        (replace(GOOD, previous_secret="whsec_"), "previous_secret"),
        (replace(MAIL, mail_from=""), "mail_from"),
        (replace(MAIL, mail_to=("nobody",)), "mail_to"),
        (replace(GOOD, timeout=0.0), "timeout"),
        (replace(GOOD, concurrency=0), "concurrency"),
        (replace(GOOD, headers={"Webhook-Id": "x"}), "headers"),
        (replace(GOOD, mode=Mode.CLOUDEVENTS, client_cert="us.pem", client_key="key.pem"), None),
        (replace(GOOD, mode=Mode.CLOUDEVENTS, headers={"CE-Source": "x"}), "headers"),
        (replace(GOOD, mode=Mode.CLOUDEVENTS, kind=EndpointKind.SLACK), "mode"),
        (replace(GOOD, client_key="key.pem"), "client_key"),
        (replace(MAIL, client_cert="us.pem"), "client_cert"),
        (replace(GOOD, failing=Failing(report_to=("nobody",))), "failing"),
    ],
)
def test_a_fault_of_an_endpoint_is_named_at_its_key(spec: EndpointSpec, key: str | None) -> None:
    found = list(faults.of_endpoint(spec, ("ops", "mail")))
    assert [where[0] for where, _ in found] == ([key] if key else [])
    assert all("broken!" not in what for _, what in found)


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (GOOD, None),
        (replace(GOOD, secret="short"), "secret"),
        (replace(GOOD, kind=EndpointKind.APPRISE, secret=""), "kind"),
        (replace(GOOD, timeout=300.0), "timeout"),
        (replace(GOOD, url="http://desk.example/hook"), "url"),
        (replace(GOOD, url="http://127.0.0.1/hook", network=Reach.LOCAL), None),
    ],
)
def test_a_doubt_is_said_and_allowed(spec: EndpointSpec, key: str | None) -> None:
    assert [where[0] for where, _ in faults.doubts_of_endpoint(spec)] == ([key] if key else [])


@pytest.mark.parametrize(
    ("policy", "key"),
    [
        (AlertPolicy(), None),
        (AlertPolicy(quiet=QuietHours(start="22:00", end="07:00", zone="Europe/Brussels"), digest_at=("08:00",)), None),
        (AlertPolicy(routes=(Route(severity=Severity.HIGH, to=("nobody",)),)), "routes"),
        (AlertPolicy(digest_at=("8 o'clock",)), "digest_at"),
        (AlertPolicy(digest_zone="Mars"), "digest_zone"),
        (AlertPolicy(quiet=QuietHours(start="22:00", end="25:00")), "quiet"),
        (AlertPolicy(quiet=QuietHours(start="22:00")), "quiet"),
    ],
)
def test_a_fault_of_the_policy_is_named_at_its_key(policy: AlertPolicy, key: str | None) -> None:
    assert [where[0] for where, _ in faults.of_policy(policy, ("ops",))] == ([key] if key else [])
