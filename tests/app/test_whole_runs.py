"""From the first start to leaving, once with the mouse alone and once with the keyboard alone."""

from __future__ import annotations

import pytest
from app_steps import panels, review, shown, until
from rich.cells import cell_len

from tutor.app.screens.fit import FitScreen
from tutor.app.screens.help import HelpScreen
from tutor.app.screens.home import HomeScreen
from tutor.app.screens.keys import KeysScreen
from tutor.app.screens.library import LibraryScreen
from tutor.app.screens.prompt import PromptScreen
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.screens.settings import SettingsScreen
from tutor.app.screens.statistics import StatisticsScreen
from tutor.app.screens.summary import SummaryScreen
from tutor.app.screens.welcome import WelcomeScreen
from tutor.app.widgets.outline import Outline
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = ("choice", "flags", "order", "raises", "value")


class Mouse:
    """Nothing but a pointer on what can be seen."""

    def __init__(self, pilot) -> None:
        self.pilot = pilot

    async def click(self, text: str, *, beside: str = "", last: bool = False) -> None:
        """On the first (or the last) place where ``text`` stands, in a row with ``beside``, once it does."""

        def found() -> list[tuple[int, str]]:
            rows = enumerate(shown(self.pilot).split("\n"))
            return [(y, row) for y, row in rows if text in row and beside in row]

        await until(self.pilot, lambda: bool(found()))
        y, row = found()[-1 if last else 0]
        x = cell_len(row[: row.rindex(text) if last else row.index(text)])
        await self.pilot.click(offset=(x, y))

    async def footer(self, label: str) -> None:
        await self.click(label, last=True)


async def on(pilot, screen) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))


async def finished(pilot) -> None:
    await until(pilot, lambda: review(pilot).phase is Phase.OVER and review(pilot).may_go_on)


async def answer_by_mouse(pilot, mouse: Mouse) -> str:
    """Answer what is asked, by what the kind offers; what was asked."""
    app = pilot.app
    await on(pilot, ReviewScreen)
    await until(pilot, lambda: review(pilot).phase is Phase.ASKING and panels(pilot))
    kind = app.session.turn.question.exercise.id.removeprefix("app.")
    match kind:
        case "choice":
            await mouse.click("2.0", beside="( )")
        case "flags":
            await mouse.click("x.is_leaf", beside="[ ]")
            await mouse.click("y.is_leaf", beside="[ ]")
            await mouse.click("y.is_leaf", beside="[")
            await mouse.click("y.requires_grad", beside="[ ]")
        case "order":
            for line in ("y = x.sum()", "y.backward()", "g = x.grad"):
                await mouse.click(line, last=True)
        case "raises":
            await mouse.click("y.backward()", beside="( )")
            await mouse.click("RuntimeError", beside="( )")
        case "value":
            await mouse.footer("Give up")
            await mouse.footer("Give up")
    if kind != "value":
        await mouse.footer("Submit")
    await finished(pilot)
    return kind


async def test_with_the_mouse_alone(desk):
    app = desk.app(*KINDS, start="home")
    app.settings.home = desk.home
    async with app.run_test(size=(100, 30)) as pilot:
        mouse = Mouse(pilot)
        await on(pilot, WelcomeScreen)
        await mouse.click("简体中文")
        await mouse.click("English")
        await mouse.click("First question")
        asked = [await answer_by_mouse(pilot, mouse)]
        for tab, sees in (("Trace", "▸1"), ("Backward", "G ="), ("Graph", "┏"), ("What-if", "[ ]")):
            await mouse.click(tab)
            await until(pilot, lambda sees=sees: sees in shown(pilot))
        await mouse.click("[ ]")
        await until(pilot, lambda: "[x]" in shown(pilot))
        await mouse.click("Explanation")
        await mouse.click("Why")
        await mouse.footer("Next")
        await on(pilot, HomeScreen)

        await mouse.click("Library")
        await on(pilot, LibraryScreen)
        await mouse.click("New")
        await mouse.click("app.order")
        await mouse.click("In order")
        await until(pilot, lambda: "Put the lines in order." in shown(pilot))
        await mouse.footer("Suspend")
        await until(pilot, lambda: "it is not asked" in shown(pilot))
        await mouse.click("Suspended")
        await until(pilot, lambda: "1 exercise" in shown(pilot))
        await mouse.footer("Suspend")
        await until(pilot, lambda: "0 exercises" in shown(pilot))

        await mouse.click("Statistics")
        await on(pilot, StatisticsScreen)
        await mouse.click("A year")
        await mouse.footer("Numbers")
        await until(pilot, lambda: "By" in shown(pilot))

        await mouse.click("Settings")
        await on(pilot, SettingsScreen)
        await mouse.click("Theme")
        await mouse.footer("Next value")
        await until(pilot, lambda: app.theme == "tutor-light")
        await mouse.click("Time zone")
        await mouse.click("Time zone")
        await on(pilot, PromptScreen)
        await mouse.click("Esc leaves it")
        await on(pilot, SettingsScreen)
        await mouse.click("Fit to my memory")
        await mouse.click("⏎ closes")
        await mouse.click("Keys")
        await mouse.click("Keys")
        await on(pilot, KeysScreen)
        await mouse.click("answer.grid")
        await mouse.click("Esc leaves it")
        await mouse.footer("Back")
        await on(pilot, SettingsScreen)
        await mouse.footer("Help")
        await on(pilot, HelpScreen)
        await mouse.click("Esc closes")
        await on(pilot, SettingsScreen)

        await mouse.click("Home")
        await mouse.footer("Commands")
        await mouse.click("Answer what is planned for now")
        await on(pilot, ReviewScreen)
        await mouse.footer("Back")
        await on(pilot, HomeScreen)
        await mouse.click("Start")
        for _ in range(4):
            asked.append(await answer_by_mouse(pilot, mouse))
            await mouse.footer("Next")
        await on(pilot, SummaryScreen)
        assert sorted(asked) == sorted(KINDS)
        await mouse.footer("Home")
        await on(pilot, HomeScreen)
        await mouse.footer("Quit")
        await until(pilot, lambda: app._exit)
    with open_store(desk.home, read_only=True) as store:
        verdicts = {one.exercise_id: one.score for one in store.reviews()}
    assert verdicts == {f"app.{kind}": 0.0 if kind == "value" else 1.0 for kind in KINDS}


