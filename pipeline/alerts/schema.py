"""The contract of every webhook body as a JSON Schema (draft 2020-12).

Written by hand beside ``payload`` and ``notices``, because it is a promise to others: a change here is a change of
version. Every named key is always there, nulls are kept, and further keys may come, so nothing forbids additional ones.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.alerts.endpoints import Severity
from pipeline.alerts.identity import EventCode
from pipeline.model import Field, Kind, Role, Tier

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_URL: Final[Schema] = {"type": "string", "format": "uri-reference"}
_URL_OR_NULL: Final[Schema] = {"type": ["string", "null"], "format": "uri-reference"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_SCORE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
_FLAG: Final[Schema] = {"type": "boolean"}
_INSTANT: Final[Schema] = {"type": "string", "format": "date-time", "description": "UTC, with milliseconds"}


def alert_schema() -> Schema:
    """The schema of all seven types of message."""
    kinds = [_message(name, data, says) for name, data, says in _TYPES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "alert.schema.json",
        "title": "Wirewatch webhook body",
        "description": "Standard Webhooks. Fields may be added without notice; a removal raises the first number of `schema`.",
        "oneOf": kinds,
        "$defs": {"story_alert": _alert(), "digest": _digest(), "source_notice": _source_notice(), "failing": _failing(), "ping": _ping()},
    }


_TYPES: Final = (
    ("alert.match", "story_alert", "First mention of an entity in a story."),
    ("alert.story_update", "story_alert", "A story that was told before became surer, larger or better sourced, or names someone new."),
    ("alert.digest", "digest", "Alerts that were held back, together."),
    ("source.silent", "source_notice", "A feed that used to speak says nothing."),
    ("source.recovered", "source_notice", "It speaks again."),
    ("delivery.failing", "failing", "Another endpoint does not recover."),
    ("test.ping", "ping", "Sent by hand, to see whether it arrives."),
)


def _message(name: str, data: str, says: str) -> Schema:
    return {
        **_object(
            type={"const": name},
            schema={"type": "string", "pattern": r"^1\.\d+$"},
            timestamp=_INSTANT,
            test=_FLAG | {"description": "true: sent by `deliveries test`; act on nothing"},
            data={"$ref": f"#/$defs/{data}"},
        ),
        "title": name,
        "description": says,
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _one_of(values: Any) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _alert() -> Schema:
    return _object(
        alert_id=_TEXT | {"pattern": "^al_[0-9a-f]{20}$", "description": "also the webhook-id"},
        severity=_one_of(Severity),
        tier=_one_of(Tier),
        reason=_TEXT | {"description": "one sentence: why this goes out"},
        event=_object(code=_one_of(EventCode), revision=_COUNT),
        title=_TEXT,
        watch=_watch(),
        matches=_list(_match(), description="the surest mentions first, ten at most"),
        mention_count=_COUNT,
        role=_one_of(Role),
        threshold=_SCORE,
        article=_article(),
        source=_source(),
        story=_story(),
        times=_times(),
        late=_FLAG | {"description": "found much later than published"},
        links=_links(),
        engine=_object(version=_TEXT, extractor=_TEXT, model=_TEXT_OR_NULL),
    )


def _watch() -> Schema:
    return _object(list=_TEXT, entity_id=_TEXT, name=_TEXT, kind=_one_of(Kind), tags=_list(_TEXT), rule_rev=_TEXT)


def _match() -> Schema:
    evidence = _list(_object(code=_TEXT, weight={"type": "number", "minimum": 0}))
    return _object(
        field=_one_of(Field),
        surface=_TEXT | {"description": "as the article writes it; field[start:end] == surface"},
        alias=_TEXT | {"description": "the name of the watchlist that it was found by"},
        tier=_one_of(Tier),
        sentence=_TEXT | {"description": "field[sentence_start:sentence_end]"},
        start=_COUNT,
        end=_COUNT,
        sentence_start=_COUNT,
        sentence_end=_COUNT,
        unit={"const": "codepoint"},
        score=_SCORE,
        why=evidence,
        against=evidence,
    )


def _article() -> Schema:
    return _object(
        id=_TEXT,
        url=_URL,
        canonical_url=_URL_OR_NULL,
        title=_TEXT,
        author=_TEXT_OR_NULL,
        language=_TEXT_OR_NULL,
        word_count=_COUNT,
        text_sha256=_TEXT,
        excerpt=_TEXT,
    )


def _source() -> Schema:
    return _object(id=_TEXT, name=_TEXT, domain=_TEXT, feed_url=_URL)


def _story() -> Schema:
    return _object(
        id=_TEXT,
        size=_COUNT | {"description": "sources that carry it, this one among them"},
        is_first=_FLAG,
        first_seen=_INSTANT,
        also=_list(_object(source=_TEXT, url=_URL)),
        suppressed=_COUNT | {"description": "reports of it that were kept quiet"},
    )


def _times() -> Schema:
    lag = {"type": ["number", "null"], "minimum": 0, "description": "published to alerted"}
    published = _TEXT_OR_NULL | {"description": "ISO 8601 in the publisher's own offset"}
    return _object(published=published, fetched=_INSTANT, matched=_INSTANT, alerted=_INSTANT, lag_seconds=lag)


def _links() -> Schema:
    schema = _object(view=_URL_OR_NULL, explain=_URL_OR_NULL, not_relevant=_URL_OR_NULL, mute=_URL_OR_NULL)
    return schema | {"description": "null where no dashboard has a public address; none changes anything on GET"}


def _digest() -> Schema:
    quote = _object(field=_TEXT_OR_NULL, surface=_TEXT_OR_NULL, alias=_TEXT_OR_NULL, sentence=_TEXT_OR_NULL)
    whole = _alert()["properties"]
    names = ("alert_id", "severity", "tier", "reason", "watch", "role", "mention_count", "article", "source", "story", "times", "links")
    return _object(
        digest_id=_TEXT,
        title=_TEXT,
        period={"type": "object", "properties": {"from": _INSTANT, "to": _INSTANT}, "required": ["from", "to"]},
        count=_COUNT,
        alerts=_list(_object(**{name: whole[name] for name in names}, held_back=_TEXT, match=quote)),
    )


def _source_notice() -> Schema:
    return _object(notice_id=_TEXT, title=_TEXT, reason=_TEXT, source=_source(), since=_INSTANT)


def _failing() -> Schema:
    return _object(
        notice_id=_TEXT,
        title=_TEXT,
        reason=_TEXT,
        endpoint=_object(id=_TEXT),
        since=_INSTANT,
        failures=_COUNT,
        disabled=_FLAG,
        last_error=_TEXT,
        hint=_TEXT | {"description": "the likely fix"},
        waiting=_COUNT,
    )


def _ping() -> Schema:
    return _object(title=_TEXT, reason=_TEXT, endpoint=_object(id=_TEXT))
