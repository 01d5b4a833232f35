"""What in this document is new, what was edited, and what is merely still there?

The ledger says what it knows under each key; here it is decided. Two entries of one document that share a key are one. An entry whose
keys are known counts as edited only where its own feed shows it changed: other feeds word the same article differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from pipeline.feeds.identity import content_hash, is_redated
from pipeline.model import Entry

EDITS: Final = 24
"""Edits of one entry that are followed. Some feeds change a counter in every entry at every poll."""
REDATED: Final = 0.5
"""Share of a document's known entries that may have a new date and the same words for the date to mean an edit: feeds that
date every entry with the moment of asking have edited none."""


class Known(Protocol):
    """What the ledger knows under one key."""

    @property
    def entry_id(self) -> str:
        """Whose key it is."""
        ...

    @property
    def feed_id(self) -> str:
        """The feed that showed it first."""
        ...

    @property
    def content_hash(self) -> str:
        """Of the entry as it was last read."""
        ...

    @property
    def revision(self) -> int:
        """Edits so far."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """An entry that nobody knew."""

    entry: Entry
    keys: tuple[str, ...]
    content_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A known entry that reads differently now."""

    entry_id: str
    entry: Entry
    keys: tuple[str, ...]
    content_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Novelty:
    """A document, sorted."""

    fresh: tuple[Fresh, ...] = ()
    changed: tuple[Changed, ...] = ()
    seen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Known entries that stand in the document, edited ones included, with all their keys."""

    @property
    def known(self) -> int:
        """How many entries of the document were known."""
        return len(self.seen)


def sort(feed_id: str, entries: Sequence[Entry], keys: Sequence[tuple[str, ...]], known: Mapping[str, Known]) -> Novelty:
    """``keys`` are those of ``entries``, in the same order; ``known`` maps each key that the ledger has to what it has."""
    fresh: list[Fresh] = []
    changed: dict[str, Changed] = {}
    seen: dict[str, tuple[str, ...]] = {}
    for entry, own in _distinct(entries, keys):
        found = next((known[key] for key in own if key in known), None)
        hashed = content_hash(entry)
        if found is None:
            fresh.append(Fresh(entry=entry, keys=own, content_hash=hashed))
            continue
        if found.entry_id in seen:  # two entries of the document, one in the ledger: the first speaks for it
            seen[found.entry_id] += own
            continue
        seen[found.entry_id] = own
        if found.feed_id == feed_id and found.content_hash != hashed and found.revision < EDITS:
            changed[found.entry_id] = Changed(entry_id=found.entry_id, entry=entry, keys=own, content_hash=hashed)
    return Novelty(fresh=tuple(fresh), changed=tuple(_edited(changed, known, len(seen))), seen=seen)


def _edited(changed: Mapping[str, Changed], known: Mapping[str, Known], seen: int) -> Iterator[Changed]:
    """The changed entries, without those whose date alone is new where the feed dates all of them anew."""
    before = {one.entry_id: one.content_hash for one in known.values()}
    redated = {ident for ident, one in changed.items() if is_redated(before[ident], one.content_hash)}
    restless = len(redated) > max(1.0, REDATED * seen)
    return (one for ident, one in changed.items() if not (restless and ident in redated))


def _distinct(entries: Sequence[Entry], keys: Sequence[tuple[str, ...]]) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    taken: set[str] = set()
    for entry, own in zip(entries, keys, strict=True):
        if taken.isdisjoint(own):
            yield entry, own
        taken.update(own)
