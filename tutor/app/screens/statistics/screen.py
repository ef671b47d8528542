"""Statistics: how much, how well, what comes, and what wants attention; as charts or as numbers."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container, Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.app import help_texts, keys
from tutor.app.screens.base import PlaceScreen
from tutor.app.screens.statistics import texts
from tutor.app.widgets.charts.chart import Chart
from tutor.app.widgets.key_bar import KeyBar
from tutor.app.widgets.nav_bar import NavBar
from tutor.app.widgets.too_small import TooSmall
from tutor.i18n import N_, _
from tutor.misconceptions import misses_by_family
from tutor.progress.figures import Figures, Period, figures
from tutor.progress.overview import tell_apart
from tutor.store import StoreError

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tutor.session import Session

PERIODS = {Period.MONTH: N_("30 days"), Period.YEAR: N_("A year"), Period.ALL: N_("All")}


class PeriodTab(Static):
    """One of the periods, to be clicked."""

    def __init__(self, period: Period) -> None:
        super().__init__(Content(_(PERIODS[period])), id=f"period-{period.value}")
        self._period = period

    def on_click(self) -> None:
        screen = self.screen
        if isinstance(screen, StatisticsScreen):
            screen.look_at(self._period)


class StatisticsScreen(PlaceScreen):
    """Counted in a thread; what is known already is there at once."""

    PLACE = "statistics"
    AUTO_FOCUS = "#panels"
    BINDINGS: ClassVar[list[BindingType]] = [keys.PERIOD, keys.TEXT, *keys.SCROLL]
    DEFAULT_CSS = """
    StatisticsScreen {
        layers: base cover;
        & #periods { height: 1; padding: 0 1; }
        & PeriodTab { width: auto; padding: 0 1; color: $foreground 60%; }
        & PeriodTab:hover { color: $foreground; }
        & PeriodTab.-here { color: $primary; text-style: bold underline; }
        & #panels { height: 1fr; scrollbar-size-vertical: 1; }
        & #grid { layout: grid; grid-size: 1; grid-rows: auto; height: auto; }
        &.-wide #grid { grid-size: 2; grid-gutter: 0 1; padding: 0 1; }
        &.-wide #work, &.-wide #misses, &.-wide #skills { column-span: 2; }
        & #grid > Chart { height: 100%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._period = Period.MONTH
        self._as_text = False
        self._session: Session | None = None

    def compose(self) -> ComposeResult:
        yield NavBar(self.PLACE)
        with Horizontal(id="periods"):
            for period in PERIODS:
                yield PeriodTab(period)
        with VerticalScroll(id="panels"), Container(id="grid"):
            yield Chart(_("Reviews"), id="work")
            yield Chart(_("Retention"), id="retention")
            yield Chart(_("Coming up"), id="forecast")
            yield Chart(_("Misconceptions"), id="misses")
            yield Chart(_("Skills"), id="skills")
        yield KeyBar()
        yield TooSmall()

    def help_parts(self) -> tuple[help_texts.Part, ...]:
        return help_texts.statistics()

    async def arrive(self, session: Session) -> None:
        self._session = session
        self._as_text = self._as_text or self.app.no_color
        self.look_at(self._period)

    def look_at(self, period: Period) -> None:
        """Show the figures of another period."""
        self._period = period
        for each in PERIODS:
            self.query_one(f"#period-{each.value}").set_class(each is period, "-here")
        if self._session is not None:
            self.in_background(self._count, self._session, group="figures")

    async def _count(self, session: Session) -> None:
        try:
            found = await asyncio.to_thread(_read, session, self._period)
        except StoreError as error:
            self.notify(str(error), severity="error", timeout=15, markup=False)
            return
        with self.app.batch_update():
            self._show(found, session)
        await tell_apart(found.lately, session.library)
        misses = misses_by_family(found.lately, session.library)
        self.query_one("#misses", Chart).show(
            texts.misses_says(misses), None, texts.misses_rows(misses) if misses else None
        )
        self._show_as_wanted()

    def _show(self, found: Figures, session: Session) -> None:
        work, retention, forecast, skills = (
            self.query_one(f"#{name}", Chart)
            for name in ("work", "retention", "forecast", "skills")
        )
        if found.total.reviews:
            work.show(texts.work_says(found), texts.work_chart(found), texts.work_numbers(found))
        else:
            work.show(texts.work_says(found))
        if found.recalled.reviews:
            retention.show(
                texts.retention_says(found),
                partial(texts.retention_chart, found),
                texts.retention_numbers(found),
            )
            retention.border_subtitle = texts.retention_legend()
        else:
            retention.show(texts.retention_says(found))
        if sum(found.forecast):
            forecast.show(
                texts.forecast_says(found),
                texts.forecast_chart(found),
                texts.forecast_numbers(found),
            )
        else:
            forecast.show(texts.forecast_says(found))
        rows = texts.skills_rows(found, session.library, session.language)
        skills.show(texts.skills_says(found), None, rows if found.skills else None)
        self._show_as_wanted()

    def _show_as_wanted(self) -> None:
        for chart in self.query(Chart):
            chart.as_text(self._as_text)

    # -- keys -----------------------------------------------------------------------------------

    def action_period(self, step: int) -> None:
        periods = list(PERIODS)
        self.look_at(periods[(periods.index(self._period) + step) % len(periods)])

    def action_text(self) -> None:
        """Numbers instead of charts, or charts again."""
        self._as_text = not self._as_text
        self._show_as_wanted()

    def action_page(self, pages: float) -> None:
        panels = self.query_one("#panels")
        rows = 2 if abs(pages) < 0.1 else max(1, panels.size.height // 2)
        panels.scroll_relative(y=rows if pages > 0 else -rows, animate=False)

    def action_end(self, last: bool) -> None:
        panels = self.query_one("#panels")
        panels.scroll_to(y=panels.max_scroll_y if last else 0, animate=False)


def _read(session: Session, period: Period) -> Figures:
    from tutor.store import open_store

    with open_store(session.store.path.parent, read_only=True) as store:
        return figures(store, session.library, session.clock(), session.settings, period)
