"""Columns beside each other, each of a lower and an upper part, in eighths of a cell.  Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"


class Cell(NamedTuple):
    """A character in the colour of one part on that of another: ``lower``, ``upper`` or none."""

    text: str
    colour: str = ""
    ground: str = ""


def top_of(most: int) -> int:
    """The end of a scale from 0 on: an even, round number that is not below ``most``."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10, 12, 16):
            if size * step >= most:
                return size * step
        size *= 10


def column(lower: int, upper: int, top: int, height: int) -> list[Cell]:
    """One column of ``height`` cells, the highest first, on a scale up to ``top``."""
    eighths = 8 * height
    low = _scaled(lower, top, eighths)
    high = max(_scaled(lower + upper, top, eighths), low + (upper > 0))
    cells = []
    for row in range(height):
        start = 8 * row
        in_low = min(max(low - start, 0), 8)
        in_high = min(max(high - start, 0), 8)
        if in_low == in_high:
            cells.append(Cell(_EIGHTHS[in_low], "lower" if in_low else ""))
        elif in_high == 8:
            cells.append(Cell(_EIGHTHS[in_low], "lower" if in_low else "", "upper"))
        elif in_low == 0:
            cells.append(Cell(_EIGHTHS[in_high], "upper"))
        else:
            # Three colours would be needed; the end of the column is seen better than the seam.
            cells.append(
                Cell(_EIGHTHS[in_high], "upper" if in_high - in_low >= in_low else "lower")
            )
    return cells[::-1]


def _scaled(value: int, top: int, eighths: int) -> int:
    found = round(value * eighths / top)
    return max(found, 1) if value else 0


def layout(count: int, width: int) -> tuple[int, int]:
    """How wide a column is with the gap after it, and the gap, for ``count`` columns in ``width`` cells."""
    slot = max(1, min(width // max(count, 1), 6))
    return slot, (1 if slot > 1 else 0)


def ticks(count: int, labels: Sequence[int], slot: int, width: int) -> list[int]:
    """Which columns get a label under them: every so many, so that no two of ``labels`` cells touch."""
    every = max(4, -(-(max(labels, default=0) + 3) // slot))
    return [i for i in range(0, count, every) if i * slot + labels[i] <= width]
