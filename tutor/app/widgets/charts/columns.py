"""Columns over dates: how much was done, or comes, on each of many days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

from tutor.render.bar_columns import Cell, column, layout, ticks, top_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

HEIGHT: Final = 10
#: The columns themselves, without the line and the dates under them.
ROWS: Final = HEIGHT - 2


@dataclass(frozen=True, slots=True)
class Bars:
    """``values`` are pairs of a lower and an upper part; ``styles`` what those look like."""

    labels: Sequence[str]
    values: Sequence[tuple[int, int]]
    styles: tuple[str, str] = ("$primary", "$primary")


class Columns(Widget):
    """As wide as there is room for."""

    DEFAULT_CSS = """
    Columns { width: 1fr; height: 10; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._bars = Bars((), ())

    def show(self, bars: Bars) -> None:
        self._bars = bars
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return HEIGHT

    def render(self) -> Content:
        bars = self._bars
        top = top_of(max((low + high for low, high in bars.values), default=0))
        axis = len(str(top)) + 1
        room = max(self.size.width - axis - 1, 1)
        slot, gap = layout(len(bars.values), room)
        drawn = [column(low, high, top, ROWS) for low, high in bars.values]
        rows = []
        for y in range(ROWS):
            tick = {0: top, ROWS // 2: top // 2}.get(y)
            head = f"{'' if tick is None else tick:>{axis - 1}} "
            row = Content.styled(head + ("┤" if tick is not None else "│"), "$foreground 60%")
            row += Content.assemble(
                *(part for cells in drawn for part in self._cell(cells[y], slot - gap, gap))
            )
            rows.append(row)
        # The line is the upper edge of its cells, so that the columns stand on it.
        line = f"{0:>{axis - 1}} " + "▔" * (min(slot * len(drawn), room) + 1)
        rows.append(Content.styled(line, "$foreground 60%"))
        rows.append(Content.styled(" " * (axis + 1) + self._labels(slot, room), "$foreground 60%"))
        return Content("\n").join(rows)

    def _cell(self, cell: Cell, width: int, gap: int) -> list[tuple[str, str]]:
        looks = dict(zip(("lower", "upper"), self._bars.styles, strict=True))
        style = looks.get(cell.colour, "")
        if cell.ground:
            style = f"{style} on {looks[cell.ground]}".strip()
        return [(cell.text * width, style), (" " * gap, "")]

    def _labels(self, slot: int, room: int) -> str:
        labels = self._bars.labels
        widths = [Content(label).cell_length for label in labels]
        row = ""
        for i in ticks(len(labels), widths, slot, room):
            row += " " * (i * slot - Content(row).cell_length) + labels[i]
        return row
