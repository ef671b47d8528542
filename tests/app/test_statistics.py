"""The statistics screen: charts, the same in numbers, periods."""

from __future__ import annotations

import pytest
from app_steps import shown, until

from tutor.app.screens.home import HomeScreen
from tutor.app.screens.statistics import StatisticsScreen
from tutor.app.widgets.charts.chart import Canvas, Chart
from tutor.app.widgets.charts.columns import Columns
from tutor.app.widgets.prose import Prose

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def in_statistics(pilot) -> StatisticsScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen) and pilot.app.session)
    await pilot.press("3")
    await until(pilot, lambda: isinstance(pilot.app.screen, StatisticsScreen))
    await until(pilot, lambda: says(pilot, "work") != "…")
    return pilot.app.screen


def says(pilot, chart: str) -> str:
    return pilot.app.screen.query_one(f"#{chart} > .says", Prose).text.plain


async def test_charts_say_their_meaning_and_can_be_read_as_numbers(desk, shipped):
    app = desk.lived(shipped, 25)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await in_statistics(pilot)
        assert "% right" in says(pilot, "work")
        assert "were still known" in says(pilot, "retention")
        assert "within a week" in says(pilot, "forecast")
        assert screen.query_one("#work", Chart).query_one(Columns).display
        assert screen.query_one("#retention", Chart).query_one(Canvas).display
        await until(pilot, lambda: "expected" in shown(pilot))
        assert "█" in shown(pilot)
        await pilot.press("t")
        await until(pilot, lambda: not screen.query_one("#work", Chart).query_one(Columns).display)
        assert "By day" in shown(pilot)
        assert "wrong" in shown(pilot)
        await pilot.press("t")
        await until(pilot, lambda: screen.query_one("#work", Chart).query_one(Columns).display)


async def test_periods_by_key_and_by_mouse(desk, shipped):
    app = desk.lived(shipped, 50)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_statistics(pilot)
        month = says(pilot, "work")
        await pilot.press("v")
        await until(pilot, lambda: says(pilot, "work") != month)
        assert screen.query_one("#period-365").has_class("-here")
        await pilot.click("#period-30")
        await until(pilot, lambda: says(pilot, "work") == month)


async def test_moving_as_in_vim_reaches_the_last_skill(desk, shipped):
    app = desk.lived(shipped, 10)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_statistics(pilot)
        panels = screen.query_one("#panels")
        await pilot.press("j")
        assert panels.scroll_y == 2
        await pilot.press("ctrl+d", "k", "G")
        assert panels.scroll_y == panels.max_scroll_y > 0
        await pilot.press("g")
        assert panels.scroll_y == 0
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


async def test_without_reviews_it_says_so(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await in_statistics(pilot)
        assert "No reviews in this time." in says(pilot, "work")
        assert not screen.query_one("#work", Chart).query_one(Columns).display


async def test_a_terminal_without_colours_gets_numbers(desk, shipped):
    app = desk.lived(shipped, 10)
    async with app.run_test(size=(80, 24)) as pilot:
        app.no_color = True
        screen = await in_statistics(pilot)
        await until(pilot, lambda: screen.query_one("#work", Chart).has_class("-text"))
