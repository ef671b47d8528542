"""Arithmetic on single real numbers, with every result bounded by the largest float."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Real: TypeAlias = int | float

#: Words for numbers, in any case.
CONSTANTS: Final[dict[str, float]] = {
    "pi": math.pi,
    "π": math.pi,
    "e": math.e,
    "inf": math.inf,
    "infinity": math.inf,
    "∞": math.inf,
    "nan": math.nan,
}


class CannotCompute(ArithmeticError):
    """No real number comes out; ``key`` names the message."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def number(literal: str) -> Real:
    """The number of a decimal literal: an int if it has neither point nor exponent.

    Raises:
        CannotCompute: it is larger than any float.
    """
    plain = literal.replace("_", "")
    approximate = float(plain)
    if math.isinf(approximate):
        raise CannotCompute("overflow")
    # The bound above keeps int() within 309 digits once leading zeros are gone.
    return int(plain.lstrip("0") or "0") if plain.isdigit() else approximate


def binary(op: str, left: Real, right: Real) -> Real:
    """``left op right`` for ``+ - * × / **``.

    Raises:
        CannotCompute: division by zero, no real value, or finite operands whose result is infinite.
    """
    try:
        result = _BINARY[op](left, right)
        if isinstance(result, complex):
            raise CannotCompute("domain")
        size = abs(float(result))  # an int beyond the floats raises OverflowError
    except ZeroDivisionError as error:
        raise CannotCompute("division-by-zero") from error
    except OverflowError as error:
        raise CannotCompute("overflow") from error
    if size == math.inf and math.isfinite(left) and math.isfinite(right):
        raise CannotCompute("overflow")
    return result


def call(name: str, argument: Real) -> float:
    """``sqrt exp log sin cos tanh`` of one number; raises CannotCompute like :func:`binary`."""
    try:
        result = FUNCTIONS[name](argument)
    except OverflowError as error:
        raise CannotCompute("overflow") from error
    except ValueError as error:
        raise CannotCompute("domain") from error
    return result


FUNCTIONS: Final[dict[str, Callable[[Real], float]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
}


def _power(base: Real, exponent: Real) -> Real | complex:
    # Decided before computing: 9**9**9 must not be tried.
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1 and exponent > 1024:
        raise CannotCompute("overflow")
    result: Real | complex = base**exponent
    return result


_BINARY: Final[dict[str, Callable[[Real, Real], Real | complex]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "×": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": _power,
}
