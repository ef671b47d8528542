"""A session on one exercise file for its author: any draw, nothing kept.

It is the real session over a store that is thrown away, so that the preview can never differ from what
a learner will see; only *what to ask next* is answered by the author's keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.exercise.load import Library, load_file
from tutor.grading.grade import right_answers
from tutor.grading.told import near_answers
from tutor.schedule.queue import NewNow, Planned
from tutor.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.exercise.load import LoadedExercise
    from tutor.question import Question
    from tutor.runner.client import Runner
    from tutor.session.turn import Turn
    from tutor.store import Store


class PreviewSession(Session):
    """Asks the draw ``seed`` of the exercise in ``path``, again and again.

    Raises (also by :meth:`reload`):
        ExerciseErrors: the file has errors.
    """

    def __init__(
        self, path: Path, store: Store, runner: Runner, *, seed: int, language: str
    ) -> None:
        loaded = load_file(path)
        super().__init__(_library(loaded), store, runner, language=language)
        self.path = path
        self.seed = seed
        self._loaded = loaded

    @property
    def loaded(self) -> LoadedExercise:
        """The exercise as it was last read."""
        return self._loaded

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the exercise, in its order."""
        return self._loaded.exercise.languages or (self.language,)

    def reload(self) -> None:
        """Read the file again, after a save."""
        loaded = load_file(self.path)
        self._loaded = loaded
        self.library = _library(loaded)

    def reread(self, id_: str) -> None:
        self.reload()

    def next_language(self) -> str:
        """Change to the exercise's next language."""
        known = self.languages
        at = known.index(self.language) if self.language in known else -1
        self.language = known[(at + 1) % len(known)]
        return self.language

    def next(self) -> Turn | None:
        self.store.clear_pending()
        self.faults.clear()
        return super().next()

    def _plan(self) -> Planned | None:
        exercise = self._loaded.exercise
        if exercise.id in self.faults:
            return None
        return Planned(exercise.id, exercise.skill, NewNow(1, 1))

    def _pick_seed(self, loaded: LoadedExercise) -> int:
        return self.seed

    async def _allow(self, question: Question) -> None:
        """An author who names a file to run it has allowed it."""

    async def typed(self) -> list[tuple[str, dict[str, str]]]:
        """What could be typed: the truth, then every near miss, each with a text for every answer."""
        turn, truths = self.turn, await self._runs.truths()
        if turn is None or isinstance(truths, str):
            return []
        right = right_answers(turn.question, truths)
        texts = [("truth", right)]
        for name, answer in turn.question.answers.items():
            _, nears = near_answers(answer, truths.sides[name])
            texts += [
                (id_, right | {name: near.text})
                for id_, near in nears.items()
                if near.text is not None
            ]
        return texts


def _library(loaded: LoadedExercise) -> Library:
    decks = (loaded.deck,) if loaded.deck else ()
    return Library(decks, {loaded.id: loaded})
