"""How are times, spans, numbers and marked texts written for a person?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

from markupsafe import Markup

from pipeline.model import Instant

_SPANS: Final = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_WEEK: Final = 7 * 86400.0
_NAMED: Final = re.compile(r"((?:ar|st)_[0-9a-f]{20})")
_SMALL: Final = 10.0


def span(seconds: float | None) -> str:
    """``41 s``, ``3 min``, ``2 h``, ``5 d``; a dash for None."""
    if seconds is None:
        return "–"
    if 0 < abs(seconds) < 1:
        return f"{seconds * 1000:.0f} ms"
    for size, unit in _SPANS:
        if abs(seconds) >= size:
            number = seconds / size
            return f"{number:.1f} {unit}".replace(".0 ", " ") if abs(number) < _SMALL and size > 1 else f"{number:.0f} {unit}"
    return "0 s"


def day_name(day: int) -> str:
    """``23 Nov`` for a number of days since 1970."""
    found = datetime.fromtimestamp(day * 86400, UTC)
    return f"{found.day} {found:%b}"


def moment(at: Instant | None, now: Instant) -> Markup:
    """A ``time`` element that says how long ago, or when; a dash for None."""
    if at is None:
        return Markup("–")
    there = datetime.fromtimestamp(at, UTC)
    exact = f"{there:%Y-%m-%d %H:%M:%S} UTC"
    away = now - at
    if abs(away) > _WEEK:
        words = f"{there.day} {there:%b %Y}"
    elif abs(away) < 1:
        words = "now"
    else:
        words = f"{span(away)} ago" if away > 0 else f"in {span(-away)}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(f"{there:%Y-%m-%dT%H:%M:%SZ}", exact, words)


def published(written: str) -> str:
    """A publisher's own ISO 8601 time, easier on the eye; anything else as it came."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return written
    if len(written) <= len("2026-11-23"):
        return written
    return f"{found:%Y-%m-%d %H:%M}{f' {found:%Z}' if found.tzinfo else ''}"


def linked(says: str) -> Markup:
    """A reason with the articles and stories that it names as links."""
    parts = _NAMED.split(says)
    places = {"ar": "/articles/", "st": "/stories/"}
    return Markup("").join(
        Markup('<a href="{}{}">{}</a>').format(places[part[:2]], part, "another article" if part.startswith("ar") else "another story")
        if _NAMED.fullmatch(part)
        else part
        for part in parts
    )


def marked(text: str, query: str) -> Markup:
    """The words of a query marked where they begin a word of the text."""
    wanted = [re.escape(word) for word in re.findall(r"\w+", query) if len(word) > 1]
    if not wanted:
        return Markup.escape(text)
    parts = re.split(rf"(?<!\w)({'|'.join(wanted)})", text, flags=re.IGNORECASE)
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if place % 2 else part for place, part in enumerate(parts))


def count(number: int, noun: str, many: str | None = None) -> str:
    """``1 source``, ``3 sources``."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def plain(code: str) -> str:
    """A code as words: ``full_name_in_text`` → ``full name in text``."""
    return code.rpartition(".")[2].replace("_", " ")


def percent(part: float, whole: float) -> str:
    """``98 %``; a dash where there is nothing to divide by. Never rounded up to 100."""
    if not whole:
        return "–"
    share = 100.0 * part / whole
    return "100 %" if part == whole else f"{min(share, 99.9):.1f} %".replace(".0 ", " ")


class Spanned(Protocol):
    """Something that stands at a place of a text."""

    start: int
    end: int


Span = TypeVar("Span", bound=Spanned)


def segments(text: str, spans: Iterable[Span]) -> Sequence[tuple[str, Span | None]]:
    """The text cut at its mentions: ``(part, mention or None)``. Of two that overlap, the first and longest is kept."""
    found: list[tuple[str, Span | None]] = []
    at = 0
    for one in sorted(spans, key=lambda each: (each.start, -each.end)):
        if one.start < at or one.end <= one.start or one.end > len(text):
            continue
        found += [(text[at : one.start], None), (text[one.start : one.end], one)]
        at = one.end
    return [part for part in (*found, (text[at:], None)) if part[0]]


def paragraphs(text: str, spans: Iterable[Span]) -> list[Sequence[tuple[str, Span | None]]]:
    """``segments`` for each line of the text; a mention never runs over the end of a line."""
    lines: list[Sequence[tuple[str, Span | None]]] = [[]]
    for part, mention in segments(text, spans):
        first, *others = part.split("\n")
        lines[-1] = [*lines[-1], (first, mention)] if first else lines[-1]
        lines += [[(line, mention)] if line else [] for line in others]
    return [line for line in lines if line]
