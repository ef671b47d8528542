"""Pictures of the places after ten days of work, each with a word on what should be seen in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_steps import until
from pytest_textual_snapshot import SVGImageExtension

from tutor.app.widgets.outline import Outline
from tutor.exercise.load import load_library

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Small, and changed only when a test needs it: the pictures are of the places, not of the content.
DECK = Path(__file__).parent.parent / "authoring" / "deck"
#: What each picture should show.
SEEN = {
    "welcome": "two languages, two sentences, a button for the first question",
    "home": "the plan with its minutes and a button; dots for the days; bars for what comes",
    "library": "skills with sign, bar and percent; an exercise under the cursor with its preview",
    "statistics": "columns of right and wrong answers, the sentence that says it above them",
}


@pytest.fixture
def picture(snapshot):
    pictures = snapshot.use_extension(SVGImageExtension)

    async def take(pilot, name: str) -> None:
        assert name in SEEN
        await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers))
        await pilot.wait_for_scheduled_animations()
        await pilot.pause(0.2)
        assert pilot.app.export_screenshot() == pictures(name=name)

    return take


@pytest.mark.parametrize(
    ("size", "language"), [((80, 24), "en"), ((120, 40), "zh")], ids=["80x24-en", "120x40-zh"]
)
async def test_the_places_after_ten_days(desk, picture, size, language):
    await desk.runner.wait_ready()
    app = desk.lived(load_library([DECK]), 10, language=language)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session is not None and app.torch == "ready")
        await picture(pilot, "home")
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen.focused, Outline))
        await until(pilot, lambda: bool(app.screen.focused.rows))
        await pilot.press("j", "l", "j")
        await picture(pilot, "library")
        await pilot.press("3")
        await picture(pilot, "statistics")


async def test_the_first_start(desk, picture):
    await desk.runner.wait_ready()
    app = desk.app("value", start="home")
    app.settings.home = desk.home
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.session is not None and app.torch == "ready")
        await picture(pilot, "welcome")
