"""What judging an answer may need beside the answer itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.grading.standards import FindStandards
    from tutor.grading.truths import Truths
    from tutor.question import Question
    from tutor.runner.client import Runner


@dataclass(frozen=True, slots=True)
class Context:
    """What a kind may need to judge: the question, its truths, and where to run the learner's code.

    ``find_standards`` gives the standard near misses; ``None`` leaves them, and relations, out: for
    proofs that the author's own near misses are told.  ``reads`` are what was typed, by answer name.
    ``runner`` gives every job a child of its own, as learner's code must have; a formula is no code, and
    may share one with others in ``formulas``.
    """

    question: Question
    truths: Truths
    runner: Runner
    find_standards: FindStandards | None = None
    reads: Mapping[str, Any] = field(default_factory=dict)
    formulas: Runner | None = None

    def says(self, answer: str, near: tuple[str, ...]) -> tuple[str, ...]:
        """The near misses' messages, with this draw's live values in them."""
        return tuple(self.truths.texts.says[answer, id_] for id_ in near)
