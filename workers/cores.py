"""How many things can this process compute at once?"""

from __future__ import annotations

import os


def cores() -> int:
    """Cores that this process may use, at least one. Where the system knows no affinity (macOS), all that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
