"""What the statistics show of a period: work by day, retention, what comes, skills, misconceptions.

Below every front end.  :func:`figures` reads the store and is meant for a thread: with very many
reviews it takes seconds, for the memory model is held against every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from tutor.progress.catalogue import Catalogue
from tutor.progress.overview import forecast
from tutor.schedule.days import day_number, utc_offset
from tutor.schedule.retention import Retention, by_period, in_all, recalls
from tutor.store.aggregates import summed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.exercise.load import Library
    from tutor.progress.catalogue import SkillView
    from tutor.schedule.settings import Settings
    from tutor.store.aggregates import DayCount
    from tutor.store.reader import StoreReader
    from tutor.store.records import Review

#: Misconceptions are looked for in at most so many of the last reviews.
LATEST: Final = 500
FORECAST_DAYS: Final = 21
#: Into so many stretches a period is divided for the retention.
STRETCHES: Final = 26


class Period(IntEnum):
    """How many days back are looked at; 0 is all of them."""

    MONTH = 30
    YEAR = 365
    ALL = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the learner's days ``first_day`` … ``today``.

    ``retention`` is that of stretches of ``stretch`` days.  ``forecast`` counts reviews due by day, today
    first.  ``skills`` are those with an exercise begun, the least known first.  ``lately`` are the last
    reviews within the period, oldest first.
    """

    first_day: int
    today: int
    days: Mapping[int, DayCount]
    stretch: int
    retention: tuple[Retention, ...]
    forecast: tuple[int, ...]
    skills: tuple[tuple[str, SkillView], ...]
    lately: tuple[Review, ...]

    @property
    def total(self) -> DayCount:
        """All days together."""
        return summed(self.days.values())

    @property
    def recalled(self) -> Retention:
        """Retention over the whole period."""
        return in_all(self.retention)

    @property
    def length(self) -> int:
        """How many days the period has."""
        return self.today - self.first_day + 1


def figures(
    store: StoreReader, library: Library, at_ms: int, settings: Settings, period: Period
) -> Figures:
    """The figures at ``at_ms`` (UTC ms).  May raise StoreError."""
    today = day_number(at_ms, utc_offset(at_ms, settings.zone), settings.rollover_hour)
    since = today - period + 1 if period else 0
    days = store.daily(settings.rollover_hour, since)
    first = since or min(days, default=today)
    stretch = max(1, -(-(today - first + 1) // STRETCHES))
    catalogue = Catalogue.read(library, store, at_ms, settings)
    lately = [
        review
        for review in reversed(store.latest(LATEST))
        if day_number(review.at, review.utc_offset, settings.rollover_hour) >= first
    ]
    begun = ((name, skill) for name, skill in catalogue.skills.items() if skill.begun)
    return Figures(
        first_day=first,
        today=today,
        days=days,
        stretch=stretch,
        retention=by_period(recalls(store.ratings(), settings), first, stretch),
        forecast=forecast(library.exercises, store.memories(), at_ms, settings, FORECAST_DAYS),
        skills=tuple(sorted(begun, key=lambda pair: pair[1].known)),
        lately=tuple(lately),
    )
