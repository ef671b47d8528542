"""Options to choose from that are values of the live run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.grading.kinds.choice import options_shown
from tutor.question import DrawnChoice

if TYPE_CHECKING:
    from tutor.grading.truths import Truths
    from tutor.question import Question


def offers(question: Question, truths: Truths) -> dict[str, list[str]]:
    """The texts of the options of every choice, by the answer's name."""
    return {
        name: [option.text or "" for option in options_shown(truths.sides[name])]
        for name, answer in question.answers.items()
        if isinstance(answer, DrawnChoice)
    }
