"""``flags``: several true-or-false expressions, credit for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.answer import InvalidAnswer, read_flags
from tutor.exercise.answers import MISSING
from tutor.grading.relations.flags import flags_relation
from tutor.grading.truths import AuthorFault
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.grading.why import explain
from tutor.i18n import _
from tutor.values import Sequence, Tensor, Truth, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.exercise.document import FieldPath
    from tutor.grading.context import Context
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnFlags, DrawnNear

Flags = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Side:
    truth: Flags
    near: dict[str, Flags]


def prepare(plan: Plan, answer: DrawnFlags) -> Resolve:
    for expression in answer.expressions:
        plan.base(expression)
    finders = {id_: _prepare_near(plan, near, answer) for id_, near in answer.near.items()}

    def resolve(results: Results) -> Side:
        truth = tuple(_truth_of(results, answer, i) for i in range(len(answer.expressions)))
        near: dict[str, Flags] = {}
        for id_, find in finders.items():
            try:
                near[id_] = find(results)
            except AuthorFault as fault:
                results.near_faults[answer.name, id_] = fault.message
        return Side(truth, near)

    return resolve


def _truth_of(results: Results, answer: DrawnFlags, index: int) -> bool:
    expression, where = answer.expressions[index], ("answers", answer.name, "flags", index)
    return _flag(expression, results.value(expression, where), where)


def _prepare_near(plan: Plan, near: DrawnNear, answer: DrawnFlags) -> Callable[[Results], Flags]:
    if near.value is not MISSING:
        return lambda _: _typed(near.value, answer)
    expressions = (near.expression,) if near.expression else answer.expressions
    if near.program is not None:
        index = plan.program(near.program, evaluate=expressions)
        return lambda results: flags_of(
            [results.value_of(results.program(index), e) for e in expressions], answer
        )
    for expression in expressions:
        plan.base_near(expression)
    return lambda results: flags_of([results.value(e) for e in expressions], answer)


def _typed(value: Any, answer: DrawnFlags) -> Flags:
    """A near miss's flags as written: a list of booleans, or the text that a learner would type."""
    if isinstance(value, list) and all(isinstance(item, bool) for item in value):
        flags = tuple(value)
    elif isinstance(value, bool):
        flags = (value,)
    else:
        try:
            flags = read_flags(str(value), answer.expressions)
        except InvalidAnswer as error:
            raise AuthorFault(f"its value {value!r} cannot be read: {error.message}") from error
    return _counted(flags, answer)


def flags_of(found: list[Value], answer: DrawnFlags) -> Flags:
    """One value a flag, or one expression that gives them all."""
    if len(found) == 1:
        match found[0]:
            case Sequence(items, _):
                found = list(items)
            case Tensor("bool", _, entries, _):
                found = [Truth(bool(entry)) for entry in entries]
    return _counted(tuple(_flag("a flag", value) for value in found), answer)


def _counted(flags: Flags, answer: DrawnFlags) -> Flags:
    if len(flags) != len(answer.expressions):
        raise AuthorFault(f"it has {len(flags)} flags, the answer {len(answer.expressions)}")
    return flags


def _flag(expression: str, value: Value, where: FieldPath = ("program",)) -> bool:
    match value:
        case Truth(true):
            return true
        case Tensor("bool", _, (entry,), _):
            return bool(entry)
    raise AuthorFault(f"`{expression}` is not True or False", where)


def read(answer: DrawnFlags, text: str, _side: Side) -> Flags:
    return read_flags(text, answer.expressions)


async def judge(answer: DrawnFlags, side: Side, read: Flags, context: Context) -> AnswerVerdict:
    right = [typed is true for typed, true in zip(read, side.truth, strict=True)]
    truth = shown(answer, side)
    echo = _show(read)
    if all(right):
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), echo, truth)
    why = await explain(
        answer.name,
        context,
        tuple(id_ for id_, flags in side.near.items() if flags == read),
        lambda flags: bool(flags == read),
        lambda _: flags_relation(side.truth, read, answer.expressions),
    )
    some = _("{n} of {every} are right.").format(n=sum(right), every=len(right))
    message = why.message(some)
    score = sum(right) / len(right)
    return AnswerVerdict(Verdict.WRONG, score, message, echo, truth, why.near, why.says)


def shown(_answer: DrawnFlags, side: Side) -> str:
    return _show(side.truth)


def _show(flags: Flags) -> str:
    return ", ".join(map(str, flags))
