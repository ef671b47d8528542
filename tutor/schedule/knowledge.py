"""How well skills are known, and which are open.  Pure.

A skill is known as far as its exercises are: the mean of their probabilities of recall, where one that
was never answered, or not right the last time, counts nothing. It is *known* from
:attr:`Settings.known_at` on, and opens the skills that require it. What was once begun goes on, whatever
its skill has become; only new exercises wait for their skill to open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from tutor.schedule.days import DAY_MS
from tutor.schedule.memory import recall_at
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tutor.schedule.settings import Settings
    from tutor.schedule.skills import Candidate
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


def states(
    candidates: Iterable[Candidate],
    memories: Mapping[str, Memory],
    requires: Requires,
    at_ms: int,
    settings: Settings,
    opened: Mapping[str, str] | None = None,
) -> dict[str, SkillState]:
    """The state of every skill that is in the graph or has an exercise, at ``at_ms`` (UTC ms)."""
    opened = opened or {}
    total, begun, known = _sums(candidates, memories, at_ms, settings)
    share = {skill: known[skill] / n for skill, n in total.items()}
    mastered = _mastered(share, requires, settings.known_at, opened)
    found = {}
    for skill in (*requires, *(skill for skill in total if skill not in requires)):
        missing = tuple(one for one in requires.get(skill, ()) if one not in mastered)
        state: State = "open" if skill in opened or not missing else "closed"
        if begun.get(skill):
            state = "known" if skill in mastered else "begun"
        found[skill] = SkillState(
            skill,
            state,
            share.get(skill, 0.0),
            total.get(skill, 0),
            begun.get(skill, 0),
            missing,
            opened.get(skill, ""),
        )
    return found


def _sums(
    candidates: Iterable[Candidate], memories: Mapping[str, Memory], at_ms: int, settings: Settings
) -> tuple[dict[str, int], dict[str, int], dict[str, float]]:
    """By skill: how many exercises, how many begun, and the sum of what is known of them."""
    recall = recall_at(at_ms, settings)
    total: dict[str, int] = {}
    begun: dict[str, int] = {}
    known: dict[str, float] = {}
    for one in candidates:
        skill = one.skill
        total[skill] = total.get(skill, 0) + 1
        known.setdefault(skill, 0.0)
        memory = memories.get(one.exercise_id, NEW)
        if isinstance(memory, Remembered):
            begun[skill] = begun.get(skill, 0) + 1
            if memory.due - memory.last_review >= DAY_MS:  # else it was not right the last time
                known[skill] += recall(memory)
    return total, begun, known


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
