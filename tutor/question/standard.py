"""The standard edits of a drawn question: those of its program, and those of what an answer asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.edits import expression_edits, program_edits
from tutor.question.drawn import DrawnChoice, DrawnFlags, DrawnFormula, DrawnRaises, DrawnValue

if TYPE_CHECKING:
    from tutor.edits import Edit
    from tutor.question import Question
    from tutor.question.drawn import DrawnAnswer


def asked(answer: DrawnAnswer) -> str | None:
    """The expression whose value is the answer, several flags as one list; ``None`` if there is none.

    Of a choice it is the right option's, where that is a live value.
    """
    match answer:
        case DrawnValue():
            return answer.expression
        case DrawnFlags():
            return f"[{', '.join(answer.expressions)}]"
        case DrawnFormula():
            return answer.truth
        case DrawnChoice(many=False):
            return next(option.expr for option in answer.options if option.correct)
    return None


def takes_part(answer: DrawnAnswer) -> bool:
    """Whether a wrong answer of this kind can be told to be that of an edited program."""
    return isinstance(answer, DrawnRaises) or asked(answer) is not None


def edits_of_program(question: Question) -> tuple[Edit, ...]:
    """The edits of the program; none if no answer could be told by them."""
    answers = [answer for answer in question.answers.values() if takes_part(answer)]
    if not question.program or not answers:
        return ()
    expressions = tuple(e for answer in answers if (e := asked(answer)) is not None)
    return program_edits(question.program, expressions)


def edits_of_answer(question: Question, answer: DrawnAnswer) -> tuple[Edit, ...]:
    """The other expressions that the answer may have been given for."""
    expression = asked(answer)
    if expression is None:
        return ()
    variables = tuple(answer.variables) if isinstance(answer, DrawnFormula) else ()
    return expression_edits(question.program, expression, variables)
