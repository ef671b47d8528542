"""Near misses of values: what each would have given in the live run, and which an answer matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tutor.answer import InvalidAnswer, Reading, value_from_yaml
from tutor.answer.reading import (
    BoolRead,
    NameRead,
    NoneRead,
    Numbers,
    ReadValue,
    SizeRead,
    TupleRead,
)
from tutor.exercise.answers import MISSING
from tutor.grading.compare import NotGradable, compare
from tutor.grading.truths import AuthorFault
from tutor.values import Node, Nothing, Number, Sequence, Size, Tensor, Text, Truth, Value

if TYPE_CHECKING:
    from tutor.grading.truths import Plan, Results
    from tutor.question import DrawnNear

FindNear = Callable[["Results", Value], Value]


def prepare_near(plan: Plan, near: DrawnNear, truth_expression: str) -> FindNear:
    """Register what a near miss needs; the result gives its value (it may need the truth's type).

    Raises (when called):
        AuthorFault: its program, expression or value does not work.
    """
    expression = near.expression or truth_expression
    if near.program is not None:
        index = plan.program(near.program, evaluate=(expression,))
        return lambda results, _: results.value_of(results.program(index), expression)
    if near.value is not MISSING:
        try:
            reading = value_from_yaml(near.value)
        except InvalidAnswer as error:
            fault = AuthorFault(f"its value {near.value!r} cannot be read: {error.message}")
            return _raising(fault)
        return lambda _, truth: value_like(truth, reading)
    plan.base_near(expression)
    return lambda results, _: results.value(expression)


def _raising(fault: AuthorFault) -> FindNear:
    def raise_it(_results: Results, _truth: Value) -> Value:
        raise fault

    return raise_it


def find_nears(
    finders: Mapping[str, FindNear], results: Results, truth: Value, answer: str
) -> dict[str, Value]:
    """The value of every near miss that could be run; the others go on the results' list of faults."""
    found: dict[str, Value] = {}
    for id_, find in finders.items():
        try:
            found[id_] = find(results, truth)
        except AuthorFault as fault:
            results.near_faults[answer, id_] = fault.message
    return found


def matching(nears: Mapping[str, Value], reading: Reading) -> tuple[str, ...]:
    """The near misses that the reading is consistent with, in the author's order."""
    named = []
    for id_, value in nears.items():
        try:
            if compare(value, reading).right:
                named.append(id_)
        except (InvalidAnswer, NotGradable):
            continue
    return tuple(named)


def value_like(truth: Value, reading: Reading) -> Value:
    """A written value as the live value it stands for, of the truth's type where that is possible."""
    return _value_like(truth, reading.readings[0])


def _value_like(truth: Value, read: ReadValue) -> Value:
    match read:
        case NoneRead():
            return Nothing()
        case BoolRead(true):
            return Tensor("bool", (), (true,)) if isinstance(truth, Tensor) else Truth(true)
        case SizeRead(dims):
            return Size(dims)
        case NameRead(name, raw):
            return Text(raw) if isinstance(truth, Text) else Node(name)
        case TupleRead(items):
            likes = truth.items if isinstance(truth, Sequence) else ()
            like = dict(enumerate(likes))
            found = (_value_like(like.get(i, truth), item) for i, item in enumerate(items))
            return Sequence(tuple(found), is_tuple=True)
        case Numbers(shape, entries, _):
            numbers = tuple(entry.value for entry in entries)
            if isinstance(truth, Tensor):
                one = len(truth.entries) == 1 and shape == ()
                dtype = "bool" if numbers and isinstance(numbers[0], bool) else truth.dtype
                return Tensor(dtype, truth.shape if one else shape, numbers)
            if isinstance(truth, Size) and all(type(n) is int for n in numbers):
                return Size(tuple(int(n) for n in numbers))
            if shape == () and not isinstance(numbers[0], bool):
                return Number(numbers[0])
            return Tensor("float32", shape, numbers)
