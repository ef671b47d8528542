"""What the log says about the learner's work so far.  Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.schedule.days import day_number, utc_offset
from tutor.store.records import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.schedule.settings import Settings
    from tutor.store.records import Remembered, Review


@dataclass(frozen=True, slots=True)
class SkillStatistics:
    """Reviews of one skill's exercises, and how many of them were right in the end."""

    reviews: int
    right: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """``at_once`` were right on the first attempt without a hint, ``right`` on any, of ``reviews``.

    ``streak`` counts the learner's days up to today (or yesterday, if today is still empty) that each
    have a review.  ``misconceptions`` are near-miss ids with how often they were met, the most first.
    ``seconds`` is the time spent on questions.
    """

    reviews: int
    today: int
    at_once: int
    right: int
    exercises: int
    streak: int
    seconds: float
    skills: dict[str, SkillStatistics]
    misconceptions: tuple[tuple[str, int], ...]


def summarise(
    reviews: Iterable[Review],
    memories: Mapping[str, Remembered],
    skills: Mapping[str, str],
    at_ms: int,
    settings: Settings,
) -> Statistics:
    """The statistics at ``at_ms`` (UTC ms); ``skills`` gives each known exercise's skill."""
    days: Counter[int] = Counter()
    of_skill: Counter[str] = Counter()
    right_of_skill: Counter[str] = Counter()
    near: Counter[str] = Counter()
    ratings: Counter[Rating] = Counter()
    seconds = 0.0
    for review in reviews:
        days[day_number(review.at, review.utc_offset, settings.rollover_hour)] += 1
        skill = skills.get(review.exercise_id, "(removed)")
        of_skill[skill] += 1
        right_of_skill[skill] += review.rating > Rating.AGAIN
        ratings[review.rating] += 1
        seconds += review.seconds
        near.update(id_ for attempt in review.attempts for id_ in attempt.near)
    today = day_number(at_ms, utc_offset(at_ms, settings.zone), settings.rollover_hour)
    total = ratings.total()
    return Statistics(
        reviews=total,
        today=days[today],
        at_once=ratings[Rating.GOOD] + ratings[Rating.EASY],
        right=total - ratings[Rating.AGAIN],
        exercises=len(memories),
        streak=_streak(days, today),
        seconds=seconds,
        skills={
            skill: SkillStatistics(n, right_of_skill[skill])
            for skill, n in sorted(of_skill.items())
        },
        misconceptions=tuple(near.most_common()),
    )


def _streak(days: Mapping[int, int], today: int) -> int:
    last = today if days.get(today) else today - 1
    day = last
    while days.get(day):
        day -= 1
    return last - day
