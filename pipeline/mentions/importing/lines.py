"""A watchlist of a million names as a file: YAML that people can read and a machine can write, one entity a line.

Such a file is YAML like any other (a line is a JSON object, and JSON is YAML), so everything reads it; ``split`` recognises
exactly what ``written`` wrote and is much faster than a YAML parser. What it does not recognise it leaves alone. What
stands above ``entities:`` (where its alerts go, rules) is for people to edit and for the YAML parser to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Final

import orjson

from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind

_MARK: Final = "# One entity a line; written by wirewatch watchlist import.\n"
_ITEM: Final = "  - {"
_DEFAULT: Final = Entity(id="", name="")
_KEYS: Final = tuple(field.name for field in fields(Entity))
_SIMPLE: Final = frozenset(_KEYS) - {"namesakes"}
_KINDS: Final = {kind.value: kind for kind in Kind}


def written(name: str, entities: Iterable[Entity]) -> Iterator[str]:
    """The file, piece by piece."""
    yield f"{_MARK}watchlist: {orjson.dumps(name).decode()}\nentities:\n"
    for entity in entities:
        said = {key: value for key in _KEYS if (value := getattr(entity, key)) != getattr(_DEFAULT, key)}
        yield f"  - {orjson.dumps(said).decode()}\n"


def split(text: str) -> tuple[str, tuple[Entity, ...]] | None:
    """The YAML above the entities, and the entities; None where the file is not exactly of this shape."""
    if not text.startswith(_MARK):
        return None
    head, _, body = text.partition("\nentities:\n")
    entities = []
    for line in body.splitlines():
        entity = _entity(line)
        if entity is None:
            return None
        entities.append(entity)
    return head + "\n", tuple(entities)


def _entity(line: str) -> Entity | None:
    if not line.startswith(_ITEM):
        return None
    try:
        said = orjson.loads(line[4:])
    except orjson.JSONDecodeError:
        return None
    if not (said.keys() <= _SIMPLE and isinstance(said.get("id"), str) and isinstance(said.get("name"), str)):
        return None
    return Entity(**ready) if (ready := _ready(said)) is not None else None


def _ready(said: dict[str, Any]) -> dict[str, Any] | None:
    for key, value in said.items():
        if key == "kind":
            if value not in _KINDS:
                return None
            said[key] = _KINDS[value]
        elif key in ("id", "name", "about"):
            if not isinstance(value, str):
                return None
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            said[key] = tuple(value)
        else:
            return None
    return said
