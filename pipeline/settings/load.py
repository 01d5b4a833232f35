"""The configuration directory, read and checked as a whole.

One call answers whether a directory is good; it either gives everything or says everything that is wrong. It reads files
and nothing else: the environment is handed in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Final, TypeVar

from pipeline.errors import ConfigError
from pipeline.mentions.importing import lines
from pipeline.mentions.watchlist import Entity, Watchlist
from pipeline.settings import cross
from pipeline.settings.checking import as_json, as_plain, check
from pipeline.settings.secrets import resolve
from pipeline.settings.types import Configuration, EndpointsFile, FeedsFile, Settings, SitesFile
from pipeline.settings.yamlfile import Path, YamlFile, read_yaml

PREFIX: Final = "WIREWATCH_"
RESERVED: Final = frozenset({"WIREWATCH_CONFIG", "WIREWATCH_RECEIVE_SECRET"})
"""Variables of our prefix that are no settings."""
LEDGER: Final = frozenset({"data_dir", "database_url", "redis_url"})
"""Keys of settings.yaml that say where everything is kept."""

T = TypeVar("T")


def load(directory: FilePath, environment: Mapping[str, str], *, looking: bool = False) -> Configuration:
    """Everything that ``directory`` says, with ``WIREWATCH_…`` of the environment laid over its settings.

    ``looking``: for whoever only looks at the ledger. A variable or file that a secret or an address comes from may be
    missing; the reference stays in its place, and nothing can be sent with it.

    Raises:
        ConfigError: every fault of every file, one line each.
    """
    return load_with_files(directory, environment, looking=looking)[0]


def load_with_files(directory: FilePath, environment: Mapping[str, str], *, looking: bool = False) -> tuple[Configuration, cross.Files]:
    """The same as ``load``, and where each part was written, for whoever has more to say about it.

    Raises:
        ConfigError: every fault of every file, one line each.
    """
    if not directory.is_dir():
        raise ConfigError(f"{directory}:1:1: there is no such directory; name the configuration with --config DIR or WIREWATCH_CONFIG")
    reading = _Reading(directory, environment, looking=looking)
    settings = reading.settings()
    feeds = reading.file("feeds.yaml", FeedsFile)
    endpoints = reading.file("endpoints.yaml", EndpointsFile)
    sites = reading.file("sites.yaml", SitesFile)
    watchlists = reading.watchlists()
    reading.finish()
    found = Configuration(
        settings=settings,
        feeds=feeds.feeds,
        endpoints=endpoints.endpoints,
        sites=sites.sites,
        watchlists=tuple(one for _, one in watchlists),
    )
    files = cross.Files(
        feeds=reading.read["feeds.yaml"],
        endpoints=reading.read["endpoints.yaml"],
        settings=reading.read["settings.yaml"],
        watchlists=tuple(file for file, _ in watchlists),
    )
    reading.problems += cross.problems(found, files)
    reading.finish()
    return replace(found, revision=revision(found), warnings=tuple(cross.warnings(found, files))), files


def load_watchlist_file(path: FilePath) -> Watchlist:
    """One watchlist by itself, for commands that need no configuration directory.

    Raises:
        ConfigError: with file, line and column of every fault.
    """
    reading = _Reading(path.parent, {})
    found = reading.watchlist(path.name)
    reading.finish()
    if found is None:
        raise ConfigError(f"{path}:1:1: there is no such file")
    return found[1]


def revision(found: Configuration) -> str:
    """``sha256:`` of what is said, secrets aside (they are hashed, never shown)."""
    parts = [found.settings, *found.feeds, *found.endpoints, *found.sites]
    said = hashlib.sha256(json.dumps([as_plain(part) for part in parts], sort_keys=True, ensure_ascii=True).encode("ascii"))
    for watchlist in found.watchlists:  # may hold a million names, and no mapping whose order could matter
        said.update(as_json(watchlist))
    return f"sha256:{said.hexdigest()}"


class _Reading:
    """One pass over a directory that gathers what is wrong and goes on."""

    def __init__(self, directory: FilePath, environment: Mapping[str, str], *, looking: bool = False) -> None:
        self.directory = directory
        self.environment = environment
        self.needed = LEDGER if looking else None
        self.problems: list[str] = []
        self.read: dict[str, YamlFile] = {}

    def open(self, name: str, imported: list[Entity] | None = None) -> YamlFile | None:
        """The file, or None where there is none or it cannot be read (which is then a problem).

        Entities that ``watchlist import`` wrote go to ``imported`` and not through the YAML parser.
        """
        path = self.directory / name
        try:
            text = path.read_text("utf-8-sig")
            if imported is not None and (parts := lines.split(text)) is not None:
                text = parts[0]
                imported += parts[1]
            return read_yaml(text, name=str(path))
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            self.problems.append(f"{path}:1:1: byte {error.start} is not UTF-8; save the file as UTF-8 text")
        except OSError as error:
            self.problems.append(f"{path}:1:1: cannot be read: {error.strerror}; check its permissions")
        except ConfigError as error:
            self.problems += error.problems
        return None

    def file(self, name: str, kind: type[T]) -> T:
        """A file that may be absent: then it says nothing."""
        file = self.read[name] = self.open(name) or YamlFile(name=str(self.directory / name), data={})
        return self._checked(file, kind)

    def settings(self) -> Settings:
        """``settings.yaml`` under the environment's overrides."""
        name = "settings.yaml"
        file = self.open(name) or YamlFile(name=str(self.directory / name), data={})
        self.read[name] = _overridden(file, self.environment)
        return self._checked(self.read[name], Settings)

    def watchlists(self) -> list[tuple[YamlFile, Watchlist]]:
        """Every ``watchlists/*.yaml``, in the order of their names."""
        found: list[tuple[YamlFile, Watchlist]] = []
        for path in _yaml_files(self.directory / "watchlists"):
            one = self.watchlist(str(path.relative_to(self.directory)))
            if one is not None:
                found.append(one)
        return found

    def watchlist(self, name: str) -> tuple[YamlFile, Watchlist] | None:
        """One watchlist; an imported one of a million names is read line by line, which YAML would take minutes for."""
        file = self.open(name, imported := list[Entity]())
        if file is None:
            return None
        try:
            one = check(Watchlist, file)
        except ConfigError as error:
            self.problems += error.problems
            return None
        return file, replace(one, watchlist=one.watchlist or FilePath(name).stem, entities=(*one.entities, *imported))

    def finish(self) -> None:
        """Raise ConfigError where anything was wrong so far."""
        if self.problems:
            raise ConfigError(*self.problems)

    def _checked(self, file: YamlFile, kind: type[T]) -> T:
        try:
            return check(kind, resolve(file, self.environment, needed=self.needed))
        except ConfigError as error:
            self.problems += error.problems
            return kind()


