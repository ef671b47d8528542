"""Rows to tick, to choose from, or to put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from tutor.app import keys
from tutor.app.text.highlight import python
from tutor.app.text.prose import prose
from tutor.app.text.wrapping import fold, wrap
from tutor.app.widgets.answer.view import AnswerView

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Click
    from textual.geometry import Size

#: Rows are broken as if the view were at least so wide.
LEAST_WIDTH = 20


class RowsView(AnswerView):
    """Rows with a cursor.  Subclasses say what stands on a row and what a click on it does."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.ROW_UP, keys.ROW_DOWN]

    cursor: reactive[int] = reactive(0)

    # -- for subclasses -------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many rows the cursor can be on."""
        return len(self.form.offers)

    def label(self, row: int) -> str:
        """What stands in front of a row: its state and its letter."""
        raise NotImplementedError

    def is_on(self, row: int) -> bool:
        """Whether the row is part of the answer."""
        raise NotImplementedError

    def outcome(self, _row: int) -> tuple[str, str]:
        """Once the question is over: a sign for the row and its colour; both empty for none."""
        return "", ""

    def pick(self, row: int) -> None:
        """The row was clicked."""
        raise NotImplementedError

    def body(self, row: int) -> Content:
        text = self.form.offers[row][1]
        return python(text) if self.form.are_code else prose(text)

    def heading(self, row: int) -> str:
        """What stands above a row, on a line that the cursor passes over."""
        return ""

    def footing(self, width: int) -> list[Content]:
        """What stands under all rows, in lines of at most ``width`` cells."""
        return []

    # -- keys and mouse -------------------------------------------------------------------------

    def action_row(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), max(self.count - 1, 0))

    def watch_cursor(self) -> None:
        self.refresh()
        self.keep_visible()

    def cursor_line(self) -> int | None:
        rows = [row for row, _line in self.lines()]
        return rows.index(self.cursor) if self.cursor in rows else None

    def on_click(self, event: Click) -> None:
        row = self.row_at(event.y)
        if row is not None and not self.closed:
            self.cursor = row
            self.pick(row)

    def row_at(self, y: int) -> int | None:
        """The row whose cells are at ``y``, from the top of the view."""
        lines = self.lines()
        y -= self.gutter.top
        return lines[y][0] if 0 <= y < len(lines) else None

    # -- showing --------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n").join(line for _row, line in self.lines())

    def lines(self, width: int | None = None) -> list[tuple[int | None, Content]]:
        """Every line as it is shown, with the row that it belongs to."""
        width = max(self.content_size.width if width is None else width, LEAST_WIDTH)
        lines: list[tuple[int | None, Content]] = []
        for row in range(self.count):
            heading = self.heading(row)
            if heading:
                lines.append((None, Content.styled(heading, "$foreground 60%")))
            lines += [(row, line) for line in self._row(row, width)]
        return lines + [(None, line) for line in self.footing(width)]

    def _row(self, row: int, width: int) -> list[Content]:
        here = row == self.cursor and self.has_focus
        sign, colour = self.outcome(row)
        label = ("▸ " if here else sign or "  ") + self.label(row) + "  "
        style = (
            f"bold {colour}" if sign else "bold $primary" if self.is_on(row) else "bold $warning"
        )
        head = cell_len(label)
        parts: list[tuple[int, Content]] = []
        for line in self.body(row).split("\n", allow_blank=True):
            room = width - head
            parts += (
                fold(line, room) if self.form.are_code else [(0, one) for one in wrap(line, room)]
            )
        return [
            (Content.styled(label, style) if i == 0 else Content(" " * (head + indent))) + part
            for i, (indent, part) in enumerate(parts)
        ]
