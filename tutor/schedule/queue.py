"""What to ask next, and how much is due.  Pure: the same state and moment give the same answer.

First the exercises whose minutes of rest after a lapse are over, then what is due, the most
forgotten first, then new exercises along the skill graph up to the day's number. Within that,
another skill than the last one where possible, and never the same exercise twice in a row if
there is another.

An exercise that rests for days is due from the beginning of the learner's day in which its rest
ends, so that a day's work is known in the morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from tutor.schedule.days import DAY_MS, MINUTE_MS, day_number, day_start, utc_offset
from tutor.schedule.memory import retrievability
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tutor.schedule.settings import Settings
    from tutor.schedule.skills import Candidate
    from tutor.store.records import Memory


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
    """Nothing is due; this is new exercise ``number`` of ``per_day`` today."""

    number: int
    per_day: int


Reason: TypeAlias = AgainNow | DueNow | NewNow


@dataclass(frozen=True, slots=True)
class Planned:
    """The exercise to ask, and why."""

    exercise_id: str
    skill: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DueCount:
    """``due`` reviews and ``new`` exercises can be done now.

    ``next_due_at`` (UTC ms) is when the next further review comes due, None if none is scheduled;
    ``next_new_at`` when today's number of new exercises starts anew, None if no further one exists.
    """

    due: int
    new: int
    next_due_at: int | None
    next_new_at: int | None


@dataclass(frozen=True, slots=True)
class _Now:
    """The moment and the learner's day around it."""

    at: int
    day: int
    day_starts: int
    next_day_starts: int
    settings: Settings

    @classmethod
    def of(cls, at_ms: int, settings: Settings) -> _Now:
        day = day_number(at_ms, utc_offset(at_ms, settings.zone), settings.rollover_hour)
        starts, ends = (day_start(n, settings.rollover_hour, settings.zone) for n in (day, day + 1))
        return cls(at_ms, day, starts, ends, settings)

    def is_due(self, memory: Remembered) -> bool:
        if memory.due <= self.at:
            return True
        # The last condition: a day of 25 hours is longer than the shortest rest.
        return (
            _rests_days(memory) and memory.due < self.next_day_starts and memory.last_day < self.day
        )

    def is_step(self, memory: Remembered) -> bool:
        """Whether it waits only for the minutes after a lapse; by the next day it is just due."""
        return not _rests_days(memory) and memory.last_day >= self.day


@dataclass(frozen=True, slots=True)
class _State:
    """The candidates, sorted by what they wait for, and the new exercises the day still allows."""

    again: list[tuple[Candidate, Remembered]]
    due: list[tuple[Candidate, Remembered]]
    later: list[Remembered]
    new: list[Candidate]
    begun_today: int
    new_left: int


def next_up(
    candidates: Sequence[Candidate],
    memories: Mapping[str, Memory],
    at_ms: int,
    settings: Settings,
    recent: Sequence[str] = (),
) -> Planned | None:
    """The exercise to ask at ``at_ms`` (UTC ms), None when all is done for now.

    ``candidates`` are in the order of learning (:func:`tutor.schedule.skills.arrange`);
    ``recent`` are the ids asked in this session, the last one last.  ``memories`` may hold other
    exercises too; their first reviews count for the day's number of new ones.
    """
    now = _Now.of(at_ms, settings)
    state = _sort(candidates, memories, now)
    last_id = recent[-1] if recent else ""
    last_skill = next((one.skill for one in candidates if one.exercise_id == last_id), "")
    chosen = _choose(_groups(state), last_id, last_skill)
    if chosen is None:
        return None
    memory = memories.get(chosen.exercise_id, NEW)
    return Planned(chosen.exercise_id, chosen.skill, _reason(memory, state, now))


def due(
    candidates: Iterable[Candidate],
    memories: Mapping[str, Memory],
    at_ms: int,
    settings: Settings,
) -> DueCount:
    """How much can be done at ``at_ms`` (UTC ms), and when there will be more."""
    now = _Now.of(at_ms, settings)
    state = _sort(candidates, memories, now)
    new = min(len(state.new), state.new_left)
    return DueCount(
        due=len(state.again) + len(state.due),
        new=new,
        next_due_at=_next_due(state.later, now),
        next_new_at=now.next_day_starts if len(state.new) > new else None,
    )


def _sort(candidates: Iterable[Candidate], memories: Mapping[str, Memory], now: _Now) -> _State:
    begun = sum(
        isinstance(memory, Remembered) and memory.first_review >= now.day_starts
        for memory in memories.values()
    )
    state = _State([], [], [], [], begun, max(now.settings.new_per_day - begun, 0))
    for one in candidates:
        memory = memories.get(one.exercise_id, NEW)
        if not isinstance(memory, Remembered):
            state.new.append(one)
        elif not now.is_due(memory):
            state.later.append(memory)
        elif now.is_step(memory):
            state.again.append((one, memory))
        else:
            state.due.append((one, memory))
    state.again.sort(key=lambda pair: pair[1].due)
    # All are wanted with the same probability of recall, which falls with time over stability, so
    # the largest quotient has lost most.
    state.due.sort(key=lambda pair: (pair[1].last_review - now.at) / pair[1].stability)
    return state


def _groups(state: _State) -> Iterator[list[Candidate]]:
    """What may be asked, the more urgent group first."""
    yield [one for one, _ in state.again]
    yield [one for one, _ in state.due]
    if state.new_left:
        # Skills of one depth do not build on each other, so among them the skills may alternate.
        depth = min((one.depth for one in state.new), default=0)
        yield [one for one in state.new if one.depth == depth]


def _choose(groups: Iterable[list[Candidate]], last_id: str, last_skill: str) -> Candidate | None:
    """The first of another skill in the first group that holds another exercise than the last."""
    repeated = None
    for group in groups:
        others = [one for one in group if one.exercise_id != last_id]
        if others:
            return next((one for one in others if one.skill != last_skill), others[0])
        if group:
            repeated = group[0]
    return repeated


def _reason(memory: Memory, state: _State, now: _Now) -> Reason:
    if not isinstance(memory, Remembered):
        return NewNow(state.begun_today + 1, now.settings.new_per_day)
    since = max(now.at - memory.last_review, 0)  # the clock may have been set back
    if now.is_step(memory):
        return AgainNow(since // MINUTE_MS)
    recall = retrievability(memory, now.at, now.settings)
    return DueNow(recall, now.settings.retention, since / DAY_MS)


def _rests_days(memory: Remembered) -> bool:
    return memory.due - memory.last_review >= DAY_MS


def _next_due(later: list[Remembered], now: _Now) -> int | None:
    """The first moment at which one of ``later`` is due."""
    steps = [memory.due for memory in later if not _rests_days(memory)]
    rests = [memory.due for memory in later if _rests_days(memory)]
    moments = [min(steps)] if steps else []
    if rests:
        first = min(rests)
        zone, rollover = now.settings.zone, now.settings.rollover_hour
        start = day_start(day_number(first, utc_offset(first, zone), rollover), rollover, zone)
        moments.append(start if start > now.at else first)
    return min(moments, default=None)
