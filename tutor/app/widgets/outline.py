"""A long list with levels: only the rows in sight are drawn, so ten thousand cost no more than ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tutor.app import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType
    from textual.content import Content
    from textual.events import Click, MouseMove


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` names the row wherever it stands; ``open`` is None for one that has nothing below it."""

    key: str
    level: int
    open: bool | None = None


class Outline(ScrollView, can_focus=True):
    """Moves by arrows, by j and k, by pages and by the mouse; ``draw`` gives a row of a width."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = list(keys.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"outline--cursor", "outline--hover"}
    DEFAULT_CSS = """
    Outline {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: auto;
        & .outline--hover { background: $surface; }
        & .outline--cursor { background: $panel; }
        &:focus .outline--cursor { background: $primary 25%; text-style: bold; }
    }
    """

    cursor: reactive[int] = reactive(0)
    hover: reactive[int] = reactive(-1)

    class Moved(Message):
        """The cursor is on another row (``row``), or on none."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Chosen(Message):
        """Enter, or a second click, on a row."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Folded(Message):
        """A row is to be opened, or closed."""

        def __init__(self, row: Row, *, wanted: bool) -> None:
            super().__init__()
            self.row = row
            self.wanted = wanted

    def __init__(self, draw: Callable[[Row, int], Content], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draw = draw
        self.rows: Sequence[Row] = ()

    @property
    def row(self) -> Row | None:
        """The row that the cursor is on."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on the same key, if it is still there."""
        before = self.row
        self.rows = rows
        self.virtual_size = Size(self.size.width, len(rows))
        found = next((i for i, row in enumerate(rows) if before and row.key == before.key), None)
        at = min(self.cursor, max(len(rows) - 1, 0)) if found is None else found
        same = at == self.cursor
        self.cursor = at
        if same and self.row != before:
            self.post_message(self.Moved(self.row))
        self.refresh()

    def go_to(self, key: str) -> None:
        """Put the cursor on the row with that key; where there is none, it stays."""
        at = next((i for i, row in enumerate(self.rows) if row.key == key), self.cursor)
        self.cursor = at

    # -- drawing --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.rows))

    def render_line(self, y: int) -> Strip:
        at, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if not 0 <= at < len(self.rows):
            return Strip.blank(width, self.rich_style)
        style = self.visual_style
        if at == self.cursor:
            style += self.get_visual_style("outline--cursor", partial=True)
        elif at == self.hover:
            style += self.get_visual_style("outline--hover", partial=True)
        drawn = self._draw(self.rows[at], width)
        return Visual.to_strips(self, drawn, width, 1, style, pad=True)[0]

    def watch_cursor(self, before: int, now: int) -> None:
        self._refresh_row(before)
        self._refresh_row(now)
        if self.is_mounted:
            self.scroll_to_region(Region(0, now, 1, 1), animate=False, force=True, x_axis=False)
            self.post_message(self.Moved(self.row))

    def watch_hover(self, before: int, now: int) -> None:
        self._refresh_row(before)
        self._refresh_row(now)

    def _refresh_row(self, at: int) -> None:
        if at >= 0:
            self.refresh(Region(0, at - self.scroll_offset.y, self.size.width, 1))

    # -- moving ---------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        self._move_to(self.cursor + step)

    def action_half_page(self, direction: int) -> None:
        self._move_to(self.cursor + direction * max(1, self.size.height // 2))

    def action_end(self, last: bool) -> None:
        self._move_to(len(self.rows) - 1 if last else 0)

    def _move_to(self, at: int) -> None:
        self.cursor = min(max(at, 0), max(len(self.rows) - 1, 0))

    def action_unfold(self) -> None:
        """Open the row; one that is open or has nothing below: on to the next."""
        row = self.row
        if row is not None and row.open is False:
            self.post_message(self.Folded(row, wanted=True))
        elif row is not None and row.open:
            self.action_move(1)

    def action_fold(self) -> None:
        """Close the row; one that is closed or has nothing below: up to the one it stands under."""
        row = self.row
        if row is None:
            return
        if row.open:
            self.post_message(self.Folded(row, wanted=False))
            return
        for at in range(self.cursor - 1, -1, -1):
            if self.rows[at].level < row.level:
                self._move_to(at)
                return

    def action_choose(self) -> None:
        row = self.row
        if row is None:
            return
        if row.open is None:
            self.post_message(self.Chosen(row))
        else:
            self.post_message(self.Folded(row, wanted=not row.open))

    def on_click(self, event: Click) -> None:
        at = self.scroll_offset.y + event.y
        if 0 <= at < len(self.rows):
            again = at == self.cursor
            self.cursor = at
            if again or self.rows[at].open is not None:
                self.action_choose()

    def on_mouse_move(self, event: MouseMove) -> None:
        at = self.scroll_offset.y + event.y
        self.hover = at if at < len(self.rows) else -1

    def on_leave(self) -> None:
        self.hover = -1
