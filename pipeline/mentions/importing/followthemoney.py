"""FollowTheMoney entities as JSON lines: ``{"id", "schema", "caption", "properties": {"name": […], "alias": […]}}``.

Schema names from the FollowTheMoney model (https://followthemoney.tech/explorer/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from pipeline.errors import InputError
from pipeline.mentions.importing.records import entity
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind

_KINDS: Final = {
    "Person": Kind.PERSON,
    "Organization": Kind.ORGANIZATION,
    "Company": Kind.ORGANIZATION,
    "LegalEntity": Kind.ORGANIZATION,
    "PublicBody": Kind.ORGANIZATION,
    "Vessel": Kind.PRODUCT,
    "Airplane": Kind.PRODUCT,
    "Vehicle": Kind.PRODUCT,
    "Asset": Kind.OTHER,
    "Event": Kind.OTHER,
    "Thing": Kind.OTHER,
}
_NAMES: Final = ("name", "alias", "abbreviation")
"""``weakAlias`` is left out: it is what OpenSanctions itself does not match on."""


def kind_of(schema: str) -> Kind | None:
    """The kind of a schema; None for records that have no name of their own (addresses, ownerships)."""
    return _KINDS.get(schema)


def entities(lines: Iterable[bytes]) -> Iterator[Entity]:
    """Entities of the lines, in their order. Raises InputError on a line that is no FollowTheMoney object."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        record = _parsed(line, number)
        kind = kind_of(str(record.get("schema")))
        properties = record.get("properties")
        if kind is None or not isinstance(properties, dict):
            continue
        names = [name for key in _NAMES for name in properties.get(key) or () if isinstance(name, str)]
        caption = record.get("caption")
        best = caption if isinstance(caption, str) and caption in names else next(iter(names), "")
        found = entity(str(record.get("id") or ""), best, names, kind)
        if found is not None:
            yield found


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InputError(f"line {number}: not JSON: {error}") from error
    if not isinstance(record, dict) or "schema" not in record:
        raise InputError(f"line {number}: no FollowTheMoney entity: it has no schema")
    return record
