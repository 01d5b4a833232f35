"""The four things that the service does; one process tree may do all of them, or a machine one."""

from __future__ import annotations

from typing import Final

POLL: Final = "poll"
"""Read feeds, fetch articles, offer them to the workers."""
WORK: Final = "work"
"""Extract, match, decide."""
DELIVER: Final = "deliver"
"""Send what was decided."""
SERVE: Final = "serve"
"""Show it: dashboard, JSON API, metrics."""
ALL: Final = frozenset({POLL, WORK, DELIVER, SERVE})
