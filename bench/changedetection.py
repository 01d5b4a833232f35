"""changedetection.io in front of the bench's newsroom: installed into an environment of its own, one watch a feed with trigger words.

It renders a feed to text and reports the lines that are new and hold one of the words. It follows no link, so names that
stand only in an article are out of its reach; nobody adds a watch for each article by hand.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

VERSION = "0.60.10"
PORT = 8791
_ITEM = re.compile(r"/(\d+)/(\d+)\b")
ENVIRONMENT = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
    "MINIMUM_SECONDS_RECHECK_TIME": "1",
    "DISABLE_VERSION_CHECK": "true",
    "LLM_FEATURES_DISABLED": "true",
    "LOGGER_LEVEL": "WARNING",
}
"""Loopback addresses allowed, often checked, and nobody called at home."""
SAYS = '{"added": {{(diff_added|string)|tojson}}}'


def installed(home: Path) -> Path:
    """Its program, installed there if it is not yet; a minute or two the first time."""
    program = home / "bin" / "changedetection.io"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", f"changedetection.io=={VERSION}"], check=True)
    return program


def command(program: Path, store: Path) -> list[str]:
    """How it is started on a store of its own."""
    return [str(program), "-h", "127.0.0.1", "-p", str(PORT), "-d", str(store), "-C"]


def prepare(program: Path, store: Path, feed: str) -> None:
    """Have it make its store, and switch its reader of feeds on, which only its settings file does.

    With a paused watch of our own, since it would otherwise begin with two that watch sites of its makers.
    """
    call = [*command(program, store), "-u", feed, "-u0", '{"paused": true}']
    process = subprocess.Popen(call, env=os.environ | ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    settings = store / "changedetection.json"
    _wait(settings.exists)
    time.sleep(4)
    process.terminate()
    process.wait()
    written = json.loads(settings.read_text("utf-8"))
    written["settings"]["application"]["rss_reader_mode"] = True
    settings.write_text(json.dumps(written), "utf-8")


def watch(store: Path, feeds: list[str], names: list[str], every: float, hook: str) -> None:
    """Tell a running one what to watch, by its API."""
    _wait(_answers)
    found = re.search(r'"api_access_token": ?"(\w+)"', "".join(path.read_text("utf-8") for path in store.glob("*.json")))
    assert found is not None
    for ident in _ask(found[1], "watch"):
        _ask(found[1], f"watch/{ident}", method="DELETE")
    for url in feeds:
        asked = {
            "url": url,
            "fetch_backend": "html_requests",
            "trigger_text": names,
            "filter_text_added": True,
            "filter_text_replaced": True,
            "filter_text_removed": False,
            "time_between_check_use_default": False,
            "time_between_check": {"weeks": 0, "days": 0, "hours": 0, "minutes": 0, "seconds": int(every)},
            "notification_urls": ["post://" + hook.partition("://")[2]],
            "notification_format": "text",
            "notification_title": "x",
            "notification_body": SAYS,
        }
        _ask(found[1], "watch", asked)


def alerts(body: bytes, names: dict[str, str]) -> list[dict[str, str]]:
    """What a message of its own says, as the bench counts it: an item of the feed counts for whom its lines name."""
    try:
        text = str(json.loads(body)["added"])
    except (ValueError, KeyError, TypeError):
        text = body.decode("utf-8", "replace")
    found = []
    for block in re.split(r"(?=Title: )", text):
        at = _ITEM.search(block)
        if at:
            named = {ident for name, ident in names.items() if name.casefold() in block.casefold()}
            found += [{"entity": ident, "url": at[0]} for ident in sorted(named)]
    return found


def _ask(key: str, path: str, data: dict[str, Any] | None = None, method: str | None = None) -> Any:
    body = json.dumps(data).encode() if data else None
    headers = {"x-api-key": key, "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/v1/{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as reply:
        said = reply.read()
    return json.loads(said) if said else None


def _answers() -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=3).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _wait(there: Callable[[], bool], within: float = 90.0) -> None:
    end = time.monotonic() + within
    while not there():
        if time.monotonic() > end:
            raise SystemExit("changedetection.io does not start")
        time.sleep(0.3)
