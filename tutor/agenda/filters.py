"""Which exercises a sitting asks, as the learner wishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.exercise.load import LoadedExercise
    from tutor.exercise.model import Exercise


@dataclass(frozen=True, slots=True)
class Filters:
    """Every exercise, or those that are of one of the ``skills``, have one of the ``tags``, know one
    of the ``misconceptions`` and whose ``difficulty`` lies between two numbers, both included.

    ``autograd`` stands for all skills that begin with ``autograd.``.  ``exercises`` are ids.  At most
    ``limit`` questions are asked.  ``ahead`` takes in what the next so many days bring, ``soon`` what
    was not right a moment ago and would only come back in some minutes.  ``cram`` asks
    everything, due or not, and records nothing.  ``place`` is the placement test: questions that find
    where to begin, of which only what they found is recorded.
    """

    skills: frozenset[str] = frozenset()
    limit: int | None = None
    tags: frozenset[str] = frozenset()
    misconceptions: frozenset[str] = frozenset()
    difficulty: tuple[int, int] | None = None
    exercises: frozenset[str] = frozenset()
    ahead: int = 0
    soon: bool = False
    cram: bool = False
    place: bool = False

    @property
    def unrecorded(self) -> bool:
        """Whether answers leave no review in the log."""
        return self.cram or self.place

    def admits(self, loaded: LoadedExercise) -> bool:
        if self.exercises and loaded.id not in self.exercises:
            return False
        if self.skills and not self.names_skill(loaded.skill):
            return False
        # The exercise itself is read only for what cannot be told without it.
        if self.tags and self.tags.isdisjoint(loaded.exercise.tags):
            return False
        if self.misconceptions and self.misconceptions.isdisjoint(known_misses(loaded.exercise)):
            return False
        if self.difficulty is None:
            return True
        least, most = self.difficulty
        return (
            loaded.exercise.difficulty is not None and least <= loaded.exercise.difficulty <= most
        )

    def names_skill(self, skill: str) -> bool:
        """Whether ``skill`` is one of those named, or lies below one."""
        return any(skill == one or skill.startswith(f"{one}.") for one in self.skills)

    @property
    def names_content(self) -> bool:
        """Whether the learner has asked for something by its name: it is then asked, open or not."""
        return bool(self.skills or self.tags or self.misconceptions or self.exercises)


def known_misses(exercise: Exercise) -> frozenset[str]:
    """The ids of the near misses that an exercise's author has foreseen."""
    return frozenset(
        id_ for answer in exercise.answers.values() for id_ in getattr(answer, "near", ())
    )
