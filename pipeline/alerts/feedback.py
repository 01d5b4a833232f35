"""What should change in the watchlist, after what readers said of its alerts?

Readers answer "not relevant" to one alert; what they mean is a name. Their words are counted for each name, and a name that
is wrong more often than right gets a suggestion that a person can follow or leave. Nothing is changed by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What readers said of alerts that rest on one name."""

    entity: str
    alias: str
    relevant: int
    not_relevant: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """How the watchlist uses the names of an entity."""

    name: str
    strong: Collection[str] = ()
    """``strong_aliases``"""
    weak: Collection[str] = ()
    """``weak_aliases``"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One change to consider."""

    entity: str
    alias: str
    relevant: int
    not_relevant: int
    change: str
    """What to do, in a sentence."""


def suggestions(said: Sequence[Counted], names: dict[str, Names], *, least: int = 3) -> list[Suggestion]:
    """A change for each name that at least ``least`` answers, and at least half of all answers, call wrong; the worst first.

    Names whose entity is watched no more are left out.
    """
    wrong = [one for one in said if one.entity in names and one.not_relevant >= least and one.not_relevant >= one.relevant]
    wrong.sort(key=lambda one: (one.relevant - one.not_relevant, one.entity, one.alias))
    return [
        Suggestion(
            entity=one.entity,
            alias=one.alias,
            relevant=one.relevant,
            not_relevant=one.not_relevant,
            change=_change(one.alias, names[one.entity]),
        )
        for one in wrong
    ]


def _change(alias: str, used: Names) -> str:
    folded = alias.casefold()
    if folded in {name.casefold() for name in used.weak}:
        return f"take {alias!r} out of weak_aliases, or give `exclude` the words of the other sense"
    if folded in {name.casefold() for name in used.strong}:
        return f"move {alias!r} from strong_aliases to aliases"
    if folded == used.name.casefold():
        return f"{alias!r} is the name itself: name its namesakes, and give `exclude` the words of the other sense"
    return f"move {alias!r} from aliases to weak_aliases, or give `context` and `exclude` the words that tell the senses apart"
