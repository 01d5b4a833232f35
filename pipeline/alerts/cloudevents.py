"""What does CloudEvents call a message? The headers of its binary content mode; the body stays what it is, and so does its signature.

Sources: CloudEvents 1.0.2, section 3 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), and its HTTP
binding, section 3.1 (binary content mode; 3.1.3.2: which characters of a value are percent-encoded).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import orjson

SOURCE: Final = "wirewatch"
"""Where all events come from, a URI reference."""
_PLAIN: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
"""Characters of a value that are written as they are."""


def headers(ident: str, body: bytes) -> dict[str, str]:
    """The ``ce-`` headers of a kept payload. ``ident`` is its ``webhook-id``; the subject is the watched entity, where there is one."""
    payload = orjson.loads(body)
    found = {
        "ce-specversion": "1.0",
        "ce-id": ident,
        "ce-source": SOURCE,
        "ce-type": str(payload["type"]),
        "ce-time": str(payload["timestamp"]),
    }
    watch = (payload.get("data") or {}).get("watch")
    if watch:
        found["ce-subject"] = str(watch["entity_id"])
    return {name: quote(value, safe=_PLAIN) for name, value in found.items()}
