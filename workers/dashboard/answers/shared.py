"""The types that several answers share, and how times and pages are written in JSON and in addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

import orjson
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from pipeline.alerts.payload import stamp
from workers.dashboard.board import RefusedError

Row = TypeVar("Row")

_DATE_TIME: Final = {"type": "string", "format": "date-time"}

Moment = Annotated[float, PlainSerializer(stamp, return_type=str), WithJsonSchema(_DATE_TIME)]
"""Unix seconds inside, ``2026-11-23T06:40:06.123Z`` in JSON."""


def _instant(written: object) -> object:
    if written is None:
        return None
    try:  # a number may stand for any of several things, and for a year that no calendar has
        found = datetime.fromisoformat(written) if isinstance(written, str) else None
        if found is not None:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        pass
    raise ValueError("write a date and time such as 2026-11-23T06:40:00Z, or a date")


When = Annotated[float | None, BeforeValidator(_instant), WithJsonSchema({"anyOf": [_DATE_TIME, {"type": "null"}]})]
"""A time that a caller gives: ISO 8601, UTC where no offset is given."""

Limit = Annotated[int, Field(ge=1, le=200)]
"""How many items a page of a listing holds."""

Note = Annotated[str, Field(max_length=2000)]
"""A line of text from a person."""

Number = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A number that the ledger gave."""

Word = Annotated[str, Field(max_length=300)]
"""An id or a name from a caller."""


Choice = Word | None
"""An id to filter by, or none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceLine:
    """One reason for or against."""

    code: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A mention in its sentence."""

    field: str
    """title, text, summary, caption or removed."""
    sentence: str
    start: int
    """Code points into ``sentence``."""
    end: int
    alias: str
    """The name of the watchlist that it was found by."""
    tier: str | None
    score: float
    why: tuple[EvidenceLine, ...] = ()
    against: tuple[EvidenceLine, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Another article of the same story."""

    source: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCount:
    """One day of a plot."""

    day: int
    """Days since 1970-01-01, UTC."""
    counts: dict[str, int]
    """By the plot's series, such as the tier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """One bar of a ranking."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A change that was made."""

    done: str
    """What happened, for a person."""
    count: int = 1
    """How many things changed."""


def evidence(lines: Any) -> tuple[EvidenceLine, ...]:
    """Evidence as it stands in a payload or in the ledger."""
    return tuple(EvidenceLine(code=line["code"], weight=line["weight"], detail=line.get("detail") or "") for line in lines or ())


def quote(match: dict[str, Any]) -> Quote:
    """A match as it stands in a payload."""
    shift = match["sentence_start"]
    return Quote(
        field=match["field"],
        sentence=match["sentence"],
        start=match["start"] - shift,
        end=match["end"] - shift,
        alias=match["alias"],
        tier=match.get("tier"),
        score=match["score"],
        why=evidence(match["why"]),
        against=evidence(match["against"]),
    )


def loads(body: bytes | None) -> dict[str, Any]:
    """A payload, or an empty dictionary where there is none."""
    return orjson.loads(body) if body else {}


def after_seq(cursor: str | None) -> int | None:
    """The ``seq`` that a cursor stands for.

    Raises:
        RefusedError: it is not one that a listing gave.
    """
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):  # noqa: PLR2004 - digits of a 64-bit number
        raise RefusedError("cursor: give back the value of `next` as it came")
    return int(cursor)


def after_time(cursor: str | None) -> tuple[float, str] | None:
    """The time and id that a cursor stands for.

    Raises:
        RefusedError: it is not one that a listing gave.
    """
    if not cursor:
        return None
    time, _, ident = cursor.partition("~")
    try:
        return float(time), ident
    except ValueError:
        raise RefusedError("cursor: give back the value of `next` as it came") from None


def offset(cursor: str | None) -> int:
    """The number of items before a page, for listings whose order is not that of time.

    Raises:
        RefusedError: it is not one that a listing gave.
    """
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 8):  # noqa: PLR2004 - ten million items
        raise RefusedError("cursor: give back the value of `next` as it came")
    return int(cursor or 0)


def cut(rows: Sequence[Row], limit: int, cursor: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """A page of rows that were asked for with one more than ``limit``, and the cursor behind it: None on the last page."""
    return list(rows[:limit]), cursor(rows[limit - 1]) if len(rows) > limit else None


def by_seq(row: Any) -> str:
    """The cursor of a listing in order of ``seq``."""
    return str(row["seq"] if isinstance(row, dict) else row.seq)


def by_time(name: str) -> Callable[[dict[str, Any]], str]:
    """The cursor of a listing in order of the time ``name``, then of ids."""
    return lambda row: f"{row[name]!r}~{row['id']}"