async def answer_by_keys(pilot) -> str:
    """Answer what is asked, by the keys of its kind; what was asked."""
    app = pilot.app
    await on(pilot, ReviewScreen)
    await until(pilot, lambda: review(pilot).phase is Phase.ASKING and app.focused is not None)
    kind = app.session.turn.question.exercise.id.removeprefix("app.")
    match kind:
        case "choice":
            await until(pilot, lambda: "( ) a  …" not in shown(pilot) and offer(pilot, "2.0") != "")
            await pilot.press(offer(pilot, "2.0"))
        case "flags":
            await pilot.press("t", "f", "t")
        case "order":
            lines = ("y = x.sum()", "y.backward()", "g = x.grad")
            await pilot.press(*(offer(pilot, line) for line in lines))
        case "raises":
            await pilot.press("down", "j", "j", "space", "right")
        case "value":
            await pilot.press(*"0.5 1", "ctrl+j", *"1.5 2")
    await pilot.press("enter")
    await finished(pilot)
    return kind


def offer(pilot, text: str) -> str:
    """The letter of a line on offer."""
    offers = panels(pilot)[0].form.offers
    return next((letter for letter, shown in offers if shown == text), "")


async def test_with_the_keyboard_alone(desk):
    app = desk.app(*KINDS, start="home")
    app.settings.home = desk.home
    async with app.run_test(size=(80, 24)) as pilot:
        await on(pilot, WelcomeScreen)
        await pilot.press("l")
        await until(pilot, lambda: "第一题" in shown(pilot))
        await pilot.press("l")
        await until(pilot, lambda: "First question" in shown(pilot))
        await pilot.press("enter")
        asked = [await answer_by_keys(pilot)]
        for key, sees in (("2", "▸1"), ("l", "G ="), ("f6", "┏"), ("5", "[ ]")):
            await pilot.press(key)
            await until(pilot, lambda sees=sees: sees in shown(pilot))
        await pilot.press("space")
        await until(pilot, lambda: "[x]" in shown(pilot))
        await pilot.press("6", "1", "enter")
        await on(pilot, HomeScreen)

        await pilot.press("2")
        await on(pilot, LibraryScreen)
        outline = app.screen.query_one(Outline)
        await until(pilot, lambda: bool(outline.rows))
        await until(pilot, lambda: len(app.screen._index) == len(KINDS))
        await pilot.press("v", "v")
        await pilot.press("slash", *"In order", "enter", "G")
        await until(pilot, lambda: "Put the lines in order." in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "it is not asked" in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "it is not asked" not in shown(pilot))

        await pilot.press("escape", "3")
        await on(pilot, StatisticsScreen)
        await until(pilot, lambda: "1 review on 1 day" in shown(pilot))
        await pilot.press("v", "t", "4")
        await on(pilot, SettingsScreen)
        await pilot.press("j", "l")
        await until(pilot, lambda: app.theme == "tutor-light")
        await pilot.press("G", *"j" * 8, "enter")
        await on(pilot, PromptScreen)
        await pilot.press("escape")
        await on(pilot, SettingsScreen)
        await pilot.press("f1")
        await on(pilot, HelpScreen)
        await pilot.press("escape", "f")
        await on(pilot, FitScreen)
        await pilot.press("enter", "1")
        await on(pilot, HomeScreen)

        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.focused is not None)
        await pilot.press(*"Review")
        await until(pilot, lambda: "Answer what is planned for now" in shown(pilot))
        await pilot.press("enter")
        for _ in range(4):
            asked.append(await answer_by_keys(pilot))
            await pilot.press("enter")
        await on(pilot, SummaryScreen)
        assert sorted(asked) == sorted(KINDS)
        await pilot.press("enter")
        await on(pilot, HomeScreen)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)
    with open_store(desk.home, read_only=True) as store:
        assert {one.exercise_id: one.score for one in store.reviews()} == {
            f"app.{kind}": 1.0 for kind in KINDS
        }
