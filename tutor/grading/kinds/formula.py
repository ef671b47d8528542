"""``formula``: the learner's torch expression against autograd's truth at seeded random points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.answer import InvalidAnswer, read_formula
from tutor.exercise.answers import MISSING
from tutor.grading.compare import shapes_differ
from tutor.grading.numbers import within
from tutor.grading.relations.formulas import formula_relation
from tutor.grading.truths import AuthorFault, describe
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.grading.why import explain
from tutor.i18n import _
from tutor.render.value import show
from tutor.runner.job import FormulaResult, FormulaRun, Job, Raised, Stopped
from tutor.values import Number, Tensor, Value

if TYPE_CHECKING:
    from tutor.answer.formula import FormulaTree
    from tutor.exercise.document import FieldPath
    from tutor.grading.context import Context
    from tutor.grading.standards import Standards
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnFormula, DrawnNear

RTOL, ATOL = 1e-6, 1e-9

Point = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Side:
    """Truth and near misses at the same points, one entry a point."""

    points: tuple[Point, ...]
    truth: tuple[Tensor, ...]
    near: dict[str, tuple[Value | Raised, ...]]


def prepare(plan: Plan, answer: DrawnFormula) -> Resolve:
    trees: dict[str, Any] = {"shown": _author_tree(answer.show, answer, ("show",)).to_json()}
    patched: dict[str, int] = {}
    for id_, near in answer.near.items():
        if near.program is not None:
            patched[id_] = plan.formula(_run(plan, answer, {}, program=near.program))
        else:
            trees[f"near:{id_}"] = _author_tree(
                _text(near, answer), answer, ("near", id_)
            ).to_json()
    index = plan.formula(_run(plan, answer, trees))

    def resolve(results: Results) -> Side:
        result = results.formula(index)
        truth = _truth_of(result, ("answers", answer.name, "truth"))
        near: dict[str, tuple[Value | Raised, ...]] = {
            id_: result.trees[f"near:{id_}"] for id_ in answer.near if id_ not in patched
        }
        for id_, run in patched.items():
            other = results.formula(run)
            if other.raised is not None or other.points != result.points:
                results.near_faults[answer.name, id_] = "its program cannot be run at these points"
            else:
                near[id_] = other.truth
        for id_, found in near.items():
            failed = next((f for f in found if isinstance(f, Raised)), None)
            if failed is not None:
                results.near_faults[answer.name, id_] = describe(failed)
        return Side(result.points, truth, near)

    return resolve


def _run(
    plan: Plan, answer: DrawnFormula, trees: dict[str, Any], *, program: str | None = None
) -> FormulaRun:
    return FormulaRun(
        program=plan.question.program if program is None else program,
        seed=plan.question.seed,
        variables=answer.variables,
        points=None,
        truth=answer.truth,
        trees=trees,
    )


def _shapes(answer: DrawnFormula) -> dict[str, tuple[int, ...]]:
    return {name: spec.shape for name, spec in answer.variables.items()}


def _text(near: DrawnNear, answer: DrawnFormula) -> str:
    if near.expression is not None:
        return near.expression
    if near.value is MISSING or near.value is None or isinstance(near.value, list):
        where = ("answers", answer.name, "near", near.id)
        raise AuthorFault(f"the near miss {near.id} takes a patch or a formula", where)
    return str(near.value)


def _author_tree(text: str, answer: DrawnFormula, where: FieldPath) -> FormulaTree:
    try:
        return read_formula(text, _shapes(answer))
    except InvalidAnswer as error:
        message = f"`{text}` cannot be read: {error.message}"
        raise AuthorFault(message, ("answers", answer.name, *where)) from error


def _truth_of(result: FormulaResult, where: FieldPath) -> tuple[Tensor, ...]:
    if result.raised is not None:
        line = result.raised.line
        raise AuthorFault(f"the program stopped with {describe(result.raised)}", line=line)
    tensors = []
    for found in result.truth:
        if isinstance(found, Raised):
            raise AuthorFault(f"the truth stopped with {describe(found)}", where)
        tensors.append(_tensor(found, where))
    if not tensors:
        raise AuthorFault("no point was found at which the truth is finite", where)
    return tuple(tensors)


def _tensor(value: Value, where: FieldPath) -> Tensor:
    if isinstance(value, Number):
        return Tensor("float64", (), (value.number,))
    if isinstance(value, Tensor):
        return value
    raise AuthorFault("the truth of a formula has to be a tensor or a number", where)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed: its tree, and the text on one line."""

    tree: FormulaTree
    echo: str


def read(answer: DrawnFormula, text: str, _side: Side) -> Read:
    return Read(read_formula(text, _shapes(answer)), " ".join(text.split()))


