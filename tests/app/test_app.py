"""The app around the review: keys, help, commands, themes, sizes, faults."""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager

import pytest
from app_steps import asked, ended, go_on, graded, over, panels, review, shown, type_into, until
from textual.binding import Binding
from textual.widgets import Footer

from tutor import i18n
from tutor.app import keys
from tutor.app.app import TutorApp
from tutor.app.launch import AppProblem, log_crash, run_app
from tutor.app.screens.help import HelpScreen
from tutor.app.screens.review import Phase
from tutor.app.theme import DARK, LIGHT
from tutor.app.widgets.answer.code_field import CodeField
from tutor.app.widgets.too_small import TooSmall, too_small
from tutor.locations import log_file
from tutor.store import StoreError

pytestmark = pytest.mark.asyncio(loop_scope="module")

BINDINGS = [
    binding
    for value in vars(keys).values()
    for binding in (value if isinstance(value, tuple) else (value,))
    if isinstance(binding, Binding)
]
#: Keys of the screens on which answers are typed: none of them may be printable.
TYPING = ("review.", "code.", "answer.", "app.")
#: Keys that tmux loses, that mean something else to a terminal, or that a learner types.
UNSAFE = {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+enter", "ctrl+c", "ctrl+z", "tab"}
#: Keys of widgets that have a use for Tab.
TABBED = ("code.", "grid.")


async def test_every_key_has_an_id_a_tooltip_and_reaches_the_app():
    ids = [binding.id for binding in BINDINGS]
    assert len(set(ids)) == len(ids)
    for binding in BINDINGS:
        assert binding.id
        assert binding.tooltip
        assert binding.key_display
        pressed = set(binding.key.split(","))
        own = {"tab"} if binding.id.startswith(TABBED) else set()
        typing = binding.id.startswith(TYPING)
        assert not pressed & ((UNSAFE if typing else UNSAFE - {"space"}) - own)
        if typing:
            assert all(len(key) > 1 for key in pressed), "no key that is typed into an answer"


async def test_help_names_the_keys_and_gives_the_question_back(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 44)) as pilot:
        await asked(pilot)
        await pilot.press("1", "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert "How to answer" in shown(pilot)
        assert "1 2; 3 4" in shown(pilot)
        assert "Show the answer and the explanation; press twice" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))
        assert panels(pilot)[0].text == "1"
        assert panels(pilot)[0].field.has_focus


async def test_help_tells_of_this_kind_of_answer_and_its_keys_first(desk):
    app = desk.app("choice")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "How to answer" in shown(pilot))
        assert "A letter, or ↓ ↑ and Space, chooses" in shown(pilot)
        assert "Tick or choose the row" in shown(pilot), "the keys are in sight"
        await pilot.press("escape", "f4", "f4")
        await over(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: "After the answer" in shown(pilot))
        assert "How to answer" not in shown(pilot)


async def test_commands_and_keys_are_in_the_language_in_use(desk):
    app = desk.app("value", language="zh")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {"提交", "提示", "放弃", "帮助", "退出", "主题"} <= set(commands)
        assert "提示" in shown(pilot).split("\n")[-1]
        await type_into(pilot, "[1, 2")
        await pilot.press("enter")
        await graded(pilot)
        assert "没有闭合" in shown(pilot)
        commands["提示"].callback()
        await until(pilot, lambda: "均值要除以什么" in shown(pilot))


async def test_the_footer_works_by_mouse(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        row = shown(pilot).split("\n")[-1]
        await pilot.click(Footer, offset=(row.index("Hint"), 0))
        await until(pilot, lambda: "What does the mean divide by?" in shown(pilot))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("kind", ["choice", "order", "raises"])
async def test_the_footer_leaves_keys_out_rather_than_cutting_help_off(desk, kind, width):
    app = desk.app(kind)
    async with app.run_test(size=(width, 24)) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "F4 Give up" in shown(pilot).split("\n")[-1])
        row = shown(pilot).split("\n")[-1]
        assert "⏎ Submit" in row
        assert row.startswith((" Space ", " ␣ "))
        assert row.rstrip().endswith("F1 Help")
        assert ("^q Quit" in row) is (width > 60 or kind == "choice")
        await pilot.resize_terminal(120, 24)
        await until(pilot, lambda: "^q Quit" in shown(pilot).split("\n")[-1])


async def test_the_footer_is_there_although_the_terminal_is_in_the_background(desk):
    app = desk.app("value")
    app.set_reactive(TutorApp.app_focus, False)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "F1 Help" in shown(pilot).split("\n")[-1])


