"""``raises``: does the program raise, which class, on which line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answer import InvalidAnswer, read_raises
from tutor.exercise.answers import MISSING
from tutor.grading.truths import AuthorFault
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.grading.why import explain
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.answer.raises import RaisesRead
    from tutor.grading.context import Context
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnNear, DrawnRaises
    from tutor.runner.job import Raised

#: Every error is one of these, so naming them says nothing.
TOO_GENERAL = frozenset({"exception", "baseexception"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: ``raised`` is ``None`` when it came to its end."""

    raised: Raised | None

    def matches(self, read: RaisesRead) -> bool:
        if self.raised is None or not read.raises:
            return self.raised is None and not read.raises
        return self.has_class(read) and (read.line is None or read.line == self.raised.line)

    def has_class(self, read: RaisesRead) -> bool:
        name = (read.class_name or "").lower()
        raised = self.raised
        return raised is not None and name not in TOO_GENERAL and name in _names(raised)


@dataclass(frozen=True, slots=True)
class Side:
    truth: Outcome
    near: dict[str, Outcome | RaisesRead]
    lines: int


def _names(raised: Raised) -> set[str]:
    """Every name of the error's classes, in lower case; torch's private ones go by the public one too."""
    names = {raised.class_name.lower(), *(base.lower() for base in raised.bases)}
    return names | {name.lstrip("_") for name in names}


def line_asked(answer: DrawnRaises) -> bool:
    """The line is asked unless the author offers none: ``lines: []``."""
    return answer.lines is None or bool(answer.lines)


def prepare(plan: Plan, answer: DrawnRaises) -> Resolve:
    finders = {id_: _prepare_near(plan, near, answer) for id_, near in answer.near.items()}
    lines = plan.question.program.rstrip("\n").count("\n") + 1

    def resolve(results: Results) -> Side:
        near: dict[str, Outcome | RaisesRead] = {}
        for id_, find in finders.items():
            try:
                near[id_] = find(results)
            except AuthorFault as fault:
                results.near_faults[answer.name, id_] = fault.message
        return Side(Outcome(results.base.raised), near, lines)

    return resolve


def _prepare_near(
    plan: Plan, near: DrawnNear, answer: DrawnRaises
) -> Callable[[Results], Outcome | RaisesRead]:
    if near.program is not None:
        index = plan.program(near.program)
        return lambda results: Outcome(results.program(index).raised)

    def typed(_: Results) -> RaisesRead:
        if near.value is MISSING:
            raise AuthorFault("a near miss of `raises` takes a patch or a value")
        text = "none" if near.value is None else str(near.value)
        try:
            return read_raises(text, line_asked=line_asked(answer))
        except InvalidAnswer as error:
            raise AuthorFault(f"its value {text!r} cannot be read: {error.message}") from error

    return typed


def read(answer: DrawnRaises, text: str, side: Side) -> RaisesRead:
    lines = answer.lines or range(1, side.lines + 1)
    return read_raises(text, line_asked=line_asked(answer), lines=lines)


async def judge(
    answer: DrawnRaises, side: Side, read: RaisesRead, context: Context
) -> AnswerVerdict:
    truth, echo = shown(answer, side), show_read(read)
    if side.truth.matches(read):
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), echo, truth)
    why = await explain(
        answer.name,
        context,
        tuple(id_ for id_, miss in side.near.items() if _same(miss, read)),
        lambda outcome: _same(outcome, read),
        lambda _: None,
    )
    message = why.message(_why(side.truth, read))
    return AnswerVerdict(Verdict.WRONG, 0.0, message, echo, truth, why.near, why.says)


def _same(miss: Outcome | RaisesRead, read: RaisesRead) -> bool:
    if isinstance(miss, Outcome):
        return miss.matches(read)
    return (miss.raises, (miss.class_name or "").lower(), miss.line) == (
        read.raises,
        (read.class_name or "").lower(),
        read.line,
    )


def _why(truth: Outcome, read: RaisesRead) -> str:
    if truth.raised is None:
        return _("The program comes to its end without an error.")
    if not read.raises:
        return _("The program does stop with an error.")
    if not truth.has_class(read):
        if (read.class_name or "").lower() in TOO_GENERAL:
            return _("Every error is an Exception: name the class that is raised.")
        if read.line is not None and truth.raised is not None and read.line == truth.raised.line:
            return _("The line is right; the error is of another class.")
        return _("It stops with an error of another class.")
    return _("The class is right, the line is not.")


def shown(answer: DrawnRaises, side: Side) -> str:
    return show_outcome(side.truth, answer)


def show_outcome(outcome: Outcome, answer: DrawnRaises) -> str:
    """An outcome as a learner would type it."""
    raised = outcome.raised
    if raised is None:
        return "no error"
    name = raised.class_name.lstrip("_")
    return f"{name}, line {raised.line}" if line_asked(answer) else name


def show_read(read: RaisesRead) -> str:
    if not read.raises:
        return "no error"
    where = f", line {read.line}" if read.line is not None else ""
    return f"{read.class_name}{where}"
