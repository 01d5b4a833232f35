"""Does a watchlist do what its author says it does? Its ``tests:`` put to the matcher."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.mentions.match import Matcher
from pipeline.mentions.rules import ruling
from pipeline.mentions.watchlist import Example, Watchlist
from pipeline.model import Document, Verdict

_SHOWN: Final = 60


def failures(watchlist: Watchlist, matcher: Matcher) -> Iterator[tuple[int, str]]:
    """The place of a test in its list (from 0) and a sentence, for each expectation that does not come true.

    The matcher is that of all lists together.
    """
    mine = {entity.id for entity in watchlist.entities}
    for number, example in enumerate(watchlist.tests, 1):
        document = Document(id=f"test-{number}", title=example.title, text=example.text, language=example.language)
        verdicts = matcher.match(document)
        found = {verdict.entity: verdict for verdict in verdicts if verdict.entity in mine}
        alerting = {entity for entity, verdict in found.items() if _alerts(verdict, watchlist, verdicts, document)}
        for why in _wrong(example, found, alerting):
            yield number - 1, f"test {number} ({example.text[:_SHOWN]!r}): {why}"


def _alerts(verdict: Verdict, watchlist: Watchlist, verdicts: tuple[Verdict, ...], document: Document) -> bool:
    if verdict.tier is None or verdict.tier.rank < watchlist.alert.at.rank:
        return False
    return ruling(watchlist, verdict, verdicts, document).passes


def _wrong(example: Example, found: dict[str, Verdict], alerting: set[str]) -> Iterator[str]:
    for entity in sorted(set(example.alerts) - alerting):
        yield f"{entity} should alert and does not ({_tier(found.get(entity))})"
    for entity in sorted(alerting - set(example.alerts)):
        yield f"{entity} should not alert and does ({_tier(found.get(entity))})"
    for entity, tier in sorted(example.tiers.items()):
        if entity not in found or found[entity].tier is not tier:
            yield f"{entity} should be {tier.value} and is {_tier(found.get(entity))}"


def _tier(verdict: Verdict | None) -> str:
    if verdict is None:
        return "no name of it was found"
    return verdict.tier.value if verdict.tier else "below possible"
