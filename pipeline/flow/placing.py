"""Which story does this article join? The pure grouping over the ledger's index, inside the deciding transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pipeline.flow.reading import Reading
from pipeline.model import Instant
from pipeline.store import Analysis
from pipeline.store.ids import story_id
from pipeline.stories.fingerprint import Fingerprint
from pipeline.stories.grouping import Grouping, Holder, Known, Report, StoryPolicy, group


class LedgerIndex:
    """``StoryIndex`` over the ledger, within one transaction."""

    def __init__(self, ledger: Analysis) -> None:
        self._ledger = ledger

    def postings(self, keys: Sequence[int], *, since: Instant, until: Instant, most: int) -> Mapping[int, Sequence[Holder]]:
        """For each key the articles of the span that hold it, unless ``most`` do."""
        return self._ledger.postings(keys, since=since, until=until, most=most)

    def known(self, articles: Collection[str]) -> Sequence[Known]:
        """These articles, as they were put."""
        return [
            Known(id=one.article_id, story=one.story_id, at=one.at, fingerprint=Fingerprint.from_json(one.features), source=one.source)
            for one in self._ledger.known(articles)
        ]

    def size(self) -> int:
        """Articles in the index, roughly."""
        return self._ledger.indexed()


def place(reading: Reading, ledger: Analysis, policy: StoryPolicy) -> Grouping:
    """Where the article belongs. An article that has its story keeps it, whatever an edit made of it.

    ``story`` of the answer is always set.
    """
    page = reading.page
    before = ledger.previous(page.article_id)
    if before is not None and before.story_id is not None:
        keys = reading.fingerprint.index_keys(copied=before.duplicate_of is not None)
        return Grouping(story=before.story_id, duplicate_of=before.duplicate_of, why="edited", keys=keys)
    at = page.published_at if page.published_at is not None and page.published_at <= page.fetched_at else page.first_seen
    report = Report(id=page.article_id, fingerprint=reading.fingerprint, at=at, source=reading.source)
    found = group(report, LedgerIndex(ledger), policy)
    return found if found.story is not None else replace(found, story=story_id(page.article_id))
