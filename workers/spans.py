"""``--since 30d``: how far back a person wants to look."""

from __future__ import annotations

from pipeline.errors import ConfigError
from pipeline.model import Instant, parse_duration


def since(written: str, now: Instant) -> Instant:
    """The instant that lies ``written`` (``12h``, ``30d``, or seconds) before ``now``.

    Raises:
        ConfigError: it is no span of time.
    """
    try:
        return now - float(str(parse_duration(written)))
    except ValueError as error:
        raise ConfigError(f"--since {written!r} is no span of time; write 12h or 30d") from error
