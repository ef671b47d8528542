"""Spreading reviews: a rest of days is moved a little, so that what was learned together does not come
back together for ever, and so that the days carry about the same load.

How far it is moved is read from the review's own id. So it follows from the log alone: a log replayed
on another machine gives the same dates, and taking a review back takes its date back. Ids are random
anyway; of several fresh ones the session takes the one that leads to the lightest day.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Shorter rests are left as they are.
LEAST_DAYS: Final = 2.5
#: (from, to, part): a rest is moved by at most one day and these parts of its days in each range.
#: They are Anki's.
_RANGES: Final = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def window(days: float, maximum: float) -> tuple[float, float]:
    """The shortest and the longest rest (days) that one of ``days`` may become."""
    if days < LEAST_DAYS:
        return days, days
    by = 1.0 + sum(part * max(min(days, end) - start, 0.0) for start, end, part in _RANGES)
    return max(days - by, 1.0), max(min(days + by, maximum), days)


def fuzzed(days: float, key: str, maximum: float) -> float:
    """The rest (days) within its window that ``key`` stands for; the same on every machine."""
    shortest, longest = window(days, maximum)
    return shortest + (longest - shortest) * _fraction(key)


def lightest(
    keys: Sequence[str], day_of: Callable[[str], int], load: Mapping[int, int], wanted: int
) -> str:
    """The key that leads to the day (``day_of``) with the least load, the nearest to ``wanted``."""

    def weight(key: str) -> tuple[int, int]:
        day = day_of(key)
        return load.get(day, 0), abs(day - wanted)

    return min(keys, key=weight)


def _fraction(key: str) -> float:
    """A number in 0 … 1, spread evenly over keys."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / 2**48
