"""Panels of horizontal bars as one SVG, for documents: no script, no font of its own, readable on light and dark paper."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

WIDTH, LABEL, BAR, ROW, HEAD, GAP, COLUMNS = 470, 165, 235, 22, 46, 26, 2
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:13px}.h{fill:#6e7781;font-size:11px}"
    ".n{font-variant-numeric:tabular-nums}rect{fill:#9aa4af}rect.us{fill:#0a5560}rect.paper{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.h{fill:#8b949e}rect{fill:#5c6570}rect.us{fill:#7fcbd7}rect.paper{fill:#0d1117}}"
)


class Panel(NamedTuple):
    """One quantity of several systems."""

    title: str
    rows: list[tuple[str, float]]
    hint: str


def drawn(panels: list[Panel], *, highlight: str) -> str:
    """The panels side by side; bars whose label begins with ``highlight`` in our colour."""
    parts, top, heights = [], 0.0, []
    for number, panel in enumerate(panels):
        parts.append(f'<g transform="translate({number % COLUMNS * WIDTH + 10} {top + 10:g})">{_panel(panel, highlight)}</g>')
        heights.append(HEAD + ROW * len(panel.rows) + GAP)
        if number % COLUMNS == COLUMNS - 1 or number == len(panels) - 1:
            top, heights = top + max(heights), []
    size = f'width="{COLUMNS * WIDTH}" height="{top + 10:g}" viewBox="0 0 {COLUMNS * WIDTH} {top + 10:g}"'
    said = escape("; ".join(panel.title for panel in panels), quote=True)
    paper = '<rect class="paper" width="100%" height="100%"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{said}"><style>{STYLE}</style>'
    return f"{head}{paper}{''.join(parts)}</svg>\n"


def _panel(panel: Panel, highlight: str) -> str:
    most = max((value for _, value in panel.rows), default=0) or 1
    lines = [f'<text class="t" y="14">{escape(panel.title)}</text><text class="h" y="30">{escape(panel.hint)}</text>']
    for place, (label, value) in enumerate(panel.rows):
        y = HEAD + ROW * place
        ours = ' class="us"' if label.startswith(highlight) else ""
        shown = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
        width = max(1.5, BAR * value / most)
        lines.append(
            f'<text x="{LABEL - 8}" y="{y + 10}" text-anchor="end">{escape(label)}</text>'
            f'<rect{ours} x="{LABEL}" y="{y}" width="{width:.1f}" height="13" rx="2"/>'
            f'<text class="n" x="{LABEL + width + 6:.1f}" y="{y + 10}">{shown}</text>'
        )
    return "".join(lines)
