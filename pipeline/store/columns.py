"""How do values become columns? The same bytes in both databases, whatever a publisher wrote.

PostgreSQL refuses U+0000 in text and both refuse lone surrogates, and broken pages carry both. They are replaced one
for one by U+FFFD, so that offsets into the text stay true.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SIGN: Final = 1 << 63


def storable(text: str) -> str:
    """``text`` with every character that a database refuses replaced by U+FFFD, one for one."""
    try:
        if "\x00" not in text:
            text.encode()  # far cheaper than a search in the common case
            return text
    except UnicodeEncodeError:
        pass
    return UNSTORABLE.sub("\ufffd", text)


def signed(value: int) -> int:
    """An unsigned or signed 64-bit number as the signed one that both databases keep."""
    value &= 2 * _SIGN - 1
    return value - 2 * _SIGN if value >= _SIGN else value


def packed(numbers: Sequence[int]) -> bytes:
    """Signed 64-bit numbers as bytes."""
    return struct.pack(f"<{len(numbers)}q", *numbers)


def unpacked(data: bytes) -> list[int]:
    """The reverse of ``packed``."""
    return list(struct.unpack(f"<{len(data) // 8}q", data))


class Words(TypeDecorator[str]):
    """Text that people wrote."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make it storable."""
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """JSON as text: opaque to the database, written and read as a whole."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To text. Lone surrogates survive as escapes."""
        if value is None:
            return None
        try:
            return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
        except (orjson.JSONEncodeError, TypeError):
            return json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From text."""
        if value is None:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return json.loads(value)


Blob = LargeBinary
