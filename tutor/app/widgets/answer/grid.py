"""A vector or matrix typed cell by cell; the learner gives its shape by filling it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.content import Content

from tutor.app import keys
from tutor.app.widgets.answer.view import AnswerView
from tutor.i18n import _, ngettext

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Click, Paste
    from textual.geometry import Size

    from tutor.app.widgets.answer.entry import Grid
    from tutor.presenting.forms import Form

#: Rows shown at once; the others come into sight with the cursor.
HEIGHT = 8
LEAST_WIDTH = 3


class GridView(AnswerView):
    """Typing goes into the cell under the cursor; going past an end adds a row or a column."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    GridView { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.CELL_LEFT,
        keys.CELL_RIGHT,
        keys.CELL_UP,
        keys.CELL_DOWN,
        keys.CELL_NEXT,
        keys.CELL_ROW,
        keys.CELL_BACK,
        keys.CELL_CLEAR,
        keys.GRID_LEAVE,
    ]

    def __init__(self, form: Form, **options: Any) -> None:
        super().__init__(form, **options)
        from tutor.app.widgets.answer.entry import Grid

        self.grid = Grid()
        self.row = 0
        self.column = 0

    def open(self, text: str) -> bool:
        """Show what the text says; whether it can be shown."""
        from tutor.app.widgets.answer.entry import grid_of

        grid = grid_of(text)
        if grid is None:
            return False
        self.grid, self.row, self.column = grid, 0, 0
        self.refresh(layout=True)
        return True

    def take(self, text: str) -> None:
        from tutor.app.widgets.answer.entry import grid_of, grid_text

        if grid_text(self.grid) != text:
            # Somebody typed into the field: what is no grid is left to the text alone.
            self.grid = grid_of(text) or self.grid
            self.row = min(self.row, self.grid.rows - 1)
            self.column = min(self.column, self.grid.columns - 1)
            self.refresh(layout=True)

    # -- moving ---------------------------------------------------------------------------------

    def action_cell(self, rows: int, columns: int) -> None:
        """Move; past the last row or column, a new one begins if this one holds something."""
        row, column = max(self.row + rows, 0), max(self.column + columns, 0)
        cells = self.grid.cells
        if row >= self.grid.rows and not any(cells[-1]):
            row = self.grid.rows - 1
        if column >= self.grid.columns and not any(line[-1] for line in cells):
            column = self.grid.columns - 1
        self._go(row, column)

    def action_next(self) -> None:
        """The next cell: in a matrix of several rows the first of the next row after the last."""
        if self.column + 1 < self.grid.columns or self.row == 0:
            self.action_cell(0, 1)
        else:
            self.action_row_below()

    def action_row_below(self) -> None:
        """The next row from its first cell; from an empty last row, on to the next field."""
        if self.row == self.grid.rows - 1 and not any(self.grid.cells[-1]):
            self._set(self.grid.trimmed())
            self._go(min(self.row, self.grid.rows - 1), 0)
            self.app.run_worker(self.app.run_action("screen.answer", self))
        else:
            self._go(self.row + 1, 0)

    def _go(self, row: int, column: int) -> None:
        if row >= self.grid.rows or column >= self.grid.columns:
            self.grid = self.grid.put(row, column, "")
        self.row, self.column = row, column
        self._trim()
        self.refresh(layout=True)
        self.keep_visible()

    def _trim(self) -> None:
        """Take away the empty rows and columns at the end that the cursor is not in."""
        trimmed = self.grid.trimmed()
        if self.row >= trimmed.rows or self.column >= trimmed.columns:
            trimmed = trimmed.put(self.row, self.column, self.grid.cells[self.row][self.column])
        self.grid = trimmed

    # -- typing ---------------------------------------------------------------------------------

    def take_letter(self, letter: str) -> bool:
        match letter:
            case "," | " ":
                self.action_next()
            case ";":
                self._go(self.row + 1, 0)
            case "[" | "]":
                depth = max(self.grid.depth, self.grid.least_depth)
                self._set(self.grid.with_depth(depth + (1 if letter == "[" else -1)))
            case _:
                self._fill(self.grid.cells[self.row][self.column] + letter)
        return True

    def action_back(self) -> None:
        """Take the last character away; in an empty cell go back to the one before."""
        cell = self.grid.cells[self.row][self.column]
        if cell:
            self._fill(cell[:-1])
        elif self.column > 0:
            self._go(self.row, self.column - 1)
        elif self.row > 0:
            self._go(self.row - 1, self.grid.columns - 1)

    def action_clear(self) -> None:
        self._fill("")

    def on_paste(self, event: Paste) -> None:
        """A tensor as it was printed fills the cells; a number goes into the one under the cursor."""
        from tutor.app.widgets.answer.entry import grid_of

        event.stop()
        event.prevent_default()
        pasted = grid_of(event.text)
        if pasted is None:
            self.app.bell()
        elif pasted.least_depth == 0 and pasted.depth == 0:
            self._fill(self.grid.cells[self.row][self.column] + pasted.cells[0][0])
        else:
            grid = pasted if self.grid.is_empty else self.grid
            for i, line in enumerate(pasted.cells):
                for j, cell in enumerate(line):
                    grid = grid.put(self.row + i, self.column + j, cell)
            self._set(grid)

    def _fill(self, text: str) -> None:
        self._set(self.grid.put(self.row, self.column, text))

    def _set(self, grid: Grid) -> None:
        from tutor.app.widgets.answer.entry import grid_text

        self.grid = grid
        self.put(grid_text(grid))

    # -- mouse ----------------------------------------------------------------------------------

    def on_click(self, event: Click) -> None:
        if self.closed:
            return
        first, widths = self._first_row(), self._widths()
        row = first + event.y - self.gutter.top
        x, at = event.x - self.gutter.left, 2
        columns = self._columns()
        if not 0 <= row < self.grid.rows or event.y - self.gutter.top >= HEIGHT:
            return
        for column in columns:
            at += widths[column] + 1
            if x < at or column == columns[-1]:
                self._go(row, column)
                return

    # -- showing --------------------------------------------------------------------------------

    def cursor_line(self) -> int | None:
        return self.row - self._first_row()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(self.grid.rows, HEIGHT) + 1

    def render(self) -> Content:
        first, columns, widths = self._first_row(), self._columns(), self._widths()
        shown = range(first, min(first + HEIGHT, self.grid.rows))
        lines = [self._shown_row(row, columns, widths) for row in shown]
        return Content("\n").join([*lines, Content.styled(self._shape(), "$foreground 60%")])

    def _shown_row(self, row: int, columns: range, widths: list[int]) -> Content:
        depth = max(self.grid.depth, self.grid.least_depth)
        left, right = (
            ("  ", "  ") if depth == 0 else ("[ ", " ]") if depth == 1 else self._edge(row)
        )
        cells = []
        for column in columns:
            text = self.grid.cells[row][column]
            pad = " " * max(widths[column] - cell_len(text), 0)
            here = self.has_focus and (row, column) == (self.row, self.column)
            style = "reverse" if here else "" if text else "$foreground 60%"
            cells.append(
                Content.styled(pad + (text or ""), style) if here or text else Content(pad)
            )
        more = "… " if columns.start > 0 else ""
        return Content(left) + more + Content(" ").join(cells) + Content(right)

    def _edge(self, row: int) -> tuple[str, str]:
        last = self.grid.rows - 1
        if last == 0:
            return "[[", "]]"
        at = 0 if row == 0 else 2 if row == last else 1
        return "⎡⎢⎣"[at] + " ", " " + "⎤⎥⎦"[at]

    def _shape(self) -> str:
        grid = self.grid.trimmed()
        match max(grid.depth, grid.least_depth):
            case _ if grid.is_empty:
                shape = _("empty")
            case 0:
                shape = _("one number")
            case 1:
                shape = ngettext("vector of {n}", "vector of {n}", grid.columns).format(
                    n=grid.columns
                )
            case _:
                shape = f"{grid.rows}×{grid.columns}"
        return shape + "   " + _(", next cell · ; next row · [ ] brackets")

    def _first_row(self) -> int:
        return max(0, min(self.row - HEIGHT // 2, self.grid.rows - HEIGHT))

    def _columns(self) -> range:
        """The columns that fit, the cursor's among them."""
        widths, room = self._widths(), max(self.content_size.width - 8, 10)
        first = 0
        while (
            first < self.column
            and sum(widths[first : self.column + 1]) + self.column - first > room
        ):
            first += 1
        last = first
        while (
            last + 1 < self.grid.columns
            and sum(widths[first : last + 2]) + last + 1 - first <= room
        ):
            last += 1
        return range(first, last + 1)

    def _widths(self) -> list[int]:
        return [
            max(LEAST_WIDTH, *(cell_len(line[column]) for line in self.grid.cells))
            for column in range(self.grid.columns)
        ]