async def test_escape_in_the_last_field_of_code_leads_back(desk):
    app = desk.app("code", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Start" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, CodeField))
        await until(pilot, lambda: "Esc Back" in shown(pilot).split("\n")[-1])
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not review(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is review(pilot))
        assert panels(pilot)[0].text == "y = None"


async def test_both_themes_also_colour_typed_code(desk):
    app = desk.app("code")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        field = review(pilot).query_one(CodeField)
        assert app.theme == DARK.name
        dark = field._theme.syntax_styles["keyword"]
        app.theme = LIGHT.name
        await pilot.pause()
        assert field._theme.syntax_styles["keyword"] != dark


@pytest.mark.parametrize("size", [(59, 30), (80, 19), (40, 12)])
async def test_too_small_a_terminal_gets_a_word_and_keeps_everything(desk, size):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("1", "2")
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: review(pilot).query_one(TooSmall).display)
        assert f"{size[0]}×{size[1]}" in shown(pilot)
        assert "60×20" in shown(pilot).replace("\n", " ")
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: not review(pilot).query_one(TooSmall).display)
        assert panels(pilot)[0].text == "12"
        assert panels(pilot)[0].field.has_focus


async def test_a_wide_terminal_shows_the_program_beside_the_answer(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await asked(pilot)
        rows = shown(pilot).split("\n")
        assert any("torch.tensor" in row and "Your answer" in row for row in rows[:8])
        await pilot.resize_terminal(80, 24)
        await until(
            pilot, lambda: not any("mean" in r and "Your answer" in r for r in shown(pilot))
        )
        assert all("torch.tensor" not in r or "answer" not in r for r in shown(pilot).split("\n"))


async def test_an_early_second_enter_does_not_skip_the_verdict(desk, monkeypatch):
    monkeypatch.setattr("tutor.app.screens.review.screen.GO_ON_AFTER", 60.0)
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "[[0.5, 1], [1.5, 2]]")
        await pilot.press("enter", "enter", "enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "[[0.5, 1], [1.5, 2]]")
        desk.session.store._db.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(desk.session.store.path)
        other.execute("BEGIN IMMEDIATE")
        await pilot.press("enter")
        await graded(pilot)
        assert review(pilot).phase is Phase.ASKING
        assert "locked" in shown(pilot)
        other.rollback()
        other.close()
        await pilot.press("enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)
        await go_on(pilot)
        await ended(pilot)


async def test_a_home_that_cannot_be_opened_ends_the_app_with_its_message():
    @asynccontextmanager
    async def open_session():
        raise StoreError("the home is not usable")
        yield

    app = TutorApp(open_session)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.problem is not None)
    assert str(app.problem) == "the home is not usable"
    assert app.return_code == 1


async def test_a_fault_of_the_program_goes_to_the_log_and_not_to_the_screen(tmp_path, capfd):
    @asynccontextmanager
    async def open_session():
        raise ValueError("a [bold]fault[/bold]")
        yield

    app = TutorApp(open_session)

    async def open_it() -> None:
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.crash is not None)

    with pytest.raises(Exception, match="fault"):
        await open_it()
    assert "Traceback" not in "".join(capfd.readouterr())
    message = log_crash(app.crash, tmp_path / "home")
    assert "ValueError: a [bold]fault[/bold]" in message
    assert "\n" not in message
    log = log_file(tmp_path / "home").read_text()
    assert str(log_file(tmp_path / "home")) in message
    assert "Traceback" in log
    assert "ValueError" in log


async def test_a_fault_is_told_also_where_no_log_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    message = log_crash(ValueError("x"), tmp_path / "file")
    assert message == "The program failed (ValueError: x). Your progress is saved."


async def test_the_app_does_not_start_in_too_small_a_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "12")
    with pytest.raises(AppProblem, match=r"40×12; at least 60×20"):
        run_app(tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_the_word_about_the_size_is_there_exactly_below_the_least():
    assert too_small(60, 20) == ""
    assert "59×20" in too_small(59, 20)
    i18n.use("zh")
    assert "60×19" in too_small(60, 19)


async def test_texts_are_selected_by_mouse_and_copied(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        rows = shown(pilot).split("\n")
        y = next(i for i, row in enumerate(rows) if "loss = " in row)
        x = rows[y].index("loss")
        await pilot.mouse_down(offset=(x, y))
        await pilot.hover(offset=(x + 8, y + 1))
        await pilot.mouse_up(offset=(x + 8, y + 1))
        assert panels(pilot)[0].field.has_focus, "selecting takes the cursor from nowhere"
        await pilot.press("ctrl+c")
        assert app.clipboard.startswith("loss = (x ** 2).mean()\nloss.bac"), "without line numbers"

        await pilot.press(*"12", "shift+left", "ctrl+c")
        assert app.clipboard == "2", "what is selected in the field goes first"
        ask = next(i for i, row in enumerate(rows) if "What is" in row)
        at = rows[ask].index("What")
        await pilot.mouse_down(offset=(at, ask))
        await pilot.hover(offset=(at + 13, ask))
        await pilot.mouse_up(offset=(at + 13, ask))
        await pilot.press("ctrl+c")
        assert app.clipboard.startswith("What is x.gra")
