"""Draws in which two answers that should be told apart are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.grading.told import near_answers

if TYPE_CHECKING:
    from tutor.grading.truths import Truths
    from tutor.question import Question


def clashes(question: Question, truths: Truths) -> tuple[tuple[str, str, str], ...]:
    """Each near miss that is the truth or an earlier near miss in this draw.

    As ``(answer, near miss, "truth" or the other)``, by the same margin as `tutor check` asks for.
    """
    found = []
    for name, answer in question.answers.items():
        truth, nears = near_answers(answer, truths.sides[name])
        others = {"truth": truth}
        for id_, near in nears.items():
            twin = next((other for other, one in others.items() if not near.differs(one)), None)
            if twin is not None:
                found.append((name, id_, twin))
            others[id_] = near
    return tuple(found)
