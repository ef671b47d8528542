"""``order``: the program's lines in any order that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answer import read_order
from tutor.grading.kinds.choice import LETTERS
from tutor.grading.kinds.code import difference
from tutor.grading.runner_words import in_language
from tutor.grading.truths import AuthorFault, describe
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.i18n import _, ngettext
from tutor.runner.job import ChildDied, Job, ProgramRun, Section, Stopped

if TYPE_CHECKING:
    from tutor.grading.context import Context
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnOrder
    from tutor.values import Value


@dataclass(frozen=True, slots=True)
class Side:
    values: dict[str, Value]


def source(answer: DrawnOrder, order: tuple[int, ...]) -> str:
    """The lines in the given order, as one program."""
    return "\n".join(answer.lines[i] for i in order)


def prepare(plan: Plan, answer: DrawnOrder) -> Resolve:
    index = plan.program(
        plan.question.program, source(answer, answer.right_order), evaluate=answer.compare
    )

    def resolve(results: Results) -> Side:
        run = results.program(index)
        at = ("answers", answer.name)
        if run.raised is not None and run.raised.section == "answer":
            raise AuthorFault(f"the given order stops with {describe(run.raised)}", (*at, "lines"))
        return Side(
            {
                e: results.value_of(run, e, (*at, "compare", index))
                for index, e in enumerate(answer.compare)
            }
        )

    return resolve


def read(answer: DrawnOrder, text: str, _side: Side) -> tuple[int, ...]:
    return read_order(text, answer.lines)


async def judge(
    answer: DrawnOrder, side: Side, read: tuple[int, ...], context: Context
) -> AnswerVerdict:
    """A right order has the right lines, each after what it needs, and it runs."""
    truth, echo = shown(answer, side), _letters(read)
    message = _misplaced(answer, _told_apart(answer, read))
    message = message or await _run(answer, side, read, context)
    if message is None:
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), echo, truth)
    return AnswerVerdict(Verdict.WRONG, 0.0, message, echo, truth)


def _told_apart(answer: DrawnOrder, order: tuple[int, ...]) -> tuple[int, ...]:
    """The order with lines of the same text, which nobody can tell apart, in their given order."""
    same: dict[str, list[int]] = {}
    for line in sorted(order, key=(*answer.right_order, *answer.distractors).index):
        same.setdefault(answer.lines[line], []).append(line)
    return tuple(same[answer.lines[line]].pop(0) for line in order)


def _misplaced(answer: DrawnOrder, order: tuple[int, ...]) -> str | None:
    alien = [i for i in order if i in answer.distractors]
    if alien:
        return _("Line {line} does not belong to the program.").format(line=LETTERS[alien[0]])
    missing = sorted(set(answer.right_order) - set(order))
    if missing:
        n = len(missing)
        return ngettext("{n} line is missing.", "{n} lines are missing.", n).format(n=n)
    if answer.depends is None:
        wrong = next((i for i, j in zip(order, answer.right_order, strict=True) if i != j), None)
        if wrong is None:
            return None
        return _("Line {line} is not in its place.").format(line=LETTERS[wrong])
    place = {line: at for at, line in enumerate(order)}
    for line in order:
        for needed in answer.depends.get(line, ()):
            if place[needed] > place[line]:
                message = _("Line {line} needs a line that comes after it.")
                return message.format(line=LETTERS[line])
    return None


async def _run(
    answer: DrawnOrder, side: Side, order: tuple[int, ...], context: Context
) -> str | None:
    sections = (
        Section("program", context.question.program),
        Section("answer", source(answer, order)),
    )
    run = ProgramRun(sections, context.question.seed, answer.compare)
    try:
        result = await context.runner.run(Job((run,)))
    except Stopped as stopped:
        message = _("In this order the program was {stopped}.")
        return message.format(stopped=in_language(stopped.message))
    except ChildDied:
        if context.runner.state != "ready":
            raise  # torch's process was lost with it: nobody's lapse
        return _("In this order the program ends the process that it runs in.")
    ran = result.program(0)
    if ran.raised is not None:
        message = _("In this order the program stops with {error}.")
        return message.format(error=describe(ran.raised))
    return difference(side.values, ran, answer.compare)


def shown(answer: DrawnOrder, _side: Side) -> str:
    return _letters(answer.right_order)


def _letters(order: tuple[int, ...]) -> str:
    return " ".join(LETTERS[i] for i in order)
