"""How a typed formula is related to the true one, by what both give at the same points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from tutor.grading.numbers import within
from tutor.grading.relations.numbers import Grid, ratio, reductions, summed, transposed
from tutor.grading.relations.values import has_square
from tutor.grading.relations.words import Relation, relation
from tutor.values import Number, Tensor, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tutor.runner.job import Raised

RTOL, ATOL = 1e-6, 1e-9

Point = dict[str, Grid]


def formula_relation(
    found: Sequence[Value | Raised],
    truth: Sequence[Value],
    points: Sequence[Mapping[str, Value]],
    program: str,
    zero: tuple[Value | Raised, Value] | None = None,
) -> Relation | None:
    """The most telling relation that holds at every point.

    ``zero`` is what the formula and the truth give where every variable is zero.
    """
    mine, true = _grids(found), _grids(truth)
    where = [{name: g for name, v in point.items() if (g := _grid(v))} for point in points]
    if mine is None or true is None or len(true) < 2:
        return None
    for find in _FINDERS:
        told = find(mine, true, where, program)
        if told is not None:
            return told
    return _at_zero_only(*zero) if zero is not None else None


def _at_zero_only(found: Value | Raised, truth: Value) -> Relation | None:
    """Only where the truth is not zero too: that much every product of the variables has right."""
    mine, true = _grid(found), _grid(truth)
    if mine is None or true is None or not any(true.entries):
        return None
    return relation("at-zero-only") if _same(mine, true) else None


def _grid(value: Value | Raised) -> Grid | None:
    match value:
        case Number(number):
            grid = Grid((), (float(number),))
        case Tensor(_, shape, entries):
            grid = Grid(shape, tuple(map(float, entries)))
        case _:
            return None
    return grid if all(map(math.isfinite, grid.entries)) else None


def _grids(values: Sequence[Value | Raised]) -> list[Grid] | None:
    grids = [grid for value in values if (grid := _grid(value)) is not None]
    return grids if len(grids) == len(values) else None


def _same(a: Grid, b: Grid) -> bool:
    return a.shape == b.shape and all(
        within(x, y, rtol=RTOL, atol=ATOL) for x, y in zip(a.entries, b.entries, strict=True)
    )


def _everywhere(mine: list[Grid], wanted: Iterator[Grid] | list[Grid]) -> bool:
    return all(_same(a, b) for a, b in zip(mine, wanted, strict=True))


def _negated(mine: list[Grid], true: list[Grid], _w: object, _p: str) -> Relation | None:
    if _everywhere(mine, [t.map(-e for e in t.entries) for t in true]):
        return relation("negated")
    return None


def _transposed(mine: list[Grid], true: list[Grid], _w: object, _p: str) -> Relation | None:
    if any(len(t.shape) != 2 or min(t.shape) < 2 for t in true):
        return None
    return relation("transposed") if _everywhere(mine, [transposed(t) for t in true]) else None


def _factor(
    mine: list[Grid], true: list[Grid], where: list[Point], program: str
) -> Relation | None:
    """One factor at all points."""
    k = _ratio_at(mine[0], true[0])
    if k is None or k <= 0 or not _everywhere(mine, [_times(t, k) for t in true]):
        return None
    for whole in (k, 1 / k):
        number = round(whole)
        if number > 1 and abs(whole - number) < 1e-6 * number:
            counts = {n for grid in where[0].values() for n in (*grid.shape, grid.size)}
            reduction = "mean(" if k > 1 else "sum("
            if number in counts and reduction in program:
                return relation("factor-count", k=number)
            if number == 2 and has_square(program):
                return relation("factor-two", k=2)
    return relation("factor")


def _ratio_at(mine: Grid, true: Grid) -> float | None:
    return ratio(mine.entries, true.entries) if mine.shape == true.shape else None


def _times(grid: Grid, k: float) -> Grid:
    return grid.map(k * e for e in grid.entries)


def _inner_derivative(
    mine: list[Grid], true: list[Grid], where: list[Point], program: str
) -> Relation | None:
    """The truth is mine times the derivative of a function that the program applies to a variable."""
    for name, shape in {n: g.shape for n, g in where[0].items()}.items():
        for written, template, slope in _SLOPES:
            if written not in program or shape != true[0].shape:
                continue
            wanted = []
            for m, point in zip(mine, where, strict=True):
                if m.shape != shape:
                    return None
                slopes = (slope(x) for x in point[name].entries)
                wanted.append(m.map(a * b for a, b in zip(m.entries, slopes, strict=True)))
            if all(_same(w, t) for w, t in zip(wanted, true, strict=True)):
                return relation("inner-derivative", name=template.format(x=name))
    return None


def _sigmoid_slope(x: float) -> float:
    s = 1 / (1 + math.exp(-x))
    return s * (1 - s)


#: How a function is written in a program, its derivative in words, and the derivative.
_SLOPES: Final[tuple[tuple[str, str, Callable[[float], float]], ...]] = (
    ("**2", "2 * {x}", lambda x: 2 * x),
    ("**3", "3 * {x}**2", lambda x: 3 * x * x),
    ("exp", "exp({x})", math.exp),
    ("sin", "cos({x})", math.cos),
    ("cos", "-sin({x})", lambda x: -math.sin(x)),
    ("log", "1 / {x}", lambda x: 1 / x if x else math.nan),
    ("sqrt", "1 / (2 * sqrt({x}))", lambda x: 0.5 / math.sqrt(x) if x > 0 else math.nan),
    ("tanh", "1 - tanh({x})**2", lambda x: 1 - math.tanh(x) ** 2),
    ("sigmoid", "sigmoid({x}) * (1 - sigmoid({x}))", _sigmoid_slope),
)


def _sums(mine: list[Grid], true: list[Grid], _w: object, _p: str) -> Relation | None:
    """One side is the other added up over dimensions."""
    if mine[0].size > true[0].size:
        for dims in reductions(mine[0].shape):
            if _all_of(mine, true, lambda grid, dims=dims: summed(grid, dims)):  # type: ignore[misc]
                return relation("not-summed")
    elif mine[0].size < true[0].size:
        for dims in reductions(true[0].shape):
            if _all_of(true, mine, lambda grid, dims=dims: summed(grid, dims)):  # type: ignore[misc]
                return relation("summed")
            count = math.prod(true[0].shape[d] for d in dims)
            if _all_of(true, mine, lambda g, d=dims, n=count: _times(summed(g, d), 1 / n)):  # type: ignore[misc]
                return relation("averaged")
    return None


def _all_of(large: list[Grid], small: list[Grid], reduce: Callable[[Grid], Grid]) -> bool:
    return all(_same(reduce(a), b) for a, b in zip(large, small, strict=True))


def _shape(mine: list[Grid], true: list[Grid], _w: object, _p: str) -> Relation | None:
    different = mine[0].shape != true[0].shape and mine[0].size == true[0].size > 1
    if different and _everywhere(
        [Grid(t.shape, m.entries) for m, t in zip(mine, true, strict=True)], true
    ):
        return relation("shape")
    return None


def _term(mine: list[Grid], true: list[Grid], where: list[Point], _p: str) -> Relation | None:
    """The difference is one variable, or a whole multiple of it."""
    if any(m.shape != t.shape for m, t in zip(mine, true, strict=True)):
        return None
    off = [
        t.map(a - b for a, b in zip(t.entries, m.entries, strict=True))
        for m, t in zip(mine, true, strict=True)
    ]
    for name in where[0]:
        if where[0][name].shape != off[0].shape:
            continue
        k = _ratio_at(off[0], where[0][name])
        if k is None or not 0.49 < abs(k) < 4.5 or abs(2 * k - round(2 * k)) > 1e-6:
            continue
        if _everywhere(off, [_times(point[name], k) for point in where]):
            return relation("term", name=name)
    return None


def _parallel(mine: list[Grid], true: list[Grid], _w: object, _p: str) -> Relation | None:
    """Another positive factor at each point."""
    if any(m.shape != t.shape or t.size < 2 for m, t in zip(mine, true, strict=True)):
        return None
    for m, t in zip(mine, true, strict=True):
        k = _ratio_at(m, t)
        if k is None or k <= 0 or not _same(m, _times(t, k)):
            return None
    return relation("parallel")


_FINDERS: Final = (
    _negated, _transposed, _factor, _inner_derivative, _sums, _shape, _term, _parallel,
)  # fmt: skip