async def judge(answer: DrawnFormula, side: Side, read: Read, context: Context) -> AnswerVerdict:
    """The formula runs apart from the truth, at the points that this was found at."""
    zero = zero_point(answer)
    run = FormulaRun(
        program="",
        seed=context.question.seed,
        variables=answer.variables,
        points=side.points if zero is None else (*side.points, zero),
        truth=None,
        trees={"answer": read.tree.to_json()},
    )
    try:
        result = await (context.formulas or context.runner).run(Job((run,)))
    except Stopped as stopped:
        raise _too_costly(stopped.limit) from stopped
    everywhere = result.formula(0).trees["answer"]
    found, beyond = everywhere[: len(side.points)], everywhere[len(side.points) :]
    for value in found:
        if isinstance(value, Raised) and value.limit:
            raise _too_costly(value.limit)
    misses = [i for i, value in enumerate(found) if not _same(value, side.truth[i])]
    if not misses:
        return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), read.echo, answer.show)
    near = tuple(
        id_
        for id_, values in side.near.items()
        if all(_same(f, v) for f, v in zip(found, values, strict=True))
    )
    program = context.question.program
    why = await explain(
        answer.name,
        context,
        near,
        lambda values: all(_same(f, v) for f, v in zip(found, values, strict=True)),
        lambda standards: formula_relation(
            found, side.truth, side.points, program, _at_zero(answer.name, beyond, standards)
        ),
    )
    message = why.message(_why(found, side, misses))
    return AnswerVerdict(Verdict.WRONG, 0.0, message, read.echo, answer.show, why.near, why.says)


def _too_costly(limit: str) -> InvalidAnswer:
    return InvalidAnswer("formula-slow" if limit in ("cpu", "wall") else "formula-large")


def zero_point(answer: DrawnFormula) -> Point | None:
    """Every variable zero; ``None`` where that is no value of one of them."""
    specs = answer.variables.items()
    if any(
        spec.kind not in (None, "symmetric") or not spec.low <= 0 <= spec.high for _, spec in specs
    ):
        return None
    return {
        name: Tensor("float64", spec.shape, (0.0,) * math.prod(spec.shape)) for name, spec in specs
    }


def _at_zero(
    name: str, beyond: tuple[Value | Raised, ...], standards: Standards
) -> tuple[Value | Raised, Value] | None:
    truth = standards.at_zero.get(name)
    return None if truth is None or not beyond else (beyond[0], truth)


def _same(found: Value | Raised, truth: Value | Raised) -> bool:
    if isinstance(found, Number):
        found = Tensor("float64", (), (found.number,))
    if not isinstance(found, Tensor) or not isinstance(truth, Tensor):
        return False
    return found.shape == truth.shape and all(
        within(a, b, rtol=RTOL, atol=ATOL)
        for a, b in zip(found.entries, truth.entries, strict=True)
    )


def _why(found: tuple[Value | Raised, ...], side: Side, misses: list[int]) -> str:
    """Type, shape or value: the first rung that fails, at the smallest point that shows it."""
    first = found[misses[0]]
    if isinstance(first, Raised):
        shapes = ", ".join(
            f"{name} is {list(v.shape)}"
            for name, v in side.points[0].items()
            if isinstance(v, Tensor)
        )
        reason = first.message.strip().split("\n")[0][:300]
        return _("torch cannot run this: {reason} ({shapes}).").format(reason=reason, shapes=shapes)
    if not isinstance(first, Number | Tensor):
        return _("The formula does not give a tensor of numbers.")
    mine = first.shape if isinstance(first, Tensor) else ()
    truth = side.truth[misses[0]]
    if mine != truth.shape:
        return shapes_differ(truth.shape, mine)
    smallest = min(misses, key=lambda i: _size(side.points[i]))
    point = ", ".join(f"{n} = {_brief(v)}" for n, v in side.points[smallest].items())
    value = found[smallest]
    if isinstance(value, Tensor | Number) and _has_nan(value):
        message = _("Your formula is nan at {point}, where the truth is {truth}.")
        return message.format(point=point, truth=_brief(side.truth[smallest]))
    if isinstance(value, Raised):
        return _("torch cannot run this at {point}: {reason}").format(
            point=point, reason=value.message[:200]
        )
    return _("At {point} your formula gives {yours}; the truth there is {truth}.").format(
        point=point, yours=_brief(value), truth=_brief(side.truth[smallest])
    )


def _has_nan(value: Tensor | Number) -> bool:
    entries = value.entries if isinstance(value, Tensor) else (value.number,)
    return any(isinstance(e, float) and math.isnan(e) for e in entries)


def _size(point: Point) -> float:
    return sum(abs(e) for v in point.values() if isinstance(v, Tensor) for e in v.entries)


def _brief(value: Value) -> str:
    """A value on one line, to four figures."""
    if not isinstance(value, Tensor):
        return show(value)
    numbers = iter(f"{e:.4g}" for e in value.entries)

    def nest(shape: tuple[int, ...]) -> str:
        if not shape:
            return next(numbers)
        return "[" + ", ".join(nest(shape[1:]) for _ in range(shape[0])) + "]"

    return nest(value.shape)


def shown(answer: DrawnFormula, _side: Side) -> str:
    return answer.show
