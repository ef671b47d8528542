"""When to ask what again: ratings, FSRS-6 memory, the queue.  Pure functions; moments are given."""

from tutor.schedule.days import utc_offset
from tutor.schedule.memory import Scheduler, replay, retrievability, review
from tutor.schedule.queue import (
    AgainNow,
    DueCount,
    DueNow,
    NewNow,
    Planned,
    Reason,
    due,
    next_up,
)
from tutor.schedule.rating import Habit, Outcome, habit, rate
from tutor.schedule.settings import DEFAULT_PARAMETERS, Settings
from tutor.schedule.skills import Candidate, arrange

__all__ = [
    "DEFAULT_PARAMETERS",
    "AgainNow",
    "Candidate",
    "DueCount",
    "DueNow",
    "Habit",
    "NewNow",
    "Outcome",
    "Planned",
    "Reason",
    "Scheduler",
    "Settings",
    "arrange",
    "due",
    "habit",
    "next_up",
    "rate",
    "replay",
    "retrievability",
    "review",
    "utc_offset",
]
