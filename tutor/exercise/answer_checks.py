"""What can be wrong with one answer's description before any program is run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from tutor.exercise.answers import (
    Choice,
    Code,
    Flags,
    Formula,
    Near,
    Option,
    Order,
    Raises,
    Rule,
    Value,
    Variable,
)
from tutor.exercise.finding import VERDICTS, Finding
from tutor.exercise.messages import suggestion
from tutor.families import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.exercise.document import FieldPath
    from tutor.exercise.model import Exercise

#: The letters with which options and lines are named.
MAX_LETTERS: Final = 26
MAX_DIMENSION: Final = 1_000
MAX_ENTRIES: Final = 10_000


def check_answer(exercise: Exercise, name: str) -> Iterator[Finding]:
    """Everything wrong in the answer ``name``."""
    answer = exercise.answers[name]
    path: FieldPath = ("answers", name)
    if isinstance(answer, Value | Flags | Raises | Formula):
        for near_id, near in answer.near.items():
            yield from _check_near(exercise, answer.kind, near_id, near, (*path, "near", near_id))
    match answer:
        case Raises(lines=tuple() as lines):
            for index, line in enumerate(lines):
                if isinstance(line, int) and line < 1:
                    yield Finding((*path, "lines", index), "lines count from 1")
            yield from _check_repeated(lines, (*path, "lines"))
        case Formula():
            for variable, spec in answer.vars.items():
                yield from _check_variable(variable, spec, (*path, "vars", variable))
        case Code():
            yield from _check_code(answer, path)
        case Choice():
            yield from _check_choice(exercise, answer, path)
        case Order():
            yield from _check_order(answer, path)


def _check_near(
    exercise: Exercise, kind: str, near_id: str, near: Near, path: FieldPath
) -> Iterator[Finding]:
    if near_id in VERDICTS:
        yield Finding(
            path, f"`{near_id}` is a verdict and no name for a near miss; rename it", True
        )
    given = [f for f in ("patch", "expr") if getattr(near, f) is not None]
    if near.has_value:
        given.append("value")
    if not given:
        yield Finding(path, "nothing says what answer this is; add `patch`, `expr` or `value`")
    elif near.has_value and len(given) > 1:
        there = " and ".join(f"`{field}`" for field in given)
        yield Finding(path, f"{there} exclude each other; keep one (or `patch` with `expr`)")
    if near.has_value and not isinstance(near.value, str | int | float | list | None):
        message = "a map is no answer; write it as a learner would type it"
        yield Finding((*path, "value"), message)
    if near.idea is not None and near.idea not in FAMILIES:
        hint = suggestion(near.idea, list(FAMILIES))
        message = (
            f"`{near.idea}` is no family of misconceptions; {hint}there are {', '.join(FAMILIES)}"
        )
        yield Finding((*path, "idea"), message)
    if near.patch is not None and exercise.program is None and kind == "formula":
        yield Finding(
            (*path, "patch"), "there is no `program` to patch; use `expr` or `value`", True
        )
    if near.expr is not None and kind == "raises":
        message = "an answer of kind raises compares no expression; use `patch` or `value`"
        yield Finding((*path, "expr"), message, True)


def _check_repeated(items: Sequence[object], path: FieldPath) -> Iterator[Finding]:
    seen: dict[object, int] = {}
    for index, item in enumerate(items):
        if item in seen:
            message = f"{item} stands here twice, first as number {seen[item] + 1}; keep one"
            yield Finding((*path, index), message)
        seen.setdefault(item, index)


def _check_variable(
    name: str, spec: Sequence[int | str] | Variable, path: FieldPath
) -> Iterator[Finding]:
    if name == "torch":
        yield Finding(path, "`torch` is the library; take another name", True)
    if not isinstance(spec, Variable):
        yield from check_shape(spec, path)
        return
    yield from check_shape(spec.shape, (*path, "shape"))
    fixed = [dim for dim in spec.shape[-2:] if isinstance(dim, int)]
    if spec.kind in ("symmetric", "spd", "orthogonal"):
        if len(spec.shape) < 2 or (len(fixed) == 2 and fixed[0] != fixed[1]):
            message = (
                f"a variable that is {spec.kind} is a square matrix; write a shape such as [3, 3]"
            )
            yield Finding((*path, "shape"), message)
    elif spec.kind == "unit" and not spec.shape:
        yield Finding((*path, "shape"), "a unit vector has a dimension; write a shape such as [3]")
    low = -2.0 if spec.low is None else spec.low
    high = 2.0 if spec.high is None else spec.high
    if spec.kind == "positive" and high <= 0:
        yield Finding((*path, "high"), f"no positive number is below {high:g}; raise `high`")
    elif low >= high:
        field = "low" if spec.low is not None else "high"
        message = f"`low` {low:g} is not below `high` {high:g}; correct one of them"
        yield Finding((*path, field), message)


def check_shape(shape: Sequence[int | str], path: FieldPath) -> Iterator[Finding]:
    """A shape as the file gives it; templates in it are looked at when drawn."""
    fixed = [dim for dim in shape if isinstance(dim, int)]
    for index, dim in enumerate(shape):
        if isinstance(dim, int) and not 1 <= dim <= MAX_DIMENSION:
            yield Finding((*path, index), f"a dimension of {dim}; write 1 to {MAX_DIMENSION:,}")
            return
    if math.prod(fixed) > MAX_ENTRIES or len(shape) > 8:
        yield Finding(
            path, f"this shape is too large; at most {MAX_ENTRIES:,} entries and 8 dimensions"
        )


def _check_code(answer: Code, path: FieldPath) -> Iterator[Finding]:
    names: dict[str, FieldPath] = {}
    for field, rules in (("forbid", answer.forbid), ("require", answer.require)):
        for index, rule in enumerate(rules):
            name = rule.name if isinstance(rule, Rule) else rule
            at: FieldPath = (*path, field, index)
            if not all(part.isidentifier() for part in name.split(".")):
                message = (
                    f"`{name}` is no name; write a name, attribute or function, such as `torch.sum`"
                )
                yield Finding((*at, "name") if isinstance(rule, Rule) else at, message)
            if name in names and names[name][-2] != field:
                yield Finding(at, f"`{name}` is both forbidden and required; keep one of them")
            names.setdefault(name, at)
    if answer.starter.strip() == answer.solution.strip():
        yield Finding((*path, "starter"), "`starter` is the solution itself; leave something to do")


def _check_choice(exercise: Exercise, answer: Choice, path: FieldPath) -> Iterator[Finding]:
    for index, option in enumerate(answer.options):
        yield from _check_option(exercise, option, (*path, "options", index))
    right = sum(option.correct for option in answer.options)
    if right == 0:
        yield Finding((*path, "options"), "no option is right; add `correct: true` to one")
    elif right > 1 and not answer.many:
        message = f"{right} options are right; keep one `correct: true`, or add `many: true`"
        yield Finding((*path, "options"), message)
    texts = [repr(option.text) for option in answer.options if option.text is not None]
    if len(set(texts)) < len(texts):
        yield Finding((*path, "options"), "two options have the same text; change one")
    nears = [option.near for option in answer.options if option.near is not None]
    if len(set(nears)) < len(nears):
        yield Finding((*path, "options"), "two options take the same near miss; change one")


def _check_option(exercise: Exercise, option: Option, path: FieldPath) -> Iterator[Finding]:
    given = [field for field in ("text", "expr", "near") if getattr(option, field) is not None]
    if not given:
        yield Finding(path, "an option needs one of `text`, `expr`, `near`")
    elif len(given) > 1:
        there = " and ".join(f"`{field}`" for field in given)
        yield Finding(path, f"{there} exclude each other; keep one")
    if option.near is None:
        return
    if option.correct:
        message = "a near miss is wrong by its nature; take `correct` away"
        yield Finding((*path, "correct"), message)
    owners = [name for name, _ in owners_of(exercise, option.near)]
    if len(owners) > 1:
        message = f"`{option.near}` is a near miss of {' and of '.join(f'`{o}`' for o in owners)}; rename one"
        yield Finding((*path, "near"), message)
    elif not owners:
        known = [i for name in exercise.answers for i in near_ids(exercise, name)]
        there = f"there are {', '.join(known)}" if known else "no answer has any"
        hint = suggestion(option.near, known)
        yield Finding((*path, "near"), f"`{option.near}` is no near miss; {hint}{there}")


def near_ids(exercise: Exercise, name: str) -> tuple[str, ...]:
    """The ids of the near misses of an answer."""
    answer = exercise.answers[name]
    return tuple(answer.near) if isinstance(answer, Value | Flags | Raises | Formula) else ()


def owners_of(exercise: Exercise, near_id: str) -> list[tuple[str, Near]]:
    """The answers that have a near miss of this id, each with it."""
    return [
        (name, answer.near[near_id])
        for name, answer in exercise.answers.items()
        if isinstance(answer, Value | Flags | Raises | Formula) and near_id in answer.near
    ]


def _check_order(answer: Order, path: FieldPath) -> Iterator[Finding]:
    count = len(answer.lines)
    if count + len(answer.distractors) > MAX_LETTERS:
        message = (
            f"{count + len(answer.distractors)} lines with the distractors; at most {MAX_LETTERS}"
        )
        yield Finding((*path, "lines"), message)
    lines = list(answer.lines)
    for index, distractor in enumerate(answer.distractors):
        if distractor in lines:
            message = f"this is also line {lines.index(distractor) + 1}; change it or take it away"
            yield Finding((*path, "distractors", index), message)
    for line, needed in (answer.depends or {}).items():
        at: FieldPath = (*path, "depends", line)
        if not 1 <= line <= count:
            yield Finding(at, f"there is no line {line}; lines count from 1 to {count}", True)
            continue
        for index, other in enumerate(needed):
            if not 1 <= other <= count:
                message = f"there is no line {other}; lines count from 1 to {count}"
                yield Finding((*at, index), message)
            elif other >= line:
                # As the given order is right, this also keeps cycles out.
                message = f"line {line} needs line {other}, but stands before it in `lines`"
                if other == line:
                    message = f"line {line} needs itself; take it away"
                yield Finding((*at, index), message)
