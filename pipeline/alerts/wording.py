"""What does a message say in a few lines, to a person? One short text for every type of payload and every chat channel.

This module refuses to know how any channel marks things up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

QUOTES: Final = 3
"""Sentences quoted of one alert; the rest stands behind its link."""
LISTED: Final = 50
"""Alerts listed of one digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line, which may lead somewhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telegram:
    """A message in words."""

    title: str
    lines: tuple[Line, ...]
    severity: str = "medium"
    url: str = ""
    """Where a click on it leads."""


def telegram(payload: dict[str, Any]) -> Telegram:
    """The words of a payload of any type; one that is not known says its type and title."""
    data = payload.get("data") or {}
    told = _WORDS.get(payload.get("type", ""), _plain)(data)
    return Telegram(title=f"[test] {told.title}", lines=told.lines, severity=told.severity, url=told.url) if payload.get("test") else told


def _alert(data: dict[str, Any]) -> Telegram:
    article, source, story = data["article"], data["source"], data["story"]
    lines = [Line(text=article["title"] or article["url"], url=article["url"])]
    lines += [Line(text=f"“{match['sentence']}”") for match in _distinct(data["matches"])[:QUOTES]]
    published = data["times"]["published"] or "time unknown"
    also = f", also in {story['size'] - 1} other sources" if story["size"] > 1 else ""
    late = ", found late" if data.get("late") else ""
    lines.append(Line(text=f"{source['name'] or source['domain']}, {published}{also}{late}"))
    lines.append(Line(text=f"{data['watch']['name']}: {data['tier']} ({data['reason']})"))
    lines += [Line(text=text, url=data["links"][key]) for key, text in _LINKS if data["links"].get(key)]
    return Telegram(title=data["title"], lines=tuple(lines), severity=data["severity"], url=article["url"])


_LINKS: Final = (("view", "Why this alert"), ("not_relevant", "Not relevant"), ("mute", "Mute"))


def _distinct(matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({match["sentence"]: match for match in reversed(matches)}.values())[::-1]


def _digest(data: dict[str, Any]) -> Telegram:
    lines = [
        Line(
            text=f"{each['watch']['name']} ({each['tier']}): {each['article']['title'] or each['article']['url']}",
            url=each["article"]["url"],
        )
        for each in data["alerts"][:LISTED]
    ]
    more = data["count"] - len(lines)
    return Telegram(title=data["title"], lines=(*lines, Line(text=f"and {more} more")) if more else tuple(lines))


def _source(data: dict[str, Any]) -> Telegram:
    lines = (Line(text=data["reason"]), Line(text=data["source"]["name"] or data["source"]["feed_url"], url=data["source"]["feed_url"]))
    return Telegram(title=data["title"], lines=lines, url=data["source"]["feed_url"])


def _failing(data: dict[str, Any]) -> Telegram:
    lines = (
        Line(text=data["reason"]),
        Line(text=data["last_error"]),
        Line(text=data["hint"]),
        Line(text=f"{data['waiting']} messages wait."),
    )
    return Telegram(title=data["title"], lines=tuple(line for line in lines if line.text), severity="high")


def _plain(data: dict[str, Any]) -> Telegram:
    return Telegram(title=str(data.get("title") or "A message from Wirewatch"), lines=(Line(text=str(data.get("reason") or "")),))


_WORDS: Final[dict[str, Callable[[dict[str, Any]], Telegram]]] = {
    "alert.match": _alert,
    "alert.story_update": _alert,
    "alert.digest": _digest,
    "source.silent": _source,
    "source.recovered": _source,
    "delivery.failing": _failing,
}
