"""The one clock that reviews, marks and backups are dated by."""

from __future__ import annotations

import time


def utc_now_ms() -> int:
    """Now, in milliseconds since the epoch (UTC)."""
    return time.time_ns() // 1_000_000
