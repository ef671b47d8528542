"""What to ask next, and how much is due.  Pure: the same state and moment give the same answer.

First the exercises whose minutes of rest after a lapse are over, then those whose author has
changed what they ask, then what is due, the most forgotten first, up to the day's number, then new
exercises of open skills along the skill graph, up to the day's number too (none while reviews wait
for another day), and last, if the learner studies ahead, what the next days bring. Within that,
another skill than the last two where possible, and never the same exercise twice in a row if there
is another.

An exercise that rests for days is due from the beginning of the learner's day in which its rest
ends, so that a day's work is known in the morning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.schedule.days import DAY_MS, MINUTE_MS, day_number, day_start, utc_offset
from tutor.schedule.memory import retrievability
from tutor.schedule.reasons import AgainNow, AheadNow, DueNow, NewNow, Reason, RevisedNow
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tutor.schedule.settings import Settings
    from tutor.schedule.skills import Candidate
    from tutor.store.records import Memory

__all__ = [
    "EVERYTHING",
    "AgainNow",
    "AheadNow",
    "DueCount",
    "DueNow",
    "NewNow",
    "Planned",
    "Reason",
    "RevisedNow",
    "Scope",
    "due",
    "next_up",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What else the queue goes by.

    New exercises of ``closed`` skills wait; exercises in ``raised`` were changed since they were
    answered, and are asked once before their day; ``ahead_days`` takes in what those days bring
    (and lifts the day's number of reviews); ``soon`` what only rests its minutes after a lapse, once
    nothing else is left.
    """

    closed: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    ahead_days: int = 0
    soon: bool = False


EVERYTHING: Final = Scope()
_NEVER: Final = 2**63


@dataclass(frozen=True, slots=True)
class Planned:
    """The exercise to ask, and why."""

    exercise_id: str
    skill: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class DueCount:
    """``due`` reviews can be done now, and up to ``new`` exercises begun today.

    ``next_due_at`` (UTC ms) is when the next further review comes due, None if none is scheduled;
    ``next_new_at`` when today's number of new exercises starts anew, None if no further one exists.
    ``waiting`` reviews are due as well and go beyond the day's number: the next days'.  ``resting``
    were not right a moment ago, and come back within minutes.
    """

    due: int
    new: int
    next_due_at: int | None
    next_new_at: int | None
    waiting: int = 0
    resting: int = 0


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


@dataclass(slots=True)
class _State:
    """The candidates, sorted by what they wait for, and what the day still allows."""

    again: list[tuple[Candidate, Remembered]]
    raised: list[tuple[Candidate, Remembered]]
    due: list[tuple[Candidate, Remembered]]
    later: list[tuple[Candidate, Remembered]]
    new: list[Candidate]
    begun_today: int
    new_left: int
    waiting: int = 0
    #: New exercises of skills that are closed as yet.
    closed: int = 0
    #: Of those that rest for days and are not in ``later``, the one that is due first.
    soonest: Remembered | None = None


def next_up(
    candidates: Sequence[Candidate],
    memories: Mapping[str, Memory],
    at_ms: int,
    settings: Settings,
    recent: Sequence[str] = (),
    scope: Scope = EVERYTHING,
) -> Planned | None:
    """The exercise to ask at ``at_ms`` (UTC ms), None when all is done for now.

    ``candidates`` are in the order of learning (:func:`tutor.schedule.skills.arrange`);
    ``recent`` are the ids asked in this session, the last one last.  ``memories`` may hold other
    exercises too; their reviews count for the day's numbers.
    """
    now = _Now.of(at_ms, settings)
    state = _sort(candidates, memories, now, scope)
    last_two = set(recent[-2:])
    skills = {one.exercise_id: one.skill for one in candidates if one.exercise_id in last_two}
    chosen = _choose(
        _groups(state, now, scope), [skills.get(id_, "") for id_ in recent[-2:]], recent
    )
    if chosen is None:
        return None
    memory = memories.get(chosen.exercise_id, NEW)
    return Planned(chosen.exercise_id, chosen.skill, _reason(chosen, memory, state, now, scope))


def due(
    candidates: Iterable[Candidate],
    memories: Mapping[str, Memory],
    at_ms: int,
    settings: Settings,
    scope: Scope = EVERYTHING,
) -> DueCount:
    """How much can be done at ``at_ms`` (UTC ms), and when there will be more."""
    now = _Now.of(at_ms, settings)
    state = _sort(candidates, memories, now, scope)
    # Skills open while one learns, so what is closed now counts too, as long as there is a way to it.
    unbegun = len(state.new) + state.closed if state.new else 0
    new = min(unbegun, state.new_left)
    ahead = _ahead(state, now, scope)
    later = [memory for _, memory in state.later]
    if ahead:
        asked_ahead = {one.exercise_id for one in ahead}
        later = [memory for one, memory in state.later if one.exercise_id not in asked_ahead]
    next_due = _next_due(later, state.soonest, now)
    if state.waiting:
        next_due = min(next_due or now.next_day_starts, now.next_day_starts)
    return DueCount(
        due=len(state.again) + len(state.raised) + len(state.due) + len(ahead),
        new=new,
        next_due_at=next_due,
        next_new_at=now.next_day_starts if unbegun > new else None,
        waiting=state.waiting,
        resting=len(_steps(state, now)),
    )


def due_at(at_ms: int, settings: Settings) -> Callable[[Remembered], bool]:
    """Which exercises are due at ``at_ms`` (UTC ms): also those whose rest ends later that day."""
    return _Now.of(at_ms, settings).is_due


