"""The recorded graph, as large as it is: moved by keys or by the mouse where it is larger than its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Offset

from tutor.app import keys
from tutor.app.later import once_laid_out
from tutor.app.widgets.verdict.lines_view import LinesView
from tutor.render.spans import Line

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import MouseDown, MouseMove, MouseUp, Resize

    from tutor.app.widgets.verdict.lines_view import Draw

#: One key moves by so many columns or rows.
COLUMNS, ROWS = 8, 3


class GraphView(LinesView):
    """Arrows or h, j, k, l move it; so does dragging."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.PAN_LEFT,
        keys.PAN_DOWN,
        keys.PAN_UP,
        keys.PAN_RIGHT,
    ]
    #: Dragging moves the drawing instead of selecting text in it.
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw | None = None
        self._drawn_for = (0, 0)
        #: The point of the drawing that was taken hold of, seen from the screen's corner.
        self._held = Offset(0, 0)

    def show(self, draw: Draw) -> None:
        self._draw, self._drawn_for = draw, (0, 0)
        self._redraw()
        self.scroll_to(0, 0, animate=False)

    def on_resize(self, event: Resize) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width, height = self.content_region.size
        if self._draw is None or width <= 0 or (width, height) == self._drawn_for:
            return
        self._drawn_for = width, height
        lines: list[Line] = []
        for block in self._draw(width, height):
            lines += ([Line()] if lines else []) + list(block.lines)
        self.put(lines)
        # Whether it can be moved is known once it is laid out.
        once_laid_out(self, self.refresh_bindings)

    def action_pan(self, columns: int, rows: int) -> None:
        self.scroll_relative(columns * COLUMNS, rows * ROWS, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Left and right are the tabs' again while there is nothing to move sideways."""
        return action != "pan" or bool(self.max_scroll_x if parameters[0] else self.max_scroll_y)

    def on_mouse_down(self, event: MouseDown) -> None:
        self._held = event.screen_offset + self.scroll_offset
        self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self.app.mouse_captured is self:
            x, y = self._held - event.screen_offset
            self.scroll_to(x, y, animate=False)

    def on_mouse_up(self, event: MouseUp) -> None:
        self.release_mouse()
