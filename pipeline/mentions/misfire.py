"""Which names of a watchlist will be found where somebody else is meant, how often, and what would help?

Looks at the list alone. The shares are those of documents with the word in which nobody on the list was meant, measured
on annotated English news for names of each class (docs/matching.md); they say how careful the matcher has to be, not how
often it errs: without support such a name stays at ``possible``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.mentions import rarity
from pipeline.mentions.fold import fold
from pipeline.mentions.naming import is_common_full, words_of
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.model import Kind

SHARES: Final = (
    ("a month or a day", rarity.is_calendar, 0.99),
    ("a place", rarity.is_place, 0.90),
    ("an English word", rarity.is_dictionary, 0.75),
    ("a frequent surname or given name", rarity.is_frequent_name, 0.75),
    ("a surname", rarity.is_surname, 0.45),
    ("a word", rarity.is_word, 0.75),
)
"""What a word may also be, and the share of documents that then mean something else; the first that fits counts."""
SHORT: Final = 3
"""Letters up to which a name is an abbreviation that others share."""


class Misfire(NamedTuple):
    """A name that will be found where another is meant."""

    entity: str
    alias: str
    share: float
    """Expected share of documents with this name that mean something else, 0 to 1."""
    says: str

    def __str__(self) -> str:
        """For a person."""
        return f"{self.entity}: {self.says}"


def misfires(watchlist: Watchlist) -> tuple[Misfire, ...]:
    """A warning for each name that needs help and has none."""
    bearers = Counter(fold(name) for entity in watchlist.entities for name in {entity.name, *entity.aliases})
    return tuple(found for entity in watchlist.entities for found in _of(entity, bearers))


def _of(entity: Entity, bearers: Counter[str]) -> Iterator[Misfire]:
    helped = bool(entity.context or entity.about)
    for alias in dict.fromkeys((entity.name, *entity.aliases)):
        words = words_of(alias)
        if len(words) == 1 and not helped and not (entity.kind is Kind.PLACE and rarity.is_place(words[0])):
            yield from _single(entity, alias)
        if entity.kind is Kind.PERSON and is_common_full(alias) and not helped:
            says = f"{alias!r} is a name that many people bear; add context: [words that stand near the right one]"
            yield Misfire(entity.id, alias, 0.5, says)
        if bearers[fold(alias)] > 1 and not entity.context:
            says = f"{alias!r} is also a name of another entity of this list; add context: to both, or both will stay unsure"
            yield Misfire(entity.id, alias, 0.5, says)
    yield from _strong(entity)


def _single(entity: Entity, alias: str) -> Iterator[Misfire]:
    if len(alias) <= SHORT:
        says = f"{alias!r} is an abbreviation that others share (expect 80 % to mean something else); add context: or write it out"
        yield Misfire(entity.id, alias, 0.8, says)
        return
    for what, is_such, share in SHARES:
        if is_such(alias):
            says = (
                f"{alias!r} is also {what}: expect {share * 100:.0f} % of the documents that have it to mean something else; "
                "add context: [words that stand near it when it is meant], and the full name"
            )
            yield Misfire(entity.id, alias, share, says)
            return


def _strong(entity: Entity) -> Iterator[Misfire]:
    """A strong alias fires wherever it stands, so it must not be a word."""
    for alias in entity.strong_aliases:
        words = words_of(alias)
        if len(words) == 1 and not rarity.is_rare(alias):
            what, share = next(((what, share) for what, is_such, share in SHARES if is_such(alias)), ("short", 0.8))
            wrong = f"{share * 100:.0f} % of the time wrongly"
            says = f"strong alias {alias!r} is also {what}: it fires wherever it stands, {wrong}; move it to aliases:"
            yield Misfire(entity.id, alias, share, says)
