"""Home and the ways between the places."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from app_steps import asked, ended, shown, type_into, until
from textual.widgets import Button

from tutor.app.screens.home import HomeScreen
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.widgets.charts.heat_map import HeatMap
from tutor.app.widgets.nav_bar import Tab
from tutor.settings import load

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIGHT = "[[0.5, 1], [1.5, 2]]"


async def counted(pilot) -> None:
    """Until Home shows its numbers."""
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await until(pilot, lambda: "…" not in pilot.app.screen.query_one(".now").text.plain)


async def reviewing(pilot) -> ReviewScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
    screen = pilot.app.screen
    await until(pilot, lambda: screen.phase is Phase.ASKING)
    return screen


async def test_home_tells_the_plan_and_the_first_question_is_one_enter_away(desk, shipped):
    app = desk.lived(shipped, 20)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        text = shown(pilot)
        assert "due" in text
        assert "about" in text
        assert "in a row" in text
        assert "●" in text
        assert "today" in text
        assert "Worth another look" in text
        await pilot.press("enter")
        await reviewing(pilot)
        assert desk.session.turn is not None


async def test_a_session_ends_at_home_with_the_numbers_of_now(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        assert "1 new" in shown(pilot)
        assert "Nothing answered yet" in shown(pilot)
        await pilot.press("enter")
        screen = await reviewing(pilot)
        screen.query_one("AnswerPanel").field.insert(RIGHT)
        await pilot.press("enter")
        await until(pilot, lambda: screen.phase is Phase.OVER)
        await until(pilot, lambda: screen.may_go_on)
        await pilot.press("enter")
        await ended(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "1 answered today" in shown(pilot))
        assert "Nothing is due. The next question comes in" in shown(pilot)
        assert "1 day in a row" in shown(pilot)
        assert not app.screen.query_one(Button).display


async def test_enter_before_the_exercises_are_read_goes_to_the_question_all_the_same(desk):
    app = desk.app("value", start="home")
    opened, open_session = asyncio.Event(), app._open_session

    @asynccontextmanager
    async def slow():
        await opened.wait()
        async with open_session() as session:
            yield session

    app._open_session = slow
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert "Today" in shown(pilot), "the frame is there before the numbers"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        opened.set()
        await reviewing(pilot)
        assert len(app.screen.query("AnswerPanel")) == 1


async def test_escape_goes_home_and_the_question_waits_as_it_is(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press("enter")
        await reviewing(pilot)
        before = desk.session.turn
        await pilot.press("1", "2", "escape")
        await counted(pilot)
        await until(pilot, lambda: "Continue" in shown(pilot))
        spent = desk.session._watch.seconds(0.0)
        await pilot.pause(0.1)
        assert desk.session._watch.seconds(0.0) == spent, "time at Home is not time on the question"
        await pilot.press("enter")
        screen = await reviewing(pilot)
        assert desk.session.turn.question is before.question
        assert screen.query_one("AnswerPanel").text == "12"
        assert screen.query_one("AnswerPanel").field.has_focus
        await pilot.pause(0.02)
        assert desk.session._watch.seconds(0.0) > spent


async def test_a_verdict_that_was_left_is_not_shown_again(desk):
    app = desk.app("value", "two", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.press("enter")
        screen = await reviewing(pilot)
        await pilot.press("f4", "f4")
        await until(pilot, lambda: screen.phase is Phase.OVER)
        await pilot.press("escape")
        await counted(pilot)
        await pilot.press("enter")
        await reviewing(pilot)


async def test_the_review_can_be_left_for_home_also_when_it_was_opened_first(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "7")
        await pilot.press("escape")
        await counted(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen), "there is nothing behind Home"
        await pilot.press("enter")
        screen = await reviewing(pilot)
        assert screen.query_one("AnswerPanel").text == "7"


async def test_who_is_new_here_is_offered_the_placement_test(desk, shipped):
    app = desk.lived(shipped, 0)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await until(pilot, lambda: "t: a short test finds what you know already" in shown(pilot))
        await pilot.press("t")
        await reviewing(pilot)
        assert desk.session.filters.place
        await pilot.press("escape")
        await counted(pilot)
        assert not desk.session.filters.place


async def test_home_works_by_mouse(desk, shipped):
    app = desk.lived(shipped, 20)
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        await pilot.hover(HeatMap, offset=(5 + 2 * 25, 1))
        await until(pilot, lambda: app.screen.query_one(HeatMap).tooltip is not None)
        assert "Mon 2 Mar 2026: 3 reviews" in app.screen.query_one(HeatMap).tooltip.plain
        await pilot.click(Button)
        await reviewing(pilot)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_everything_of_home_fits_without_scrolling(desk, shipped, size, language):
    app = desk.lived(shipped, 3, language=language)
    async with app.run_test(size=size) as pilot:
        await counted(pilot)
        assert app.screen.query_one("#home").max_scroll_y == 0
        tabs = list(app.screen.query(Tab))
        assert all(tab.region.right <= size[0] for tab in tabs)


async def test_the_language_changes_everywhere_and_the_open_question_with_it(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await counted(pilot)
        app.settings.home = desk.home
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        commands["Language: 简体中文"].callback()
        await until(pilot, lambda: "今天" in shown(pilot) and "1 道新题" in shown(pilot))
        assert "开始" in shown(pilot)
        assert load(desk.home).settings.language == "zh"
        await pilot.press("enter")
        screen = await reviewing(pilot)
        assert "运行之后" in shown(pilot)
        await pilot.press("7")
        before = desk.session.turn
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        commands["语言：English"].callback()
        await until(pilot, lambda: "after this runs?" in shown(pilot))
        assert screen.query_one("AnswerPanel").text == "7"
        assert "Hint" in shown(pilot)
        after = desk.session.turn
        assert after.question.program == before.question.program
        assert after.pending.review_uuid == before.pending.review_uuid
        assert desk.session.store.pending().language == "en"
        await type_into(pilot, "[[2, 4], [6, 8]]")
        await pilot.press("enter")
        await until(pilot, lambda: "gradient of the sum" in shown(pilot))
        await pilot.press("f4", "f4")
        await until(pilot, lambda: screen.phase is Phase.OVER)
        assert "so x.grad is" in shown(pilot)
