"""What expressions of ``let`` and ``where`` compute with: operators, functions, and their bounds."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

MAX_DEPTH: Final = 50
MAX_STEPS: Final = 100_000
MAX_ITEMS: Final = 10_000
MAX_BITS: Final = 4_096

#: What has a length here.  Tuples: a union is made anew, and takes five times as long to look at.
_SIZED: Final = (list, tuple, set, str, range)
_REPEATED: Final = (list, tuple, str)

#: Names, the drawn values and those of comprehensions; and the steps left.
Scope: TypeAlias = dict[str, Any]


class ExpressionError(Exception):
    """The expression cannot be read or has no value; the message says why, for its author."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class Run:
    """One evaluation: its names, and what it may still cost."""

    __slots__ = ("names", "steps")

    def __init__(self, names: Scope) -> None:
        self.names = names
        self.steps = MAX_STEPS

    def charge(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise ExpressionError(f"this takes more than {MAX_STEPS:,} steps")


Evaluate: TypeAlias = Callable[[Run], Any]


def sized(value: Any) -> Any:
    """``value``, unless it is too large to go on with."""
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise ExpressionError("a whole number grows too large")
    elif isinstance(value, _SIZED) and len(value) > MAX_ITEMS:
        raise ExpressionError(f"more than {MAX_ITEMS:,} entries")
    return value


def length(value: Any) -> int:
    """What it costs to look at a value once."""
    return len(value) if isinstance(value, _SIZED) else 1


def _add(a: Any, b: Any) -> Any:
    return a + b


def _mul(a: Any, b: Any) -> Any:
    for sequence, times in ((a, b), (b, a)):
        repeats = isinstance(sequence, _REPEATED) and isinstance(times, int)
        if repeats and len(sequence) * times > MAX_ITEMS:
            raise ExpressionError(f"more than {MAX_ITEMS:,} entries")
    return a * b


def power(a: Any, b: Any) -> Any:
    """``a ** b``, refused where a whole number would grow too large or the result be complex."""
    whole = isinstance(a, int) and isinstance(b, int)
    if whole and abs(a) > 1 and a.bit_length() * b > MAX_BITS:
        raise ExpressionError("a whole number grows too large")
    result = a**b
    if isinstance(result, complex):
        raise ExpressionError("the root of a negative number")
    return result


def _mod(a: Any, b: Any) -> Any:
    if isinstance(a, str):
        raise ExpressionError("`%` is for numbers")
    return a % b


BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: _add, ast.Sub: operator.sub, ast.Mult: _mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: _mod, ast.Pow: power,
    ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.BitXor: operator.xor,
}  # fmt: skip
UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_,
    ast.Invert: operator.invert,
}  # fmt: skip
COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip


def _range(*arguments: Any) -> range:
    return range(*arguments)


def _sum(items: Any, start: Any = 0) -> Any:
    total = start
    for item in items:
        total = sized(total + item)
    return total


def _gcd(*numbers: Any) -> int:
    return math.gcd(*numbers)


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "len": len, "set": set, "abs": abs, "min": min, "max": max, "sum": _sum, "all": all,
    "any": any, "sorted": sorted, "range": _range, "round": round, "gcd": _gcd,
}  # fmt: skip
KEYWORDS: Final = {"sorted": {"reverse"}, "min": {"default"}, "max": {"default"}, "sum": {"start"}}
