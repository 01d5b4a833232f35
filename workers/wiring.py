"""Where everything is put together: the only reader of the environment, the clock and the dice.

A process asks for what it needs (``store``, ``broker``, ``matcher`` …) and gets it built from the configuration once.
Nothing is built at import, and nothing that a process does not ask for is built at all.
"""

from __future__ import annotations

import base64
import os
import random
import secrets
import socket
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError
from pipeline.settings.load import load
from pipeline.settings.secrets import unresolved
from pipeline.settings.types import Configuration

if TYPE_CHECKING:
    from pipeline.alerts.endpoints import EndpointSpec
    from pipeline.broker.jobs import Broker
    from pipeline.mentions.match import Matcher
    from pipeline.store import Store


def now() -> float:
    """Unix seconds, UTC."""
    return time.time()


def dice() -> random.Random:
    """Randomness for spreading load; never for secrets."""
    return random.Random()


def process_name(role: str, *, pid: int = 0, letters: str = "") -> str:
    """A name for leases and heartbeats that no other process has: role, host, pid (0: this one's) and a few random letters."""
    return f"{role}@{socket.gethostname()}:{pid or os.getpid()}:{letters or secrets.token_hex(3)}"


class Wiring:
    """One configuration and what is built from it."""

    def __init__(self, directory: Path, configuration: Configuration) -> None:
        self.directory = directory
        self.configuration = configuration

    @classmethod
    def from_directory(cls, directory: str | Path) -> Wiring:
        """Read the directory under this process's environment.

        Raises:
            ConfigError: every fault, with its place.
        """
        return cls(Path(directory), load(Path(directory), os.environ))

    @classmethod
    def to_look(cls, directory: str | Path) -> Wiring:
        """As ``from_directory``, for commands that only look or write to the ledger: secrets of endpoints need not be set.

        Raises:
            ConfigError: every fault, with its place.
        """
        return cls(Path(directory), load(Path(directory), os.environ, looking=True))

    @classmethod
    def to_reach(cls, directory: str | Path, endpoint: str) -> Wiring:
        """As ``to_look``, for commands that need the address and the secrets of one endpoint.

        Raises:
            ConfigError: every fault, with its place; that these are missing is one.
        """
        found = cls.to_look(directory)
        spec = next((one for one in found.configuration.endpoints if one.id == endpoint), None)
        if spec is not None and any(map(unresolved, (spec.url, *spec.secrets))):
            return cls.from_directory(directory)
        return found

    def with_configuration(self, configuration: Configuration) -> Wiring:
        """The same service under another configuration, after a reload."""
        return Wiring(self.directory, configuration)

    @cached_property
    def data_dir(self) -> Path:
        """The data directory, made where it does not exist.

        Raises:
            ConfigError: it cannot be made or written.
        """
        path = Path(self.configuration.settings.data_dir).resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"data_dir: {path} cannot be made ({error.strerror}); set WIREWATCH_DATA_DIR to one that you may write"
            ) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise ConfigError(f"data_dir: {path} cannot be written; set WIREWATCH_DATA_DIR to one that you may write")
        return path

    @property
    def database_url(self) -> str:
        """The ledger's address: as set, or SQLite in the data directory."""
        return self.configuration.settings.database_url or f"sqlite:///{self.data_dir / 'wirewatch.db'}"

    @property
    def redis_url(self) -> str:
        """The queue's address: as set, or the embedded server's socket."""
        from pipeline.broker.embedded import url_for

        return self.configuration.settings.redis_url or url_for(self.data_dir)

    @property
    def is_embedded(self) -> bool:
        """Whether ``run`` must start a server of its own."""
        return not self.configuration.settings.redis_url

    @cached_property
    def store(self) -> Store:
        """The ledger, opened and migrated."""
        return self.open_store()

    def open_store(self) -> Store:
        """A ledger with connections of its own, for a process that was forked."""
        from pipeline.store import open_store

        return open_store(self.database_url)

    @property
    def public_url(self) -> str:
        """What links in alerts start with; empty where no dashboard runs."""
        shown = self.configuration.settings.dashboard
        if shown.public_url or not shown.enabled or not shown.port:
            return shown.public_url
        host = f"[{shown.host}]" if ":" in shown.host else shown.host
        return f"http://{host}:{shown.port}"

    @cached_property
    def broker(self) -> Broker:
        """The queues; nothing is sent yet."""
        from pipeline.broker.jobs import Broker

        return Broker(self.redis_url, policy=self.configuration.settings.queue)

    @cached_property
    def matcher(self) -> Matcher:
        """The compiled watchlists."""
        from pipeline.mentions.match import compile_watchlist

        return compile_watchlist(self.configuration.watchlists)

    @cached_property
    def endpoints(self) -> tuple[EndpointSpec, ...]:
        """The endpoints, each with a secret: the one that is set, or one made on the first start and kept in the ledger."""
        return tuple(
            endpoint if endpoint.secret else replace(endpoint, secret=self.secret(f"endpoint-{endpoint.id}"))
            for endpoint in self.configuration.endpoints
        )

    def secret(self, name: str) -> str:
        """The secret that this installation keeps under a name, made when first asked for.

        It stands in the ledger, which all roles share: two processes, or two machines, that ask together get the same one.
        """
        return str(self.store.reports.keep_meta(f"secret:{name}", _new_secret(), now()))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")
