"""What we sign, the official library accepts; what was changed, nobody accepts."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from pipeline.alerts import signature
from pipeline.alerts.payload import as_test, encode, envelope
from pipeline.errors import ConfigError

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
NOW = 1_800_000_000

texts = st.text(st.characters(exclude_categories=()), max_size=400)
payloads = st.dictionaries(texts, st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), texts, st.lists(texts)), max_size=6)


def test_the_example_of_the_standard() -> None:
    """The vector that the official libraries test themselves with."""
    signed = signature.sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        ident="msg_p5jXN8AQM9LWM0D4loKWxJek",
        sent=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@settings(max_examples=1000, deadline=None)
@given(payload=payloads, size=st.sampled_from([0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 4_000, 256_000]), test=st.booleans())
def test_the_official_library_accepts_a_thousand_payloads(*, payload: dict[str, object], size: int, test: bool) -> None:
    body = encode(envelope("alert.match", {**payload, "filling": "ש🗞" * (size // 6)}, now=NOW, test=False))
    if test:
        body = as_test(body, now=NOW + 1)
    sent = int(time.time())
    headers = signature.headers([SECRET], ident="msg_1", sent=sent, body=body)
    Webhook(SECRET).verify(body, headers)
    signature.verify([SECRET], headers=headers, body=body, now=sent)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=300), st.data())
def test_any_changed_bit_is_refused(body: bytes, data: st.DataObject) -> None:
    headers = signature.headers([SECRET], ident="msg_1", sent=NOW, body=body)
    bit = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(signature.SignatureError, match="no signature matches"):
        signature.verify([SECRET], headers=headers, body=bytes(changed), now=NOW)


def test_a_changed_bit_is_refused_by_the_official_library() -> None:
    body, sent = b'{"a":"b"}', int(time.time())
    headers = signature.headers([SECRET], ident="msg_1", sent=sent, body=body)
    for bit in range(len(body) * 8):
        changed = bytearray(body)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((WebhookVerificationError, UnicodeDecodeError)):
            Webhook(SECRET).verify(bytes(changed), headers)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_or_changed_header_is_refused(header: str) -> None:
    good = signature.headers([SECRET], ident="msg_1", sent=NOW, body=b"x")
    with pytest.raises(signature.SignatureError, match=f"{header} is missing"):
        signature.verify([SECRET], headers={name: value for name, value in good.items() if name != header}, body=b"x", now=NOW)
    with pytest.raises(signature.SignatureError):
        signature.verify([SECRET], headers={**good, header: good[header] + "1"}, body=b"x", now=NOW)


@pytest.mark.parametrize(("age", "good"), [(0, True), (299, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_is_good_for_five_minutes(*, age: int, good: bool) -> None:
    headers = signature.headers([SECRET], ident="msg_1", sent=NOW - age, body=b"x")
    if good:
        signature.verify([SECRET], headers=headers, body=b"x", now=NOW)
    else:
        with pytest.raises(signature.SignatureError, match="away from this machine's clock"):
            signature.verify([SECRET], headers=headers, body=b"x", now=NOW)


def test_a_rotation_is_accepted_with_the_old_and_the_new_secret() -> None:
    body, sent = b"{}", int(time.time())
    headers = signature.headers([SECRET, OTHER], ident="msg_1", sent=sent, body=body)
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(body, headers)
        signature.verify([secret], headers=headers, body=body, now=sent)


def test_a_plain_secret_counts_as_its_bytes() -> None:
    assert signature.key("correct horse") == b"correct horse"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64!"])
def test_a_secret_that_cannot_sign_is_a_configuration_error_that_does_not_print_it(secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        signature.key(secret)
    assert "not base64!" not in str(caught.value)
