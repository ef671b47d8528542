"""Both programs, each in a fresh child of its own, and what came of it side by side."""

from __future__ import annotations

import ast
import asyncio
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor import syntax
from tutor.answer import MESSAGES, InvalidAnswer, read_code, read_raises, read_value
from tutor.grading.compare import NotGradable, compare, equal
from tutor.grading.kinds.raises import Outcome
from tutor.grading.runner_words import in_language
from tutor.grading.truths import describe
from tutor.i18n import _
from tutor.render.value import show
from tutor.runner.job import ChildDied, Job, ProgramRun, Raised, RunResult, Section, Stopped
from tutor.whatif.differences import Difference, differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.runner.client import Runner
    from tutor.values import Value
    from tutor.whatif.bench import Asked, Bench

#: Names of a program that are looked at beside what is asked, and of those how many are told.
MAX_NAMES: Final = 24
MAX_OTHERS: Final = 6
MAX_OUTPUT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared, in the words of its values; ``expression`` is ``None`` for the error.

    ``right`` says whether the prediction came true; ``None`` where there is none, or none that can be
    read: then ``problem`` says why.
    """

    expression: str | None
    before: str
    after: str
    changed: bool
    predicted: str = ""
    right: bool | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What came of it.

    ``rows`` are what the question asks, ``others`` further names of the programs that changed.
    ``stopped`` says why the edited program has no result, ``raised`` how it ended early;
    ``output`` is what it printed.
    """

    program: str
    differences: tuple[Difference, ...]
    rows: tuple[Row, ...]
    others: tuple[Row, ...] = ()
    raised: Raised | None = None
    stopped: str = ""
    output: str = ""


async def what_if(
    bench: Bench, program: str, predictions: Mapping[str, str], runner: Runner
) -> WhatIf:
    """Run ``program`` beside the bench's own.

    ``predictions`` are texts by expression, as they would be typed into an answer; that of the error
    goes by the empty string.  Cancelling this kills the children.

    Raises:
        RunnerFailure: there is no result through our own fault.
        InvalidAnswer: the program is no Python; the message names the line.
    """
    source = read_code(program).source
    names = _names(bench.program, source)
    before, after = await asyncio.gather(
        _run(bench, bench.program, names, runner), _run(bench, source, names, runner)
    )
    rows = tuple(_row(asked, before, after, predictions) for asked in bench.asked)
    known = {asked.expression for asked in bench.asked}
    others = (_compared(name, before, after) for name in names if name not in known)
    stopped = after if isinstance(after, str) else ""
    ran = after if isinstance(after, RunResult) else None
    return WhatIf(
        source,
        differences(bench.program, source),
        rows,
        tuple(row for row in others if row.changed)[:MAX_OTHERS] if ran is not None else (),
        ran.raised if ran is not None else None,
        stopped,
        ran.output[:MAX_OUTPUT] if ran is not None else "",
    )


async def _run(
    bench: Bench, source: str, names: tuple[str, ...], runner: Runner
) -> RunResult | str:
    """The run, or in words why it was stopped."""
    asked = tuple(one.expression for one in bench.asked if one.expression is not None)
    evaluate = tuple(dict.fromkeys((*asked, *map(_safely, names))))
    try:
        result = await runner.run(
            Job((ProgramRun((Section("program", source),), bench.seed, evaluate),))
        )
    except Stopped as stopped:
        return in_language(stopped.message)
    except ChildDied as died:
        if runner.state != "ready":
            raise
        return in_language(died.message)
    return result.program(0)


# -- the names of a program ---------------------------------------------------------------------------

_LEAF = re.compile(r"(\w+)\.grad")


def _names(*programs: str) -> tuple[str, ...]:
    """What the programs assign at their top level, and the gradients of those, in order."""
    names: dict[str, None] = {}
    for program in programs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = syntax.parse(program)
        for statement in tree.body:
            for node in ast.walk(statement):
                if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                    break
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    names[node.id] = None
    kept = list(names)[:MAX_NAMES]
    return (*kept, *(f"{name}.grad" for name in kept))


def _safely(name: str) -> str:
    """The expression behind a name: the gradient of what is no leaf would only bring a warning."""
    leaf = _LEAF.fullmatch(name)
    if leaf is None:
        return name
    return f"{leaf[1]}.grad if getattr({leaf[1]}, 'is_leaf', False) else None"


# -- side by side -------------------------------------------------------------------------------------


def _row(
    asked: Asked, before: RunResult | str, after: RunResult | str, predictions: Mapping[str, str]
) -> Row:
    row = _compared(asked.expression, before, after)
    predicted = predictions.get(asked.expression or "", "").strip()
    if not predicted:
        return row
    right, problem = _came_true(asked, predicted, after)
    return Row(row.expression, row.before, row.after, row.changed, predicted, right, problem)


def _compared(name: str | None, before: RunResult | str, after: RunResult | str) -> Row:
    if name is None:
        old, new = _error(before), _error(after)
        return Row(None, old, new, old != new)
    expression = _expression(name, before, after)
    old_value, new_value = _value(before, expression), _value(after, expression)
    if old_value is None or new_value is None:
        changed = (old_value is None) != (new_value is None)
    else:
        changed = not equal(old_value, new_value)
    return Row(name, _text(before, expression), _text(after, expression), changed)


def _expression(name: str, *runs: RunResult | str) -> str:
    """A name's own expression if it was asked for, else the one that :func:`_safely` asked for."""
    known = any(isinstance(run, RunResult) and _has(run, name) for run in runs)
    return name if known else _safely(name)


def _has(run: RunResult, expression: str) -> bool:
    return expression in run.values or expression in run.failures


def _value(run: RunResult | str, expression: str) -> Value | None:
    return run.values.get(expression) if isinstance(run, RunResult) else None


def _text(run: RunResult | str, expression: str) -> str:
    """A value in words, or the error that kept it from being one; nothing for what is not there."""
    if isinstance(run, str):
        return ""
    if expression in run.values:
        return show(run.values[expression])
    failure = run.failures.get(expression)
    return "" if failure is None or failure.class_name == "NameError" else describe(failure)


def _error(run: RunResult | str) -> str:
    if isinstance(run, str):
        return run
    if run.raised is None:
        return _("no error")
    if not run.raised.line:
        return run.raised.class_name
    return _("{error} on line {line}").format(error=run.raised.class_name, line=run.raised.line)


def _came_true(asked: Asked, predicted: str, after: RunResult | str) -> tuple[bool | None, str]:
    """Whether a prediction came true; ``None`` and the reason if it cannot be read."""
    try:
        if asked.expression is None:
            read = read_raises(predicted, line_asked=False)
            return isinstance(after, RunResult) and Outcome(after.raised).matches(read), ""
        reading = read_value(predicted)
        value = _value(after, asked.expression)
        return value is not None and compare(value, reading).right, ""
    except InvalidAnswer as error:
        return None, _(MESSAGES[error.key]).format(**error.params)
    except NotGradable:
        return None, ""
