"""How does an answer become a page? Jinja templates that escape everything and refuse what they do not know."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workers.dashboard import plots, words
from workers.dashboard.answers import status

HERE: Final = Path(__file__).parent
LONGEST: Final = 24_000
"""Characters of an article that a page shows: twice a long read, and well under 100 KB in any script."""
STATIC: Final = HERE / "static"


@cache
def environment() -> Environment:
    """The templates, compiled once a process."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "bars": plots.bars,
        "chart": plots.chart,
        "peak": plots.peak,
        "shares": plots.shares,
        "segments": words.segments,
        "paragraphs": words.paragraphs,
        "asset": asset,
        "steps": status.steps,
        "longest": LONGEST,
    }
    made.filters |= {
        "span": words.span,
        "count": words.count,
        "plain": words.plain,
        "percent": words.percent,
        "day": words.day_name,
        "moment": words.moment,
        "marked": words.marked,
        "linked": words.linked,
        "published": words.published,
        "given": _given,
        "pretty": _pretty,
        "host": _host,
    }
    return made


def page(template: str, **said: Any) -> str:
    """A whole page."""
    return environment().get_template(template).render(**said)


@cache
def asset(name: str) -> str:
    """The address of a static file, with a mark of its content so that browsers may keep it for good."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{mark}"


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """What of a query is said at all."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def _pretty(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address
