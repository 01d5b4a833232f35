"""YAML to plain data, with the line and column of every key and value.

libyaml composes the nodes (25,000 lines take a fifth of a second; a loader in Python takes ten), and scalars are read by
the core schema of YAML 1.2: a country code ``NO``, a switch ``on`` or a time ``12:30`` stay what the person typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import yaml

from pipeline.errors import ConfigError

Path = tuple[str | int, ...]

_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?\Z|[-+]?[0-9]+[eE][-+]?[0-9]+\Z")
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "value", "merge")
)
_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HIDE: Final = str.maketrans("${}", "\ue000\ue001\ue002")
_SHOW: Final = str.maketrans("\ue000\ue001\ue002", "${}")
"""Braces may not stand in a plain value inside {…}, yet ``{id: ops, secret: ${OPS_SECRET}}`` is what people write."""
_MOST_NODES: Final = 20_000_000
"""What a file may expand to through its aliases (&a, *a): beyond it the file is an attack, not a watchlist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlFile:
    """One file, read."""

    name: str
    """As errors shall name it."""
    data: Any
    """dict, list, str, int, float, bool or None."""
    root: yaml.Node | None = None
    """Where each value stands; walked only when there is something to complain about."""
    overrides: Mapping[Path, str] = field(default_factory=dict)
    """Paths whose values came from the environment, with the variable's name."""

    def problem(self, path: Path, message: str) -> str:
        """``file:line:column: message``, at the key or item that ``path`` leads to, or as near to it as the file goes."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.overrides:
                return f"{self.overrides[path[:depth]]}:1:1: {message} (this environment variable overrides {self.name})"
        _, (line, column), _ = self._walk(path)
        return f"{self.name}:{line}:{column}: {message}"

    def written(self, path: Path) -> str | None:
        """The scalar at ``path`` as it stands in the file, its references unresolved; None where there is none."""
        node, _, arrived = self._walk(path)
        return _scalar_text(node) if arrived and isinstance(node, yaml.ScalarNode) else None

    def _walk(self, path: Path) -> tuple[yaml.Node | None, tuple[int, int], bool]:
        node, place = self.root, (1, 1)
        for step in path:
            found = _step(node, step)
            if found is None:
                return node, place, False
            node, place = found
        return node, place, True


def _step(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, tuple[int, int]] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], _place(node.value[step])
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, _place(key)
    return None


def read_yaml(text: str, *, name: str) -> YamlFile:
    """Read one YAML document.

    Raises:
        ConfigError: with the line and column, when the text is not one YAML document of plain data.
    """
    try:
        root = yaml.compose(_REFERENCE.sub(lambda found: found[0].translate(_HIDE), text), Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigError(f"{name}:{line}:{column}: not YAML: {error.problem or error.context}{_hint(text, line)}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}:1:1: not YAML: {error}; save the file as UTF-8 text") from error
    reading = _Reading(name)
    try:
        data = reading.value(root) if root is not None else None
    except RecursionError as error:
        raise ConfigError(f"{name}:1:1: an alias (*name) of this file stands inside its own anchor; write the value out") from error
    if reading.problems:
        raise ConfigError(*reading.problems)
    return YamlFile(name=name, data=data, root=root)


@cache
def _loader() -> Any:
    return type("Loader", (_Untyped, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), {})  # some builds of PyYAML come without libyaml


class _Untyped:
    """Leaves what a plain scalar is to ``_scalar``; PyYAML would try YAML 1.1's patterns on each."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        return _TAGS[kind]

    def descend_resolver(self, node: object, index: object) -> None:
        """No path of a document has a type of its own."""

    def ascend_resolver(self) -> None:
        """See ``descend_resolver``."""


_TAGS: Final = {
    yaml.ScalarNode: yaml.SafeLoader.DEFAULT_SCALAR_TAG,
    yaml.SequenceNode: yaml.SafeLoader.DEFAULT_SEQUENCE_TAG,
    yaml.MappingNode: yaml.SafeLoader.DEFAULT_MAPPING_TAG,
}


def _hint(text: str, line: int) -> str:
    lines = text.splitlines()
    nearby = lines[max(0, line - 2) : line]
    if any("\t" in part[: len(part) - len(part.lstrip())] for part in nearby):
        return "; indent with spaces, not tabs"
    if any(re.search(r": [^\"'#]*: ", part) for part in nearby):
        return "; put a value that holds a colon in quotes"
    if any(re.search(r"[:-] +[*&%@`]", part) for part in nearby):
        return "; put a value that starts with * & % @ or ` in quotes"
    return "; check the indentation and the brackets of this line and the one before"


class _Reading:
    """The walk over one file's nodes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.read = 0
        self.problems: list[str] = []

    def value(self, node: yaml.Node) -> Any:
        self.read += 1
        if self.read > _MOST_NODES:
            raise ConfigError(f"{self.name}:1:1: the aliases of this file expand without end; write the values out")
        if isinstance(node, yaml.ScalarNode) and node.tag in _PLAIN_TAGS:
            return _scalar(node)
        if isinstance(node, yaml.MappingNode) and node.tag in _PLAIN_TAGS:
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode) and node.tag in _PLAIN_TAGS:
            return [self.value(item) for item in node.value]
        self._complain(node, f"the tag {node.tag} is not allowed; write plain YAML")
        return None

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._complain(key_node, "a key must be a word")
                continue
            key = str(key_node.value)
            if key in found:
                first = next(_place(other)[0] for other, _ in node.value if other.value == key)
                self._complain(key_node, f"{key!r} stands here twice, first on line {first}; keep one")
                continue
            found[key] = self.value(value_node)
        return found

    def _complain(self, node: yaml.Node, message: str) -> None:
        line, column = _place(node)
        self.problems.append(f"{self.name}:{line}:{column}: {message}")


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _scalar_text(node: yaml.ScalarNode) -> str:
    return str(node.value).translate(_SHOW)


def _scalar(node: yaml.ScalarNode) -> Any:
    text = _scalar_text(node)
    if node.style or _REFERENCE.search(text):  # quoted, a block, or a reference: always text
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
