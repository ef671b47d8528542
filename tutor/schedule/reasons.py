"""Why an exercise is asked now: one small record for each reason.  ``why`` puts them into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class AgainNow:
    """It was not right ``minutes_ago`` and comes back while the explanation is fresh."""

    minutes_ago: int


@dataclass(frozen=True, slots=True)
class DueNow:
    """The probability of still knowing it is ``retrievability``; ``days_ago`` it was last asked."""

    retrievability: float
    wanted: float
    days_ago: float


@dataclass(frozen=True, slots=True)
class NewNow:
    """Nothing is due; this is new exercise ``number`` of ``per_day`` today.

    ``builds_on`` are the skills that its own requires, in the author's order.
    """

    number: int
    per_day: int
    builds_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RevisedNow:
    """Its author has changed what it asks since it was answered, ``days_ago``."""

    days_ago: float


@dataclass(frozen=True, slots=True)
class SameIdeaNow:
    """The last answer showed a misconception; this exercise looks different and turns on it too."""

    misconception: str


@dataclass(frozen=True, slots=True)
class GroundNow:
    """The last answer showed a misconception that belongs to ``skill``, which is required there."""

    misconception: str
    skill: str


@dataclass(frozen=True, slots=True)
class AheadNow:
    """Studied ahead: it would be due in ``days`` days."""

    days: float
    retrievability: float


@dataclass(frozen=True, slots=True)
class CramNow:
    """Practised outside the schedule: nothing is recorded."""


@dataclass(frozen=True, slots=True)
class PlacementNow:
    """Question ``number`` of at most ``most`` that find where to begin: is ``skill`` known?"""

    number: int
    most: int
    skill: str


Reason: TypeAlias = (
    AgainNow
    | DueNow
    | NewNow
    | RevisedNow
    | SameIdeaNow
    | GroundNow
    | AheadNow
    | CramNow
    | PlacementNow
)
