"""What a widget holds, as the text that is graded, and back: ticks, letters, orders, grids.

The text is the truth of every answer: a widget writes it and reads it as the graders do.  What is only
begun is text too (``True ? False``), and no widget answers anything before the learner does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tutor.answer import InvalidAnswer, Numbers, letters, read_flags, read_order, read_value

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Stands for what is not answered yet; no reader takes it.
OPEN: Final = "?"

#: Errors to choose from; any other may be typed.
ERRORS: Final = (
    "RuntimeError", "TypeError", "ValueError", "IndexError", "AttributeError", "NameError", "KeyError",
    "ZeroDivisionError",
)  # fmt: skip


# -- flags --------------------------------------------------------------------------------------


def flags_text(flags: Sequence[bool | None]) -> str:
    """``True ? False``; nothing at all while no flag is answered."""
    if all(flag is None for flag in flags):
        return ""
    return " ".join(OPEN if flag is None else str(flag) for flag in flags)


def flags_of(text: str, names: Sequence[str]) -> tuple[bool | None, ...]:
    """The flags that a text has answered, in the order of ``names``."""
    try:
        return read_flags(text, names)
    except InvalidAnswer:
        pass
    words = re.split(r"[\s,;]+", text.strip())
    known = {"true": True, "t": True, "false": False, "f": False, OPEN: None, "": None}
    if len(words) > len(names) or any(word.lower() not in known for word in words):
        return (None,) * len(names)
    read = [known[word.lower()] for word in words]
    return (*read, *(None,) * (len(names) - len(read)))


# -- letters ------------------------------------------------------------------------------------


def letters_text(indices: Sequence[int], count: int) -> str:
    """``b a c``: the letters of the lines or options at ``indices``, in this order."""
    known = letters(count)
    return " ".join(known[index] for index in indices)


def order_of(text: str, lines: Sequence[str]) -> tuple[int, ...]:
    """The lines that a text puts in order; none if it cannot be read."""
    if not text.strip():
        return ()
    try:
        return read_order(text, lines)
    except InvalidAnswer:
        return ()


# -- errors -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Raised:
    """What is said so far: nothing yet, no error at all, an error's class, its line."""

    nothing: bool = False
    error: str = ""
    line: int | None = None


def raised_text(raised: Raised) -> str:
    """``no``, ``RuntimeError 4``, and half of it: ``RuntimeError``, ``? 4``."""
    if raised.nothing:
        return "no"
    if raised.line is None:
        return raised.error
    return f"{raised.error or OPEN} {raised.line}"


def raised_of(text: str) -> Raised:
    from tutor.answer import read_raises

    begun = re.fullmatch(rf"\s*(?P<error>\w+|\{OPEN})\s+(?P<line>\d{{1,6}})\s*", text)
    if begun and begun["error"] == OPEN:
        return Raised(line=int(begun["line"]))
    try:
        read = read_raises(text, line_asked=False)
    except InvalidAnswer:
        return Raised()
    if not read.raises:
        return Raised(nothing=True)
    return Raised(error=read.class_name or "", line=read.line)


# -- grids --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of text, all rows of the same length, and how many brackets are around them.

    ``depth`` 0 is one number, 1 a vector (one row), 2 a matrix.
    """

    cells: tuple[tuple[str, ...], ...] = (("",),)
    depth: int = 0

    @property
    def rows(self) -> int:
        return len(self.cells)

    @property
    def columns(self) -> int:
        return len(self.cells[0])

    @property
    def least_depth(self) -> int:
        """The fewest brackets that the cells can stand in."""
        return 2 if self.rows > 1 else 1 if self.columns > 1 else 0

    @property
    def is_empty(self) -> bool:
        return not any(cell for row in self.cells for cell in row)

    def put(self, row: int, column: int, text: str) -> Grid:
        """The grid with ``text`` in a cell, grown to hold that cell."""
        rows, columns = max(self.rows, row + 1), max(self.columns, column + 1)
        cells = [[*line, *[""] * (columns - len(line))] for line in self.cells]
        cells += [[""] * columns for _ in range(rows - len(cells))]
        cells[row][column] = text
        return replace(self, cells=tuple(map(tuple, cells)))

    def trimmed(self) -> Grid:
        """Without the empty rows and columns at the end."""
        cells = list(self.cells)
        while len(cells) > 1 and not any(cells[-1]):
            cells.pop()
        width = max((i + 1 for row in cells for i, cell in enumerate(row) if cell), default=1)
        return replace(self, cells=tuple(row[:width] for row in cells))

    def with_depth(self, depth: int) -> Grid:
        return replace(self, depth=min(2, max(self.least_depth, depth)))


def grid_text(grid: Grid) -> str:
    """``[[1, 2], [3, 4]]``; an empty cell inside leaves a gap, which no reader takes."""
    grid = grid.trimmed()
    if grid.is_empty:
        return ""
    rows = [", ".join(row) for row in grid.cells]
    match max(grid.depth, grid.least_depth):
        case 0:
            return rows[0]
        case 1:
            return f"[{rows[0]}]"
        case _:
            return f"[{', '.join(f'[{row}]' for row in rows)}]"


def grid_of(text: str) -> Grid | None:
    """The grid that a text is; ``None`` if it is no number, vector or matrix.

    What stands in the cells is what was typed, where the text is written with brackets and commas;
    otherwise, as in what torch prints, the numbers that were read.
    """
    if not text.strip():
        return Grid()
    try:
        reading = read_value(text).readings[-1]
    except InvalidAnswer:
        return _typed(text)
    if not isinstance(reading, Numbers) or len(reading.shape) > 2 or 0 in reading.shape:
        return None
    typed = _typed(text)
    if typed is not None and _shape(typed) == reading.shape:
        return typed
    entries = [entry.literal or str(entry.value) for entry in reading.entries]
    width = reading.shape[-1] if reading.shape else 1
    cells = tuple(tuple(entries[i : i + width]) for i in range(0, len(entries), width))
    return Grid(cells, len(reading.shape))


def _shape(grid: Grid) -> tuple[int, ...]:
    return ((), (grid.columns,), (grid.rows, grid.columns))[max(grid.depth, grid.least_depth)]


def _typed(text: str) -> Grid | None:
    """The grid of a text as :func:`grid_text` writes it, gaps and unreadable cells included."""
    text = text.strip()
    matrix = re.fullmatch(r"\[\s*(\[[^][]*\](?:\s*,\s*\[[^][]*\])*)\s*\]", text)
    if matrix:
        rows = [_split(row) for row in re.findall(r"\[([^][]*)\]", matrix[1])]
        width = max(map(len, rows))
        return Grid(tuple((*row, *("",) * (width - len(row))) for row in rows), 2)
    vector = re.fullmatch(r"\[([^][]*)\]", text)
    if vector:
        return Grid((_split(vector[1]),), 1)
    return Grid(((text,),), 0) if not re.search(r"[][;,\n]", text) else None


def _split(row: str) -> tuple[str, ...]:
    """The cells of a row: at commas, but for those within parentheses."""
    cells, depth = [""], 0
    for character in row:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            cells.append("")
        else:
            cells[-1] += character
    return tuple(cell.strip() for cell in cells)
