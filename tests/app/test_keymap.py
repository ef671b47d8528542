"""The learner's own keys: what is taken, what is refused and why, and that they work and are shown."""

from __future__ import annotations

import pytest
from app_steps import asked, over, panels, shown, until

from tutor.app import keymap
from tutor.app.screens.help import HelpScreen
from tutor.settings import UserSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def _usual_keys():
    yield
    keymap.use({})


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"review.hnit": "f3"}, "there is no review.hnit; did you mean review.hint?"),
        ({"review.hint": "f4"}, "f4 is already the key of review.give-up (Give up)"),
        ({"review.hint": "f3", "app.help": "f3"}, "f3 is already the key of"),
        ({"review.hint": "x"}, "x is typed into answers"),
        ({"review.hint": "?"}, "question_mark is typed into answers"),
        ({"review.hint": "ctrl+a"}, "ctrl+a moves or deletes in a text"),
        ({"review.hint": "ctr+g"}, "ctr+g is no key"),
        ({"review.hint": ""}, "is no key"),
        ({"order.take": "J"}, "J is already the key of order.down"),
    ],
)
async def test_a_key_that_cannot_be_is_refused_with_the_reason(chosen, says):
    taken, problems = keymap.checked(chosen)
    assert any(says in problem for problem in problems), problems
    assert next(iter(chosen)) not in taken


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        ({"review.hint": "F3"}, "f3"),
        ({"review.hint": "Ctrl+T, f3"}, "ctrl+t,f3"),
        ({"review.hint": "f4", "review.give-up": "f2"}, "f4"),
        ({"rows.tick": "x"}, "x"),
        ({"library.search": "?"}, "question_mark"),
    ],
)
async def test_a_key_that_can_be_is_taken(chosen, keys):
    taken, problems = keymap.checked(chosen)
    assert problems == []
    assert taken[next(iter(chosen))] == keys


async def test_every_default_fits_the_rules_for_own_keys():
    """Every group of ids is in some place, and no two defaults clash where both work."""
    groups = {id_.split(".")[0] for id_ in keymap.bindings()}
    assert groups <= set().union(*keymap.TOGETHER)
    for id_, binding in keymap.bindings().items():
        assert keymap._clash(id_, binding.key.split(","), {}) == "", id_


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("ctrl+g", "^g"),
        ("f3", "F3"),
        ("alt+up", "Alt+↑"),
        ("question_mark", "?"),
        ("escape", "Esc"),
    ],
)
async def test_keys_are_written_as_people_know_them(key, written):
    assert keymap.spelled(key) == written


async def test_own_keys_work_and_are_shown_everywhere(desk):
    app = desk.app("value")
    chosen = {"review.answer": "ctrl+t", "review.hint": "f3", "review.give-up": "ctrl+b"}
    app.settings.apply(UserSettings(keys={**chosen, "nope": "f9"}))
    async with app.run_test(size=(110, 50), notifications=True) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "there is no nope" in shown(pilot))
        footer = shown(pilot).split("\n")[-1]
        assert "F3 Hint" in footer
        assert "^t Submit" in footer
        await pilot.press("f2")
        assert "What does the mean divide by?" not in shown(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: "What does the mean divide by?" in shown(pilot))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        row = next(row for row in shown(pilot).split("\n") if "review.hint" in row)
        assert "F3" in row
        await pilot.press("escape")
        await pilot.press("ctrl+b")
        assert "^b again shows the answer" in shown(pilot)
        await pilot.press("1", "enter")
        assert desk.session.turn.pending.attempts == (), "Enter submits no more"
        assert panels(pilot)[0].text == "1"
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "F3 gives a hint" in shown(pilot))
        await pilot.press("ctrl+b", "ctrl+b")
        await over(pilot)
        await until(pilot, lambda: "Next" in shown(pilot).split("\n")[-1])
        assert "⏎ Next" in shown(pilot), "what shared the key keeps it"
