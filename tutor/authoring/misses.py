"""Near misses for a replayed cell, and the numbers that make a difference: found by running variants."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.authoring.draft import DraftAnswer, Miss, edited
from tutor.authoring.literals import parameters
from tutor.authoring.proposed import proposed_edits
from tutor.authoring.spans import replaced
from tutor.grading.apart import apart
from tutor.runner.job import Job, ProgramRun, RunnerFailure, Section, WorkerUnavailable
from tutor.values import Nothing, Opaque, Tensor, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.authoring.literals import Parameter
    from tutor.authoring.proposed import ProposedEdit
    from tutor.authoring.replay import Replayed
    from tutor.authoring.spans import Source
    from tutor.runner.client import Runner
    from tutor.runner.job import RunResult
    from tutor.values import Value

MAX_MISSES: Final = 4
_FLIPPED: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What running the variants showed."""

    answers: tuple[DraftAnswer, ...]
    parameters: tuple[Parameter, ...]


async def find_misses(source: Source, replayed: Replayed, runner: Runner) -> Found:
    """Near misses that differ from the truth and each other, and literals that change an answer.

    Raises:
        WorkerUnavailable: nothing can be run at all.
    """
    edits = proposed_edits(source)
    literals = parameters(source)
    asked = tuple(replayed.asked)
    others = {e: list(_other_expressions(e, v, source)) for e, v in replayed.asked.items()}
    extra = tuple(m.expression for ms in others.values() for m in ms if m.expression is not None)
    programs = [source.text, *(edited(source, edit) for edit in edits)]
    base, *variants = await _run_each(programs, (*asked, *extra), runner)
    if base is None:  # it ran a moment ago: a limit was met, and there is nothing to compare with
        return Found(_answers(replayed, {}), ())
    runs = [(edit, run) for edit, run in zip(edits, variants, strict=True) if run is not None]
    if replayed.raises:
        found = {"": [_edit_miss(edit) for edit, run in _other_outcomes(base, runs)]}
    else:
        found = {e: _told_apart(e, base, runs, others[e]) for e in asked}
    answers = _answers(replayed, found)
    kept_edits = [m.edit for one in answers for m in one.misses if m.edit is not None]
    useful = await _useful(source, literals, kept_edits, asked, runner)
    return Found(answers, useful)


def _answers(replayed: Replayed, found: dict[str, list[Miss]]) -> tuple[DraftAnswer, ...]:
    if replayed.raises:
        return (DraftAnswer("error", None, tuple(found.get("", ())[:MAX_MISSES])),)
    names = _names(tuple(replayed.asked))
    return tuple(
        DraftAnswer(name, e, tuple(found.get(e, ())[:MAX_MISSES]))
        for name, e in zip(names, replayed.asked, strict=True)
    )


def _names(expressions: Sequence[str]) -> list[str]:
    """A short name for each: ``x.grad`` is called `grad`, what has none `answer`."""
    names: list[str] = []
    for expression in expressions:
        last = expression.rpartition(".")[2]
        name = last if last.isascii() and last.isidentifier() else "answer"
        count = sum(one == name or one.rstrip("0123456789") == name for one in names)
        names.append(name if not count else f"{name}{count + 1}")
    return names


async def _run_each(
    programs: Sequence[str], expressions: tuple[str, ...], runner: Runner
) -> list[RunResult | None]:
    """Each program's result, ``None`` for one that was stopped."""
    unique = tuple(dict.fromkeys(expressions))
    runs = [ProgramRun((Section("program", p),), 0, unique) for p in programs]
    try:
        result = await runner.run(Job(tuple(runs)))
        return [result.program(index) for index in range(len(runs))]
    except WorkerUnavailable:
        raise
    except RunnerFailure:
        if len(programs) == 1:
            return [None]
        return [(await _run_each([one], expressions, runner))[0] for one in programs]


def _edit_miss(edit: ProposedEdit) -> Miss:
    return Miss(edit.id, edit.says, edit=edit)


