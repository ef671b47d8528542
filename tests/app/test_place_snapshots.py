"""Pictures of the places after ten days of work, each with a word on what should be seen in it.

Every place is seen in both languages at both sizes, of one app per language: the terminal is resized.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from app_steps import asked, at_rest, ended, go_on, over, type_into, until
from pytest_textual_snapshot import SVGImageExtension

from tutor.app.screens.fit import FitScreen
from tutor.app.screens.help import HelpScreen
from tutor.app.screens.settings import SettingsScreen
from tutor.app.widgets.outline import Outline
from tutor.exercise.load import load_library

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Small, and changed only when a test needs it: the pictures are of the places, not of the content.
DECK = Path(__file__).parent.parent / "authoring" / "deck"
SIZES = [(80, 24), (120, 40)]
#: What each picture should show, in both languages and at both sizes.
SEEN = {
    "welcome": "two languages, two sentences, a button for the first question",
    "home": "the plan with its minutes and a button; dots for the days; bars for what comes",
    "library": "the open deck's skills with sign, bar and percent; what the one under the cursor leads to",
    "library-preview": "an exercise under the cursor; its facts, its program and what it asks",
    "library-search": "what matches the word, its skills unfolded; how many there are; the word in the field",
    "statistics": "columns of right and wrong answers, the sentence that says it above them",
    "settings": "every setting in a row with its value, the chosen one's meaning below",
    "fit": "what the fit would do, and that the log is too short for it, over the settings",
    "help": "what may be done here, then the keys with their ids, over the place",
    "summary": "three questions with sign, word and date; when the next one is due; undo in the footer",
}


@pytest.fixture
def picture(snapshot):
    pictures = snapshot.use_extension(SVGImageExtension)

    async def take(pilot, name: str) -> None:
        """The screen as it is at each of the sizes."""
        assert name in SEEN
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            assert await at_rest(pilot) == pictures(name=f"{name}-{width}x{height}")

    return take


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_places_after_ten_days(desk, picture, language):
    await desk.runner.wait_ready()
    app = desk.lived(load_library([DECK]), 10, language=language, idle=4)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.session is not None and app.torch == "ready")
        await picture(pilot, "home")
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen.focused, Outline))
        await until(pilot, lambda: bool(app.screen.focused.rows))
        await pilot.press("j")
        await picture(pilot, "library")
        await pilot.press("l", "j")
        await picture(pilot, "library-preview")
        await until(pilot, lambda: len(app.screen._index) == len(app.session.library.exercises))
        await pilot.press("slash", *"clear", "enter", "G")
        await picture(pilot, "library-search")
        await pilot.press("3")
        await picture(pilot, "statistics")
        await pilot.press("4")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await picture(pilot, "settings")
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, FitScreen))
        await until(pilot, lambda: app.screen._settled)
        await picture(pilot, "fit")
        await pilot.press("enter", "1", "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await picture(pilot, "help")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_first_start(desk, picture, language):
    await desk.runner.wait_ready()
    app = desk.app("value", start="home", language=language)
    app.settings.home = desk.home
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: app.session is not None and app.torch == "ready")
        await picture(pilot, "welcome")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_end_of_a_session(desk, picture, language):
    await desk.runner.wait_ready()
    app = desk.app("value", "two", "broken", language=language)
    async with app.run_test(size=SIZES[0]) as pilot:
        for _ in range(3):
            await asked(pilot)
            if app.session.turn.question.exercise.id == "app.value":
                await type_into(pilot, "[[0.5, 1], [1.5, 2]]")
                await pilot.press("enter")
            else:
                await pilot.press("f4", "f4")
            await over(pilot)
            await go_on(pilot)
        await ended(pilot)
        await picture(pilot, "summary")
