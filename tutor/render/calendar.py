"""Days of work as a calendar of weeks: which cell is how full, and where months begin.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Levels of a cell: 0 is an empty day, 4 one of the fullest.
LEVELS: Final = 5
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``weeks`` columns of seven rows, Monday first.

    ``levels[weekday][week]`` is None for a day that has not come yet; ``months`` are pairs of the week
    that a month begins in and its number (1 … 12); ``first`` is the day number of the first Monday.
    """

    levels: tuple[tuple[int | None, ...], ...]
    months: tuple[tuple[int, int], ...]
    first: int

    def day(self, weekday: int, week: int) -> int:
        """The number of the day in that cell."""
        return self.first + 7 * week + weekday


def date_of(day: int) -> date:
    """The date of a learner's day, by its number."""
    return _EPOCH + timedelta(days=day)


def calendar(counts: Mapping[int, int], today: int, weeks: int) -> Calendar:
    """The last ``weeks`` weeks up to the present one; ``counts`` are reviews by day number."""
    first = today - date_of(today).weekday() - 7 * (weeks - 1)
    shown = [counts.get(day, 0) for day in range(first, today + 1)]
    steps = _steps(shown)
    levels = tuple(
        tuple(
            None if day > today else _level(counts.get(day, 0), steps)
            for day in range(first + weekday, first + 7 * weeks, 7)
        )
        for weekday in range(7)
    )
    months = tuple(
        ((day - first) // 7, date_of(day).month)
        for day in range(first, today + 1)
        if date_of(day).day == 1
    )
    return Calendar(levels, months, first)


def _steps(counts: list[int]) -> tuple[int, int, int]:
    """The counts at which levels 2, 3 and 4 begin: quarters of the days that have any."""
    busy = sorted(count for count in counts if count)
    if not busy:
        return 1, 1, 1
    low, middle, high = (busy[len(busy) * part // 4] for part in (1, 2, 3))
    return low, middle, high


def _level(count: int, steps: tuple[int, int, int]) -> int:
    if not count:
        return 0
    low, middle, high = steps
    if low == high:
        return 3  # every busy day is like the others
    return 1 + (count >= low) + (count >= middle) + (count >= high)
