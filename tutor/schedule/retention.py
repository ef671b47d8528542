"""Was what should have been known still known?  The memory model held against the log.  Pure.

Only a review on a later day than the one before it says something about memory: a step of minutes after
a lapse, and the first answer ever, do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tutor.schedule.days import day_number
from tutor.schedule.memory import retrievability, review
from tutor.store.records import NEW, Rating, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tutor.schedule.settings import Settings
    from tutor.store.records import Memory, Rated


class Recalled(NamedTuple):
    """One review: on the learner's ``day``, expected to be ``right`` with probability ``predicted``."""

    day: int
    predicted: float
    right: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """``right`` of ``reviews`` from ``first_day`` on; ``expected`` is the sum of their probabilities."""

    first_day: int
    reviews: int
    right: int
    expected: float

    @property
    def true(self) -> float:
        """The share that was right, 0 … 1."""
        return self.right / self.reviews if self.reviews else 0.0

    @property
    def predicted(self) -> float:
        """The share that the memory model expected, 0 … 1."""
        return self.expected / self.reviews if self.reviews else 0.0


def recalls(ratings: Iterable[Rated], settings: Settings) -> Iterator[Recalled]:
    """Every review that tells something about memory; ``ratings`` are those of the log, oldest first."""
    memories: dict[str, Memory] = {}
    for one in ratings:
        memory = memories.get(one.exercise_id, NEW)
        day = day_number(one.at, one.utc_offset, settings.rollover_hour)
        if isinstance(memory, Remembered) and day > memory.last_day:
            right = one.rating > Rating.AGAIN
            yield Recalled(day, retrievability(memory, one.at, settings), right)
        memories[one.exercise_id] = review(
            memory, Rating(one.rating), one.at, settings=settings, offset_minutes=one.utc_offset
        )


def by_period(found: Iterable[Recalled], first_day: int, days: int) -> tuple[Retention, ...]:
    """Retention in stretches of ``days`` days from ``first_day`` on; empty stretches are left out."""
    sums: dict[int, list[float]] = {}
    for one in found:
        if one.day >= first_day:
            sums_of = sums.setdefault((one.day - first_day) // days, [0, 0, 0.0])
            sums_of[0] += 1
            sums_of[1] += one.right
            sums_of[2] += one.predicted
    return tuple(
        Retention(first_day + stretch * days, int(n), int(right), expected)
        for stretch, (n, right, expected) in sorted(sums.items())
    )


def in_all(parts: Iterable[Retention]) -> Retention:
    """All stretches as one."""
    parts = tuple(parts)
    return Retention(
        parts[0].first_day if parts else 0,
        sum(one.reviews for one in parts),
        sum(one.right for one in parts),
        sum(one.expected for one in parts),
    )
