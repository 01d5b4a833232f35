"""Runs the real service on the demo's papers: a configuration directory as a person would write it, and ``wirewatch run``.

The watchlist is the one that is shipped, unchanged (``wagner.yaml`` beside this file is a link to it, and a copy of it in
a wheel). Nothing else of the installation is touched: ledger, queue and logs live in a directory of the demo's own.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from pipeline.broker.tether import tethered
from pipeline.errors import WirewatchError

WATCHLIST: Final = Path(__file__).with_name("wagner.yaml")
SIGNING: Final = "DEMO_SECRET"
"""The variable that the service's configuration takes the webhook secret from."""
OPENING: Final = "DEMO_TOKEN"
"""The variable that it takes the dashboard's token from."""
ENDPOINT: Final = "desk"
"""The endpoint that the shipped watchlist sends to."""
_LAST_LINES: Final = 8
_LONGEST_LINE: Final = 400
STOPPING: Final = 30.0
"""Seconds that the service may take to stop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one demo keeps everything."""

    root: Path

    @property
    def config(self) -> Path:
        """The configuration directory."""
        return self.root / "config"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.root / "data"

    @property
    def database_url(self) -> str:
        """The service's ledger."""
        return f"sqlite:///{self.data / 'wirewatch.db'}"

    @property
    def log(self) -> Path:
        """What the service says."""
        return self.root / "service.log"


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """The secrets of one demo; its configuration refers to them, and holds none."""

    signing: str = field(repr=False)
    """The webhook secret, ``whsec_…``."""
    opening: str = field(repr=False)
    """The dashboard's token."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the configuration names."""
        return {SIGNING: self.signing, OPENING: self.opening}


def new_keys() -> Keys:
    """Fresh secrets."""
    return Keys(signing="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii"), opening=secrets.token_urlsafe(24))


def free_port(wanted: int) -> int:
    """``wanted`` where nobody listens on it, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise WirewatchError("no port of 127.0.0.1 is free for the dashboard")


def write_configuration(place: Place, *, feeds: Mapping[str, str], webhook: str, dashboard: int | None) -> None:
    """``settings.yaml``, ``feeds.yaml``, ``endpoints.yaml`` and the shipped watchlist.

    ``feeds`` gives each feed's name by its address; ``dashboard`` is the port for the pages, None for none.
    """
    (place.config / "watchlists").mkdir(parents=True)
    shutil.copyfile(WATCHLIST, place.config / "watchlists" / "wagner.yaml")
    files = {
        "settings.yaml": {
            "data_dir": str(place.data),
            "net": {
                "allow_networks": ["127.0.0.0/8"],  # the papers are on this machine
                "politeness": {"in_flight": 4, "gap": "0s"},
                "read_timeout": "3s",  # one page never answers, and nobody wants to wait for it
            },
            "dashboard": {"enabled": dashboard is not None, "port": dashboard or 0, "token": f"${{{OPENING}}}"},
            "log": {"style": "json"},
        },
        "feeds.yaml": {"feeds": [{"url": url, "name": name, "every": "1s"} for url, name in feeds.items()]},
        "endpoints.yaml": {"endpoints": [{"id": ENDPOINT, "url": webhook, "network": "local", "secret": f"${{{SIGNING}}}"}]},
    }
    for name, said in files.items():
        (place.config / name).write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")


class Service:
    """``wirewatch run`` in a process of its own."""

    def __init__(self, place: Place, *, keys: Keys, environment: Mapping[str, str]) -> None:
        """``environment`` is this process's own; settings of another installation in it are left out."""
        self._place = place
        self._environment = {key: value for key, value in environment.items() if not key.startswith("WIREWATCH_")} | keys.environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, so that it ends with this process whatever happens; what it says goes to the log."""
        command = tethered([program(), "--config", str(self._place.config), "run"])
        with self._place.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment, start_new_session=True
            )

    @property
    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.returncode if self._process else None

    async def stop(self) -> int:
        """SIGTERM, and the exit code that it answers with; killed when it does not within ``STOPPING`` seconds."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), STOPPING)
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()

    def last_words(self) -> str:
        """The end of the log, and where the whole of it is."""
        lines = self._place.log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        return "\n".join([*(line[:_LONGEST_LINE] for line in lines), f"The log: {self._place.log}"])


def program() -> str:
    """The ``wirewatch`` command of this installation.

    Raises:
        WirewatchError: it is not installed beside this Python.
    """
    beside = Path(sys.executable).with_name("wirewatch")
    found = str(beside) if beside.exists() else shutil.which("wirewatch")
    if found is None:
        raise WirewatchError(f"there is no wirewatch command beside {sys.executable}; install it with: make install")
    return found
