"""What other articles of a site carried this line? ``SiteMemory`` over the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.store import Store


class LedgerMemory:
    """The memory that all workers share. It counts articles; ``seen`` says that this article is among those counted."""

    def __init__(self, store: Store, *, seen: bool) -> None:
        self._store = store
        self._seen = seen

    def carriers(self, site: str, article: str, lines: Sequence[int]) -> Mapping[int, int]:
        """How many other articles of ``site`` carry each of ``lines``; absent means none."""
        _, counts = self._store.sites.counts(site, lines)
        return {line: count - self._seen for line, count in counts.items() if count > self._seen}
