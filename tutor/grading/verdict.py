"""What grading says: one verdict an answer, one for the question."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """``invalid`` could not be read and ``broken`` is our own fault: both cost the learner nothing."""

    CORRECT = "correct"
    WRONG = "wrong"
    INVALID = "invalid"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """The verdict on one answer of a question.

    ``near`` names every near miss that the answer is consistent with, the author's ids first; ``says``
    are their messages, in the same order.  ``message`` is for the learner: why, in words.  ``truth`` is
    the live value as text, ``None`` while nothing was graded.  ``line`` and ``column`` (both from 1)
    point into the text as typed when it is invalid.
    """

    verdict: Verdict
    score: float
    message: str
    read_as: str | None = None
    truth: str | None = None
    near: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    line: int = 1
    column: int = 1

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "verdict": self.verdict.value,
            "near": list(self.near),
            "message": self.message,
            "read_as": self.read_as,
            "truth": self.truth,
        }
        if self.verdict is Verdict.INVALID:
            data |= {"line": self.line, "column": self.column}
        else:
            data["score"] = self.score
        return data


@dataclass(frozen=True, slots=True)
class QuestionVerdict:
    """All answers together: ``score`` is the weighted mean, ``correct`` only if every answer is.

    When an answer is invalid, ``answers`` holds only the invalid ones: nothing is charged and nothing
    of the others is told.  When the question is broken, ``fault`` says what went wrong on our side.
    """

    verdict: Verdict
    score: float | None
    answers: dict[str, AnswerVerdict] = field(default_factory=dict)
    fault: str | None = None

    @property
    def near(self) -> tuple[str, ...]:
        """The near misses of all answers, in the answers' order."""
        return tuple(near for answer in self.answers.values() for near in answer.near)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"verdict": self.verdict.value, "score": self.score}
        data["answers"] = {name: answer.to_json() for name, answer in self.answers.items()}
        if self.fault is not None:
            data["message"] = self.fault
        return data


def broken(fault: str) -> QuestionVerdict:
    return QuestionVerdict(Verdict.BROKEN, None, fault=fault)


def together(answers: dict[str, AnswerVerdict], weights: dict[str, float]) -> QuestionVerdict:
    """The question's verdict from its answers'."""
    invalid = {n: a for n, a in answers.items() if a.verdict is Verdict.INVALID}
    if invalid:
        return QuestionVerdict(Verdict.INVALID, None, invalid)
    score = sum(weights[n] * a.score for n, a in answers.items()) / sum(weights.values())
    right = all(a.verdict is Verdict.CORRECT for a in answers.values())
    return QuestionVerdict(Verdict.CORRECT if right else Verdict.WRONG, score, answers)
