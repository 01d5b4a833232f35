"""How is a question or a change asked over the web? Addresses and bodies in, the answers' own types out.

One table, ``questions``, says what can be asked. Its rows are served twice: as a page and as JSON, so the API can do
whatever the pages can, because it is the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from multidict import MultiMapping
from pydantic import ValidationError

from pipeline.errors import WirewatchError
from pipeline.settings.checking import adapter


class InvalidError(WirewatchError):
    """What was given does not fit (400). ``faults`` are ``{"at", "says"}``."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{fault['at']}: {fault['says']}" if fault["at"] else fault["says"] for fault in faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Something to read."""

    path: str
    """Under the root for people, under ``/api`` for programs; ``{names}`` are handed over in order."""
    summary: str
    ask: Callable[..., Any]
    """Called with the board, the path's values, and the query where there is one."""
    answer: type
    query: type | None = None
    template: str = ""
    """Of the page; empty where only programs ask."""
    title: str = ""
    tag: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Something to do. A POST in both worlds."""

    path: str
    summary: str
    act: Callable[..., Any]
    """Called with the board, the author, the path's values, and the body where there is one."""
    answer: type
    body: type | None = None
    tag: str = ""
    status: int = 200
    reads_only: bool = False
    """It is a POST because of its size: a reader's token is enough, and there is no author."""


def parsed(kind: type, given: Mapping[str, Any], *, strict: bool = False) -> Any:
    """``given`` as a ``kind``. ``strict`` for JSON, which has types of its own; addresses and forms have only words.

    Raises:
        InvalidError: naming each fault.
    """
    try:
        if strict:
            return adapter(kind).validate_json(orjson.dumps(_clean(given)), strict=True)
        return adapter(kind).validate_python(_clean(given))
    except ValidationError as error:
        raise InvalidError([_fault(each) for each in error.errors(include_url=False, include_input=False)]) from None


def flat(fields: MultiMapping[Any]) -> dict[str, Any]:
    """A query or a form as a dictionary.

    Raises:
        InvalidError: a name stands there twice.
    """
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name in found:
            raise InvalidError([{"at": name, "says": "is given more than once"}])
        found[name] = value
    return found


def filled(fields: MultiMapping[Any]) -> dict[str, Any]:
    """As ``flat``, without what a person left empty: an empty field of a form says nothing.

    Raises:
        InvalidError: a name stands there twice.
    """
    return {name: value for name, value in flat(fields).items() if value != ""}


def dumped(kind: type, answer: Any) -> bytes:
    """An answer as JSON."""
    return bytes(adapter(kind).dump_json(answer))


def _clean(value: Any) -> Any:
    # U+0000 cannot be kept by PostgreSQL, and no text that a person means has one
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)  # JSON has one kind of number: 4.0 is 4
    return [_clean(each) for each in value] if isinstance(value, list) else value


def _fault(error: Mapping[str, Any]) -> dict[str, str]:
    at = ".".join(str(step) for step in error["loc"] if not str(step).startswith("function-"))
    if error["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return {"at": at, "says": "is not known here"}
    if error["type"] in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return {"at": at, "says": "is missing"}
    return {"at": at, "says": str(error["msg"]).removeprefix("Value error, ")}
