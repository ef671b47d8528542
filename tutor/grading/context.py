"""What judging an answer may need beside the answer itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.grading.truths import Truths
    from tutor.question import Question
    from tutor.runner.client import Runner


@dataclass(frozen=True, slots=True)
class Context:
    """What a kind may need to judge: the question, its truths, and where to run the learner's code."""

    question: Question
    truths: Truths
    runner: Runner

    def says(self, answer: str, near: tuple[str, ...]) -> tuple[str, ...]:
        """The near misses' messages, with this draw's live values in them."""
        return tuple(self.truths.texts.says[answer, id_] for id_ in near)