def _yaml_files(directory: FilePath) -> Iterator[FilePath]:
    yield from sorted(path for path in directory.glob("*.y*ml") if not path.name.startswith("."))


def _overridden(file: YamlFile, environment: Mapping[str, str]) -> YamlFile:
    """The settings with each ``WIREWATCH_A__B=value`` laid over the key ``a.b``; values are read as YAML."""
    data: Any = json.loads(json.dumps(file.data)) if isinstance(file.data, dict) else file.data
    overrides: dict[Path, str] = {}
    for variable in sorted(environment):
        # an empty variable is an unset one: that is how composed files and units leave things out
        if not variable.startswith(PREFIX) or variable in RESERVED or not environment[variable]:
            continue
        path = tuple(part.lower() for part in variable.removeprefix(PREFIX).split("__"))
        data = _set(data if isinstance(data, dict) else {}, path, _value(environment[variable], variable))
        overrides[path] = variable
    return replace(file, data=data, overrides=overrides)


def _value(written: str, variable: str) -> Any:
    try:
        return read_yaml(written, name=variable).data
    except ConfigError:
        return written  # an address such as redis://:pass@host is text, not YAML


def _set(data: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    if len(path) == 1:
        return {**data, path[0]: value}
    inner = data.get(path[0])
    return {**data, path[0]: _set(inner if isinstance(inner, dict) else {}, path[1:], value)}
