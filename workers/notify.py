"""How does the service manager learn that the service is up, alive or ending? By datagrams, as systemd defines them.

The protocol is sd_notify(3): ``NAME=value`` to the unix socket that ``NOTIFY_SOCKET`` names. Without it nothing is sent.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping

from pipeline.telemetry import log


class Notifier:
    """One process's line to its service manager, from the environment that it was started with."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        usec = environment.get("WATCHDOG_USEC", "")
        self._feed_every = int(usec) / 1e6 / 3 if usec.isdigit() else None
        self._fed = 0.0
        self._ready = False

    def ready(self) -> None:
        """Everything has started; said once."""
        if not self._ready:
            self._ready = True
            self._send("READY=1")

    def alive(self, status: str) -> None:
        """Everything advances: feeds the watchdog, three times as often as it asks for."""
        now = time.monotonic()
        if self._feed_every is not None and now - self._fed >= self._feed_every:
            self._fed = now
            self._send(f"WATCHDOG=1\nSTATUS={status}")

    def stopping(self) -> None:
        """The end has begun."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.sendto(message.encode(), address)
        except OSError as error:
            log("run").warning("service_manager_unreachable", error=str(error))
