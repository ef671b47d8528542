"""How well skills are known, and which are open.  Pure.

A skill is known as far as its exercises are: the mean of their probabilities of recall, where one that
was never answered, or not right the last time, counts nothing. It is *known* from
:attr:`Settings.known_at` on, and opens the skills that require it. What was once begun goes on, whatever
its skill has become; only new exercises wait for their skill to open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tutor.schedule.days import DAY_MS
from tutor.schedule.memory import recall_at
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tutor.schedule.settings import Settings
    from tutor.schedule.skills import Candidate
    from tutor.store.marks import Marks
    from tutor.store.records import Memory

Requires: TypeAlias = "Mapping[str, Sequence[str]]"
State: TypeAlias = Literal["closed", "open", "begun", "known"]


@dataclass(frozen=True, slots=True)
class SkillState:
    """One skill: ``known`` in 0 … 1, over ``exercises`` of which ``begun`` were answered at least once.

    ``missing`` are the skills it requires that are not known; ``opened`` says that the learner opened
    it (``hand``) or was found to know it (``test``).
    """

    skill: str
    state: State
    known: float
    exercises: int
    begun: int
    missing: tuple[str, ...] = ()
    opened: str = ""


@dataclass(slots=True)
class Tally:
    """How many exercises a skill has, how many were begun, and the sum of what is known of them."""

    exercises: int = 0
    begun: int = 0
    known: float = 0.0

    @property
    def share(self) -> float:
        # Sums that are mended over and over gather the last bits' errors.
        return min(max(self.known / self.exercises, 0.0), 1.0) if self.exercises else 0.0


def contribution(memory: Remembered, recall: Callable[[Remembered], float]) -> float:
    """What an exercise adds to its skill's tally: nothing if it was not right the last time."""
    return recall(memory) if memory.due - memory.last_review >= DAY_MS else 0.0


def tallies(
    candidates: Iterable[Candidate], memories: Mapping[str, Memory], at_ms: int, settings: Settings
) -> dict[str, Tally]:
    """The tally of every skill that has an exercise, at ``at_ms`` (UTC ms)."""
    recall = recall_at(at_ms, settings)
    found: dict[str, Tally] = {}
    for one in candidates:
        tally = found.setdefault(one.skill, Tally())
        tally.exercises += 1
        memory = memories.get(one.exercise_id, NEW)
        if isinstance(memory, Remembered):
            tally.begun += 1
            tally.known += contribution(memory, recall)
    return found


def opened_skills(marks: Marks) -> Mapping[str, str]:
    """The skills that count as open: ``hand`` where the learner opened them, ``test`` where a
    placement test found them known."""
    if not marks.placed:
        return marks.opened
    known = [body.get("known") for body in marks.placed.values()]
    tested = {skill for one in known if isinstance(one, list) for skill in one}
    return {**dict.fromkeys(sorted(tested), "test"), **marks.opened}


def states(
    candidates: Iterable[Candidate],
    memories: Mapping[str, Memory],
    requires: Requires,
    at_ms: int,
    settings: Settings,
    opened: Mapping[str, str] | None = None,
) -> dict[str, SkillState]:
    """The state of every skill that is in the graph or has an exercise, at ``at_ms`` (UTC ms)."""
    return states_of(tallies(candidates, memories, at_ms, settings), requires, settings, opened)


def states_of(
    found: Mapping[str, Tally],
    requires: Requires,
    settings: Settings,
    opened: Mapping[str, str] | None = None,
) -> dict[str, SkillState]:
    """The state of every skill, from the tallies of those that have an exercise."""
    opened = opened or {}
    share = {skill: tally.share for skill, tally in found.items()}
    mastered = _mastered(share, requires, settings.known_at, opened)
    states: dict[str, SkillState] = {}
    for skill in (*requires, *(skill for skill in found if skill not in requires)):
        tally = found.get(skill, _NO_EXERCISE)
        missing = tuple(one for one in requires.get(skill, ()) if one not in mastered)
        state: State = "open" if skill in opened or not missing else "closed"
        if tally.begun:
            state = "known" if skill in mastered else "begun"
        states[skill] = SkillState(
            skill,
            state,
            tally.share,
            tally.exercises,
            tally.begun,
            missing,
            opened.get(skill, ""),
        )
    return states


_NO_EXERCISE: Final = Tally()


def _mastered(
    share: Mapping[str, float], requires: Requires, known_at: float, opened: Mapping[str, str]
) -> frozenset[str]:
    """The skills that are known, or were found to be by a test.

    One without exercises is known as soon as all that it requires is: it must not bar the way.
    """
    found = {skill for skill, one in share.items() if one >= known_at}
    found |= {skill for skill, by in opened.items() if by == "test"}
    empty = [skill for skill in requires if skill not in share and skill not in found]
    grown = True
    while grown:
        ready = {
            skill
            for skill in empty
            if skill not in found
            and all(one in found or one not in requires for one in requires[skill])
        }
        found |= ready
        grown = bool(ready)
    # What no deck describes cannot be required to be known.
    unknown = {one for needed in requires.values() for one in needed if one not in requires}
    return frozenset(found | unknown)
