"""One point for a formula's variables, in numbers that a person can follow.

The points at which formulas are graded are random to sixteen digits.  To show how the truth comes about,
one with a digit or two after the point does better; the same seed gives the same one.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.question import VariableSpec

Nested: TypeAlias = "float | list[Nested]"
Matrix: TypeAlias = list[list[float]]

#: Sines and cosines with one digit.
_TURNS: Final = ((0.6, 0.8), (0.8, 0.6), (0.6, -0.8), (0.8, -0.6))
_LEAST: Final = 0.3


def point_source(variables: Mapping[str, VariableSpec], seed: int) -> str:
    """Lines of Python that make each variable a leaf that requires grad."""
    source = random.Random(seed)  # noqa: S311 - numbers to look at
    return "".join(
        f"{name} = torch.tensor({entries(spec, source)}, requires_grad=True)\n"
        for name, spec in variables.items()
    )


def entries(spec: VariableSpec, source: random.Random) -> Nested:
    """Nested lists of the variable's shape, of its kind and within its range."""
    shape = spec.shape
    match spec.kind:
        case "unit":
            return _shaped(_unit(math.prod(shape), source), shape)
        case "orthogonal":
            return [list[Nested](row) for row in _orthogonal(shape[-1], source)]
        case "symmetric" | "spd":
            return [list[Nested](row) for row in _symmetric(spec, source)]
    return _shaped([_number(spec, source) for _ in range(math.prod(shape))], shape)


def _number(spec: VariableSpec, source: random.Random) -> float:
    """One decimal where the range has room for it, and not so small that its part cannot be seen."""
    low = max(spec.low, 0.1) if spec.kind == "positive" else spec.low
    digits = 1 if spec.high - low >= 0.5 else 3
    for _ in range(50):
        number = round(source.uniform(low, spec.high), digits)
        if low <= number <= spec.high and abs(number) >= min(_LEAST, spec.high / 2):
            return number
    return round((low + spec.high) / 2, 6)


def _symmetric(spec: VariableSpec, source: random.Random) -> Matrix:
    size = spec.shape[-1]
    drawn = [[_number(spec, source) for _ in range(size)] for _ in range(size)]
    if spec.kind == "symmetric":
        return [[drawn[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    # As the points of grading are made: the shift keeps the inverse well-conditioned.
    return [
        [
            round(
                sum(x * y for x, y in zip(a, b, strict=True)) / size + (0.5 if i == j else 0.0), 4
            )
            for j, b in enumerate(drawn)
        ]
        for i, a in enumerate(drawn)
    ]


def _orthogonal(size: int, source: random.Random) -> Matrix:
    """Turns in neighbouring planes, one after the other."""
    matrix = [[1.0 if i == j else 0.0 for j in range(size)] for i in range(size)]
    for at in range(size - 1):
        cosine, sine = source.choice(_TURNS)
        first, second = matrix[at], matrix[at + 1]
        matrix[at] = [round(cosine * a - sine * b, 6) for a, b in zip(first, second, strict=True)]
        matrix[at + 1] = [
            round(sine * a + cosine * b, 6) for a, b in zip(first, second, strict=True)
        ]
    return matrix


def _unit(size: int, source: random.Random) -> list[float]:
    found, rest = [], 1.0
    for _ in range(size - 1):
        cosine, sine = source.choice(_TURNS)
        found.append(round(rest * cosine, 6))
        rest *= sine
    return [*found, round(rest, 6)]


def _shaped(flat: list[float], shape: tuple[int, ...]) -> Nested:
    if not shape:
        return flat[0]
    step = math.prod(shape[1:])
    return [_shaped(flat[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]
