"""What an exercise's author need not write: the standard near misses that its answers are told by anyway."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tutor.exercise.answer_checks import near_ids
from tutor.families import FAMILIES
from tutor.grading.compare import NotGradable
from tutor.grading.standards import find_standards
from tutor.grading.truths import AuthorFault, find_truths
from tutor.misconceptions import family_of
from tutor.question import DrawError, draw
from tutor.runner.job import RunnerFailure

if TYPE_CHECKING:
    from tutor.exercise.load import LoadedExercise
    from tutor.runner.client import Runner


@dataclass(frozen=True, slots=True)
class Free:
    """A standard near miss of an answer in the draw with seed 0; ``line`` is 0 for another expression."""

    answer: str
    id: str
    line: int
    now: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{self.answer}: {self.id}  {where}{self.now}"


@dataclass(frozen=True, slots=True)
class FreeNear:
    """``without_family`` are the author's near misses that only count by themselves: an `idea` helps."""

    id: str
    free: tuple[Free, ...]
    without_family: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def free_near(loaded: LoadedExercise, runner: Runner) -> FreeNear:
    """Run the standard edits of the first draw; none where it cannot be run."""
    own = [id_ for name in loaded.exercise.answers for id_ in near_ids(loaded.exercise, name)]
    without = tuple(id_ for id_ in own if family_of(id_, loaded) not in FAMILIES)
    try:
        question = draw(loaded, 0, "en")
        truths = await find_truths(question, runner)
    except (DrawError, AuthorFault, NotGradable, RunnerFailure):
        return FreeNear(loaded.id, (), without)
    standards = await find_standards(question, truths, runner)
    free = tuple(
        Free(name, one.id, one.edit.line, one.edit.now)
        for name, found in standards.near.items()
        for one in found
    )
    return FreeNear(loaded.id, free, without)
