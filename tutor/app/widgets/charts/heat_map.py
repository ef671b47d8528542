"""The days of work, a dot for each: as many weeks as there is room for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widget import Widget

from tutor.i18n import _, ngettext
from tutor.presenting.words import day_in_words, month_name, weekday_name
from tutor.render.calendar import Calendar, calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.events import Leave, MouseMove
    from textual.geometry import Size

#: By level: size and shade both grow, so that it can be read without colours.
DOTS: Final = (
    ("·", "$foreground 30%"),
    ("•", "$success 60%"),
    ("•", "$success"),
    ("●", "$success 75%"),
    ("●", "$success"),
)
YEAR: Final = 53
LABELS: Final = 5


class HeatMap(Widget):
    """Shows reviews by day; a day's count stands in its tooltip."""

    DEFAULT_CSS = """
    HeatMap { width: 1fr; height: 8; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[int, int] = {}
        self._today = 0
        self._drawn: tuple[object, Content] | None = None

    def show(self, counts: Mapping[int, int], today: int) -> None:
        """``counts`` are reviews by the learner's day."""
        self._counts, self._today = counts, today
        self.refresh()

    @property
    def weeks(self) -> int:
        return max(1, min(YEAR, (self.size.width - LABELS + 1) // 2))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 8

    def render(self) -> Content:
        key = (self.weeks, self._today, self._counts)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw())
        return self._drawn[1]

    def _draw(self) -> Content:
        drawn = calendar(self._counts, self._today, self.weeks)
        rows = [self._months(drawn)]
        for weekday, levels in enumerate(drawn.levels):
            name = weekday_name(weekday) if weekday % 2 == 0 else ""
            pad = " " * (LABELS - Content(name).cell_length)
            # Equal days in one piece: hundreds of pieces take long to style.
            runs = ((level, len(list(run))) for level, run in groupby(levels))
            cells = [_dots(level, n) for level, n in runs]
            rows.append(Content.assemble((name + pad, "$foreground 60%"), *cells))
        return Content("\n").join(rows)

    def _months(self, drawn: Calendar) -> Content:
        row = " " * LABELS
        for week, month in drawn.months:
            at = LABELS + 2 * week
            free = at - Content(row).cell_length
            name = month_name(month)
            if free >= (1 if row.strip() else 0) and week + 1 < len(drawn.levels[0]):
                row += " " * free + name
        return Content.styled(row, "$foreground 60%")

    def on_mouse_move(self, event: MouseMove) -> None:
        week, weekday = (event.x - LABELS) // 2, event.y - 1
        drawn = calendar(self._counts, self._today, self.weeks)
        self.tooltip = None
        if 0 <= weekday < 7 and 0 <= week < self.weeks:
            day = drawn.day(weekday, week)
            if day <= self._today:
                n = self._counts.get(day, 0)
                said = ngettext("{n} review", "{n} reviews", n).format(n=n)
                self.tooltip = Content(f"{day_in_words(day)}: {said}")

    def on_leave(self, event: Leave) -> None:
        self.tooltip = None


def legend() -> Content:
    """What the dots mean, for the frame around them."""
    dots = Content(" ").join(Content.styled(sign, style) for sign, style in DOTS)
    return Content(_("less") + " ") + dots + Content(" " + _("more"))


def _dots(level: int | None, n: int) -> tuple[str, str]:
    """``n`` days of a level beside each other; None is a day that has not come."""
    sign, style = ("", "") if level is None else DOTS[level]
    return f"{sign:<2}" * n, style
