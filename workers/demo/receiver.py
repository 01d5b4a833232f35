"""What does a webhook tell the demo? Who was found, where, how the name is written there, and why.

Whether to believe it, ``workers.sink`` has said; what an alert is worth, it leaves to ``truth``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from workers.sink import Posted


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One POST."""

    at: float
    """Unix seconds."""
    id: str
    """Its ``webhook-id``."""
    type: str
    """Such as ``alert.match``; empty where the body could not be read."""
    refused: str = ""
    """Why it was not believed; empty where the signature holds."""
    entity: str = ""
    name: str = ""
    """The entity's name."""
    tier: str = ""
    url: str = ""
    """Of the article."""
    surface: str = ""
    """How the name is written in the article."""
    why: tuple[str, ...] = ()
    """Codes of what speaks for it, the weightiest first."""


def read(posted: Posted) -> Received:
    """What one POST says; of one that is not believed, only why."""
    if posted.refused:
        return Received(at=posted.at, id=posted.id, type="", refused=posted.refused)
    payload = orjson.loads(posted.body)
    data = payload["data"]
    if not payload["type"].startswith("alert.") or "watch" not in data:
        return Received(at=posted.at, id=posted.id, type=payload["type"])
    first: Mapping[str, Any] = next(iter(data["matches"]), {})
    evidence = sorted(first.get("why", ()), key=lambda line: -line["weight"])
    return Received(
        at=posted.at,
        id=posted.id,
        type=payload["type"],
        entity=data["watch"]["entity_id"],
        name=data["watch"]["name"],
        tier=data["tier"],
        url=data["article"]["url"],
        surface=first.get("surface", ""),
        why=tuple(line["code"] for line in evidence),
    )
