"""``code``: the learner's lines, run after the program, against the solution run apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answer import read_code, used_names
from tutor.grading.numbers import within
from tutor.grading.runner_words import in_language
from tutor.grading.truths import AuthorFault, describe
from tutor.grading.verdict import AnswerVerdict, Verdict
from tutor.i18n import _, ngettext
from tutor.render.value import show
from tutor.runner.job import ChildDied, Job, ProgramRun, RunResult, Section, Stopped
from tutor.values import Nothing, Number, Opaque, Sequence, Tensor, Value

if TYPE_CHECKING:
    from tutor.answer.code import CodeRead
    from tutor.grading.context import Context
    from tutor.grading.truths import Plan, Resolve, Results
    from tutor.question import DrawnCode

#: ``torch.testing.assert_close``'s defaults: (rtol, atol) per dtype; other dtypes are compared exactly.
TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
}


@dataclass(frozen=True, slots=True)
class Side:
    values: dict[str, Value]


def prepare(plan: Plan, answer: DrawnCode) -> Resolve:
    index = plan.program(plan.question.program, answer.solution, evaluate=answer.compare)

    def resolve(results: Results) -> Side:
        run = results.program(index)
        at = ("answers", answer.name)
        if run.raised is not None and run.raised.section == "answer":
            raise AuthorFault(f"it stopped with {describe(run.raised)}", (*at, "solution"))
        values = {}
        for place, expression in enumerate(answer.compare):
            where = (*at, "compare", place)
            values[expression] = results.value_of(run, expression, where)
            opaque = _opaque_in(values[expression])
            if opaque is not None:
                raise AuthorFault(
                    f"`{expression}` gives a {opaque.type_name}: it cannot be compared", where
                )
        return Side(values)

    return resolve


def _opaque_in(value: Value) -> Opaque | None:
    """The first part of a value that is none of the types that can be compared."""
    if isinstance(value, Sequence):
        return next((found for item in value.items if (found := _opaque_in(item))), None)
    return value if isinstance(value, Opaque) else None


def read(_answer: DrawnCode, text: str, _side: Side) -> CodeRead:
    return read_code(text)


async def judge(answer: DrawnCode, side: Side, read: CodeRead, context: Context) -> AnswerVerdict:
    broken_rule = rule_broken(answer, read.source)
    if broken_rule is not None:
        return _wrong(answer, broken_rule)
    run = ProgramRun(
        (Section("program", context.question.program), Section("answer", read.source)),
        context.question.seed,
        answer.compare,
    )
    try:
        result = await context.runner.run(Job((run,)))
    except Stopped as stopped:
        return _wrong(
            answer, _("Your code was {stopped}.").format(stopped=in_language(stopped.message))
        )
    except ChildDied:
        if context.runner.state != "ready":
            raise  # torch's process was lost with it: nobody's lapse
        return _wrong(answer, _("Your code ended the process that it ran in."))
    message = difference(side.values, result.program(0), answer.compare)
    if message is not None:
        return _wrong(answer, message)
    return AnswerVerdict(Verdict.CORRECT, 1.0, _("Right."), _echo(read), answer.solution)


def _wrong(answer: DrawnCode, message: str) -> AnswerVerdict:
    return AnswerVerdict(Verdict.WRONG, 0.0, message, None, answer.solution)


def _echo(read: CodeRead) -> str:
    lines = read.source.strip().count("\n") + 1
    return ngettext("{n} line of Python", "{n} lines of Python", lines).format(n=lines)


def rule_broken(answer: DrawnCode, source: str) -> str | None:
    """Which ``forbid`` or ``require`` the source breaks, with the author's reason."""
    used = used_names(source)
    for rule in answer.forbid:
        if rule.name in used:
            return rule.says or _("`{name}` is not allowed here.").format(name=rule.name)
    for rule in answer.require:
        if rule.name not in used:
            return rule.says or _("`{name}` has to be used here.").format(name=rule.name)
    return None


def difference(truth: dict[str, Value], run: RunResult, expressions: tuple[str, ...]) -> str | None:
    """The first way in which a run's values are not the truth's, in words; ``None`` if they agree."""
    if run.raised is not None:
        return _("Your code stopped with {error}.").format(error=describe(run.raised))
    for expression in expressions:
        failure = run.failures.get(expression)
        if failure is not None:
            template = _("`{expression}` cannot be evaluated after your code: {error}.")
            return template.format(expression=expression, error=describe(failure))
        message = _unlike(expression, run.values[expression], truth[expression])
        if message is not None:
            return message
    return None


def _unlike(expression: str, mine: Value, truth: Value) -> str | None:
    if same_value(mine, truth):
        return None
    if isinstance(truth, Tensor) and isinstance(mine, Tensor):
        if mine.shape != truth.shape:
            return _("`{expression}` has shape {yours}; it should have {truth}.").format(
                expression=expression, yours=list(mine.shape), truth=list(truth.shape)
            )
        if mine.dtype != truth.dtype:
            return _("`{expression}` is {yours}; it should be {truth}.").format(
                expression=expression, yours=mine.dtype, truth=truth.dtype
            )
    if type(mine) is not type(truth):
        kind = mine.type_name if isinstance(mine, Opaque) else type(mine).__name__.lower()
        return _("`{expression}` is a {yours}; it should be a {truth}.").format(
            expression=expression, yours=kind, truth=type(truth).__name__.lower()
        )
    return _("`{expression}` is {yours}, which is not right.").format(
        expression=expression, yours=show(mine)
    )


def same_value(mine: Value, truth: Value) -> bool:
    """Equal as ``torch.testing.assert_close`` has it, dtype included."""
    match mine, truth:
        case Tensor(), Tensor():
            if (mine.dtype, mine.shape) != (truth.dtype, truth.shape):
                return False
            rtol, atol = TOLERANCES.get(truth.dtype, (0.0, 0.0))
            pairs = zip(mine.entries, truth.entries, strict=True)
            return all(within(a, b, rtol=rtol, atol=atol) for a, b in pairs)
        case Number(a), Number(b):
            if type(a) is not type(b):
                return False
            rtol, atol = TOLERANCES["float64"] if isinstance(b, float) else (0.0, 0.0)
            return within(a, b, rtol=rtol, atol=atol)
        case Sequence(), Sequence():
            return (
                mine.is_tuple == truth.is_tuple
                and len(mine.items) == len(truth.items)
                and all(map(same_value, mine.items, truth.items))
            )
        case (Nothing(), Nothing()):
            return True
    return mine == truth and not isinstance(truth, Opaque)


def shown(answer: DrawnCode, _side: Side) -> str:
    return answer.solution
