"""``value``: whatever one expression gives after the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.answer import InvalidAnswer, Reading, read_value
from tutor.grading.compare import NotGradable, compare
from tutor.grading.near import find_nears, matching, prepare_near
from tutor.grading.relations.values import Facts, value_relation
from tutor.grading.truths import AuthorFault
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.grading.why import explain
from tutor.i18n import _
from tutor.render.value import show
from tutor.values import Opaque, Value

if TYPE_CHECKING:
    from tutor.grading.context import Context
    from tutor.grading.standards import Standards
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnValue


@dataclass(frozen=True, slots=True)
class Side:
    truth: Value
    near: dict[str, Value]


def prepare(plan: Plan, answer: DrawnValue) -> Resolve:
    plan.base(answer.expression)
    finders = {
        id_: prepare_near(plan, near, answer.expression) for id_, near in answer.near.items()
    }

    def resolve(results: Results) -> Side:
        where = ("answers", answer.name, "value")
        truth = results.value(answer.expression, where)
        if isinstance(truth, Opaque):
            raise AuthorFault(NotGradable(truth).message, where)
        return Side(truth, find_nears(finders, results, truth, answer.name))

    return resolve


def read(_answer: DrawnValue, text: str, side: Side) -> Reading:
    reading = read_value(text)
    # A word where numbers are asked is a typo, found before judging.
    if not compare(side.truth, reading).right:
        _refuse_separators(text, side.truth)
    return reading


_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(?:([, '’])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_DECIMAL_COMMA: Final = re.compile(r"[-+]?\d+,\d+")


def _refuse_separators(text: str, truth: Value) -> None:
    """``1,234.5`` and ``0,5`` are lists here; who means the one number that is right has slipped.

    Raises:
        InvalidAnswer: without the separators, or with a point, it would be right.
    """
    typed = " ".join(text.split())
    meant = []
    if found := _THOUSANDS.fullmatch(typed):
        meant.append(typed.replace(found[1], ""))
    if _DECIMAL_COMMA.fullmatch(typed):
        meant.append(typed.replace(",", "."))
    for one in meant:
        if compare(truth, read_value(one)).right:
            count = len(re.findall(r"[\d.]+", typed))
            raise InvalidAnswer("separators", text=typed, count=count, meant=one)


async def judge(answer: DrawnValue, side: Side, read: Reading, context: Context) -> AnswerVerdict:
    comparison = compare(side.truth, read)
    truth = show(side.truth)
    if comparison.right:
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), read.echo, truth)
    why = await explain(
        answer.name,
        context,
        matching(side.near, read),
        lambda value: bool(matching({"": value}, read)),
        lambda standards: value_relation(
            side.truth, read, _facts(answer, side, context, standards)
        ),
    )
    message = why.message(comparison.message)
    return AnswerVerdict(Verdict.WRONG, 0.0, message, read.echo, truth, why.near, why.says)


def _facts(answer: DrawnValue, side: Side, context: Context, standards: Standards) -> Facts:
    return Facts(
        program=context.question.program,
        expression=answer.expression,
        inputs=standards.inputs,
        other=_exchanged_with(answer, side, context),
    )


def _exchanged_with(answer: DrawnValue, side: Side, context: Context) -> str | None:
    """Another answer that was given this one's truth, while this one was given that one's."""
    for name, read in context.reads.items():
        other = context.truths.sides[name]
        if name == answer.name or not isinstance(other, Side) or not isinstance(read, Reading):
            continue
        here = matching({name: other.truth}, context.reads[answer.name])
        if here and matching({name: side.truth}, read) and not matching({name: other.truth}, read):
            return name
    return None


def shown(_answer: DrawnValue, side: Side) -> str:
    return show(side.truth)
