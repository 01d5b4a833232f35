"""Where secrets come from: the environment or a file, never the YAML itself.

``${NAME}`` anywhere in a text is replaced by that variable; ``file:/path`` as the whole of a secret is replaced by what
the file holds. What was replaced is remembered, so that no message ever shows it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Final

from pipeline.errors import ConfigError
from pipeline.settings.yamlfile import Path, YamlFile

SECRET_KEYS: Final = frozenset({"secret", "previous_secret", "token", "password"})
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _NowhereError(ConfigError):
    """A reference points to nothing."""


def unresolved(value: str) -> bool:
    """Whether a reference still stands in a value, which ``resolve`` was told to leave where it points nowhere."""
    return value.startswith("file:/") or _VARIABLE.search(value) is not None


def resolve(file: YamlFile, environment: Mapping[str, str], *, needed: Collection[str] | None = None) -> YamlFile:
    """The file with every reference replaced.

    With ``needed``, a reference that points nowhere stays as it is written, but under these keys of the file.

    Raises:
        ConfigError: naming the place and the variable or file that is missing, or a secret that stands in the file.
    """
    problems: list[str] = []

    def walk(node: Any, path: Path) -> Any:
        if isinstance(node, dict):
            return {key: walk(value, (*path, key)) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value, (*path, index)) for index, value in enumerate(node)]
        if not isinstance(node, str):
            return node
        try:
            return _secret(node, environment) if path[-1] in SECRET_KEYS and path not in file.overrides else _text(node, environment)
        except ConfigError as error:
            may_wait = isinstance(error, _NowhereError) and needed is not None and path[0] not in needed
            if not may_wait:
                problems.append(file.problem(path, f"{path[-1]}: {error}"))
            return node if may_wait else ""

    data = walk(file.data, ()) if isinstance(file.data, dict) else file.data
    if problems:
        raise ConfigError(*problems)
    return replace(file, data=data)


def _text(written: str, environment: Mapping[str, str]) -> str:
    missing = [name for name in _VARIABLE.findall(written) if name not in environment]
    if missing:
        raise _NowhereError(f"the environment has no {missing[0]}; set it (export {missing[0]}=…) before starting")
    return _VARIABLE.sub(lambda found: environment[found[1]], written)


def _secret(written: str, environment: Mapping[str, str]) -> str:
    if not written:
        return ""
    if written.startswith("file:"):
        path = FilePath(written.removeprefix("file:"))
        try:
            held = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise _NowhereError(
                f"{path} cannot be read ({getattr(error, 'strerror', None) or error}); create it with the secret in it"
            ) from error
        if not held:
            raise ConfigError(f"{path} is empty; write the secret into it")
        return held
    if not _VARIABLE.search(written):
        raise ConfigError("a secret must not stand in the file; write ${NAME} for an environment variable, or file:/path")
    return _text(written, environment)
