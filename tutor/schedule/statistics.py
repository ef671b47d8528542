"""What the log says about the learner's work so far.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.schedule.days import day_number, utc_offset
from tutor.store.aggregates import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.schedule.settings import Settings
    from tutor.store.aggregates import Count, DayCount


@dataclass(frozen=True, slots=True)
class SkillStatistics:
    """Reviews of one skill's exercises, and how many of them were right in the end."""

    reviews: int
    right: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """``at_once`` were right on the first attempt without a hint, ``right`` on any, of ``reviews``.

    ``streak`` counts the learner's days up to today (or yesterday, if today is still empty) that each
    have a review.  ``seconds`` is the time spent on questions.
    """

    reviews: int
    today: int
    at_once: int
    right: int
    exercises: int
    streak: int
    seconds: float
    skills: dict[str, SkillStatistics]


def summarise(
    days: Mapping[int, DayCount],
    exercises: Mapping[str, Count],
    skills: Mapping[str, str],
    at_ms: int,
    settings: Settings,
) -> Statistics:
    """The statistics at ``at_ms`` (UTC ms) of what was done on each day and in each exercise.

    ``skills`` gives each known exercise's skill.
    """
    today = day_number(at_ms, utc_offset(at_ms, settings.zone), settings.rollover_hour)
    of_skill: dict[str, SkillStatistics] = {}
    for id_, (reviews, right) in exercises.items():
        skill = skills.get(id_, "(removed)")
        so_far = of_skill.get(skill, SkillStatistics(0, 0))
        of_skill[skill] = SkillStatistics(so_far.reviews + reviews, so_far.right + right)
    total = summed(days.values())
    return Statistics(
        reviews=total.reviews,
        today=days[today].reviews if today in days else 0,
        at_once=total.at_once,
        right=total.right,
        exercises=len(exercises),
        streak=streaks(days, today)[0],
        seconds=total.seconds,
        skills=dict(sorted(of_skill.items())),
    )


def streaks(days: Mapping[int, DayCount], today: int) -> tuple[int, int]:
    """Days in a row with a review: those up to today (or yesterday), and the most there ever were.

    Days that are still to come, by a clock that was set wrong, do not count.
    """
    longest = run = 0
    before: int | None = None
    for day in sorted(day for day in days if day <= today):
        run = run + 1 if before is not None and day == before + 1 else 1
        longest, before = max(longest, run), day
    alive = before is not None and before >= today - 1
    return (run if alive else 0), longest
