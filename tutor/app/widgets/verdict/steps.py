"""A trace or a walk, step by step: one step is looked at, and the program shows its line."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from tutor.app import keys
from tutor.app.widgets.verdict.lines_view import LinesView
from tutor.render.spans import Line

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.events import Click, Resize

    from tutor.app.widgets.verdict.lines_view import Draw
    from tutor.render.spans import Block


class StepsView(LinesView):
    """The current step is marked in the margin and by its ground; up and down, or a click, move on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keys.STEP_DOWN,
        keys.STEP_UP,
        keys.STEP_FIRST,
        keys.STEP_LAST,
    ]
    DEFAULT_CSS = """
    StepsView { overflow-x: hidden; scrollbar-gutter: stable; }
    """
    margin_left: ClassVar[int] = 2

    class Pointed(Message):
        """The step that is looked at is about this block's line."""

        def __init__(self, view: StepsView, block: Block) -> None:
            super().__init__()
            self.view = view
            self.block = block

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw | None = None
        self._blocks: tuple[Block, ...] = ()
        #: The first row of each block.
        self._starts: list[int] = []
        self._here = 0
        #: The step that the next ones begin with; it is for once.
        self.begin_at = 0
        self._drawn_for = (0, 0)

    def show(self, draw: Draw) -> None:
        """Show other steps, the first one looked at, or that of :attr:`begin_at`."""
        self._draw, self._here, self._drawn_for = draw, self.begin_at, (0, 0)
        self.begin_at = 0
        self._redraw()
        self.scroll_to(0, 0, animate=False)

    def take_over(self, before: StepsView) -> None:
        """Go on at the step that another one was at."""
        self.begin_at = before._here

    @property
    def here(self) -> Block | None:
        return self._blocks[self._here] if self._blocks else None

    def on_resize(self, event: Resize) -> None:
        self._redraw()

    def _redraw(self) -> None:
        width, height = self.scrollable_content_region.size
        if self._draw is None or width <= 0 or (width, height) == self._drawn_for:
            return
        self._drawn_for = width, height
        drawn = self._draw(width - self.margin_left, height)
        self._blocks = tuple(block for block in drawn if block.lines)
        # Room between the steps where all of them can be seen at once nevertheless.
        roomy = sum(len(block.lines) + 1 for block in self._blocks) <= height
        self._starts = []
        lines: list[Line] = []
        for block in self._blocks:
            self._starts.append(len(lines))
            lines += (*block.lines, Line()) if roomy else block.lines
        self._here = min(self._here, max(0, len(self._blocks) - 1))
        self.put(lines)
        self._point()

    # -- the step that is looked at ---------------------------------------------------------------

    def before(self, row: int) -> Content:
        first = bool(self._starts) and row == self._starts[self._here]
        return Content.styled("▸ " if first else "  ", "bold $primary")

    def is_here(self, row: int) -> bool:
        if not self._starts:
            return False
        top, bottom = self._rows_of(self._here)
        return top <= row < bottom

    def action_step(self, by: int) -> None:
        """Move on by so many steps; one that is higher than the view is first scrolled through."""
        if not self._blocks:
            return
        top, bottom = self._rows_of(self._here)
        height = self.scrollable_content_region.height
        if by == 1 and bottom > self.scroll_offset.y + height and bottom - top > height:
            self.scroll_relative(y=height // 2, animate=False)
        elif by == -1 and top < self.scroll_offset.y and bottom - top > height:
            self.scroll_relative(y=-height // 2, animate=False)
        else:
            self._go_to(self._here + by)

    def on_click(self, event: Click) -> None:
        row = event.y + self.scroll_offset.y
        if self._starts and row < len(self._lines):
            self._go_to(bisect_right(self._starts, row) - 1)

    def _go_to(self, index: int) -> None:
        self._here = min(max(index, 0), len(self._blocks) - 1)
        self._point()
        top, bottom = self._rows_of(self._here)
        height, y = self.scrollable_content_region.height, self.scroll_offset.y
        if top < y or bottom - top >= height:
            self.scroll_to(y=top, animate=False)
        elif bottom > y + height:
            self.scroll_to(y=bottom - height, animate=False)
        self.refresh()

    def _rows_of(self, index: int) -> tuple[int, int]:
        top = self._starts[index]
        return top, top + len(self._blocks[index].lines)

    def _point(self) -> None:
        if (block := self.here) is not None:
            self.post_message(self.Pointed(self, block))
