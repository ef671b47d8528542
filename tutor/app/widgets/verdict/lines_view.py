"""Rows of parts with roles, more of them than fit: the ground of the trace, the walk and the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from tutor.app.text.highlight import here
from tutor.app.text.roles import styled
from tutor.app.text.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.selection import Selection

    from tutor.render.spans import Block, Line

    #: Blocks for a width and a height in cells.
    Draw = Callable[[int, int], Sequence[Block]]


class LinesView(ScrollView, can_focus=True):
    """Only the rows in sight are rendered; their text can be selected and copied."""

    DEFAULT_CSS = """
    LinesView {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        &:focus { background-tint: transparent; }
    }
    """

    #: Cells left of every row that are not part of its text.
    margin_left: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        self._said = ""

    def put(self, lines: Sequence[Line]) -> None:
        """Show other rows."""
        self._lines, self._said = tuple(lines), ""
        width = max((line.width for line in self._lines), default=0)
        self.virtual_size = Size(width + self.margin_left, len(self._lines))
        self.refresh()

    def say(self, text: str) -> None:
        """A sentence in place of the rows."""
        self._said = text
        self._lines = ()
        self.virtual_size = Size(0, 0)
        self.refresh()

    def before(self, row: int) -> Content:
        """What stands left of a row, ``margin_left`` cells wide."""
        return Content("")

    def is_here(self, row: int) -> bool:
        """Whether a row is set apart as one that is looked at."""
        return False

    def render_line(self, y: int) -> Strip:
        scroll_x, scroll_y = self.scroll_offset
        width, row = self.scrollable_content_region.width, y + scroll_y
        if self._said:
            rows = wrap(Content(self._said), max(12, width - 2))
            content = Content(" ") + rows[row] if row < len(rows) else Content("")
        elif row < len(self._lines):
            content = self._row(row)
        else:
            return Strip.blank(width, self.rich_style)
        content = content.pad_right(max(0, scroll_x + width - content.cell_length))
        if self.is_here(row):
            content = content.stylize_before(here(self.app))
        content = self._selected(content, row)
        strips = Visual.to_strips(
            self, content, content.cell_length, 1, self.visual_style, apply_selection=False
        )
        return strips[0].crop(scroll_x, scroll_x + width).apply_offsets(scroll_x, row)

    def _row(self, row: int) -> Content:
        return self.before(row) + styled(self._lines[row])

    def _selected(self, content: Content, row: int) -> Content:
        span = self.text_selection.get_span(row) if self.text_selection is not None else None
        if span is None:
            return content
        start, end = span
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return content.stylize(style, start, len(content) if end == -1 else end)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is copied: the rows without what stands left of them."""
        whole = "\n".join(self._row(row).plain for row in range(len(self._lines)))
        first, *rest = selection.extract(whole).split("\n")
        cut = max(0, self.margin_left - (selection.start.x if selection.start else 0))
        return "\n".join([first[cut:], *(row[self.margin_left :] for row in rest)]), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()
