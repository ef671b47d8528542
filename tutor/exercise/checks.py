"""What can be wrong with a well-formed exercise before any program is run."""

from __future__ import annotations

import keyword
import math
from typing import TYPE_CHECKING, Any, Final

from tutor.exercise import expr
from tutor.exercise.answer_checks import check_answer
from tutor.exercise.answers import Choice, Flags, Formula, Raises, Value
from tutor.exercise.finding import VERDICTS, Finding
from tutor.exercise.messages import suggestion
from tutor.exercise.params import (
    MAX_INT,
    MAX_LENGTH,
    ChoiceParam,
    FloatParam,
    IntParam,
    ListParam,
    PermutationParam,
)
from tutor.exercise.template import RESERVED, is_template
from tutor.exercise.text_checks import check_template, check_templates, unknown_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tutor.exercise.document import FieldPath
    from tutor.exercise.model import Exercise, ExerciseTest

#: A parameter may not hold more numbers than this, lists in lists counted.
MAX_DRAWN: Final = 10_000
_NOT_NAMES: Final = RESERVED | frozenset(expr.FUNCTIONS) | {"live"}


def check(exercise: Exercise, data: Any) -> list[Finding]:
    """Everything wrong in an exercise by itself; ``data`` is the plain content of its file."""
    findings = [
        *_check_names(exercise),
        *_check_params(exercise),
        *_check_expressions(exercise),
        *_check_program(exercise),
    ]
    for name in exercise.answers:
        findings += check_answer(exercise, name)
    for index, test in enumerate(exercise.tests):
        findings += _check_test(exercise, test, ("tests", index))
    findings += check_templates(exercise, data)
    return findings


def _check_names(exercise: Exercise) -> Iterator[Finding]:
    for field, names in (("params", exercise.params), ("let", exercise.let)):
        for name in names:
            path = (field, name)
            if keyword.iskeyword(name):
                yield Finding(path, f"`{name}` is a word of Python; take another name", True)
            elif name in _NOT_NAMES or name.startswith("_"):
                yield Finding(path, f"`{name}` is taken; choose another name", True)
            elif field == "let" and name in exercise.params:
                yield Finding(path, f"`{name}` is a parameter already; take another name", True)


def _check_params(exercise: Exercise) -> Iterator[Finding]:
    earlier: set[str] = set()
    for name, param in exercise.params.items():
        yield from _check_param(param, ("params", name), earlier, 1)
        earlier.add(name)


def _check_param(
    param: Any, path: FieldPath, earlier: Collection[str], times: int
) -> Iterator[Finding]:
    match param:
        case IntParam(int=(low, high)) if low > high:
            message = f"no number is between {low} and {high}; write [{high}, {low}]"
            yield Finding((*path, "int"), message)
        case FloatParam(float=grid):
            if grid.from_ > grid.to:
                message = f"`from` {grid.from_:g} is above `to` {grid.to:g}; exchange them"
                yield Finding((*path, "float", "from"), message)
            elif (grid.to - grid.from_) / grid.step > MAX_INT:
                yield Finding((*path, "float", "step"), "this step is too small; make it larger")
        case ChoiceParam(choice=items):
            yield from _check_finite(items, (*path, "choice"))
        case PermutationParam(permutation=tuple() as items):
            yield from _check_finite(items, (*path, "permutation"))
        case ListParam(list=spec):
            at = (*path, "list")
            length = spec.len if isinstance(spec.len, int) else 1
            if not 0 <= length <= MAX_LENGTH:
                yield Finding((*at, "len"), f"write a length from 0 to {MAX_LENGTH:,}")
            elif length * times > MAX_DRAWN:
                message = f"{length * times:,} numbers in one parameter; at most {MAX_DRAWN:,}"
                yield Finding((*at, "len"), message)
            if isinstance(spec.len, str):
                yield from check_template(spec.len, (*at, "len"), frozenset(earlier))
            yield from _check_param(spec.of, (*at, "of"), earlier, length * times)


def _check_finite(items: Sequence[Any], path: FieldPath) -> Iterator[Finding]:
    stack = list(items)
    while stack:
        item = stack.pop()
        if isinstance(item, float) and not math.isfinite(item):
            yield Finding(
                path, f"{item} cannot be drawn; write finite numbers, or a text in quotes"
            )
        elif isinstance(item, list):
            stack += item
        elif isinstance(item, dict):
            stack += item.values()


def _check_expressions(exercise: Exercise) -> Iterator[Finding]:
    known = list(exercise.params)
    for name, source in exercise.let.items():
        yield from _check_expression(source, ("let", name), known)
        known.append(name)
    for index, source in enumerate(exercise.where):
        yield from _check_expression(source, ("where", index), known)


def _check_expression(source: str, path: FieldPath, known: Sequence[str]) -> Iterator[Finding]:
    if is_template(source):
        yield from check_template(source, path, frozenset(known))
        return
    try:
        names = expr.parse(source).names
    except expr.ExpressionError as error:
        yield Finding(path, error.message)
        return
    yield from unknown_names(source, names - set(known), path, known)


def _check_program(exercise: Exercise) -> Iterator[Finding]:
    if exercise.program is not None:
        return
    needing = [n for n, a in exercise.answers.items() if not isinstance(a, Choice | Formula)]
    if needing:
        kind = exercise.answers[needing[0]].kind
        message = f"`program` is missing; `{needing[0]}` is of kind {kind}, which needs one"
        yield Finding(("program",), message)


def _check_test(exercise: Exercise, test: ExerciseTest, path: FieldPath) -> Iterator[Finding]:
    names = list(exercise.answers)
    for field, given in (("answer", test.answer), ("expect", test.expect)):
        for name in given:
            if name not in exercise.answers:
                message = (
                    f"`{name}` is no answer; {suggestion(name, names)}there are {', '.join(names)}"
                )
                yield Finding((*path, field, name), message, True)
    for name, expected in test.expect.items():
        if name not in exercise.answers:
            continue
        at = (*path, "expect", name)
        if name not in test.answer and set(test.answer) <= set(names):
            yield Finding(at, f"`{name}` is expected but not answered; add it to `answer`", True)
        if isinstance(expected, str) and expected in VERDICTS:
            continue
        ids = (expected,) if isinstance(expected, str) else expected
        for index, near_id in enumerate(ids):
            where = at if isinstance(expected, str) else (*at, index)
            yield from _check_expected_id(exercise, name, near_id, where, len(ids))


def _check_expected_id(
    exercise: Exercise, name: str, near_id: str, path: FieldPath, count: int
) -> Iterator[Finding]:
    answer = exercise.answers[name]
    known = list(answer.near) if isinstance(answer, Value | Flags | Raises | Formula) else []
    if isinstance(answer, Choice):
        known = [option.near for option in answer.options if option.near is not None]
    if near_id in known or near_id.startswith(("std:", "rel:")):
        return
    if near_id in VERDICTS:
        message = f"`{near_id}` is a verdict; a list is for ids of near misses"
        if count == 1:
            message += f"; write {near_id} without brackets"
        yield Finding(path, message)
        return
    there = ", ".join((*VERDICTS, *known))
    hint = suggestion(near_id, [*VERDICTS, *known])
    message = (
        f"`{near_id}` is neither a verdict nor a near miss of `{name}`; {hint}there are {there}"
    )
    yield Finding(path, message)
