"""How does a message leave through Apprise? In a process of its own, which is killed at its deadline.

Apprise speaks to a hundred services with a hundred clients that know nothing of our guard, limits and deadlines, so it is
an optional extra, is kept at arm's length, and ``check`` says that it stands outside the guard. The URL, which holds
tokens, goes through standard input: arguments are visible to everybody on a machine.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from importlib.util import find_spec

from pipeline.errors import FetchError


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("apprise") is not None


async def notify(url: str, *, title: str, text: str, deadline: float) -> None:
    """Send one message within ``deadline`` seconds. Raises FetchError."""
    if not is_installed():
        raise FetchError("bad_url", "kind apprise needs the extra: pip install 'wirewatch[apprise]'", retryable=False)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pipeline.net.apprise", stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=pipe
    )
    try:
        async with asyncio.timeout(deadline):
            _, said = await child.communicate(json.dumps({"url": url, "title": title, "text": text}).encode())
    except TimeoutError as error:
        raise FetchError("timeout", "Apprise did not end in time and was killed", retryable=True) from error
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        reason = said.decode("utf-8", "replace").strip().rsplit("\n", maxsplit=1)[-1]
        raise FetchError("refused" if child.returncode == _WRONG else "busy", f"Apprise: {reason or 'not sent'}"[:300], retryable=True)


_WRONG = 2


def _main() -> int:
    import apprise

    request = json.load(sys.stdin)
    sender = apprise.Apprise()
    if not sender.add(request["url"]):
        sys.stderr.write("this is no Apprise URL that it knows\n")
        return _WRONG
    return 0 if sender.notify(title=request["title"], body=request["text"]) else 1


if __name__ == "__main__":
    sys.exit(_main())
