"""The first start ends in a first answered question."""

from __future__ import annotations

import pytest
from app_steps import shown, until
from textual.widgets import Button

from tutor.app.screens.home import HomeScreen
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.screens.welcome import LanguageTab, WelcomeScreen

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIGHT = "[[0.5, 1], [1.5, 2]]"


def first_start(desk, *exercises, **options):
    app = desk.app(*exercises, start="home", **options)
    app.settings.home = desk.home
    return app


async def welcomed(pilot) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, WelcomeScreen))


async def test_the_first_question_is_answered_and_home_shows_it(desk):
    app = first_start(desk, "value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await welcomed(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        screen = app.screen
        await until(pilot, lambda: screen.phase is Phase.ASKING)
        await pilot.press("f4", "f4")
        await until(pilot, lambda: screen.phase is Phase.OVER and screen.may_go_on)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "1 answered today" in shown(pilot))
        assert any("your first question" in told.message for told in app._notifications)
        await pilot.press("enter")
        await until(pilot, lambda: screen.phase is Phase.ASKING)
        assert desk.session.filters.limit is None, "from now on the whole plan is asked"
    app = first_start(desk, "value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.session is not None)
        await pilot.pause(0.1)
        assert isinstance(app.screen, HomeScreen), "only the first start is the first"


async def test_the_language_is_chosen_by_key_and_by_mouse(desk):
    app = first_start(desk, "value")
    async with app.run_test(size=(80, 24)) as pilot:
        await welcomed(pilot)
        await pilot.press("l")
        await until(pilot, lambda: "第一题" in shown(pilot))
        assert "● 简体中文" in shown(pilot)
        await pilot.click(next(iter(app.screen.query(LanguageTab))))
        await until(pilot, lambda: "First question" in shown(pilot))
        await pilot.press("right")
        await until(pilot, lambda: "第一题" in shown(pilot))
        await pilot.click(Button)
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: "运行之后" in shown(pilot))


async def test_escape_looks_around_first(desk):
    app = first_start(desk, "value")
    async with app.run_test(size=(60, 20)) as pilot:
        await welcomed(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "1 new" in shown(pilot))


async def test_a_home_that_has_reviews_is_not_welcomed(desk, shipped):
    app = desk.lived(shipped, 2)
    app.settings.home = desk.home
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.session is not None and "in a row" in shown(pilot))
        assert isinstance(app.screen, HomeScreen)
