"""What is run to explain a question that is over: its program, and whatever its answers are about."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tutor.answer import InvalidAnswer, read_code
from tutor.grading.kinds.order import source as in_order
from tutor.grading.point import point_source
from tutor.question import (
    DrawnAnswer,
    DrawnChoice,
    DrawnCode,
    DrawnFlags,
    DrawnFormula,
    DrawnOrder,
    DrawnValue,
)
from tutor.runner.job import ExplainRun, Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.question import Question

__all__ = ["explanation_run"]


def explanation_run(question: Question, texts: Mapping[str, str] | None = None) -> ExplainRun:
    """The run that shows how the truths of ``question`` come about.

    Mostly that is its program, then the expressions that are asked about.  Where an answer is code or an
    order of lines, the solution is a section ``answer`` after it; of a formula, the section ``point``
    gives each variable numbers and the truth is evaluated there.  ``texts`` are the learner's, by
    answer: code among them runs in the solution's place, if it can be read.
    """
    answers = question.answers.values()
    program = (Section("program", question.program),) if question.program else ()
    asked = tuple(dict.fromkeys(e for answer in answers for e in _asked(answer)))
    formula = next((a for a in answers if isinstance(a, DrawnFormula)), None)
    added = next((a for a in answers if isinstance(a, DrawnCode | DrawnOrder)), None)
    if added is not None and not asked:
        lines = Section("answer", _lines(added, (texts or {}).get(added.name)))
        return ExplainRun((*program, lines), question.seed, added.compare)
    if formula is not None and not asked:
        point = Section("point", point_source(formula.variables, question.seed))
        return ExplainRun((*program, point), question.seed, (formula.truth,), double=True)
    return ExplainRun(program, question.seed, asked)


def _asked(answer: DrawnAnswer) -> tuple[str, ...]:
    """The expressions whose values are the truth of an answer."""
    match answer:
        case DrawnValue():
            return (answer.expression,)
        case DrawnFlags():
            return answer.expressions
        case DrawnChoice():
            return tuple(o.expr for o in answer.options if o.correct and o.expr is not None)
    return ()


def _lines(answer: DrawnCode | DrawnOrder, text: str | None) -> str:
    if isinstance(answer, DrawnOrder):
        return in_order(answer, answer.right_order)
    if text is not None:
        with suppress(InvalidAnswer):  # what cannot be read was never run
            return read_code(text).source
    return answer.solution
