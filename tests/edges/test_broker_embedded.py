"""The server that the service starts for itself: private, its own, and gone with its owner."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from pipeline.broker import embedded
from pipeline.broker.embedded import Binary, EmbeddedPolicy, EmbeddedServer, socket_path
from pipeline.broker.tether import tethered
from pipeline.errors import BrokerError, ConfigError

OWNER = """
import sys, time
from pathlib import Path
from pipeline.broker.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print("pid", server.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def owner_of(script: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that runs the script, and the id of the process that the script started and named."""
    with subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True) as owner:
        try:
            assert owner.stdout is not None
            yield owner, int(next(line for line in owner.stdout if line.startswith("pid ")).split()[1])
        finally:
            owner.kill()


def gone(pid: int, within: float = 5.0) -> bool:
    """Whether the process ends (a zombie has) within the time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


def kill_and_reap(server: EmbeddedServer) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.alive():
        time.sleep(0.01)


def test_it_listens_on_a_private_socket_and_on_no_port(server: EmbeddedServer) -> None:
    client = Redis.from_url(server.url)
    assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(server.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    client.close()


def test_data_survives_a_kill_of_the_server(server: EmbeddedServer) -> None:
    client = Redis.from_url(server.url)
    for number in range(2000):
        client.set(f"key{number}", number)
    kill_and_reap(server)
    server.start()
    assert client.dbsize() == 2000
    client.close()


def test_starting_twice_is_starting_once(server: EmbeddedServer) -> None:
    before = server.pid
    server.start()
    assert server.pid == before


def test_a_second_owner_is_refused_by_name(server: EmbeddedServer) -> None:
    second = EmbeddedServer(server.directory.parent, policy=EmbeddedPolicy(takeover=0.1))
    with pytest.raises(ConfigError, match=f"another Wirewatch .process {os.getpid()}. runs on this data directory"):
        second.start()


def test_the_server_ends_with_its_killed_owner_and_another_takes_over(tmp_path: Path) -> None:
    with owner_of(OWNER, str(tmp_path)) as (_owner, server):
        pass
    successor = EmbeddedServer(tmp_path)
    successor.start()
    assert gone(server)
    assert successor.alive()
    successor.stop()


def test_without_help_from_the_kernel_it_ends_too(tmp_path: Path) -> None:
    script = f"""
import subprocess, sys, time
from pipeline.broker.tether import tethered
print('pid', subprocess.Popen(tethered([{sys.executable!r}, "-c", "import time; time.sleep(60)"], by_kernel=False)).pid, flush=True)
time.sleep(60)
"""
    with owner_of(script) as (_owner, sleeper):
        assert not gone(sleeper, within=1.5)
    assert gone(sleeper)


def test_a_server_started_in_a_passing_thread_outlives_the_thread(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert server.alive()
    server.stop()


def test_a_deep_data_directory_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / ("er" * 30)
    server = EmbeddedServer(deep)
    server.start()
    assert len(str(server.socket)) < 104
    assert server.socket == socket_path(deep)
    assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700
    with Redis.from_url(server.url) as client:
        assert client.ping()
    server.stop()
    assert not server.socket.parent.exists()


def test_a_short_directory_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "broker").symlink_to(target)
    server = EmbeddedServer(tmp_path / "d")
    with pytest.raises(ConfigError, match="belongs to somebody else"):
        server.start()


def test_an_older_server_is_refused_before_it_opens_newer_data(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    server.stop()
    stamp = server.directory / "server.json"
    kept = json.loads(stamp.read_text())
    stamp.write_text(json.dumps({"family": kept["family"], "version": [kept["version"][0] + 1, 0, 0]}))
    with pytest.raises(ConfigError, match="would open it as empty: install"):
        server.start()
    assert (server.directory / "appendonlydir").exists()


def test_a_newer_server_further_down_the_list_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = next(embedded.candidates(EmbeddedPolicy()))
    older = Binary("/nowhere/valkey-server", real.family, (7, 2, 0))
    monkeypatch.setattr(embedded, "candidates", lambda _policy: iter([older, real]))
    server = EmbeddedServer(tmp_path)
    (tmp_path / "broker" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "broker" / "server.json").write_text(json.dumps({"family": real.family, "version": real.version}))
    server.start()
    assert server.alive()
    server.stop()


def test_data_of_a_family_that_is_gone_is_put_aside(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    (tmp_path / "broker" / "appendonlydir").mkdir(parents=True)
    (tmp_path / "broker" / "server.json").write_text(json.dumps({"family": "dragon", "version": [1, 0, 0]}))
    server.start()
    assert (tmp_path / "broker" / "appendonlydir.damaged").exists()
    server.stop()


def test_damaged_data_is_put_aside_and_the_server_starts_empty(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    with Redis.from_url(server.url) as client:
        client.set("key", "value")
    server.stop()
    for part in (server.directory / "appendonlydir").glob("*.incr.aof"):
        part.write_bytes(b"*3\r\n$3\r\nSET\r\nnot a command\r\n" * 5)
    server.start()
    with Redis.from_url(server.url) as client:
        assert client.dbsize() == 0
    server.stop()


def test_a_binary_that_is_none_is_named(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, policy=EmbeddedPolicy(binary="/bin/true"))
    with pytest.raises(ConfigError, match=r"no usable broker.binary /bin/true"):
        server.start()


def test_a_server_that_does_not_start_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedServer(tmp_path)
    monkeypatch.setattr(EmbeddedServer, "_arguments", lambda _self: ["--no-such-option", "1"])
    with pytest.raises(BrokerError, match=r"does not start .*no-such-option"):
        server.start()
    server.stop()


def test_the_tether_refuses_to_run_for_an_owner_that_is_gone(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    command = tethered(["/bin/touch", str(mark)])
    command[5] = "1"  # an owner that is not the parent
    assert subprocess.run(command, check=False).returncode == 0
    assert not mark.exists()