def _other_outcomes(
    base: RunResult, runs: Sequence[tuple[ProposedEdit, RunResult]]
) -> Iterator[tuple[ProposedEdit, RunResult]]:
    seen = {_outcome(base)}
    for edit, run in runs:
        if _outcome(run) not in seen:
            seen.add(_outcome(run))
            yield edit, run


def _outcome(run: RunResult) -> tuple[str, int] | None:
    return (run.raised.class_name, run.raised.line) if run.raised else None


def _told_apart(
    expression: str,
    base: RunResult,
    runs: Sequence[tuple[ProposedEdit, RunResult]],
    others: Sequence[Miss],
) -> list[Miss]:
    """Candidates whose value is no other's."""
    candidates: list[tuple[Miss, Value | None]] = [
        (_edit_miss(edit), None if run.raised else run.values.get(expression)) for edit, run in runs
    ]
    for miss in others:
        written = miss.expression is None
        candidates.append((miss, Nothing() if written else base.values.get(miss.expression or "")))
    taken = [base.values[expression]]
    misses: list[Miss] = []
    for miss, value in candidates:
        if value is None or isinstance(value, Opaque):
            continue
        if isinstance(value, Tensor) and not value.entries:
            continue
        if all(apart(value, other) for other in taken):
            taken.append(value)
            misses.append(miss)
    return misses


def _other_expressions(expression: str, truth: Value, source: Source) -> Iterator[Miss]:
    """Near misses that are another expression in the same run, or a value written out."""
    tree = syntax.parse(expression, mode="eval").body
    match tree:
        case ast.Attribute(value=ast.Name(id=name), attr="grad"):
            if isinstance(truth, Nothing):
                says = "Zeros and nothing at all are not the same."
                yield Miss("zeros-for-none", says, expression=f"torch.zeros_like({name})")
            else:
                forward = _last_backward(source)
                if forward is not None:
                    says = f"That is `{forward}` itself, not its gradient."
                    yield Miss("value-for-gradient", says, expression=f"{forward}.detach()")
                yield Miss("no-gradient", "That would be so without a `backward`.", written="null")
        case ast.Compare(ops=[operator], left=left, comparators=[right]):
            if type(operator) in _FLIPPED:
                flipped = f"{ast.unparse(left)} {_FLIPPED[type(operator)]} {ast.unparse(right)}"
                yield Miss("the-other-way-round", "It is the other way round.", expression=flipped)
        case _ if isinstance(truth, Truth):
            flipped = f"not ({expression})"
            yield Miss("the-other-way-round", "It is the other way round.", expression=flipped)


def _last_backward(source: Source) -> str | None:
    """The name of what `backward` was last called on."""
    names = [
        node.func.value.id
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "backward"
        and isinstance(node.func.value, ast.Name)
    ]
    return names[-1] if names else None


async def _useful(
    source: Source,
    literals: Sequence[Parameter],
    edits: Sequence[ProposedEdit],
    asked: tuple[str, ...],
    runner: Runner,
) -> tuple[Parameter, ...]:
    """The literals that can vary and change some answer or near miss; if none does, all that can vary."""
    if not literals:
        return ()
    changes = [(), *(((one.span, one.other),) for one in literals)]
    variants: list[str] = []
    for change in changes:
        for edit in (None, *edits):
            own = list(edit.changes) if edit else []
            free = [c for c in change if not any(_touch(c[0], e[0]) for e in own)]
            variants.append(replaced(source.text, [*own, *free]))
    results = await _run_each(variants, asked, runner)
    width = len(edits) + 1
    base, *others = [results[i : i + width] for i in range(0, len(results), width)]
    harmless, useful = [], []
    for literal, found in zip(literals, others, strict=True):
        pairs = list(zip(base, found, strict=True))
        runs = all(b is not None and f is not None and _outcome(b) == _outcome(f) for b, f in pairs)
        if runs:
            harmless.append(literal)
            if any(b and f and b.values != f.values for b, f in pairs):
                useful.append(literal)
    # Where the answer is always the same, other numbers at least make every question look new.
    return tuple(useful or harmless)


def _touch(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]
