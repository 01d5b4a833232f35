"""What was already said of an entity, in a story and in any? The facts that the next alert decision starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from pipeline.model import Instant, Tier
from pipeline.store.sql import the
from pipeline.store.tables import alerts, watches


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertFacts:
    """What was said of an entity so far, for the alert decision."""

    entity: str
    here: bool
    """Whether this very story has alerted for it."""
    alert_id: str | None
    """The story's first alert for it."""
    tier: Tier | None
    """Highest tier said in this story."""
    size: int
    """Size of the story when it was last told."""
    sources: int
    revision: int
    """Of the last alert on it in this story."""
    alerted_at: Instant | None
    """First alert in this story."""
    updated_at: Instant | None
    """Last alert or update in this story."""
    last_any: Instant | None
    """Last instant alert in any story, for the cooldown."""
    facts: Mapping[str, Any]
    """What the caller kept with the last alert."""


_LAST: Final = select(func.max(alerts.c.created_at)).where(alerts.c.entity == the("entity"), alerts.c.instant.is_(True))
_HERE: Final = select(watches).where(watches.c.entity == the("entity"), watches.c.story_id == the("story"))


def alert_facts(connection: Connection, story_id: str, entities: Sequence[str]) -> dict[str, AlertFacts]:
    """What was already said of these entities, by entity; one that was never told of is absent."""
    found: dict[str, AlertFacts] = {}
    for entity in dict.fromkeys(entities):
        about = {"entity": entity, "story": story_id}
        here = connection.execute(_HERE, about).first()
        last = connection.scalar(_LAST, about)
        if here is not None or last is not None:
            found[entity] = _facts(entity, here, last)
    return found


def _facts(entity: str, row: Any, last: Instant | None) -> AlertFacts:
    if row is None:
        nothing: dict[str, Any] = {"alert_id": None, "tier": None, "alerted_at": None, "updated_at": None, "facts": {}}
        return AlertFacts(entity=entity, here=False, size=0, sources=0, revision=0, last_any=last, **nothing)
    plain = {name: getattr(row, name) for name in ("alert_id", "size", "sources", "revision", "alerted_at", "updated_at")}
    return AlertFacts(entity=entity, here=True, tier=Tier(row.tier), last_any=last, facts=row.facts or {}, **plain)
