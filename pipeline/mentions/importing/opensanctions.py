"""OpenSanctions ``targets.simple.csv``: one row a target, aliases separated by semicolons.

Columns as documented at https://www.opensanctions.org/docs/bulk/csv/ (2024): id, schema, name, aliases, birth_date, countries, …
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.errors import InputError
from pipeline.mentions.importing.followthemoney import kind_of
from pipeline.mentions.importing.records import entity
from pipeline.mentions.watchlist import Entity

REQUIRED: Final = ("id", "schema", "name", "aliases")


def targets(lines: Iterable[str]) -> Iterator[Entity]:
    """Entities of the rows, in their order. Raises InputError where the header is not that of a targets file."""
    rows = csv.DictReader(lines)
    missing = [column for column in REQUIRED if column not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"no targets.simple.csv: the header lacks {', '.join(missing)}")
    for row in rows:
        kind = kind_of(row.get("schema") or "")
        if kind is None:
            continue
        found = entity(row.get("id") or "", row.get("name") or "", (row.get("aliases") or "").split(";"), kind)
        if found is not None:
            yield found
