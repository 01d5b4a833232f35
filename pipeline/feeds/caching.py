"""What do an answer's headers say about when to ask again? RFC 9111 for freshness, RFC 9110 for Retry-After."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NO: Final = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)\b(?!\s*=)", re.IGNORECASE)
LONGEST_RETRY: Final = 7 * 86400.0
"""A Retry-After further away than this is taken for this: somebody's typing error must not silence a source for years."""


def fresh_for(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds for which the publisher calls this answer fresh; None where it does not say.

    ``Cache-Control`` beats ``Expires``; time that the answer has already spent in caches (``Age``) is taken off.
    """
    control = headers.get("Cache-Control", "")
    if _NO.search(control):
        return None
    if match := _MAX_AGE.search(control):
        left = float(match[1]) - _seconds(headers.get("Age", ""))
        return left if left > 0 else None
    expires = _date(headers.get("Expires"))
    if expires is None:
        return None
    left = expires - (_date(headers.get("Date")) or now)
    return left if left > 0 else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that the server wants to be left alone for; None where it does not say. Seconds and dates, at most a week."""
    written = headers.get("Retry-After", "").strip()
    if not written:
        return None
    if re.fullmatch(r"\d{1,10}(?:\.\d+)?", written):
        return min(float(written), LONGEST_RETRY)
    when = _date(written)
    return None if when is None else min(max(0.0, when - now), LONGEST_RETRY)


def _seconds(written: str) -> float:
    return float(written) if re.fullmatch(r"\s*\d{1,10}\s*", written) else 0.0


def _date(written: str | None) -> float | None:
    try:
        return parsedate_to_datetime(written).timestamp() if written else None
    except (ValueError, TypeError, OverflowError):
        return None
