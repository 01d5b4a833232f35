"""What would firing on archived articles come to, were it done now? The same decisions in the same order; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Any, Final

from pipeline.flow.placing import LedgerIndex
from pipeline.flow.reading import Reader
from pipeline.flow.refire import Case, decided, placed
from pipeline.flow.telling import Outcome, Teller
from pipeline.model import Instant
from pipeline.store import Analysis, Store
from pipeline.store.analysis import AlertRecord
from pipeline.store.stories import AlertFacts, StoryBrief
from pipeline.stories.grouping import Holder, Known
from pipeline.stories.memory import MemoryIndex

_NOTHING: Final = AlertFacts(
    entity="",
    here=False,
    alert_id=None,
    tier=None,
    size=0,
    sources=0,
    revision=0,
    alerted_at=None,
    updated_at=None,
    last_any=None,
    facts={},
)


class Rehearsal:
    """What ``refire`` would come to, case after case."""

    def __init__(self, store: Store, reader: Reader, teller: Teller, now: Instant) -> None:
        """As if everything happened at ``now``."""
        self._store, self._reader, self._teller, self._now = store, reader, teller, now
        self._here: dict[tuple[str, str], AlertRecord] = {}
        self._stories: set[str] = set()
        self._instant: Counter[str] = Counter()
        self._placed = MemoryIndex(keep=inf)

    def outcome(self, case: Case) -> Outcome:
        """The alerts that would be written after those of all cases asked about before, and what would be kept quiet."""
        with self._store.analysis() as ledger:
            imagined = _Imagined(ledger, self._here, self._stories, self._instant, self._now)
            grouping, joins = placed(case, self._store, ledger, _Both(LedgerIndex(ledger), self._placed))
            found = decided(case, grouping, imagined, self._store, self._reader, self._teller, self._now)
        if joins is not None:
            self._placed.add(joins, grouping)
        for alert in found.alerts:
            self._here[alert.entity, alert.story_id] = alert
            self._stories.add(alert.story_id)
            self._instant[alert.entity] += any(plan.digest is None for plan in alert.deliveries)
        return found


class _Both:
    """The ledger's index, and the articles that would have joined it."""

    def __init__(self, ledger: LedgerIndex, imagined: MemoryIndex) -> None:
        self._parts = (ledger, imagined)

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> Mapping[int, Sequence[Holder]]:
        """See ``StoryIndex``."""
        written, imagined = (part.postings(keys, since=since, until=until, most=most) for part in self._parts)
        return {key: [*imagined.get(key, ()), *written.get(key, ())] for key in {*written, *imagined}}

    def known(self, articles: Collection[str]) -> Sequence[Known]:
        """See ``StoryIndex``."""
        return [one for part in self._parts for one in part.known(articles)]

    def size(self) -> int:
        """See ``StoryIndex``."""
        return sum(part.size() for part in self._parts)


class _Imagined:
    """The ledger with alerts in it that nobody has written."""

    def __init__(
        self, ledger: Analysis, here: dict[tuple[str, str], AlertRecord], stories: set[str], instant: Counter[str], now: Instant
    ) -> None:
        self._ledger, self._here, self._stories, self._instant, self._now = ledger, here, stories, instant, now

    def story(self, story_id: str) -> StoryBrief | None:
        """As it stands in the ledger."""
        return self._ledger.story(story_id)

    def named(self, article_id: str) -> frozenset[str]:
        """As it stands in the ledger."""
        return self._ledger.named(article_id)

    def mutes(self, now: Instant) -> list[dict[str, Any]]:
        """As they stand in the ledger."""
        return self._ledger.mutes(now)

    def was_told(self, story_id: str) -> bool:
        """Whether anything was said of this story, or would have been."""
        return story_id in self._stories or self._ledger.was_told(story_id)

    def told_since(self, entity: str, since: Instant) -> int:
        """Instant alerts about an entity since then, imagined ones among them."""
        return self._instant[entity] + self._ledger.told_since(entity, since)

    def facts(self, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
        """What was said of these entities, or would have been."""
        known = self._ledger.facts(story_id, entities)
        for entity in dict.fromkeys(entities):
            said, loud = self._here.get((entity, story_id)), self._instant[entity]
            if said is not None:
                known[entity] = _said(said, known.get(entity, _NOTHING))
            if loud:
                known[entity] = replace(known.get(entity, _NOTHING), entity=entity, last_any=self._now)
        return known


def _said(alert: AlertRecord, before: AlertFacts) -> AlertFacts:
    return replace(
        before,
        entity=alert.entity,
        here=True,
        tier=alert.tier,
        size=alert.size,
        sources=alert.sources,
        revision=alert.revision,
        alerted_at=before.alerted_at if before.here else alert.created_at,
        updated_at=alert.created_at,
        facts=alert.facts,
    )
