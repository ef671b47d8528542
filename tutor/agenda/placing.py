"""The placement test over a library: which exercise is asked for the skill that tells most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.schedule import placement
from tutor.schedule.queue import Planned
from tutor.schedule.reasons import PlacementNow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tutor.exercise.load import LoadedExercise
    from tutor.schedule.skills import Candidate


class Placing:
    """A test goes on until :meth:`anew`; ``awake`` is what may be asked in it."""

    def __init__(self, requires: Mapping[str, Sequence[str]]) -> None:
        self._requires = requires
        self._test: placement.Placement | None = None

    def anew(self) -> None:
        """The next question is the first of a test."""
        self._test = None

    def next(
        self, awake: Sequence[Candidate], exercises: Mapping[str, LoadedExercise]
    ) -> Planned | None:
        """An exercise, neither the easiest nor the hardest, of the skill that tells most."""
        test = self.begun(awake)
        while (skill := test.next()) is not None:
            offered = [one for one in awake if one.skill == skill]
            if offered:
                break
            # They broke meanwhile; other skills' answers tell about this one.
            test = self._test = replace(test, testable=test.testable - {skill})
        else:
            return None
        offered.sort(key=lambda one: exercises[one.exercise_id].exercise.difficulty or 3)
        chosen = offered[len(offered) // 2]
        reason = PlacementNow(len(test.answers) + 1, placement.MOST, skill)
        return Planned(chosen.exercise_id, skill, reason)

    def answered(
        self, awake: Sequence[Candidate], skill: str, *, right: bool
    ) -> placement.Placement:
        """The test with one more answer."""
        self._test = self.begun(awake).answered(skill, right)
        return self._test

    def begun(self, awake: Sequence[Candidate]) -> placement.Placement:
        """The test as far as it has come."""
        if self._test is None:
            testable = {one.skill for one in awake}
            self._test = placement.start(self._requires, testable)
        return self._test
