"""Wikidata entity JSON: a dump (one entity a line, in one array), JSON lines, or one ``Special:EntityData`` file.

Format: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html. Labels and aliases of every language become names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from pipeline.errors import InputError
from pipeline.mentions.importing.records import entity
from pipeline.mentions.watchlist import Entity
from pipeline.model import Kind

_HUMAN: Final = "Q5"
_ORGANISATIONS: Final = frozenset(
    "Q43229 Q4830453 Q783794 Q6881511 Q891723 Q163740 Q476028 Q847017 Q22687 Q46970 Q3918 Q327333 Q7278 Q31855 Q484652 Q1530022 "
    "Q15911314".split()
)
"""Organisation, business, company, enterprise, public company, non-profit, football club, sports club, bank, airline,
university, government agency, party, research institute, international organisation, religious organisation, association."""
_COORDINATES: Final = "P625"
_INSTANCE_OF: Final = "P31"


def entities(lines: Iterable[bytes]) -> Iterator[Entity]:
    """Entities in their order. Raises InputError on a line that is no entity."""
    for number, line in enumerate(lines, 1):
        plain = line.strip().rstrip(b",")
        if plain in (b"", b"[", b"]"):
            continue
        try:
            record = orjson.loads(plain)
        except orjson.JSONDecodeError as error:
            raise InputError(f"line {number}: not JSON: {error}; a pretty-printed file must be compacted to one entity a line") from error
        for one in _records(record, number):
            found = _entity(one)
            if found is not None:
                yield found


def _records(record: Any, number: int) -> Iterable[dict[str, Any]]:
    if isinstance(record, dict) and isinstance(record.get("entities"), dict):
        return [one for one in record["entities"].values() if isinstance(one, dict)]
    if not isinstance(record, dict) or "labels" not in record:
        raise InputError(f"line {number}: no Wikidata entity: it has no labels")
    return [record]


def _entity(record: dict[str, Any]) -> Entity | None:
    labels = {language: one["value"] for language, one in (record.get("labels") or {}).items() if "value" in one}
    aliases = [one["value"] for several in (record.get("aliases") or {}).values() for one in several if "value" in one]
    name = labels.get("en") or labels.get("mul") or next(iter(labels.values()), "")
    about = ((record.get("descriptions") or {}).get("en") or {}).get("value", "")
    return entity(str(record.get("id") or ""), name, [*labels.values(), *aliases], _kind(record.get("claims") or {}), about=about)


def _kind(claims: dict[str, Any]) -> Kind:
    classes = {_item(claim) for claim in claims.get(_INSTANCE_OF) or ()}
    if _HUMAN in classes:
        return Kind.PERSON
    if classes & _ORGANISATIONS:
        return Kind.ORGANIZATION
    return Kind.PLACE if _COORDINATES in claims else Kind.OTHER


def _item(claim: dict[str, Any]) -> str:
    value = ((claim.get("mainsnak") or {}).get("datavalue") or {}).get("value")
    return str(value.get("id", "")) if isinstance(value, dict) else ""
