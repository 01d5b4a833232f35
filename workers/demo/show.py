"""How does the demo look to a person? Lines as things happen, two tables at the end, and a verdict.

On a terminal a line at the bottom counts along; elsewhere the same lines are plain text. This module decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workers.demo.edition import Article, Edition, Trick
from workers.demo.newsroom import Asked, Asking
from workers.demo.receiver import Received
from workers.demo.service import Place
from workers.demo.truth import PROMISE, LedgerLine, Outcome, Told

_SAYS: Final = {
    Asked.FEED: ("feed", "cyan", "read"),
    Asked.SEEN: ("entry", "blue", ""),
    Asked.EDITED: ("edit", "blue", "has changed"),
    Asked.PAGE: ("page", "dim", ""),
    Asked.HELD: ("page", "yellow", "will never answer"),
}
_NOBODY: Final = "names nobody"
_MARGIN: Final = 16
"""Columns that time and kind take at the left of each line."""
_WIDEST: Final = 120
"""Columns of a table at most: longer lines are hard to read."""
_ROOMY: Final = 100
"""Columns from which on two reasons fit beside an alert."""
_PAPER: Final = 23
"""Columns that a paper's name takes, in a terminal of 100 columns; fewer in a narrower one."""


class Stage:
    """Prints to one console. ``clock`` gives Unix seconds; times are shown from ``started`` on."""

    def __init__(self, edition: Edition, console: Console, *, clock: Callable[[], float], started: float) -> None:
        self._edition = edition
        self._console = console
        self._clock = clock
        self._started = started
        self._first: float | None = None
        self._counts: Counter[str] = Counter()
        self._owed = sum(len(article.owed) for article in edition.articles)
        self._status = console.status("starting the service")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._status.stop()  # it hides the cursor

    def began(self, place: Place) -> None:
        """What is about to be seen."""
        papers, languages = len(self._edition.papers), len(self._edition.languages)
        self._console.rule("[bold]Wirewatch, a demonstration")
        self._console.print(
            f"A newsroom on this machine: [b]{papers} papers[/b], [b]{len(self._edition.articles)} articles[/b] in "
            f"[b]{languages} languages[/b] (seed {self._edition.seed}). The service reads it over HTTP with the shipped "
            "watchlist, [i]watchlists/wagner.yaml[/i], and signs what it sends. Everything it keeps is in "
            f"{place.root}.",
            highlight=False,
        )
        self._console.print()
        self._status.start()

    def opened(self) -> None:
        """The papers go to print."""
        self._line("press", "bold cyan", Text("the feeds were read, old news is done with: now it begins"))

    def asked(self, asking: Asking) -> None:
        """One line for each thing asked."""
        kind, style, says = _SAYS[asking.what]
        self._counts[asking.what] += 1
        text = _fitted(asking.paper.name, min(_PAPER, self._console.width * _PAPER // 100))
        if asking.article is None:
            text.append(f"{says} ({asking.paper.format}{', damaged' if asking.paper.broken else ''}, {asking.paper.encoding})")
        else:
            text.append(asking.article.title, style="dim" if asking.what is Asked.PAGE else "default")
            text.append(f" {says}" if says else "", style=style)
        self._line(kind, style, text)

    def received(self, received: Received, article: Article | None, seconds: float | None) -> None:
        """Two lines for an alert, one for what is not believed."""
        if received.refused:
            self._line("REFUSED", "bold red", Text(received.refused))
            return
        self._first = self._first or received.at
        self._counts["alerts"] += 1
        style = "bold red" if seconds is None else "bold green"
        head = Text(received.name or received.type, style=style)
        head.append(f" “{received.surface}” ", style="bold")
        head.append("but nobody should have been told" if seconds is None else f"after {seconds:.1f} s, verified", style="default")
        self._line("ALERT", style, head)
        where = f"{article.paper.name}, “{article.title}”" if article else received.url
        self._line("", "", Text(f"{received.tier}, {_why(received)}: {where}"), timed=False)

    def judged(self, outcome: Outcome, place: Place) -> None:
        """The tables and the verdict."""
        self._status.stop()
        self._console.print()
        self._console.print(_told_table(outcome.told, self._console.width))
        self._console.print(_kept_table(self._edition, outcome, self._console.width))
        self._verdict(outcome, place)

    def serving(self, place: Place, dashboard: str) -> None:
        """What can be done now."""
        self._console.print(
            f"\nThe service goes on until Ctrl-C. Its dashboard: {dashboard}\nIts log: {place.log}", highlight=False, soft_wrap=True
        )

    def _verdict(self, outcome: Outcome, place: Place) -> None:
        for fault in outcome.faults:
            self._console.print(Text(f"  ✗ {fault}", style="red"))
        if outcome.faults:
            self._console.print(Text(f"✗ {_count(len(outcome.faults), 'thing')} missing or wrong. The log: {place.log}", style="bold red"))
        else:
            told = f"{len(outcome.told)} of {_count(self._owed, 'alert')} came, {outcome.verified} signed and verified, no false alarm"
            self._console.print(Text(f"✓ {told}.", style="bold green"))
        self._console.print(self._times(outcome), highlight=False)

    def _times(self, outcome: Outcome) -> str:
        whole = f"{self._clock() - self._started:.1f} s"
        if self._first is None or not outcome.told:
            return f"  It took {whole}, and no alert came that was owed."
        late = sum(one.seconds > PROMISE for one in outcome.told)
        slow = f", [yellow]{late} later than the promised {PROMISE:.0f} s[/yellow]" if late else ""
        middle = sorted(one.seconds for one in outcome.told)[len(outcome.told) // 2]
        return (
            f"  From the start to the first verified alert {self._first - self._started:.1f} s, to the end {whole}.\n"
            f"  From an entry's appearing to its alert {middle:.1f} s (median), {outcome.slowest:.1f} s (slowest){slow}."
        )

    def _line(self, kind: str, style: str, text: Text, *, timed: bool = True) -> None:
        line = Text(f"{self._clock() - self._started:5.1f} s  " if timed else " " * 9, style="dim")
        line.append(f"{kind:<7}", style=style)
        text.truncate(max(20, self._console.width - _MARGIN), overflow="ellipsis")
        line.append_text(text)
        self._console.print(line, no_wrap=True, highlight=False)
        self._status.update(
            f"{self._counts[Asked.SEEN]} of {len(self._edition.articles)} entries in the feeds, {self._counts[Asked.PAGE]} pages fetched, "
            f"{self._counts['alerts']} of {self._owed} alerts"
        )


def _told_table(told: tuple[Told, ...], width: int) -> Table:
    table = _table("Alerts", width)
    table.add_column("entity", style="green", min_width=9, max_width=17)
    table.add_column("headline", ratio=6)
    table.add_column("found as", style="bold", ratio=3)
    table.add_column("why", ratio=5)
    table.add_column("after", justify="right", no_wrap=True)
    for one in told:
        seconds = Text(f"{one.seconds:.1f} s", style="yellow" if one.seconds > PROMISE else "default")
        table.add_row(
            one.alert.name,
            one.article.title,
            one.alert.surface,
            f"{one.alert.tier}: {_why(one.alert, 2 if width >= _ROOMY else 1)}",
            seconds,
        )
    return table


def _kept_table(edition: Edition, outcome: Outcome, width: int) -> Table:
    table = _table("Rightly kept quiet", width)
    table.add_column("headline", ratio=7)
    table.add_column("why that is right", ratio=5)
    table.add_column("the service says", ratio=6, style="dim")
    nobody = [one for one in outcome.kept if one.why == _NOBODY]
    for one in outcome.kept:
        if one.why != _NOBODY:
            table.add_row(one.article.title, one.why, _says(one.article, one.line))
    if nobody:
        states = Counter(one.line.state.replace("_", " ") if one.line else "not seen" for one in nobody)
        says = ", ".join(f"{count} {state}" for state, count in states.items())
        table.add_row(f"{len(nobody)} others", "about somebody or something else", says)
    for paper in edition.papers:
        if paper.broken:
            ids = [article.id for article in edition.of(paper)]
            read = f"read all the same: {sum(ident in outcome.ledger for ident in ids)} of {len(ids)} entries"
            table.add_row(f"The feed of {paper.name}", "damaged, a closing tag is missing", read)
    return table


def _table(title: str, width: int) -> Table:
    width = min(width, _WIDEST)
    return Table(title=title, title_justify="left", title_style="bold", width=width, header_style="dim", box=box.SIMPLE_HEAD)


def _fitted(words: str, width: int) -> Text:
    """Exactly so many columns, whatever the script."""
    text = Text(words, style="dim")
    text.truncate(width - 1, overflow="ellipsis")
    text.append(" " * (width - text.cell_len))
    return text


def _says(article: Article, line: LedgerLine | None) -> str:
    if line is None:
        return "not seen"
    state, reason = line.state.replace("_", " "), line.reason.partition(";")[0]
    says = f"{state}: {reason}" if reason else state
    return f"{says}; it is tried again" if article.trick is Trick.NEVER and line.state == "retrying" else says


def _why(received: Received, most: int = 2) -> str:
    return ", ".join(code.replace("_", " ") for code in received.why[:most]) or "named"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
