"""Does this data fit that type, and if not, what should the person write instead?

The types are the frozen dataclasses that the code obeys; pydantic validates them and emits their JSON Schema. Every
dataclass is made to refuse unknown keys here, in one place, because a misspelt key that passes silently is a watch that
never fires.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import types
import typing
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import ConfigError
from pipeline.settings.secrets import SECRET_KEYS
from pipeline.settings.yamlfile import Path, YamlFile

T = TypeVar("T")


def check(kind: type[T], file: YamlFile, path: Path = ()) -> T:
    """The part of ``file`` at ``path`` as a ``kind``.

    Raises:
        ConfigError: one problem for each fault, with file, line, column and the likely fix.
    """
    data = file.data
    for step in path:
        data = data[step]
    try:
        checked: T = adapter(kind).validate_python(data if data is not None else {})
    except ValidationError as error:
        raise ConfigError(*(_tell(kind, file, path, fault) for fault in error.errors(include_url=False))) from None
    return checked


def as_plain(value: object) -> Any:
    """A checked value as JSON-ready data, for ``--json`` listings and revisions."""
    return adapter(type(value)).dump_python(value, mode="json")


def as_json(value: object) -> bytes:
    """A checked value as JSON: the same bytes for the same value. Several times as fast as going through ``as_plain``."""
    return bytes(adapter(type(value)).dump_json(value))


def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a type, built once, with unknown keys refused at every depth."""
    return _adapter(kind)


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    for part in dataclasses_in(kind, set()):
        part.__pydantic_config__ = {"extra": "forbid"}  # the hook that pydantic documents for dataclasses of the standard library
    return TypeAdapter(kind)


def dataclasses_in(kind: Any, seen: set[Any]) -> set[Any]:
    """``seen`` with every dataclass that ``kind`` is made of, at any depth."""
    for part in typing.get_args(kind):
        dataclasses_in(part, seen)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in typing.get_type_hints(kind).values():
            dataclasses_in(hint, seen)
    return seen


def _tell(kind: Any, file: YamlFile, path: Path, fault: ErrorDetails) -> str:
    where = (*path, *_steps(file, path, fault["loc"]))
    what = fault["type"]
    if what in {"unexpected_keyword_argument", "extra_forbidden"}:
        return file.problem(where, _unknown_key(kind, where[len(path) :]))
    if what in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return file.problem(where[:-1], f"{fault['loc'][-1]!r} is missing; add a line `{fault['loc'][-1]}: …`")
    return file.problem(where, _wrong_value(where, fault, file.written(where)))


def _steps(file: YamlFile, path: Path, loc: tuple[str | int, ...]) -> Path:
    """The location that pydantic gives, without the names of union members, which stand in no file."""
    node = file.data
    for step in path:
        node = node[step]
    steps: list[str | int] = []
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(node, dict) and (step in node or last):
            node = node.get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            continue
        steps.append(step)
    return tuple(steps)


def _unknown_key(kind: Any, where: Path) -> str:
    key, known = str(where[-1]), sorted(_keys_at(kind, where[:-1]))
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    within = [name for name in known if key in _keys_at(kind, (*where[:-1], name))]
    if within:
        return f"unknown key {key!r} here; it stands under {' or under '.join(within)}: `{within[0]}: {{{key}: …}}`"
    return f"unknown key {key!r}; " + (f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}")


def _keys_at(kind: Any, where: Path) -> set[str]:
    """The keys that a mapping at ``where`` may hold, following the type as deep as the path goes."""
    kinds = _members(kind)
    for step in where:
        deeper: list[Any] = []
        for one in kinds:
            if isinstance(step, str) and dataclasses.is_dataclass(one) and isinstance(one, type):
                hint = typing.get_type_hints(one, include_extras=False).get(step)
                deeper += _members(hint) if hint is not None else []
            elif typing.get_origin(one) is not None:
                deeper += [member for arg in typing.get_args(one) for member in _members(arg)]
        kinds = deeper
    return {field.name for one in kinds if isinstance(one, type) and dataclasses.is_dataclass(one) for field in dataclasses.fields(one)}


def _members(kind: Any) -> list[Any]:
    if typing.get_origin(kind) in {typing.Union, types.UnionType}:
        return [member for arg in typing.get_args(kind) for member in _members(arg)]
    return [kind]


def _wrong_value(where: Path, fault: ErrorDetails, written: str | None) -> str:
    value, key = fault["input"], str(where[-1]) if where else "the file"
    if SECRET_KEYS.intersection(where):
        return f"{key}: a secret must be text"
    if written is not None and "${" in written:
        return f"{key}: what {written} holds does not fit here: {fault['type'].replace('_', ' ')}"
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"  # noqa: PLR2004 - what fits on a line
    if value is None:
        return f"{key}: nothing is written here; give it a value or leave the line out"
    return f"{key}: {_fix(value, shown, fault)}"


def _fix(value: Any, shown: str, fault: ErrorDetails) -> str:
    match fault["type"]:
        case "enum" | "literal_error":
            expected = str(fault.get("ctx", {}).get("expected", ""))
            near = difflib.get_close_matches(str(value), expected.replace("'", "").replace(" or ", ", ").split(", "), n=1, cutoff=0.5)
            return f"{shown} is not one of {expected}" + (f"; did you mean {near[0]!r}?" if near else "")
        case "string_type" if isinstance(value, int | float | bool):
            return f"{shown} is read as a {'switch' if isinstance(value, bool) else 'number'}; put it in quotes"
        case "tuple_type" | "list_type" if isinstance(value, str):
            return f"a list is expected; write [{value}]"
        case "dataclass_type" | "dict_type" | "mapping_type":
            return f"a mapping of keys is expected, not {shown}"
        case "value_error":
            return str(fault["msg"]).removeprefix("Value error, ")
        case _:
            return f"{shown}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
