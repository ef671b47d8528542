"""A chart with its meaning in a sentence above it, and its numbers as text where no chart is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from rich.text import Text
from textual.color import Color
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual_plotext import PlotextPlot
from textual_plotext.plot import Plot

from tutor.app.widgets.charts.columns import Bars, Columns
from tutor.app.widgets.prose import Prose

if TYPE_CHECKING:
    from textual.app import ComposeResult

RGB: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Colours:
    """Those of the theme in use, as plotext takes them."""

    line: RGB
    other: RGB


Paint: TypeAlias = Callable[[Plot, Colours], None]


class Canvas(PlotextPlot):
    """Draws in the colours of the theme in use, anew when it changes."""

    def __init__(self) -> None:
        super().__init__()
        self._paint: Paint | None = None

    def paint(self, paint: Paint) -> None:
        """Draw with that from now on."""
        self._paint = paint
        self.refresh()

    def render(self) -> Any:
        if self._paint is None or not self.size.height:
            return ""
        plot, (width, height) = self.plt, self.size
        plot.clear_figure()
        plot.plotsize(width, height)
        plot._set_size(width, height)  # noqa: SLF001 - as PlotextPlot itself does: resizing needs it
        self._paint(plot, Colours(self._rgb("primary"), self._rgb("warning")))
        background = self.background_colors[1].rgb
        plot.canvas_color(background)
        plot.axes_color(background)
        plot.ticks_color(self._rgb("foreground"))
        return Text.from_ansi(plot.build())

    def _rgb(self, name: str) -> RGB:
        return Color.parse(self.app.theme_variables[name]).rgb


class Chart(Vertical):
    """``show`` gives it all at once: a sentence, a chart and the same in numbers."""

    DEFAULT_CSS = """
    Chart {
        height: auto;
        border: round $border-blurred;
        border-title-color: $primary;
        border-title-style: bold;
        border-subtitle-color: $foreground 70%;
        padding: 0 1;
        & > Canvas, & > Columns { height: 10; margin-top: 1; display: none; }
        & > .numbers {
            height: auto;
            margin-top: 1;
            display: none;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        &.-line > Canvas, &.-bars > Columns { display: block; }
        &.-text > Canvas, &.-text > Columns { display: none; }
        &.-text > .numbers { display: block; }
    }
    """

    def __init__(self, title: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._only_numbers = False
        self.border_title = Content(title)

    def compose(self) -> ComposeResult:
        yield Prose(Content("…"), classes="says")
        yield Canvas()
        yield Columns()
        yield Static(classes="numbers")

    def show(
        self, says: str, chart: Paint | Bars | None = None, numbers: Content | None = None
    ) -> None:
        """Without a ``chart`` the numbers, if there are any, are always shown."""
        self.query_one(".says", Prose).update(Content(says))
        self.query_one(".numbers", Static).update(numbers or Content(""))
        self.set_class(isinstance(chart, Bars), "-bars")
        self.set_class(chart is not None and not isinstance(chart, Bars), "-line")
        self._only_numbers = chart is None and numbers is not None
        if isinstance(chart, Bars):
            self.query_one(Columns).show(chart)
        elif chart is not None:
            self.query_one(Canvas).paint(chart)

    def as_text(self, text: bool) -> None:
        """Show the numbers instead of the chart, or the chart again."""
        charted = self.has_class("-bars") or self.has_class("-line")
        self.set_class(self._only_numbers or (text and charted), "-text")
