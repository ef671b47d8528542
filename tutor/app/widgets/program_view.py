"""The question's program: highlighted, numbered, and never cut off at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.app.text.highlight import here, python
from tutor.app.text.wrapping import fold

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.selection import Selection

GUTTER = 4


class ProgramView(Widget):
    """Read-only source. Lines that are too long go on in the next row, under their own beginning."""

    DEFAULT_CSS = """
    ProgramView { width: 1fr; height: auto; }
    """

    source: reactive[str] = reactive("", layout=True)
    #: The line that is pointed at, from 1; ``None`` for none.
    pointed: reactive[int | None] = reactive(None)

    def __init__(self, source: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.set_reactive(ProgramView.source, source)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.content_size.width))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is copied: the selected source, without the line numbers."""
        rows = selection.extract(self.render().plain).split("\n")
        first = max(0, GUTTER - (selection.start.x if selection.start else 0))
        return "\n".join([rows[0][first:], *(row[GUTTER:] for row in rows[1:])]), "\n"

    def _rows(self, width: int) -> list[Content]:
        room = max(8, width - GUTTER)
        rows: list[Content] = []
        for number, line in enumerate(python(self.source.rstrip("\n")).split("\n"), start=1):
            for i, (indent, part) in enumerate(fold(line, room)):
                label = f"{number:>2}" if i == 0 else " ·"
                pointed = number == self.pointed
                label = f"▸{number}" if pointed and i == 0 else label
                gutter = Content.styled(
                    f"{label:<{GUTTER}}", "bold $primary" if pointed else "$foreground 60%"
                )
                row = gutter + " " * indent + part
                if pointed:
                    row = row.pad_right(max(0, width - row.cell_length)).stylize_before(
                        here(self.app)
                    )
                rows.append(row)
        return rows

    def rows_of(self, number: int) -> tuple[int, int]:
        """The first row of a line, and how many it takes."""
        room = max(8, self.content_size.width - GUTTER)
        lines = python(self.source.rstrip("\n")).split("\n")
        heights = [len(fold(line, room)) for line in lines[:number]]
        return sum(heights[:-1]), heights[-1] if heights else 0
