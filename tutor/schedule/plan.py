"""What today holds and how long it takes, and how long a backlog lasts.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import TYPE_CHECKING, Final

from tutor.store.records import NEW, Rating, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.schedule.queue import DueCount
    from tutor.schedule.settings import Settings
    from tutor.store.records import Memory, Review

#: A question that lay open over lunch says nothing about how long questions take.
LONGEST_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """This learner's own times: mean seconds a review and a new exercise take, and how often a
    question is not right and comes back the same day (``repeats``, 0 … 1)."""

    review_s: float = 60.0
    new_s: float = 90.0
    repeats: float = 0.15

    @classmethod
    def of(cls, reviews: Iterable[Review], memories: Mapping[str, Memory]) -> Pace:
        """The pace that the latest reviews show; where there are fewer than ten, the usual one."""
        first: list[float] = []
        later: list[float] = []
        again = 0
        for one in reviews:
            memory = memories.get(one.exercise_id, NEW)
            is_first = isinstance(memory, Remembered) and memory.first_review == one.at
            (first if is_first else later).append(min(one.seconds, LONGEST_S))
            again += one.rating == Rating.AGAIN
        usual, total = cls(), len(first) + len(later)
        return cls(
            fmean(later) if len(later) >= 10 else usual.review_s,
            fmean(first) if len(first) >= 10 else usual.new_s,
            again / total if total >= 10 else usual.repeats,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be done now: ``reviews`` due and ``new`` exercises, in about ``minutes``.

    ``waiting`` due reviews go beyond the day's number and are asked on the following days, until
    ``days`` from now nothing waits any more (0 if nothing waits).
    """

    reviews: int
    new: int
    minutes: float
    waiting: int = 0
    days: int = 0

    @property
    def questions(self) -> int:
        return self.reviews + self.new


def plan(counts: DueCount, settings: Settings, pace: Pace | None = None) -> Plan:
    """What is planned for the rest of the learner's day, where ``counts`` can be done now."""
    pace = pace or Pace()
    seconds = counts.due * pace.review_s + counts.new * pace.new_s
    seconds += (counts.due + counts.new) * pace.repeats * pace.review_s
    days = ceil(counts.waiting / settings.reviews_per_day) if counts.waiting else 0
    return Plan(counts.due, counts.new, seconds / 60, counts.waiting, days)
