"""Every key of every configuration file as a document, made from the types that the code obeys."""

from __future__ import annotations

import dataclasses
import enum
import typing
from collections.abc import Iterator
from typing import Any, Final

from pipeline.model import InSeconds
from pipeline.settings.docs import field_docs
from pipeline.settings.schema import FILES

_WHERE: Final = {
    "settings": "config/settings.yaml",
    "feeds": "config/feeds.yaml",
    "endpoints": "config/endpoints.yaml",
    "sites": "config/sites.yaml",
    "watchlist": "config/watchlists/*.yaml",
}
_LONGEST_DEFAULT: Final = 48


MARK: Final = "<!-- Below this line: written by `make docs` from the types that the code obeys. -->"
"""What stands above it in docs/configuration.md is written by hand."""


def with_reference(document: str) -> str:
    """The document with everything below ``MARK`` written anew."""
    above, _, _ = document.partition(MARK)
    return f"{above.rstrip()}\n\n{MARK}\n\n{reference().rstrip()}\n"


def reference() -> str:
    """Markdown: a section for each file, a table for each block, a row for each key."""
    return "\n".join(line for name, kind in FILES.items() for line in _file(name, kind))


def _file(name: str, kind: Any) -> Iterator[str]:
    yield f"## {_WHERE[name]}"
    yield ""
    yield from _block("", kind, set())


def _block(prefix: str, kind: Any, seen: set[Any]) -> Iterator[str]:
    """The table of one dataclass, then those of its parts, each once a file."""
    seen.add(kind)
    docs = field_docs(kind)
    hints = typing.get_type_hints(kind, include_extras=True)
    deeper: list[tuple[str, Any]] = []
    if prefix:
        yield f"### {prefix}"
        yield ""
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for field in dataclasses.fields(kind):
        part = _part(hints[field.name])
        path = f"{prefix}.{field.name}" if prefix else field.name
        if part is not None and part not in seen:
            deeper.append((path, part))
        meaning = docs.get(field.name, "") or (f"{_first_line(part)} See {path} below." if part is not None else "")
        yield f"| `{field.name}` | {_value(hints[field.name])} | {_default(field)} | {_cell(meaning)} |"
    yield ""
    for path, part in deeper:
        yield from _block(path, part, seen)


def _first_line(part: Any) -> str:
    return (part.__doc__ or "").strip().partition("\n")[0]


def _part(hint: Any) -> Any:
    """The dataclass inside a hint, or None."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint
    return next((found for arg in typing.get_args(hint) if (found := _part(arg)) is not None), None)


def _value(hint: Any) -> str:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is not None:
        return _made_of(origin, args)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ", ".join(f"`{member.value}`" for member in hint)
    names = {str: "text", int: "number", float: "number", bool: "`true`, `false`"}
    return names.get(hint, "block")


def _made_of(origin: Any, args: tuple[Any, ...]) -> str:
    if origin is typing.Annotated:
        return "duration" if any(isinstance(mark, InSeconds) for mark in args[1:]) else _value(args[0])
    if origin is tuple:
        return f"list of {_value(args[0])}"
    if origin is dict:
        return f"mapping of {_value(args[1])}"
    if origin is typing.Literal:
        return ", ".join(f"`{arg}`" for arg in args)
    return " or ".join(_value(arg) for arg in args if arg is not type(None))


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
        return "**required**"
    value = field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
    if value is None or value in ("", (), {}) or dataclasses.is_dataclass(value):
        return ""
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    shown = str(value)
    return f"`{shown}`" if len(shown) <= _LONGEST_DEFAULT else f"`{shown[:_LONGEST_DEFAULT]}…`"


def _cell(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")
