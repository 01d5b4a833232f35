"""When does a feed say that something happened?

Dates are read into ISO 8601 in the publisher's own offset, because rewriting them to UTC would lose what was said. A date
without a time stays a date. A time without an offset is taken for UTC, as feedparser and RFC 822 (``-0000``) do.
This module does not know what time it is now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

_MONTHS: Final = {m: i for i, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}

# RFC 822 names of the United States, and the European and Asian ones whose meaning is not disputed. Names that stand for
# several zones (IST, CST outside America, BST before 1972) keep the reading that feeds use most.
_ZONES: Final = {
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet"), 0),
    **dict.fromkeys(("adt",), -3),
    **dict.fromkeys(("ast", "edt"), -4),
    **dict.fromkeys(("est", "et", "cdt"), -5),
    **dict.fromkeys(("cst", "ct", "mdt"), -6),
    **dict.fromkeys(("mst", "mt", "pdt"), -7),
    **dict.fromkeys(("pst", "pt"), -8),
    **dict.fromkeys(("bst", "west", "met", "cet"), 1),
    **dict.fromkeys(("mest", "cest", "eet"), 2),
    **dict.fromkeys(("eest", "msk"), 3),
    **dict.fromkeys(("jst", "kst"), 9),
}

_RFC822: Final = re.compile(
    r"""\s*(?:[^\W\d]+\.?,?\s+)?                          # Mon,
        (?:(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3})[a-z]*\.?|(?P<month2>[A-Za-z]{3})[a-z]*\.?\s+(?P<day2>\d{1,2}),?)
        [\s-]+(?P<year>\d{4}|\d{2})
        (?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?
           (?:\s*(?P<zone>[A-Za-z/]*\s?[+-]?\d{0,2}:?\d{0,2}))?)?\s*(?:\([^)]*\))?\s*$""",
    re.VERBOSE,
)
_W3C: Final = re.compile(
    r"""\s*(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})
        (?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?
           \s*(?P<zone>[Zz]|[A-Za-z]{2,4}|[+-]\d{2}:?\d{0,2})?)?\s*$""",
    re.VERBOSE,
)
LONGEST: Final = 200
"""Characters of a date that are read. The patterns take the square of the white space in it."""
_OFFSET: Final = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?$")


def to_iso(written: str) -> str | None:
    """``Tue, 02 Jan 2024 10:00:00 +0100`` to ``2024-01-02T10:00:00+01:00``; None where there is no date in it.

    Two fast patterns read what nearly all feeds write; feedparser's handlers (Korean, Greek, Hungarian, asctime …) read the
    rest, in UTC.
    """
    return _to_iso(" ".join(written[:LONGEST].split()))


@lru_cache(maxsize=4096)
def _to_iso(written: str) -> str | None:
    match = _W3C.match(written) or _RFC822.match(written)
    if match is None:
        return _unusual(written)
    part = match.groupdict()
    try:
        month = int(part["month"]) if match.re is _W3C else _MONTHS[(part["month"] or part["month2"]).lower()]
        day = int(part["day"] or part.get("day2") or 0)
        year = _full_year(part["year"])
        if part["hour"] is None:
            return date(year, month, day).isoformat()
        return _moment(year, month, day, part)
    except (ValueError, KeyError, OverflowError):
        return _unusual(written)


def _moment(year: int, month: int, day: int, part: dict[str, str | None]) -> str:
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    second = min(int(part["second"] or 0), 59)  # a leap second is the last one of its minute
    extra = timedelta(days=1) if hour == 24 else timedelta()  # noqa: PLR2004 - ISO 8601: 24:00 is midnight of the next day
    zone = timezone(_offset(part["zone"]))
    return (datetime(year, month, day, hour % 24, minute, second, tzinfo=zone) + extra).isoformat()


def _full_year(written: str) -> int:
    """RFC 2822, 4.3, with the pivot that feedparser uses: 90 to 99 is the last century."""
    year = int(written)
    return year if len(written) > 2 else year + (1900 if year >= 90 else 2000)  # noqa: PLR2004 - two digits


def _offset(zone: str | None) -> timedelta:
    """Minutes east of Greenwich for ``+0100``, ``GMT+1``, ``EST``; an unknown name counts as UTC."""
    name = (zone or "").strip().lower()
    match = _OFFSET.search(name)
    if match is None:
        return timedelta(hours=_ZONES.get(name.rsplit("/", 1)[-1], 0))
    span = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    return -span if match["sign"] == "-" else span


def _unusual(written: str) -> str | None:
    if not any(character.isdigit() for character in written) or len(written) > 100:  # noqa: PLR2004 - no date is longer
        return None
    from feedparser.datetimes import _parse_date

    try:
        return from_tuple(_parse_date(written.strip()))
    except Exception:  # noqa: BLE001 - its handlers raise whatever their arithmetic meets
        return None


def from_tuple(read: Sequence[int] | None) -> str | None:
    """The time tuple in UTC that feedparser makes of a date, as ISO 8601."""
    if not read or not read[0]:
        return None
    year, month, day, hour, minute, second = read[:6]
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).isoformat()


def instant(iso: str | None) -> float | None:
    """Unix seconds of what ``to_iso`` wrote; a date alone counts from midnight UTC. None for None or an impossible date."""
    if not iso:
        return None
    try:
        read = datetime.fromisoformat(iso)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
