"""What time is it for the reader: are these quiet hours, and when is the next digest?

Pure arithmetic on instants and IANA zones; a day on which clocks change is as long as it is. This module refuses to know
why anything waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from math import floor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.alerts.policy import AlertPolicy, QuietHours
from pipeline.errors import ConfigError
from pipeline.model import Instant


def time_of_day(written: str) -> clock_time:
    """``07:30`` as a time of day. Raises ConfigError for anything else."""
    try:
        return datetime.strptime(written, "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        raise ConfigError(f"{written!r} is not a time of day; write 07:30") from None


def zone(name: str) -> ZoneInfo:
    """An IANA time zone. Raises ConfigError where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"{name!r} is not a time zone; write UTC or a name such as Europe/Brussels") from None


def is_quiet(hours: QuietHours, now: Instant) -> bool:
    """Whether ``now`` lies in the quiet hours; their end does not."""
    if not hours.start or not hours.end:
        return False
    start, end = time_of_day(hours.start), time_of_day(hours.end)
    local = datetime.fromtimestamp(now, zone(hours.zone)).time()
    return start <= local < end if start <= end else local >= start or local < end


def next_digest(policy: AlertPolicy, now: Instant) -> Instant:
    """When the next digest goes out: strictly after ``now``, and not within quiet hours."""
    due = _next_of_day(policy.digest_at, policy.digest_zone, now) if policy.digest_at else _next_multiple(policy.digest, now)
    return _end_of_quiet(policy.quiet, due) if is_quiet(policy.quiet, due) else due


def _next_multiple(every: float, now: Instant) -> Instant:
    every = max(60.0, every)
    return (floor(now / every) + 1) * every


def _next_of_day(times: tuple[str, ...], zone_name: str, now: Instant) -> Instant:
    """The first of ``times`` after ``now``; one that the clock skips that night counts as the moment after the gap."""
    here = zone(zone_name)
    today = datetime.fromtimestamp(now, here).date()
    moments = (
        datetime.combine(today + timedelta(days=day), time_of_day(written), here).timestamp() for day in range(3) for written in times
    )
    return min(moment for moment in moments if moment > now)


def _end_of_quiet(hours: QuietHours, now: Instant) -> Instant:
    return _next_of_day((hours.end,), hours.zone, now)
