"""Arithmetic on flat entries with a shape: what relations compare by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from tutor.grading.numbers import same_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tutor.answer.reading import Entry

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Finite numbers in a shape, flat and row-major."""

    shape: Shape
    entries: tuple[float, ...]

    @property
    def size(self) -> int:
        return len(self.entries)

    def map(self, entries: Iterable[float]) -> Grid:
        return Grid(self.shape, tuple(entries))


def agree(typed: Sequence[Entry], wanted: Grid) -> bool:
    """Whether what was typed would be a right answer if the truth were ``wanted``; shapes aside."""
    return len(typed) == wanted.size and all(
        same_number(float(entry.value), number, literal=entry.literal)
        for entry, number in zip(typed, wanted.entries, strict=True)
    )


def transposed(grid: Grid) -> Grid:
    """A matrix with rows and columns exchanged."""
    rows, columns = grid.shape
    entries = (grid.entries[i * columns + j] for j in range(columns) for i in range(rows))
    return Grid((columns, rows), tuple(entries))


def reductions(shape: Shape) -> Iterator[tuple[int, ...]]:
    """Sets of dimensions to add up over: each one alone, the leading ones, all."""
    yield from ((dim,) for dim in range(len(shape)))
    yield from (tuple(range(n)) for n in range(2, len(shape) + 1))


def summed(grid: Grid, dims: Sequence[int]) -> Grid:
    """The sum over dimensions, which disappear."""
    kept = [d for d in range(len(grid.shape)) if d not in dims]
    shape = tuple(grid.shape[d] for d in kept)
    totals: dict[tuple[int, ...], float] = {}
    places = product(*(range(n) for n in grid.shape))
    for place, entry in zip(places, grid.entries, strict=True):
        key = tuple(place[d] for d in kept)
        totals[key] = totals.get(key, 0.0) + entry
    return Grid(shape, tuple(totals[key] for key in product(*(range(n) for n in shape))))


def ratio(of: Sequence[float], to: Sequence[float]) -> float | None:
    """``k`` with of = k·to, as the largest entry of ``to`` gives it; ``None`` if all of ``to`` is 0."""
    at = max(range(len(to)), key=lambda i: abs(to[i]), default=None)
    if at is None or to[at] == 0:
        return None
    k = of[at] / to[at]
    return k if math.isfinite(k) else None


def distinct(entries: Iterable[float]) -> int:
    """How many different magnitudes there are beside zero."""
    return len({f"{abs(entry):.6g}" for entry in entries if entry})


def without_ones(shape: Shape) -> Shape:
    return tuple(n for n in shape if n != 1)
