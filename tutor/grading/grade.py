"""From what was typed to the question's verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.answer import MESSAGES, InvalidAnswer
from tutor.grading.compare import NotGradable
from tutor.grading.context import Context
from tutor.grading.kinds import kind_of, shown
from tutor.grading.standards import StandardsOf
from tutor.grading.truths import AuthorFault, Truths
from tutor.grading.verdict import AnswerVerdict, QuestionVerdict, Verdict, broken, together
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.grading.standards import FindStandards
    from tutor.question import Question
    from tutor.runner.client import Runner


async def grade(
    question: Question,
    truths: Truths,
    texts: Mapping[str, str],
    runner: Runner,
    standards: FindStandards | None = None,
    *,
    formulas: Runner | None = None,
) -> QuestionVerdict:
    """Grade the typed ``texts``, one an answer name.

    All of them are read before any is judged: a typo in one costs nothing, whatever the others are.
    ``standards`` gives the standard near misses, if they have been run already; else they are run once an
    answer is wrong and none of the author's matches.  ``formulas`` runs what learners' formulas give, where
    many are graded at once.

    Raises:
        RunnerFailure: the learner's code could not be run through our own fault.
    """
    invalid: dict[str, AnswerVerdict] = {}
    reads: dict[str, Any] = {}
    standards = standards or StandardsOf(question, truths, runner)
    context = Context(question, truths, runner, standards, reads, formulas)
    try:
        for name in question.answers:
            try:
                reads[name] = read_one(name, texts.get(name, ""), context)
            except InvalidAnswer as error:
                invalid[name] = invalid_verdict(error)
        if invalid:
            return QuestionVerdict(Verdict.INVALID, None, invalid)
        verdicts = {name: await judge_one(name, reads[name], context) for name in question.answers}
    except (NotGradable, AuthorFault) as fault:
        return broken(fault.message)
    weights = {name: answer.weight for name, answer in question.answers.items()}
    return together(verdicts, weights)


def read_one(name: str, text: str, context: Context) -> Any:
    """What was typed for one answer, in the type its kind reads.

    Raises:
        InvalidAnswer: it cannot be read.
    """
    answer = context.question.answers[name]
    return kind_of(answer).read(answer, text, context.truths.sides[name])


async def judge_one(name: str, read: Any, context: Context) -> AnswerVerdict:
    answer = context.question.answers[name]
    try:
        verdict: AnswerVerdict = await kind_of(answer).judge(
            answer, context.truths.sides[name], read, context
        )
    except InvalidAnswer as error:
        return invalid_verdict(error)
    return verdict


def invalid_verdict(error: InvalidAnswer) -> AnswerVerdict:
    message = _(MESSAGES[error.key]).format(**error.params)
    return AnswerVerdict(Verdict.INVALID, 0.0, message, line=error.line, column=error.column)


def right_answers(question: Question, truths: Truths) -> dict[str, str]:
    """A right answer to every answer of the question, typed as a learner would."""
    return {name: shown(answer, truths.sides[name]) for name, answer in question.answers.items()}
