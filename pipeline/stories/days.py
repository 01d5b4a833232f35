"""On which day of the month does a report say that it happened?

Agencies that write Chinese and Japanese put the day into the first sentence (十二日, 13日), so two reports that name different
days there tell different events, however many names they share: the same club plays the same club again. Other languages put a
weekday there, or the day of the report, which says nothing about the event; this module does not read those.
"""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = 120
"""Characters in which the day is looked for: the first sentence or two."""
_DAY = re.compile(r"(?<![\d一二三四五六七八九十第])(?P<day>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})日(?![本間间程])")
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DAYS: Final = 31


def days(text: str) -> int:
    """The days of the month (1 to 31) that the lead of a text names, as bits; 0 where it names none."""
    found = {_number(match["day"]) for match in _DAY.finditer(text, 0, _LEAD)}
    return sum(1 << day for day in found if 1 <= day <= _DAYS)


def _number(written: str) -> int:
    """12 of ``12``, ``１２`` and ``十二``; 0 of what is no number up to 99."""
    if written.isdecimal():
        return int(written)
    tens, ten, units = written.partition("十")
    if not ten:
        return _DIGITS.get(written, 0)
    return 10 * _DIGITS.get(tens or "一", 0) + _DIGITS.get(units or "〇", 0)
