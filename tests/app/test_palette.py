"""The command palette has every action, and it does what its key does."""

from __future__ import annotations

import pytest
from app_steps import asked, over, panels, shown, type_into, until
from textual.command import CommandPalette

from tutor.app import keymap
from tutor.app.commands import MOVES

pytestmark = pytest.mark.asyncio(loop_scope="module")


def titles(app) -> set[str]:
    return {command.title for command in app.get_system_commands(app.screen)}


async def choose(pilot, title: str) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    await pilot.press(*title)
    await until(pilot, lambda: shown(pilot).count(title) > 1)
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))


async def test_all_that_can_be_done_with_a_question_is_among_the_commands(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert {"Submit", "Hint", "Give up", "Grid", "Editor", "Quit", "Help", "Theme"} <= titles(
            app
        )
        assert not {"Left", "Up", "New line"} & titles(app), "what only moves is none"
        await type_into(pilot, "1 2; 3 4")
        await choose(pilot, "Grid")
        await until(pilot, lambda: panels(pilot)[0].view.display)
        await choose(pilot, "Text")
        await until(pilot, lambda: not panels(pilot)[0].view.display)
        await pilot.press("f4", "f4")
        await over(pilot)
        wanted = {"Why", "Trace", "Backward", "Graph", "What-if", "Explanation", "Undo", "File"}
        assert wanted <= titles(app)
        await choose(pilot, "Explanation")
        await until(pilot, lambda: "The hints" in shown(pilot))


async def test_what_is_no_command_only_moves():
    ids = keymap.bindings()
    assert all(any(id_.startswith(move) for id_ in ids) for move in MOVES), "none is a slip"
