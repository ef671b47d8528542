"""The library: searched, opened, previewed, marked and practised from."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from app_steps import asked, shown, until
from textual.widgets import Input

from tutor.app.screens.home import HomeScreen
from tutor.app.screens.library import LibraryScreen
from tutor.app.screens.library.views import ViewTab
from tutor.app.screens.prompt import PromptScreen
from tutor.app.screens.review import Phase, ReviewScreen
from tutor.app.widgets.nav_bar import Tab
from tutor.app.widgets.outline import Outline, Row
from tutor.app.widgets.preview_pane import PreviewPane
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def in_library(pilot) -> Outline:
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await pilot.press("2")
    await until(pilot, lambda: isinstance(pilot.app.screen, LibraryScreen))
    outline = pilot.app.screen.query_one(Outline)
    await until(pilot, lambda: bool(outline.rows))
    return outline


def go_to(outline: Outline, key: str) -> None:
    """Put the cursor on a row, wherever it stands."""
    outline.cursor = [row.key for row in outline.rows].index(key)


async def indexed(pilot) -> None:
    screen = pilot.app.screen
    total = len(pilot.app.session.library.exercises)
    await until(pilot, lambda: len(screen._index) == total)


def preview(pilot) -> str:
    pane = pilot.app.screen.query_one(PreviewPane)
    return "\n".join(part.text.plain for part in pane.query("Prose"))


async def test_keys_alone_from_the_list_to_an_exercise_and_its_preview(desk, shipped):
    app = desk.lived(shipped, 10)
    async with app.run_test(size=(80, 24)) as pilot:
        outline = await in_library(pilot)
        assert outline.has_focus
        await pilot.press("j", "l", "l")
        assert outline.row.level == 2
        await until(pilot, lambda: outline.row.key.removeprefix("exercise:") in preview(pilot))
        await pilot.press("h")
        assert outline.row.level == 1
        await pilot.press("h")
        await until(pilot, lambda: outline.row.open is False)
        await pilot.press("G")
        assert outline.cursor == len(outline.rows) - 1
        await pilot.press("g")
        assert outline.cursor == 0
        await pilot.press("ctrl+d", "ctrl+u", "down", "up", "pagedown", "home", "end")
        assert outline.cursor == len(outline.rows) - 1
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_search_narrows_with_every_letter_and_escape_ends_it(desk, shipped):
    app = desk.lived(shipped, 10)
    async with app.run_test(size=(80, 24)) as pilot:
        outline = await in_library(pilot)
        await indexed(pilot)
        await pilot.press("slash", *"detach")
        await until(pilot, lambda: any(row.key.startswith("exercise:") for row in outline.rows))
        many = len(outline.rows)
        await until(
            pilot, lambda: outline.row is not None and outline.row.key.startswith("exercise:")
        )
        await pilot.press("space", *"2000-no-such")
        await until(pilot, lambda: not outline.rows)
        await until(pilot, lambda: "Nothing matches." in preview(pilot))
        assert many
        await pilot.press("escape")
        assert app.screen.query_one(Input).value == ""
        assert outline.has_focus
        await pilot.press("slash", *"分离", "enter")
        assert outline.has_focus
        assert outline.rows
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen), "the first Escape only ends the search"
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_view_of_few_exercises_shows_them_at_once(desk, shipped):
    app = desk.lived(shipped, 10, idle=4)
    async with app.run_test(size=(80, 24)) as pilot:
        outline = await in_library(pilot)
        assert outline.row.key.startswith("deck:")
        await pilot.press("v")
        await until(
            pilot, lambda: outline.row is not None and outline.row.key.startswith("exercise:")
        )
        assert (
            sum(row.key.startswith("exercise:") for row in outline.rows) == desk.session.due().due
        )


async def test_the_preview_never_shows_the_truth(desk):
    app = desk.app("value", "choice", start="home")
    async with app.run_test(size=(120, 40)) as pilot:
        outline = await in_library(pilot)
        await pilot.press("slash", *"matrix")
        await indexed(pilot)
        await pilot.press("enter")
        go_to(outline, "exercise:app.value")
        await until(pilot, lambda: "What is x.grad after" in shown(pilot))
        assert "0.5" not in shown(pilot)
        assert "tensor([[1.0, 2.0]" in shown(pilot)
        await pilot.press("slash", "escape", "slash", *"markup")
        go_to(outline, "exercise:app.choice")
        await until(pilot, lambda: "Not [bold]markup[/bold]" in shown(pilot))
        assert "It is not …" in shown(pilot), "a live value stands open"


async def test_marks_are_kept_in_the_log_and_can_be_taken_back(desk):
    app = desk.app("value", "two", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        outline = await in_library(pilot)
        await pilot.press("slash", *"app.value", "enter")
        await indexed(pilot)
        go_to(outline, "exercise:app.value")
        await pilot.press("s")
        await until(pilot, lambda: "suspended" in shown(pilot))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press(*"mean!", "enter")
        await until(pilot, lambda: "✎ mean!" in preview(pilot))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press(*"[b]odd", "enter")
        await until(pilot, lambda: "⚑ [b]odd" in preview(pilot))
        with open_store(desk.home, read_only=True) as store:
            marks = store.marks()
        assert set(marks.suspended) == {"app.value"}
        assert marks.notes == {"app.value": "mean!"}
        assert marks.flags == {"app.value": "[b]odd"}
        await pilot.press("s", "b")
        await until(pilot, lambda: "Buried: it is not asked before tomorrow." in preview(pilot))
        assert not desk.session.agenda.may_ask("app.value")
        await pilot.press("b", "f", "n")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("escape")
        await until(pilot, lambda: "⚑" not in preview(pilot) and "‖" not in preview(pilot))
        with open_store(desk.home, read_only=True) as store:
            marks = store.marks()
        assert not marks.suspended
        assert not marks.flags
        assert marks.notes, "Escape left the note as it was"


async def test_practising_comes_back_and_leaves_the_schedule_as_it_was(desk):
    app = desk.app("value", "two", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen) and app.session is not None)
        await pilot.press("enter")
        await until(pilot, lambda: app.get_screen("review").phase is Phase.ASKING)
        open_question = desk.session.turn.pending.review_uuid
        await pilot.press("escape")
        outline = await in_library(pilot)
        await pilot.press("slash", *"app.two", "enter")
        await indexed(pilot)
        go_to(outline, "exercise:app.two")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        screen = app.screen
        await until(pilot, lambda: screen.phase is Phase.ASKING)
        assert "What are y and x.grad?" in shown(pilot)
        assert "practice: 1 left" in shown(pilot)
        assert "Practice outside the schedule" in shown(pilot)
        await pilot.press("f4", "f4")
        await until(pilot, lambda: screen.phase is Phase.OVER and screen.may_go_on)
        assert "This does not count" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert list(desk.session.store.reviews()) == []

        go_to(outline, "exercise:app.two")
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: screen.phase is Phase.ASKING)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert not desk.session.filters.cram
        await pilot.press("escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("enter")
        await until(pilot, lambda: screen.phase is Phase.ASKING)
        assert desk.session.turn.pending.review_uuid == open_question, "it waited"


async def test_the_library_works_by_mouse_alone(desk, shipped):
    app = desk.lived(shipped, 10)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen) and app.session is not None)
        await pilot.click(list(app.screen.query(Tab))[1])
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        outline = app.screen.query_one(Outline)
        await until(pilot, lambda: bool(outline.rows))
        before = len(outline.rows)
        await pilot.click(Outline, offset=(6, 1))
        await until(pilot, lambda: len(outline.rows) > before)
        await pilot.click(Outline, offset=(10, 2))
        await until(pilot, lambda: outline.row.level == 2)
        await pilot.click("#view-due")
        await until(pilot, lambda: app.screen.query_one("#view-due", ViewTab).has_class("-here"))
        await pilot.click("#view-all")
        await until(pilot, lambda: app.screen.query_one("#view-all", ViewTab).has_class("-here"))
        if outline.cursor != 2:  # the click on the row under the cursor takes it
            await pilot.click(Outline, offset=(10, 2))
        await pilot.click(Outline, offset=(10, 2))
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: app.screen.phase is Phase.ASKING)
        row = shown(pilot).split("\n")[-1]
        await pilot.click("Footer", offset=(row.index("Back"), 0))
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))


async def test_ten_thousand_rows_are_drawn_as_quickly_as_ten(desk):
    drawn = []
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)

        def draw(row, width):
            drawn.append(row)
            from textual.content import Content

            return Content(row.key)

        outline = Outline(draw)
        outline.styles.height = 10
        await app.screen.query_one("#work").mount(outline)
        outline.show([Row(f"row {n}", 0) for n in range(10_000)])
        outline.focus()
        await pilot.press("G")
        await until(pilot, lambda: "row 9999" in shown(pilot))
        assert len(set(drawn)) < 100


async def test_the_file_is_opened_in_the_editor_and_read_again(desk, monkeypatch, tmp_path):
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nsed -i 's/Two answers/Two other answers/' \"$1\"\n")
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    app = desk.app("two", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        outline = await in_library(pilot)
        await pilot.press("slash", *"app.two", "enter")
        await indexed(pilot)
        await until(pilot, lambda: len(outline.rows) == 3)
        go_to(outline, "exercise:app.two")
        monkeypatch.setattr(app, "suspend", nullcontext)  # there is no terminal to hand over
        await pilot.press("e")
        await until(pilot, lambda: "Two other answers" in shown(pilot))
        await pilot.press("slash", "escape", "slash", *"other", "enter")
        assert len(outline.rows) == 3, "what was changed is found"


async def test_the_placement_test_begins_from_here_and_escape_comes_back(desk, shipped):
    app = desk.lived(shipped, 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await in_library(pilot)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await until(pilot, lambda: app.screen.phase is Phase.ASKING)
        assert desk.session.filters.place
        assert "placement test: 1 of at most 15" in shown(pilot)
        assert "give up what you do not know" in " ".join(shown(pilot).split())
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        assert not desk.session.filters.place


async def test_the_placement_test_tells_what_it_has_found(desk, shipped):
    app = desk.lived(shipped, 0)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await in_library(pilot)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        screen = app.screen
        while isinstance(app.screen, ReviewScreen):
            await until(pilot, lambda: screen.phase is Phase.ASKING)
            await pilot.press("f4", "f4")
            await until(pilot, lambda: screen.phase is Phase.OVER and screen.may_go_on)
            assert "This does not count" in shown(pilot)
            await pilot.press("enter")
            await until(
                pilot,
                lambda: screen.phase is Phase.ASKING or not isinstance(app.screen, ReviewScreen),
            )
        assert isinstance(app.screen, LibraryScreen)
        await until(pilot, lambda: "You are placed: 0 of" in " ".join(shown(pilot).split()))
