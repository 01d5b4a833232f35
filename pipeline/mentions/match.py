"""Which watched entities does this document mean, how surely, and why?

``compile_watchlist`` builds a ``Matcher``; ``Matcher.match`` reads one document. Order of work: find candidate words in the
dictionary, read them, weigh each against the whole document, let confirmed relatives speak for each other, ask the
recogniser about what is still open. Nothing here sends anything, and no rule of a watchlist is applied (``rules``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from pipeline.mentions import language as languages
from pipeline.mentions.compile import Names, dictionary, gather
from pipeline.mentions.evidence import BASE, PROBABLE, tier_of
from pipeline.mentions.glance import RARELY, Backdrop, Glimpse, could_be_told
from pipeline.mentions.ledger import Ledger
from pipeline.mentions.locate import MENTIONS, Found, literal, locate, surnames
from pipeline.mentions.naming import Worth
from pipeline.mentions.nlp import Recogniser, ask
from pipeline.mentions.profile import Profile, profile
from pipeline.mentions.reading import Reading
from pipeline.mentions.role import role_of
from pipeline.mentions.scene import Scene
from pipeline.mentions.watchlist import Entity, Watchlist, revision
from pipeline.mentions.weigh import weigh
from pipeline.model import Document, Field, Kind, Mention, Tier, Verdict

PROFILES: Final = 20_000
"""Profiles kept; the store starts anew beyond that."""


def compile_watchlist(lists: Sequence[Watchlist]) -> Matcher:
    """Everything that matching needs, built once; a million names take about ten seconds."""
    low = frozenset(entity.id for one in lists if one.alert.at is Tier.POSSIBLE for entity in one.entities)
    return Matcher(gather(lists), revision(tuple(lists)), low)


class Matcher:
    """The compiled watchlists. Safe to share with forked processes, not with threads."""

    def __init__(self, names: Names, revision: str, low: frozenset[str] = frozenset()) -> None:
        self.revision = revision
        """``sha256:`` and the hash of what the lists say."""
        self._low = low
        """Ids of entities that alert at ``possible`` already."""
        self._names = names
        self._dictionary = dictionary(names)
        self._index = {entity.id: number for number, entity in enumerate(names.entities) if entity.related}
        self._profiles: dict[int, Profile] = {}

    @property
    def entities(self) -> Sequence[Entity]:
        """All watched entities."""
        return self._names.entities

    def scan(self, *texts: str) -> bool:
        """Whether the full path may alert on a part of these texts. Says yes too often, but no only where it cannot.

        Names are read, not weighed: one that is worth enough alone says yes, a bare surname only where something in the
        texts could tell whose it is (``glance``).
        """
        readings = [Glimpse(Field.TEXT, text) for text in texts]
        weak: list[Found] = []
        for reading in readings:
            words, literals = self._dictionary.words(reading.words), self._dictionary.literals(reading.text)
            for found in chain(locate(reading, words, self._names, cases=True), literal(reading, literals, self._names)):
                if found.last > found.first or not self._is_bare(found):
                    return True
                weak.append(found)
        if not weak:
            return False
        backdrop = Backdrop(readings, self._dictionary.sounds)
        return any(could_be_told(found, self._profile(found.entity), backdrop) for found in weak)

    def _is_bare(self, found: Found) -> bool:
        """Whether a name is a person's in one word, and worth nothing alone."""
        entity = self._names.entities[found.entity]
        bare = found.first >= 0 and BASE[Worth(self._names.worths[found.name])][1] < RARELY and entity.kind is Kind.PERSON
        return bare and not entity.related and entity.id not in self._low

    def match(self, doc: Document, recogniser: Recogniser | None = None) -> tuple[Verdict, ...]:
        """One verdict for each entity that any name was found of, best first."""
        readings = [Reading(field, doc.part(field)) for field in Field if doc.part(field)]
        hits = [(reading, self._dictionary.words(reading.words), self._dictionary.literals(reading.text)) for reading in readings]
        if not any(words or literals for _, words, literals in hits):
            return ()
        language = doc.language or languages.guess(readings)
        scene = Scene(readings=readings, cases=languages.has_cases(language), language=language)
        for reading, words, literals in hits:
            for found in [*locate(reading, words, self._names, cases=scene.cases), *literal(reading, literals, self._names)]:
                scene.founds.setdefault(found.entity, []).append(found)
        if not scene.founds:
            return ()
        for entity, founds in scene.founds.items():
            more = surnames(founds, self._names, readings, cases=scene.cases)
            scene.founds[entity] = _longest(founds + more, self._names)[:MENTIONS]
        for reading in readings:
            reading.sounds = self._dictionary.sounds(reading.words)
        return self._judge(scene, recogniser)

    def _judge(self, scene: Scene, recogniser: Recogniser | None) -> tuple[Verdict, ...]:
        ledgers = {entity: self._ledgers(entity, founds, scene) for entity, founds in scene.founds.items()}
        self._relate(ledgers)
        if recogniser is not None:
            ask(recogniser, scene, ledgers, {entity: self._profile(entity) for entity in ledgers})
        verdicts = [self._verdict(entity, judged) for entity, judged in ledgers.items()]
        return tuple(sorted(verdicts, key=lambda one: (-one.score, one.entity)))

    def _profile(self, entity: int) -> Profile:
        known = self._profiles.get(entity)
        if known is None:
            if len(self._profiles) >= PROFILES:
                self._profiles.clear()
            known = self._profiles[entity] = profile(self._names.entities[entity])
        return known

    def _ledgers(self, entity: int, founds: list[Found], scene: Scene) -> list[tuple[Found, Ledger]]:
        """The full names first: what follows them is believed as far as they are."""
        who = self._profile(entity)
        judged: dict[int, Ledger] = {}
        order = sorted(range(len(founds)), key=lambda n: -self._names.worths[founds[n].name])
        for n in order:
            found = founds[n]
            worth = Worth(self._names.worths[found.name])
            judged[n] = weigh(found, self._names.texts[found.name], worth, who, scene, self._covering(found, scene))
            if worth >= Worth.SHARED:
                points = judged[n].score
                scene.trust[entity] = max(scene.trust.get(entity, 0.0), 1.0 if points >= PROBABLE else points / 2)
        return [(found, judged[n]) for n, found in enumerate(founds)]

    def _covering(self, found: Found, scene: Scene) -> Iterable[tuple[str, bool]]:
        """Names of other entities over the same words that fit at least as well, and whether they are no longer."""
        length = found.end - found.start
        for entity, founds in scene.founds.items():
            for other in founds:
                if entity != found.entity and other.reading is found.reading and other.start <= found.start and found.end <= other.end:
                    same = other.end - other.start == length
                    worth, mine = self._names.worths[other.name], self._names.worths[found.name]
                    if not same or (min(worth, mine) >= Worth.SHARED and other.likeness >= found.likeness):
                        yield self._names.texts[other.name], same and other.likeness == found.likeness

    def _relate(self, ledgers: dict[int, list[tuple[Found, Ledger]]]) -> None:
        """Every related entity that is confirmed speaks for its relatives."""
        sure = {
            self._names.entities[entity].id
            for entity, judged in ledgers.items()
            if any(tier_of(ledger.score) is Tier.CONFIRMED for _, ledger in judged)
        }
        for entity, judged in ledgers.items():
            helped = [other for other in self._names.entities[entity].related if other in sure]
            if helped:
                for _, ledger in judged:
                    ledger.speak_for("related_confirmed", ", ".join(helped))

    def _verdict(self, entity: int, judged: list[tuple[Found, Ledger]]) -> Verdict:
        mentions = tuple(self._mention(found, ledger) for found, ledger in judged)
        best = max(mention.score for mention in mentions)
        return Verdict(
            entity=self._names.entities[entity].id,
            tier=tier_of(best),
            score=best,
            role=role_of([found for found, _ in judged]),
            mentions=mentions,
        )

    def _mention(self, found: Found, ledger: Ledger) -> Mention:
        points = ledger.score
        return Mention(
            entity=self._names.entities[found.entity].id,
            field=found.reading.field,
            start=found.start,
            end=found.end,
            surface=found.surface,
            alias=self._names.texts[found.name],
            tier=tier_of(points),
            score=points,
            why=tuple(ledger.why),
            against=tuple(ledger.against),
        )


def _longest(founds: list[Found], names: Names) -> list[Found]:
    """One name for each place: the longest, then the one that is worth most."""
    founds.sort(key=lambda one: (-(one.end - one.start), -names.worths[one.name], names.texts[one.name]))
    taken: dict[Field, set[int]] = {}
    kept: list[Found] = []
    for found in founds:
        places = taken.setdefault(found.reading.field, set())
        if places.isdisjoint(range(found.start, found.end)):
            places.update(range(found.start, found.end))
            kept.append(found)
    order = list(Field)
    return sorted(kept, key=lambda one: (order.index(one.reading.field), one.start))
