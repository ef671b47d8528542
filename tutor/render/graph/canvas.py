"""A grid of cells for text and lines; Chinese characters take two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from tutor.render.spans import Line, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.render.spans import Role

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8

#: By the sides of its cell that a line touches.
_LIVE: Final = {
    UP | DOWN: "│", LEFT | RIGHT: "─", UP: "│", DOWN: "│", LEFT: "─", RIGHT: "─",
    UP | RIGHT: "╰", UP | LEFT: "╯", DOWN | RIGHT: "╭", DOWN | LEFT: "╮",
}  # fmt: skip
_CUT: Final = {**_LIVE, UP | DOWN: "┆", UP: "┆", DOWN: "┆",
               LEFT | RIGHT: "┄", LEFT: "┄", RIGHT: "┄"}  # fmt: skip


class Overlap(Exception):
    """Two things were drawn on one cell: a fault of the layout."""


class Canvas:
    """Cells by row and column; each is written once, but two lines may cross."""

    def __init__(self) -> None:
        self._texts: dict[tuple[int, int], tuple[str, Role]] = {}
        self._lines: dict[tuple[int, int], list[tuple[int, bool]]] = {}

    def write(self, row: int, column: int, text: str, role: Role) -> int:
        """Put text down; the column after it."""
        for character in text:
            cells = cell_len(character)
            if not cells:
                # A combining sign belongs to the character before it.
                before = (row, column - 1)
                if before in self._texts:
                    whole, its_role = self._texts[before]
                    self._texts[before] = (whole + character, its_role)
                continue
            self._put((row, column), character, role)
            for more in range(1, cells):
                self._put((row, column + more), "", role)
            column += cells
        return column

    def _put(self, at: tuple[int, int], character: str, role: Role) -> None:
        if at in self._texts or at in self._lines:
            raise Overlap(f"{character!r} at {at}")
        self._texts[at] = (character, role)

    def line(self, row: int, column: int, sides: int, *, cut: bool) -> None:
        """A cell of a line; a second line may cross it at right angles."""
        at = (row, column)
        there = self._lines.setdefault(at, [])
        crossing = not there or (
            len(there) == 1 and {there[0][0], sides} == {UP | DOWN, LEFT | RIGHT}
        )
        if at in self._texts or not crossing:
            raise Overlap(f"a line at {at}")
        there.append((sides, cut))

    def rows(self) -> list[Line]:
        """The drawing, row by row."""
        cells = {**self._texts}
        for at, lines in self._lines.items():
            sides, cut = lines[0]
            character = "┼" if len(lines) > 1 else (_CUT if cut else _LIVE)[sides]
            cells[at] = (character, "cut" if cut and len(lines) == 1 else "edge")
        rows: dict[int, dict[int, tuple[str, Role]]] = {}
        for (row, column), cell in cells.items():
            rows.setdefault(row, {})[column] = cell
        return [Line(tuple(_parts(rows.get(row, {})))) for row in range(max(rows, default=-1) + 1)]


def _parts(cells: dict[int, tuple[str, Role]]) -> Iterable[Part]:
    """Runs of one role; what is empty between them is blank."""
    text, role = "", None
    for column in range(max(cells, default=-1) + 1):
        character, its_role = cells.get(column, (" ", role))
        if its_role != role and text:
            yield Part(text, role or "edge")
            text = ""
        text, role = text + character, its_role
    if text:
        yield Part(text, role or "edge")
