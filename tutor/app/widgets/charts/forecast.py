"""How much comes due on the days ahead: a bar for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tutor.i18n import _
from tutor.presenting.words import weekday_name
from tutor.render.bars import bar
from tutor.render.calendar import date_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size


class Forecast(Widget):
    """One row a day, today first, as many as there is room for."""

    DEFAULT_CSS = """
    Forecast { width: 1fr; height: 8; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: Sequence[int] = ()
        self._today = 0

    def show(self, counts: Sequence[int], today: int) -> None:
        """``counts`` are reviews due by day, today first."""
        self._counts, self._today = counts, today
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 8

    def render(self) -> Content:
        shown = self._counts[: self.size.height]
        most = max(shown, default=0)
        digits = max(2, len(str(most)))
        names = [self._label(ahead) for ahead in range(len(shown))]
        wide = max((name.cell_length for name in names), default=0)
        room = max(1, self.size.width - wide - digits - 2)
        rows = []
        for name, count in zip(names, shown, strict=True):
            drawn = bar(count / most if most else 0.0, room)
            rows.append(
                name + " " * (wide - name.cell_length) + " "
                + Content.styled(f"{drawn:<{room}}", "$primary") + " "
                + Content.styled(f"{count:>{digits}}", "" if count else "$foreground 60%")
            )  # fmt: skip
        return Content("\n").join(rows)

    def _label(self, ahead: int) -> Content:
        if ahead == 0:
            return Content.styled(_("today"), "bold")
        day = date_of(self._today + ahead)
        return Content.styled(f"{weekday_name(day.weekday())} {day.day:>2}", "$foreground 70%")
