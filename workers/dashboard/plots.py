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


def bars(days: Sequence[DayCount], series: Sequence[str], what: str, *, top: int = 0) -> Markup:
    """A stacked bar for each day, ``series`` from the bottom up, as high as the plot at ``top`` (0: at the highest bar).

    ``what`` is said to people who cannot see it.
    """
    most = peak(days, series)
    total = sum(day.counts.get(name, 0) for day in days for name in series)
    columns = Markup("").join(_column(place, day, series, top or most) for place, day in enumerate(days))
    label = f"{what}: {total:,} in {len(days)} days, at most {most:,} a day"
    width = len(days) * _STEP
    lines = Markup("").join(_line(y, width) for y in ((0.0, _HEIGHT / 2, _HEIGHT - 1) if top else (_HEIGHT - 1,)))
    return Markup('<svg class="plot" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}{}</svg>').format(
        f"{width:g}", f"{_HEIGHT:g}", label, lines, columns
    )


def chart(days: Sequence[DayCount], series: Sequence[str], what: str) -> Markup:
    """The same with axes: a scale that ends at a round number, and the first, the middle and the last day."""
    most = peak(days, series)
    if not most:
        return Markup('<p class="empty">None in the last {} days.</p>').format(len(days))
    top = scale(most)
    ticks = Markup('<div class="ticks" aria-hidden="true"><span>{}</span><span>{}</span><span>0</span></div>').format(
        f"{top:,}", f"{top // 2:,}"
    )
    dates = (day_name(days[place].day) for place in (0, len(days) // 2, -1))
    below = Markup("<figcaption><span>{}</span><span>{}</span><span>{}</span></figcaption>").format(*dates)
    return Markup('<figure class="chart">{}{}{}</figure>').format(ticks, bars(days, series, what, top=top), below)


def peak(days: Sequence[DayCount], series: Sequence[str]) -> int:
    """The highest bar."""
    return max((sum(day.counts.get(name, 0) for name in series) for day in days), default=0)


def scale(most: int) -> int:
    """The smallest even number of the form 2, 4, 6, 8, 10, 20, 40 … that is not below ``most``, so that its half is whole too."""
    power = 1
    while 10 * power < most:
        power *= 10
    return next(step * power for step in (2, 4, 6, 8, 10) if step * power >= most)


def _line(y: float, width: float) -> Markup:
    return Markup('<rect class="floor" x="0" y="{}" width="{}" height="1"/>').format(f"{y:g}", f"{width:g}")


def _column(place: int, day: DayCount, series: Sequence[str], most: int) -> Markup:
    parts: list[Markup] = []
    foot = _HEIGHT - 1
    for name in series:
        number = day.counts.get(name, 0)
        if number:
            height = max(2.0, (_HEIGHT - 1) * number / most)
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
