"""What should a watchlist say that it does not yet? Spellings and telling words, learnt from articles already matched.

A spelling is proposed when articles that are certainly about the entity also call it so; a word when it stands near the
entity's mentions far more often than elsewhere (log-likelihood ratio, Dunning 1993). Nothing is changed: a person decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import Final

from pipeline.mentions import rarity
from pipeline.mentions.fold import fold
from pipeline.mentions.naming import namings, words_of
from pipeline.mentions.reading import Reading
from pipeline.mentions.watchlist import Entity
from pipeline.model import Document, Field, Tier, Verdict

NEAR: Final = 25
SURE: Final = 10.83
"""Log-likelihood ratio that chance reaches once in a thousand times (chi squared, one degree of freedom)."""
SEEN: Final = 3
"""Articles that must show a spelling or a word."""
MOST: Final = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A word to add, and why."""

    text: str
    articles: int
    """Articles that show it."""
    score: float
    """For context the log-likelihood ratio, for an alias the number of articles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestions:
    """What could be added to one entity."""

    aliases: tuple[Suggestion, ...]
    context: tuple[Suggestion, ...]


class Collector:
    """Reads articles one by one and keeps counts only."""

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        self._known = set(map(fold, namings(entity)))
        self._own = {fold(word) for name in namings(entity) for word in words_of(name)}
        self._said = {fold(word) for phrase in (*entity.context, *entity.exclude) for word in words_of(phrase)}
        self._spellings: Counter[str] = Counter()
        self._near: Counter[str] = Counter()
        self._near_articles: Counter[str] = Counter()
        self._far: Counter[str] = Counter()

    def see(self, document: Document, verdict: Verdict | None) -> None:
        """Take in an article and what it says of the entity; None where it is not named."""
        reading = Reading(Field.TEXT, document.text)
        if verdict is None or verdict.tier is not Tier.CONFIRMED:
            if verdict is None:
                self._far.update(self._words(reading, range(len(reading.words))))
            return
        self._spellings.update({mention.surface for mention in verdict.mentions if mention.tier is not None and " " in mention.surface})
        places = [
            reading.word_at(mention.start) for mention in verdict.mentions if mention.field is Field.TEXT and mention.tier is not None
        ]
        near = {index for place in places for index in range(max(0, place - NEAR), min(len(reading.words), place + NEAR))}
        words = self._words(reading, sorted(near))
        self._near.update(words)
        self._near_articles.update(set(words))
        self._far.update(self._words(reading, [index for index in range(len(reading.words)) if index not in near]))

    def _words(self, reading: Reading, where: range | list[int]) -> list[str]:
        words = (reading.folded[index] for index in where)
        return [word for word in words if len(word) > 3 and word not in self._own and word not in self._said]

    def suggestions(self) -> Suggestions:
        """The best of what was seen so far."""
        aliases = [
            Suggestion(text=text, articles=count, score=float(count))
            for text, count in self._spellings.most_common()
            if count >= SEEN and fold(text) not in self._known
        ]
        near, far = sum(self._near.values()) or 1, sum(self._far.values()) or 1
        context = [
            Suggestion(text=word, articles=self._near_articles[word], score=round(ratio, 1))
            for word, count in self._near.items()
            if self._near_articles[word] >= SEEN
            and not rarity.is_calendar(word)
            and (ratio := likelihood(count, near, self._far[word], far)) >= SURE
        ]
        context.sort(key=lambda one: (-one.score, one.text))
        return Suggestions(aliases=tuple(aliases[:MOST]), context=tuple(context[:MOST]))


def likelihood(a: int, of_a: int, b: int, of_b: int) -> float:
    """Dunning's log-likelihood ratio for a word seen ``a`` times in ``of_a`` words here and ``b`` in ``of_b`` elsewhere."""
    share = (a + b) / (of_a + of_b)
    if a / of_a <= b / of_b:
        return 0.0
    return 2 * (a * log(a / (of_a * share)) + (b * log(b / (of_b * share)) if b else 0.0))
