"""All exercises in the order of learning, and what of them may be asked at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.agenda.filters import Filters
from tutor.schedule.knowledge import opened_skills

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tutor.exercise.load import LoadedExercise
    from tutor.schedule.skills import Candidate
    from tutor.store.marks import Marks

#: Deeper than any graph.
FAR: Final = 100_000

Candidates = tuple["Candidate", ...]


class Order:
    """What is worked out is kept: as long as nothing has changed, the same tuple is given."""

    def __init__(self, arranged: Candidates) -> None:
        self.arranged = arranged
        #: The order as the opened skills change it, and those skills.
        self._moved: tuple[Mapping[str, str], Candidates] | None = None
        #: What was last worked out, with what it was worked out from.
        self._resting: tuple[Candidates, set[str], Candidates] | None = None
        self._admitted: tuple[Filters, Candidates, Candidates] | None = None

    def awake(self, marks: Marks, now: int, left_out: Collection[str]) -> Candidates:
        """Every exercise that does not rest and is not ``left_out``."""
        order = self._by(marks)
        resting = {id_ for id_ in (*marks.suspended, *marks.adopted) if marks.rests(id_, now)}
        resting |= {id_ for id_ in marks.buried if marks.rests(id_, now)} | {*left_out}
        if self._resting is None or self._resting[:2] != (order, resting):
            awake = order
            if resting:
                awake = tuple(one for one in order if one.exercise_id not in resting)
            self._resting = order, resting, awake
        return self._resting[2]

    def admitted(
        self, awake: Candidates, filters: Filters, exercises: Mapping[str, LoadedExercise]
    ) -> Candidates:
        """What ``filters`` admit of them."""
        if filters == Filters():
            return awake
        if self._admitted is None or self._admitted[:2] != (filters, awake):
            found = tuple(one for one in awake if filters.admits(exercises[one.exercise_id]))
            self._admitted = filters, awake, found
        return self._admitted[2]

    def _by(self, marks: Marks) -> Candidates:
        """Skills opened by hand first, those that a test found known last."""
        opened = opened_skills(marks)
        if not opened:
            return self.arranged
        if self._moved is None or self._moved[0] != opened:
            place = {"hand": -1, "test": 1}
            moved = [
                one._replace(depth=one.depth + FAR * place.get(opened.get(one.skill, ""), 0))
                for one in self.arranged
            ]
            self._moved = opened, tuple(sorted(moved, key=lambda one: one.depth))
        return self._moved[1]
