"""From reviews to memory: when to ask an exercise again.  Pure; the equations are in ``fsrs6``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, Final

from tutor.schedule import fsrs6
from tutor.schedule.days import DAY_MS, MINUTE_MS, day_number, utc_offset
from tutor.schedule.fuzz import fuzzed
from tutor.schedule.settings import Settings
from tutor.store.records import NEW, Memory, New, Rated, Rating, Remembered, Review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Raised whenever the rule below changes, so that stored memories are derived anew.
RULE: Final = "fsrs6-fractional-2"

#: Once right, an exercise rests at least until the next day; only Again has a step of minutes.
MINIMUM_INTERVAL_DAYS: Final = 1.0


def review(
    memory: Memory,
    rating: Rating,
    at_ms: int,
    *,
    settings: Settings,
    offset_minutes: int | None = None,
    key: str = "",
    asked: tuple[int, str] = (1, ""),
) -> Remembered:
    """The memory after a review rated ``rating`` at ``at_ms`` (UTC ms).

    ``offset_minutes`` is the learner's clock at that moment (minutes east of UTC); without it, that
    of ``settings.zone``.  ``key``, the review's id, says how the rest is spread (``fuzz``); without
    it, it is not.  ``asked`` is the exercise's revision and content hash.
    """
    if offset_minutes is None:
        offset_minutes = utc_offset(at_ms, settings.zone)
    today = day_number(at_ms, offset_minutes, settings.rollover_hour)
    w = settings.parameters
    if isinstance(memory, New):
        stability, difficulty = fsrs6.first(w, rating)
        first_review, reps, lapses = at_ms, 1, 0
    else:
        stability, difficulty = fsrs6.following(
            w,
            memory.stability,
            memory.difficulty,
            rating,
            max(at_ms - memory.last_review, 0) / DAY_MS,
            # A journey westwards can put a later moment on an earlier day.
            today <= memory.last_day,
        )
        first_review, reps = memory.first_review, memory.reps + 1
        lapses = memory.lapses + (rating == Rating.AGAIN)
    return Remembered(
        stability=stability,
        difficulty=difficulty,
        first_review=first_review,
        last_review=at_ms,
        last_day=today,
        reps=reps,
        lapses=lapses,
        due=at_ms + _rest_ms(stability, rating, settings, key),
        revision=asked[0],
        content_hash=asked[1],
    )


def _rest_ms(stability: float, rating: Rating, settings: Settings, key: str) -> int:
    if rating == Rating.AGAIN:
        return settings.again_minutes * MINUTE_MS
    days = fsrs6.interval(settings.parameters, stability, settings.retention)
    days = min(max(days, MINIMUM_INTERVAL_DAYS), float(settings.maximum_interval_days))
    if key and settings.fuzz:
        days = fuzzed(days, key, settings.maximum_interval_days)
    return round(days * 24 * 60) * MINUTE_MS  # whole minutes hide the last bits of the logarithm


def retrievability(memory: Memory, at_ms: int, settings: Settings) -> float:
    """The probability (0 … 1) that the exercise is answered right at ``at_ms``; 0 for a new one."""
    if isinstance(memory, New):
        return 0.0
    days = (at_ms - memory.last_review) / DAY_MS
    return fsrs6.retrievability(settings.parameters, days, memory.stability)


def recall_at(at_ms: int, settings: Settings) -> Callable[[Remembered], float]:
    """:func:`retrievability` at one moment, for many exercises: it works out only once what is the
    same for all."""
    decay = -settings.parameters[20]
    factor = (0.9 ** (1 / decay) - 1) / DAY_MS

    def recall(memory: Remembered) -> float:
        elapsed = at_ms - memory.last_review
        return float((1 + factor * elapsed / memory.stability) ** decay) if elapsed > 0 else 1.0

    return recall


@dataclass(frozen=True, slots=True)
class Scheduler:
    """FSRS-6 with one set of settings, in the form the store derives memory with."""

    settings: Settings = field(default_factory=Settings)

    @property
    def basis(self) -> str:
        """Names the rule and the settings that memory depends on."""
        return _basis(self.settings)

    def advance(self, memory: Memory, reviewed: Review | Rated) -> Remembered:
        """The memory after ``reviewed``; see :func:`review`."""
        return review(
            memory,
            reviewed.rating,
            reviewed.at,
            settings=self.settings,
            offset_minutes=reviewed.utc_offset,
            key=reviewed.uuid,
            asked=(reviewed.revision, reviewed.content_hash),
        )


@lru_cache(maxsize=8)
def _basis(settings: Settings) -> str:
    used = (
        settings.parameters,
        settings.retention,
        settings.maximum_interval_days,
        settings.again_minutes,
        settings.rollover_hour,
        settings.fuzz,
    )
    return f"{RULE}:{hashlib.sha256(repr(used).encode()).hexdigest()[:16]}"


def replay(reviews: Iterable[Review], settings: Settings) -> Memory:
    """The memory that the reviews of one exercise, oldest first, lead to."""
    start: Memory = NEW
    return reduce(Scheduler(settings).advance, reviews, start)