def _sort(
    candidates: Iterable[Candidate], memories: Mapping[str, Memory], now: _Now, scope: Scope
) -> _State:
    begun, done = _today(memories, now)
    state = _State([], [], [], [], [], begun, max(now.settings.new_per_day - begun, 0))
    later, tomorrow, raised = state.later, now.next_day_starts, scope.raised
    remembered, ahead, soonest = memories.get, bool(scope.ahead_days), None
    first = _NEVER
    for one in candidates:
        memory = remembered(one.exercise_id, NEW)
        if not isinstance(memory, Remembered):
            if one.skill not in scope.closed:
                state.new.append(one)
            else:
                state.closed += 1
        elif memory.due >= tomorrow and one.exercise_id not in raised:
            # Most of them: by the shortest way.
            if ahead or not _rests_days(memory):
                later.append((one, memory))
            elif memory.due < first:
                first, soonest = memory.due, memory
        elif not now.is_due(memory):
            early = one.exercise_id in raised and _rests_days(memory)
            (state.raised if early else later).append((one, memory))
        elif now.is_step(memory):
            state.again.append((one, memory))
        else:
            state.due.append((one, memory))
    state.soonest = soonest
    state.again.sort(key=lambda pair: pair[1].due)
    # All are wanted with the same probability of recall, which falls with time over stability, so
    # the largest quotient has lost most.
    state.due.sort(key=lambda pair: (pair[1].last_review - now.at) / pair[1].stability)
    left = max(now.settings.reviews_per_day - done, 0)
    if not scope.ahead_days and len(state.due) > left:
        # A backlog: the rest is the next days', and nothing new is begun meanwhile.
        state.waiting, state.new_left = len(state.due) - left, 0
        del state.due[left:]
    return state


def _today(memories: Mapping[str, Memory], now: _Now) -> tuple[int, int]:
    """How many exercises were begun today, and how many older ones reviewed."""
    begun = done = 0
    for memory in memories.values():
        if isinstance(memory, Remembered):
            if memory.first_review >= now.day_starts:
                begun += 1
            elif memory.last_day == now.day:
                done += 1
    return begun, done


def _groups(state: _State, now: _Now, scope: Scope) -> Iterator[list[Candidate]]:
    """What may be asked, the more urgent group first."""
    yield [one for one, _ in state.again]
    yield [one for one, _ in state.raised]
    yield [one for one, _ in state.due]
    if state.new_left:
        # Skills of one depth do not build on each other, so among them the skills may alternate.
        depth = min((one.depth for one in state.new), default=0)
        yield [one for one in state.new if one.depth == depth]
    yield _ahead(state, now, scope)
    if scope.soon:
        yield [one for one, _ in sorted(_steps(state, now), key=lambda pair: pair[1].due)]


def _steps(state: _State, now: _Now) -> list[tuple[Candidate, Remembered]]:
    """What was not right a moment ago, and rests for minutes as yet."""
    later = state.later
    return [one for one in later if now.is_step(one[1]) and one[1].due < now.next_day_starts]


def _ahead(state: _State, now: _Now, scope: Scope) -> list[Candidate]:
    """What the next days bring, the soonest first; not what was asked today."""
    if not scope.ahead_days:
        return []
    end = now.next_day_starts + scope.ahead_days * DAY_MS
    soon = [
        (memory.due, one)
        for one, memory in state.later
        if memory.due < end and _rests_days(memory) and memory.last_day < now.day
    ]
    return [one for _, one in sorted(soon, key=lambda pair: pair[0])]


def _choose(
    groups: Iterable[list[Candidate]], last_skills: Sequence[str], recent: Sequence[str]
) -> Candidate | None:
    """The first of another skill in the first group that holds another exercise than the last."""
    last_id = recent[-1] if recent else ""
    repeated = None
    for group in groups:
        others = [one for one in group if one.exercise_id != last_id]
        if others:
            for near in (set(last_skills), set(last_skills[-1:])):
                for one in others:
                    if one.skill not in near:
                        return one
            return others[0]
        if group:
            repeated = repeated or group[0]
    return repeated


def _reason(chosen: Candidate, memory: Memory, state: _State, now: _Now, scope: Scope) -> Reason:
    if not isinstance(memory, Remembered):
        return NewNow(state.begun_today + 1, now.settings.new_per_day)
    since = max(now.at - memory.last_review, 0)  # the clock may have been set back
    if now.is_step(memory) and (now.is_due(memory) or scope.soon):
        return AgainNow(since // MINUTE_MS)
    if chosen.exercise_id in scope.raised:
        return RevisedNow(since / DAY_MS)
    recall = retrievability(memory, now.at, now.settings)
    if not now.is_due(memory):
        return AheadNow((memory.due - now.at) / DAY_MS, recall)
    return DueNow(recall, now.settings.retention, since / DAY_MS)


def _rests_days(memory: Remembered) -> bool:
    return memory.due - memory.last_review >= DAY_MS


def _next_due(later: list[Remembered], soonest: Remembered | None, now: _Now) -> int | None:
    """The first moment at which one of ``later`` or ``soonest`` is due."""
    later = later if soonest is None else [*later, soonest]
    steps = [memory.due for memory in later if not _rests_days(memory)]
    rests = [memory.due for memory in later if _rests_days(memory)]
    moments = [min(steps)] if steps else []
    if rests:
        first = min(rests)
        zone, rollover = now.settings.zone, now.settings.rollover_hour
        start = day_start(day_number(first, utc_offset(first, zone), rollover), rollover, zone)
        moments.append(start if start > now.at else first)
    return min(moments, default=None)
