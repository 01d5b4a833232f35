"""How do numbers look? Small bar plots as inline SVG: no script, no image to load, colours from the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from workers.dashboard.answers.shared import DayCount
from workers.dashboard.words import day_name

_STEP: Final = 10.0
"""Width of a day, with its gap."""
_BAR: Final = 8.0
_HEIGHT: Final = 60.0


def bars(days: Sequence[DayCount], series: Sequence[str], what: str) -> Markup:
    """A stacked bar for each day, ``series`` from the bottom up. ``what`` is said to people who cannot see it."""
    most = max((sum(day.counts.get(name, 0) for name in series) for day in days), default=0)
    total = sum(day.counts.get(name, 0) for day in days for name in series)
    columns = Markup("").join(_column(place, day, series, most) for place, day in enumerate(days))
    label = f"{what}: {total:,} in {len(days)} days, at most {most:,} a day"
    width = len(days) * _STEP
    return Markup('<svg class="plot" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>').format(
        f"{width:g}", f"{_HEIGHT:g}", label, _floor(width), columns
    )


def _floor(width: float) -> Markup:
    return Markup('<rect class="floor" x="0" y="{}" width="{}" height="1"/>').format(f"{_HEIGHT - 1:g}", f"{width:g}")


def _column(place: int, day: DayCount, series: Sequence[str], most: int) -> Markup:
    parts: list[Markup] = []
    foot = _HEIGHT - 1
    for name in series:
        number = day.counts.get(name, 0)
        if number:
            height = max(2.0, (_HEIGHT - 3) * number / most)
            foot -= height
            where = (f"{place * _STEP + 1:g}", f"{max(0.0, foot):.1f}", f"{_BAR:g}", f"{height:.1f}")
            parts.append(Markup('<rect class="s-{}" x="{}" y="{}" width="{}" height="{}"/>').format(name, *where))
    if not parts:
        return Markup("")
    said = ", ".join(f"{day.counts[name]:,} {name}" for name in series if day.counts.get(name))
    return Markup("<g><title>{}: {}</title>{}</g>").format(day_name(day.day), said, Markup("").join(parts))


def shares(tiers: dict[str, int], what: str) -> Markup:
    """One bar cut into shares, in the order given."""
    total = sum(tiers.values())
    if not total:
        return Markup("")
    at, parts = 0.0, []
    for name, number in tiers.items():
        width = 100.0 * number / total
        where = (f"{at:.2f}", f"{width:.2f}")
        title = f"{name if name != 'none' else 'below every tier'}: {number:,}"
        parts.append(Markup('<rect class="s-{}" x="{}" y="0" width="{}" height="8"><title>{}</title></rect>').format(name, *where, title))
        at += width
    said = ", ".join(f"{number:,} {name if name != 'none' else 'below every tier'}" for name, number in tiers.items() if number)
    return Markup('<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}: {}">{}</svg>').format(
        what, said, Markup("").join(parts)
    )
