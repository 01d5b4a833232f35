"""How does a process make sure that it does not outlive its owner?

On Linux the kernel does it (``prctl(PR_SET_PDEATHSIG)``), at once and whatever the process is busy with. The signal is
tied to the *thread* that started the process, so whoever starts one does so from a thread that lives as long as itself
(``start_from_lasting_thread``). Elsewhere a look at the owner twice a second must do. Knows nothing of what it tethers.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import FrameType
from typing import Final, TypeVar

T = TypeVar("T")

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_LOOK_EVERY: Final = 0.5

# Runs between fork and exec of a program that is not ours. A hook of ``subprocess`` would run after a fork from a process
# with threads, where any lock may be held forever; a fresh interpreter has none, and costs 15 ms once.
_LINUX: Final = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() == int(sys.argv[1]): os.execv(sys.argv[2], sys.argv[2:])
"""
_ELSEWHERE: Final = """
import os, sys, time
owner, me = int(sys.argv[1]), os.getpid()
if os.fork(): os.execv(sys.argv[2], sys.argv[2:])
while os.getppid() == me:
    time.sleep(0.5)
    try: os.kill(owner, 0)
    except OSError: os.kill(me, 9)
"""


def tethered(command: Sequence[str], *, by_kernel: bool = sys.platform == "linux") -> list[str]:
    """The command line that runs ``command`` (an absolute path first) so that it is killed when this process ends."""
    return [sys.executable, "-I", "-S", "-c", _LINUX if by_kernel else _ELSEWHERE, str(os.getpid()), *command]


def die_with(owner: int, *, by_kernel: bool = sys.platform == "linux") -> None:
    """End this process, just forked by the process ``owner``, as soon as ``owner`` ends, even by kill -9."""
    if by_kernel:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    else:

        def look(_signal: int, _frame: FrameType | None) -> None:
            if os.getppid() != owner:
                os._exit(1)

        signal.signal(signal.SIGALRM, look)
        signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)
    if os.getppid() != owner:  # it ended before the tether held
        os._exit(1)


def call_me(name: str) -> None:
    """Show ``name`` (15 bytes of it) in ps, top and pgrep, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def start_from_lasting_thread(start: Callable[[], T]) -> T:
    """Call ``start``, which starts a process, from a thread that lives as long as this process does.

    Started from a pool's thread, the process would be killed when that thread retires.
    """
    if threading.current_thread() is threading.main_thread():
        return start()
    return _starter().submit(start).result()


@cache
def _starter() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="starter")
