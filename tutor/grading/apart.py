"""Whether two live values are far enough from each other to be told apart by what a learner types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from tutor.grading.compare import NotGradable, as_tensor
from tutor.grading.numbers import ATOL, EXACT_TOLERANCE, RTOL
from tutor.values import Node, Number, Sequence, Size, Tensor, Text, Truth, Value

if TYPE_CHECKING:
    from tutor.values import Scalar

#: Two values less than this many tolerances apart could both be meant by one typed answer.
MARGIN: Final = 10


def apart(a: Value, b: Value) -> bool:
    """Whether some entry of ``a`` and ``b`` differs by at least ten times the grading tolerance.

    What a learner can type the same way counts as the same: one number for a one-element tensor of
    any shape, a list for a tuple.
    """
    a, b = _canonical(a), _canonical(b)
    match a, b:
        case Tensor(), Tensor():
            if (a.dtype == "bool") != (b.dtype == "bool"):
                return True
            one_for_one = len(a.entries) == len(b.entries) == 1
            if a.shape != b.shape and not one_for_one:
                return True
            return any(map(_far, a.entries, b.entries))
        case Node(x), Node(y):
            return _bare(x) != _bare(y)
        case Sequence(xs), Sequence(ys):
            return len(xs) != len(ys) or any(map(apart, xs, ys))
    return a != b


def _canonical(value: Value) -> Value:
    match value:
        case Sequence():
            try:
                return as_tensor(value)
            except NotGradable:
                return value  # tensors and None side by side: item by item
        case Number(number):
            return Tensor("float64", (), (number,))
        case Truth(true):
            return Tensor("bool", (), (true,))
        case Size(dims):
            return Text(str(list(dims)))
    return value


def _far(a: Scalar, b: Scalar) -> bool:
    x, y = float(a), float(b)
    if not (math.isfinite(x) and math.isfinite(y)):
        return not (x == y or (math.isnan(x) and math.isnan(y)))
    return abs(x - y) >= MARGIN * max(_tolerance(x), _tolerance(y))


def _tolerance(x: float) -> float:
    if x.is_integer():
        return EXACT_TOLERANCE * max(1.0, abs(x))
    return ATOL + RTOL * abs(x)


def _bare(name: str) -> str:
    return name.rstrip("0123456789").removesuffix("Backward").lower()
