"""What we send is what the schema and the documents promise, for every type and whatever an article holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipeline.alerts import notices, payload, sample, sentence
from pipeline.alerts.channels import DISCORD_TEXT, NTFY_BYTES, SLACK_TEXT, mail, outgoing
from pipeline.alerts.endpoints import EndpointKind, EndpointSpec
from pipeline.alerts.identity import Event, EventCode, alert_id
from pipeline.alerts.schema import alert_schema
from pipeline.alerts.wording import telegram
from pipeline.model import Document, Field, Mention, Role, Tier, Verdict
from pipeline.store import ids

NOW = 1_800_000_000.0
VALID = Draft202012Validator(alert_schema())
ANY = st.text(st.characters(exclude_categories=()), max_size=300)

FAILING = notices.FailingFacts(
    endpoint="ops", since=NOW - 90000, failures=12, report=1, disabled=False, last_error="connect", hint="is it running?", waiting=3
)


def alert() -> dict[str, object]:
    return payload.alert(sample.alert(now=NOW))


def every_type() -> list[dict[str, object]]:
    facts = sample.alert(now=NOW)
    update = replace(facts, event=Event(code=EventCode.TIER_ROSE, revision=2), story=replace(facts.story, sources=6, is_first=False))
    return [
        alert(),
        payload.alert(update),
        notices.digest([(alert(), "hourly_cap")] * 2, endpoint="ops", now=NOW).payload,
        notices.source_silent(facts.source, since=NOW - 1e5, reason="no entry for 28 hours, usually 12 a day", now=NOW).payload,
        notices.source_recovered(facts.source, since=NOW - 1e5, reason="it speaks again", now=NOW).payload,
        notices.delivery_failing(FAILING, now=NOW).payload,
        notices.ping("ops", now=NOW).payload,
    ]


@pytest.mark.parametrize("message", every_type(), ids=lambda message: message["type"])
def test_every_type_is_what_its_schema_says(message: dict[str, object]) -> None:
    sent = json.loads(payload.encode(message))
    assert list(VALID.iter_errors(sent)) == []
    assert sent["schema"] == "1.0"
    assert datetime.fromisoformat(sent["timestamp"]).timestamp() == NOW


def test_the_schema_itself_is_one() -> None:
    Draft202012Validator.check_schema(alert_schema())


def test_the_keys_stand_in_the_order_of_the_document() -> None:
    assert list(alert()) == ["type", "schema", "timestamp", "test", "data"]
    data = alert()["data"]
    assert isinstance(data, dict)
    assert list(data["times"]) == ["published", "fetched", "matched", "alerted", "lag_seconds"]
    assert data["times"]["lag_seconds"] == 60.0
    assert data["article"]["author"] is None, "nulls are kept"


def test_the_id_is_the_ledgers() -> None:
    event = Event(code=EventCode.STORY_GREW, revision=9)
    assert alert_id("wagner-group", "st_1", event) == ids.alert_id("wagner-group", "st_1", "story_grew", 9)


def test_a_test_message_differs_in_test_and_time_only() -> None:
    before = payload.encode(alert())
    after = orjson.loads(payload.as_test(before, now=NOW + 5))
    assert after["test"] is True
    assert after | {"test": False, "timestamp": payload.stamp(NOW)} == orjson.loads(before)


@settings(max_examples=300, deadline=None)
@given(text=ANY, place=st.data(), title=ANY)
def test_offsets_hold_whatever_an_article_says(text: str, title: str, place: st.DataObject) -> None:
    text += "x"
    start = place.draw(st.integers(0, len(text) - 1))
    end = place.draw(st.integers(start + 1, len(text)))
    mention = Mention(entity="e", field=Field.TEXT, start=start, end=end, surface=text[start:end], alias="a", tier=Tier.PROBABLE, score=0.5)
    facts = replace(
        sample.alert(now=NOW),
        document=Document(id="d", title=title, text=text),
        verdict=Verdict(entity="e", tier=Tier.PROBABLE, score=0.5, role=Role.MENTION, mentions=(mention,)),
    )
    body = payload.encode(payload.alert(facts))
    match = orjson.loads(body)["data"]["matches"][0]
    shown = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert match["surface"] == shown[match["start"] : match["end"]]
    assert match["sentence"] == shown[match["sentence_start"] : match["sentence_end"]]
    assert match["sentence_start"] <= start < end <= match["sentence_end"]
    assert len(match["sentence"]) <= max(sentence.LONGEST, end - start)


@pytest.mark.parametrize(
    ("text", "name", "quote"),
    [
        ("First one. The Wagner Group left Mali. Last one.", "Wagner", "The Wagner Group left Mali."),
        ("He met Mr. Wagner of St. Louis on 3. May. He left.", "Wagner", "He met Mr. Wagner of St. Louis on 3. May."),
        ("“Stop!” said J. R. Wagner. “No.”", "Wagner", "“Stop!” said J. R. Wagner."),
        ("Headline without stop\nThe Wagner Group left.\nNext", "Wagner", "The Wagner Group left."),
        ("他说。瓦格纳集团离开了马里。完。", "瓦格纳", "瓦格纳集团离开了马里。"),
        ("Нет. ЧВК «Вагнер» ушла из Мали в 2024 г. и не вернулась. Да.", "Вагнер", "ЧВК «Вагнер» ушла из Мали в 2024 г. и не вернулась."),
        ("It rose 3.5 percent, Wagner said... and fell? Yes.", "Wagner", "It rose 3.5 percent, Wagner said... and fell?"),
    ],
)
def test_a_quote_is_the_sentence(text: str, name: str, quote: str) -> None:
    start = text.index(name)
    left, right = sentence.around(text, start, start + len(name))
    assert text[left:right] == quote


def test_a_very_long_sentence_is_cut_at_spaces() -> None:
    text = "word " * 300 + "Wagner " + "word " * 300
    start = text.index("Wagner")
    left, right = sentence.around(text, start, start + 6)
    assert right - left <= sentence.LONGEST
    assert text[left:right].split(maxsplit=1)[0] == text[left:right].rsplit(maxsplit=1)[-1] == "word"


def spec(kind: EndpointKind) -> EndpointSpec:
    return EndpointSpec(
        id="x", url="https://hooks.example/topic", kind=kind, secret="whsec_QUJDREVG", mail_from="w@w.example", mail_to=("r@r.example",)
    )


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(ANY, st.integers(1, 40).map(lambda n: "<&|>*[]()_~` 🗞" * 20 * n)),
    kind=st.sampled_from(["slack", "discord", "teams", "ntfy"]),
)
def test_no_chat_message_is_ever_too_long(text: str, kind: str) -> None:
    message = alert()
    data = message["data"]
    assert isinstance(data, dict)
    data["article"]["title"] = data["title"] = text
    data["article"]["url"] = "https://news.example/" + "a" * min(3000, len(text))
    for match in data["matches"]:
        match["sentence"] = text
    request = outgoing(spec(EndpointKind(kind)), ident="al_1", body=payload.encode(message), sent=int(NOW))
    written = orjson.loads(request.body)
    match kind:
        case "slack":
            assert all(len(block["text"]["text"]) <= SLACK_TEXT + 100 for block in written["blocks"])
            assert len(written["blocks"]) <= 50
            assert len(written["blocks"][0]["text"]["text"]) <= 150
        case "discord":
            assert len(written["embeds"][0]["description"]) <= DISCORD_TEXT
            assert len(written["embeds"][0]["title"]) <= 256
        case "teams":
            assert len(request.body) <= 28_000
        case "ntfy":
            assert len(written["message"].encode()) <= NTFY_BYTES
            assert written["topic"] == "topic"
            assert request.url == "https://hooks.example/"


def test_markup_of_the_article_is_not_markup_of_the_channel() -> None:
    message = alert()
    data = message["data"]
    assert isinstance(data, dict)
    data["article"]["title"] = "<!channel> @everyone [x](https://evil.example) *bold*"
    slack = outgoing(spec(EndpointKind.SLACK), ident="a", body=payload.encode(message), sent=1).body.decode()
    assert "<!channel>" not in slack
    discord = orjson.loads(outgoing(spec(EndpointKind.DISCORD), ident="a", body=payload.encode(message), sent=1).body)
    assert discord["allowed_mentions"] == {"parse": []}
    assert "\\[x\\](https://evil.example)" in discord["embeds"][0]["description"]


def test_mail_says_the_same_and_cannot_be_given_headers() -> None:
    message = alert()
    data = message["data"]
    assert isinstance(data, dict)
    data["title"] = "Wagner\r\nBcc: everybody@example.org"
    made = mail(spec(EndpointKind.EMAIL), ident="al_1", body=payload.encode(message))
    assert made["Bcc"] is None
    assert made["Message-ID"] == "<al_1@w.example>"
    assert "Example Group" in made.get_content()
    assert b"Subject: Wagner Bcc: everybody@example.org" in made.as_bytes()


@pytest.mark.parametrize("message", every_type(), ids=lambda message: message["type"])
def test_every_type_can_be_told_in_words(message: dict[str, object]) -> None:
    told = telegram(json.loads(payload.encode(message)))
    assert told.title
    assert any(line.text for line in told.lines)


def test_no_secret_is_in_the_repr_of_an_endpoint() -> None:
    shown = repr(spec(EndpointKind.STANDARD))
    assert "whsec" not in shown
    assert "hooks.example" not in shown
