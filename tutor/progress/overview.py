"""What Home tells a learner: today's plan, the days so far, the days to come, what wants attention.

Below every front end.  The functions are pure and take their moments; only :func:`overview` reads the
store, by counts that SQLite makes, so that a log of a million reviews costs no more than a short one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.misconceptions import families_missed, is_miss
from tutor.schedule.days import DAY_MS, HOUR_MS, MINUTE_MS, day_number, utc_offset
from tutor.schedule.statistics import streaks
from tutor.store.records import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tutor.agenda.agenda import Agenda
    from tutor.exercise.load import Library
    from tutor.schedule.plan import Plan
    from tutor.schedule.queue import DueCount
    from tutor.schedule.settings import Settings
    from tutor.store import Review
    from tutor.store.aggregates import DayCount
    from tutor.store.records import Remembered

#: A learner with fewer reviews than this is new here.
NEW_HERE: Final = 10
#: How many reviews back is "recently".
LATELY: Final = 200

FORECAST_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Weak:
    """A skill whose last questions were often wrong: ``wrong`` of ``asked``."""

    skill: str
    wrong: int
    asked: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that Home shows, at one moment.

    ``days`` are counts by the learner's day; ``streak`` is as in
    :class:`tutor.schedule.statistics.Statistics`, ``longest`` the best ever.  ``forecast`` counts the
    reviews due on each of the coming days, today first, as if none were failed.  ``weak`` skills
    are those of the last reviews only, the worst first; ``lately`` are these reviews, oldest first.
    ``begun`` of ``exercises`` have been asked at least once.  ``is_open``: a question was begun and
    waits; ``is_placed``: a placement test was taken.
    """

    today: int
    plan: Plan
    count: DueCount
    days: Mapping[int, DayCount]
    streak: int
    longest: int
    forecast: tuple[int, ...]
    weak: tuple[Weak, ...]
    lately: tuple[Review, ...]
    begun: int
    exercises: int
    is_open: bool = False
    is_placed: bool = False

    @property
    def is_new_here(self) -> bool:
        """Whether hardly anything is known about the learner: a placement test would tell most."""
        return self.reviews < NEW_HERE and not self.is_placed

    @property
    def done_today(self) -> int:
        day = self.days.get(self.today)
        return 0 if day is None else day.reviews

    @property
    def reviews(self) -> int:
        """All reviews ever."""
        return sum(day.reviews for day in self.days.values())


def overview(agenda: Agenda) -> Overview:
    """What there is to say at the moment that the agenda's clock gives.  May raise StoreError."""
    store, settings, at_ms = agenda.store, agenda.settings, agenda.clock()
    memories = store.memories()
    days = store.daily(settings.rollover_hour)
    lately = store.latest(LATELY)
    today = day_number(at_ms, utc_offset(at_ms, settings.zone), settings.rollover_hour)
    exercises = agenda.library.exercises
    count = agenda.due()
    streak, longest = streaks(days, today)
    return Overview(
        today=today,
        plan=agenda.plan(count, lately),
        count=count,
        days=days,
        streak=streak,
        longest=longest,
        forecast=forecast([id_ for id_, *_ in agenda.candidates()], memories, at_ms, settings),
        weak=weak_skills(lately, _skills_of(lately, agenda.library)),
        lately=tuple(reversed(lately)),
        begun=len(exercises.keys() & memories.keys()),
        exercises=len(exercises),
        is_open=store.pending() is not None,
        is_placed=bool(store.marks().placed),
    )


def _skills_of(reviews: Iterable[Review], library: Library) -> dict[str, str]:
    found = ((one.exercise_id, library.exercises.get(one.exercise_id)) for one in reviews)
    return {id_: loaded.skill for id_, loaded in found if loaded is not None}


async def tell_apart(reviews: Iterable[Review], library: Library, *, last: int = 0) -> None:
    """Find the misconceptions of the (``last``) misses in small steps, so that asking for them is quick.

    In the event loop and not in a thread: it reads programs by ``ast``, of which CPython before 3.11.9
    and 3.12.3 may raise a SystemError when two threads do so at once (python/cpython#106905).
    """
    misses = [review for review in reviews if is_miss(review)]
    for review in misses[-last:]:
        families_missed(review, library.exercises.get(review.exercise_id))
        await asyncio.sleep(0)


def forecast(
    exercises: Iterable[str],
    memories: Mapping[str, Remembered],
    at_ms: int,
    settings: Settings,
    days: int = FORECAST_DAYS,
) -> tuple[int, ...]:
    """How many of ``exercises`` come due on each of the next ``days`` days.

    Today, the first, holds what is overdue as well.
    """
    offset = utc_offset(at_ms, settings.zone)
    starts = at_ms - (at_ms + offset * MINUTE_MS - settings.rollover_hour * HOUR_MS) % DAY_MS
    counts = [0] * days
    for exercise_id in exercises:
        memory = memories.get(exercise_id)
        if memory is not None:
            ahead = (memory.due - starts) // DAY_MS
            if ahead < days:
                counts[max(ahead, 0)] += 1
    return tuple(counts)


def weak_skills(lately: Iterable[Review], skills: Mapping[str, str]) -> tuple[Weak, ...]:
    """Skills with at least two of their last five questions wrong; ``lately`` is newest first."""
    last: dict[str, list[bool]] = {}
    for review in lately:
        skill = skills.get(review.exercise_id)
        if skill is not None:
            results = last.setdefault(skill, [])
            if len(results) < 5:
                results.append(review.rating == Rating.AGAIN)
    weak = [Weak(skill, sum(wrong), len(wrong)) for skill, wrong in last.items() if sum(wrong) >= 2]
    return tuple(sorted(weak, key=lambda one: (-one.wrong / one.asked, -one.wrong)))
