"""After a miss with a named misconception: another exercise that turns on the same idea."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.misconceptions import diagnoses, families_missed, title
from tutor.schedule.memory import recall_at
from tutor.schedule.queue import Planned
from tutor.schedule.reasons import GroundNow, SameIdeaNow
from tutor.schedule.skills import required_by
from tutor.store.records import NEW, Remembered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tutor.agenda.agenda import Agenda
    from tutor.exercise.load import LoadedExercise
    from tutor.schedule.reasons import Reason
    from tutor.schedule.skills import Candidate
    from tutor.store.records import Review

#: An exercise that is known better than this is left for its own day.
HALF_FORGOTTEN: Final = 0.95
#: So many exercises are looked into.
LOOKED_INTO: Final = 40


async def follow_up(
    agenda: Agenda,
    missed: Review,
    recent: Sequence[str],
    requires: Mapping[str, Sequence[str]],
) -> Planned | None:
    """What is to be asked right after ``missed``, if any exercise is worth it.

    First one of a skill that the missed one requires; then one that looks different. It has to be
    due, or new and open, or half forgotten: else it would be asked for nothing.

    Looking into an exercise takes some milliseconds, so others have their turn in between. (Not on
    a thread: it reads programs by ``ast``, which two threads at once cannot do safely everywhere.)
    """
    loaded = agenda.library.exercises.get(missed.exercise_id)
    if loaded is None:
        return None
    families = families_missed(missed, loaded)
    if not families:
        return None
    ground = required_by(loaded.skill, requires)
    # What it requires first, then other skills, then its own: looking different is the point.
    order = sorted(
        _worth_asking(agenda, missed, recent),
        key=lambda one: (one.skill not in ground, one.skill == loaded.skill),
    )
    return await _turns_on(families, order[:LOOKED_INTO], ground, agenda.library.exercises)


def _worth_asking(agenda: Agenda, missed: Review, recent: Sequence[str]) -> list[Candidate]:
    memories, counts, shut = agenda.memories(), agenda.due(), agenda.closed()
    recall = recall_at(agenda.clock(), agenda.settings)
    asked = {*recent, missed.exercise_id}
    found = []
    for one in agenda.candidates():
        memory = memories.get(one.exercise_id, NEW)
        if one.exercise_id in asked:
            continue
        if isinstance(memory, Remembered):
            if recall(memory) <= HALF_FORGOTTEN:
                found.append(one)
        elif counts.new and one.skill not in shut:
            found.append(one)
    return found


async def _turns_on(
    families: Sequence[str],
    candidates: Sequence[Candidate],
    ground: Collection[str],
    exercises: Mapping[str, LoadedExercise],
) -> Planned | None:
    """The first one that knows one of the families."""
    for one in candidates:
        await asyncio.sleep(0)
        known = diagnoses(exercises[one.exercise_id])
        for family in families:
            if family in known:
                name = title(family)
                reason: Reason = SameIdeaNow(name)
                if one.skill in ground:
                    reason = GroundNow(name, one.skill)
                return Planned(one.exercise_id, one.skill, reason)
    return None
