"""Pictures of the screens, each with a word on what should be seen in it.

After a change that is meant: look at the pictures in the report, then run with ``--snapshot-update``.
"""

from __future__ import annotations

import pytest
from app_steps import asked, ended, go_on, graded, over, panels, type_into, until
from pytest_textual_snapshot import SVGImageExtension

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = [(80, 24), (120, 40)]
#: What each picture should show; the English and the Chinese one show the same.
SEEN = {
    "1-open": "program above (80) or beside (120) the question, an empty field with the rule under it",
    "2-invalid": "the text unchanged, a caret under the unclosed bracket, what is wrong beside it",
    "3-near-miss": "a red panel with cross and word, what the answer is consistent with, attempts left",
    "4-correct": "a green panel with tick and word, the live value, the explanation, when it comes back",
    "5-end": "the question with its verdict and date, when the next is due, undo in the footer",
}


@pytest.fixture
def picture(snapshot):
    pictures = snapshot.use_extension(SVGImageExtension)

    async def take(pilot, name: str) -> None:
        assert name in SEEN
        await pilot.wait_for_scheduled_animations()
        await pilot.pause()
        assert pilot.app.export_screenshot() == pictures(name=name)

    return take


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_the_review_of_one_question(desk, picture, size, language):
    await desk.runner.wait_ready()
    app = desk.app("value", language=language)
    async with app.run_test(size=size) as pilot:
        await asked(pilot)
        await picture(pilot, "1-open")

        await type_into(pilot, "[[2, 4], [6, 8]")
        await pilot.press("enter")
        await until(pilot, lambda: "▲" in panels(pilot)[0].said)
        await picture(pilot, "2-invalid")

        await type_into(pilot, "[[2, 4], [6, 8]]")
        await pilot.press("f2", "enter")
        await graded(pilot)
        await picture(pilot, "3-near-miss")

        await type_into(pilot, "[[0.5, 1], [1.5, 2]]")
        await pilot.press("enter")
        await over(pilot)
        await picture(pilot, "4-correct")

        await go_on(pilot)
        await ended(pilot)
        await picture(pilot, "5-end")
