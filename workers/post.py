"""What is it to be a process of the service? A name, a body, a sign of life, and an end together with its parent."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from pipeline.broker.tether import call_me, die_with
from pipeline.errors import ConfigError
from pipeline.telemetry import log

Beat = Callable[[], None]
"""Shows that whoever calls it advances."""

WRONG_CONFIGURATION: Final = 2
"""The exit code of a process that cannot be under this configuration."""
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
"""Those that a supervisor listens to, and that its processes must not inherit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """Something that a process of its own does for as long as the service runs."""

    name: str
    """Shown in logs and, shortened, in ps."""
    run: Callable[[Beat], int]
    """Called in the forked process with its sign of life; returns its exit code soon after SIGTERM."""


def hold(post: Post, parent: int, writes: int) -> NoReturn:
    """The whole life of a process just forked by ``parent``, which reads its beats from the other end of ``writes``."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.setpgrp()  # a ^C in the terminal is for the parent, which then ends this process in order
        die_with(parent)
        call_me(f"ww:{post.name}")
        code = post.run(_beats(writes))
    except ConfigError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        code = WRONG_CONFIGURATION
    except (KeyboardInterrupt, SystemExit):
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may escape into the code of the parent that was forked along
        log("run").exception("process_failed", process=post.name)
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _beats(writes: int) -> Beat:
    def beat() -> None:
        # Full: the parent has not read for a while, and will find enough. Broken: it is ending, and the tether holds.
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(writes, b".")

    return beat
