"""The settings, one a row, with what they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.app import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.events import Click
    from textual.geometry import Size

BEFORE, AFTER = "◂ ", " ▸"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """``steps``: left and right change it, otherwise Enter opens it."""

    name: str
    title: str
    value: str
    steps: bool


class SettingRows(Widget, can_focus=True):
    """A cursor over the rows; what is done to one is told by messages."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SettingRows { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        keys.ROW_UP,
        keys.ROW_DOWN,
        keys.SETTING_MORE,
        keys.SETTING_LESS,
        keys.SETTING_EDIT,
        keys.SETTING_DEFAULT,
    ]

    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """The cursor is on another row."""

    class Stepped(Message):
        """The row's value is to be the next one, or the one before."""

        def __init__(self, name: str, step: int) -> None:
            super().__init__()
            self.name = name
            self.step = step

    class Opened(Message):
        """The row's value is to be typed."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Reset(Message):
        """The row's value is to be its default."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[SettingRow, ...] = ()

    @property
    def row(self) -> SettingRow | None:
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[SettingRow]) -> None:
        self.rows = tuple(rows)
        self.refresh(layout=True)

    # -- keys and mouse -------------------------------------------------------------------------

    def action_row(self, step: int) -> None:
        self.cursor = min(max(self.cursor + step, 0), len(self.rows) - 1)

    def action_step(self, step: int) -> None:
        row = self.row
        if row is not None and row.steps:
            self.post_message(self.Stepped(row.name, step))

    def action_edit(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self.row.name))

    def action_default(self) -> None:
        if self.row is not None:
            self.post_message(self.Reset(self.row.name))

    def watch_cursor(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        """On an arrow it steps; on the row that the cursor is on already it opens."""
        row = event.y - self.gutter.top
        if not 0 <= row < len(self.rows):
            return
        again, self.cursor = row == self.cursor, row
        x, one = event.x - self.gutter.left, self.rows[row]
        start = self._label_width() + 2
        end = start + cell_len(BEFORE + one.value)
        if one.steps and start <= x < start + 2:
            self.action_step(-1)
        elif one.steps and end <= x < end + 2:
            self.action_step(1)
        elif again:
            self.action_edit()

    # -- showing --------------------------------------------------------------------------------

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows)

    def render(self) -> Content:
        return Content("\n").join(self._shown(i, row) for i, row in enumerate(self.rows))

    def _shown(self, i: int, row: SettingRow) -> Content:
        here = i == self.cursor
        label = row.title + " " * (self._label_width() - cell_len(row.title))
        arrows = (BEFORE, AFTER) if row.steps else ("  ", "")
        style = "bold $primary" if here else ""
        return (
            Content.styled("▸ " if here else "  ", "bold $warning")
            + Content.styled(label, style)
            + Content.styled(arrows[0], "$warning")
            + Content.styled(row.value, "bold" if here else "")
            + Content.styled(arrows[1], "$warning")
        )

    def _label_width(self) -> int:
        return max((cell_len(row.title) for row in self.rows), default=0) + 2
