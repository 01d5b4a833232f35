"""JSON Schemas of every configuration file and of the webhook, for editors and for receivers.

They are made from the types that the code obeys, so they cannot disagree with it; ``make test`` checks that the files in
``config/schema`` are what this module says.
"""

from __future__ import annotations

import inspect
from typing import Any, Final

from pipeline.alerts.schema import alert_schema
from pipeline.mentions.watchlist import Watchlist
from pipeline.settings.checking import adapter, dataclasses_in
from pipeline.settings.docs import field_docs
from pipeline.settings.types import EndpointsFile, FeedsFile, Settings, SitesFile

FILES: Final[dict[str, Any]] = {
    "settings": Settings,
    "feeds": FeedsFile,
    "endpoints": EndpointsFile,
    "sites": SitesFile,
    "watchlist": Watchlist,
}


def schemas() -> dict[str, dict[str, Any]]:
    """File name → JSON Schema (draft 2020-12) of each configuration file and of the webhook payload."""
    found = {f"{name}.schema.json": _schema(name, kind) for name, kind in FILES.items()}
    return {**found, "alert.schema.json": alert_schema()}


def _schema(name: str, kind: Any) -> dict[str, Any]:
    schema = adapter(kind).json_schema()
    docs = {part.__name__: part for part in dataclasses_in(kind, set())}
    for title, definition in {**schema.get("$defs", {}), kind.__name__: schema}.items():
        part = docs.get(title)
        if part is None or "properties" not in definition:
            continue
        definition["description"] = inspect.getdoc(part) or ""
        for key, said in field_docs(part).items():
            if key in definition["properties"]:
                definition["properties"][key]["description"] = said
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"{name}.schema.json", **schema}
