"""The learner's days: which day a moment belongs to, and when that day begins.

A day is numbered by days since 1970-01-01 on the learner's own calendar and begins at the rollover
hour, so that a late evening belongs to the day it ends.  All moments are UTC ms; no clock is read.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000


def utc_offset(at_ms: int, zone: str = "") -> int:
    """Minutes east of UTC on the learner's clock at ``at_ms``.

    ``zone`` is an IANA name; empty, or unknown to this system, means the system's own zone.
    """
    if zone:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            offset = (
                datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone)).utcoffset()
            )
        except (ZoneInfoNotFoundError, ValueError):
            offset = None  # a system without this zone in its data still has to schedule
        if offset is not None:
            return int(offset.total_seconds()) // 60
    return time.localtime(at_ms / 1000).tm_gmtoff // 60


def day_number(at_ms: int, offset_minutes: int, rollover_hour: int) -> int:
    """The learner's day that ``at_ms`` belongs to."""
    return (at_ms + offset_minutes * MINUTE_MS - rollover_hour * HOUR_MS) // DAY_MS


def day_start(day: int, rollover_hour: int, zone: str = "") -> int:
    """The moment (UTC ms) at which the learner's day ``day`` begins.

    On a day whose clock changes, the offset in force at its beginning counts.
    """
    local = day * DAY_MS + rollover_hour * HOUR_MS
    guess = local - utc_offset(local, zone) * MINUTE_MS
    return local - utc_offset(guess, zone) * MINUTE_MS
