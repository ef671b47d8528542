"""Rows with a label in the first column, each as wide or as tall as the room allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor.render import numbers
from tutor.render.flow import flow
from tutor.render.spans import Line, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tutor.values import Value

#: Labels longer than this, in cells, push their row to the right.
_LONGEST_LABEL: Final = 14
_LEAST_ROOM: Final = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A label, and what stands beside it: ``parts`` where they fit on one line, else ``tall``.

    ``tall`` makes the lines for a room of so many cells; without it ``parts`` are broken into lines.
    """

    label: tuple[Part, ...]
    parts: tuple[Part, ...] = ()
    tall: Callable[[int], Iterable[Line]] | None = None


def in_columns(rows: Sequence[Row], width: int, indent: int) -> list[Line]:
    """Rows one under the other, all labels in one column that begins at ``indent``."""
    labels = min(max((cells(row.label) for row in rows), default=0), _LONGEST_LABEL)
    column = indent + labels + 2
    lines: list[Line] = []
    for row in rows:
        gap = Part(" " * (max(0, labels - cells(row.label)) + 2))
        lead = (Part(" " * indent), *row.label, gap)
        beside = max(column, cells(lead))
        if row.tall is None or cells((*lead, *row.parts)) <= width:
            lines += flow((*lead, *row.parts), width, indent=column)
            continue
        for i, line in enumerate(row.tall(max(_LEAST_ROOM, width - beside))):
            lines.append(Line((*(lead if i == 0 else (Part(" " * beside),)), *line.parts)))
    return lines


def value_row(label: tuple[Part, ...], head: tuple[Part, ...], value: Value) -> Row:
    """Something and a value after it, in as many rows as the value needs."""

    def tall(room: int) -> Iterator[Line]:
        indent = cells(head)
        if indent > room // 2:
            yield from flow(head, room)
            yield from (
                Line((Part("  "), Part(row, "value"))) for row in numbers.rows(value, room - 2)
            )
            return
        for i, row in enumerate(numbers.rows(value, room - indent)):
            yield Line((*(head if i == 0 else (Part(" " * indent),)), Part(row, "value")))

    return Row(label, (*head, Part(numbers.inline(value, numbers.ALL), "value")), tall)


def sum_lines(terms: Sequence[Value | None], total: Value | None, room: int) -> Iterator[Line]:
    """A sum in rows: each term, a ``+`` before all but the first, then ``=`` and the total."""
    for sign, value in [*((" +"[i > 0], term) for i, term in enumerate(terms)), ("=", total)]:
        for i, row in enumerate(numbers.rows(value, room - 4)):
            yield Line((Part(f"  {sign if i == 0 else ' '} ", "grad"), Part(row, "value")))


def cells(parts: Iterable[Part]) -> int:
    """The width of parts side by side."""
    return sum(cell_len(part.text) for part in parts)
