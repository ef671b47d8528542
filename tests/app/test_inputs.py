"""Every kind answered without typing its text: by keys alone, and by the mouse alone."""

from __future__ import annotations

import pytest
from app_steps import asked, go_on, graded, over, panels, review, shown, type_into, until
from textual.events import Key, Paste
from textual.widgets import Footer

from tutor.app.screens.review import Phase
from tutor.app.widgets.answer.grid import GridView
from tutor.app.widgets.answer.order import OrderView

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Keys that give the right answer to each exercise; Enter submits it.
KEYS = {
    "flags": ["t", "f", "space"],
    "raises": ["down", "down", "down", "space", "right"],
    "value": ["ctrl+g", *"0.5", "tab", *"1", "enter", *"1.5", "tab", *"2", "ctrl+s"],
    "formula": [*"(a+a"],
    "code": ["end", *["backspace"] * 4, *"x.sum(", "ctrl+s"],
}


def place(pilot, text: str) -> tuple[int, int]:
    """Where ``text`` is on the screen."""
    for y, row in enumerate(shown(pilot).split("\n")):
        if text in row:
            return row.index(text), y
    raise AssertionError(f"{text!r} is not on the screen")


async def press_footer(pilot, word: str) -> None:
    row = shown(pilot).split("\n")[-1]
    await pilot.click(Footer, offset=(row.index(word), 0))


@pytest.mark.parametrize("kind", KEYS)
async def test_every_kind_by_keys_alone(desk, kind):
    app = desk.app(kind)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert panels(pilot)[0].text == ("y = None" if kind == "code" else "")
        await pilot.press(*KEYS[kind])
        if review(pilot).phase is Phase.ASKING and not KEYS[kind][-1].startswith("ctrl"):
            await pilot.press("enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_a_choice_by_keys_alone(desk):
    app = desk.app("choice")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "2.0" in dict(panels(pilot)[0].form.offers).values())
        letter = next(letter for letter, text in panels(pilot)[0].form.offers if text == "2.0")
        others = [other for other in "abc" if other != letter]
        await pilot.press(*others, letter)
        assert panels(pilot)[0].text == letter, "one of them: a later one takes its place"
        await pilot.press("enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_flags_by_mouse_alone(desk):
    app = desk.app("flags")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.click(offset=place(pilot, "x.is_leaf"))
        await pilot.click(offset=place(pilot, "y.is_leaf"))
        await pilot.click(offset=place(pilot, "y.is_leaf"))
        assert panels(pilot)[0].text == "True False ?"
        await pilot.click(offset=place(pilot, "y.requires_grad"))
        await press_footer(pilot, "Submit")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_a_choice_by_mouse_alone(desk):
    app = desk.app("choice")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "2.0" in dict(panels(pilot)[0].form.offers).values())
        x, y = place(pilot, "( )")
        rows = shown(pilot).split("\n")
        await pilot.click(offset=(x, next(i for i in range(y, 24) if " 2.0" in rows[i])))
        await press_footer(pilot, "Submit")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_an_error_and_its_line_by_mouse_alone(desk):
    app = desk.app("raises")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.click(offset=place(pilot, "( )   3"))
        assert panels(pilot)[0].text == "? 3", "no class is chosen before the learner does"
        await pilot.click(offset=place(pilot, "KeyError"))
        await pilot.click(offset=place(pilot, "RuntimeError"))
        assert panels(pilot)[0].text == "RuntimeError 3"
        await press_footer(pilot, "Submit")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def drag(pilot, start: tuple[int, int], end: tuple[int, int]) -> None:
    await pilot.mouse_down(offset=start)
    step = 1 if end[1] > start[1] else -1
    for y in range(start[1], end[1] + step, step):
        await pilot.hover(offset=(end[0], y))
    await pilot.mouse_up(offset=end)


async def test_an_order_by_mouse_alone(desk):
    app = desk.app("order")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.click(offset=place(pilot, "y.backward()"))
        await pilot.click(offset=place(pilot, "y = x.sum()"))
        await pilot.click(offset=place(pilot, "del x"))
        await pilot.click(offset=place(pilot, "g = x.grad"))
        view = review(pilot).query_one(OrderView)
        assert len(view.order) == 4
        await drag(pilot, place(pilot, "y = x.sum()"), place(pilot, "y.backward()"))
        await drag(pilot, place(pilot, "del x"), place(pilot, "g = x.grad"))
        x, y = place(pilot, "del x")
        await drag(pilot, (x, y), (x, y + 1))
        assert [view.form.offers[line][1] for line in view.order] == [
            "y = x.sum()", "y.backward()", "g = x.grad",
        ]  # fmt: skip
        await press_footer(pilot, "Submit")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_a_grid_by_mouse_and_by_paste(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await press_footer(pilot, "Grid")
        grid = review(pilot).query_one(GridView)
        app.post_message(Paste("tensor([[0.5000, 9.0000],\n        [1.5000, 2.0000]])"))
        await until(pilot, lambda: panels(pilot)[0].text)
        assert panels(pilot)[0].text == "[[0.5000, 9.0000], [1.5000, 2.0000]]"
        assert "2×2" in shown(pilot)
        await pilot.click(offset=place(pilot, "9.0000"))
        assert (grid.row, grid.column) == (0, 1)
        await pilot.press("delete", "1")
        await pilot.press("escape")
        assert not grid.display
        assert panels(pilot)[0].text == "[[0.5000, 1], [1.5000, 2.0000]]"
        assert panels(pilot)[0].field.has_focus
        await press_footer(pilot, "Submit")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_nothing_is_answered_by_looking_at_it(desk):
    app = desk.app("flags", "order", "raises", "choice")
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(4):
            await asked(pilot)
            assert panels(pilot)[0].text == ""
            await pilot.press("down", "up", "tab", "shift+tab")
            assert panels(pilot)[0].text == ""
            await pilot.press("enter")
            await graded(pilot)
            assert desk.session.turn.pending.attempts == (), "an empty answer costs nothing"
            await pilot.press("f4", "f4")
            await over(pilot)
            await go_on(pilot)


async def test_text_may_be_typed_wherever_there_is_something_to_choose(desk):
    """A letter that means nothing to the rows goes into the text; the rows show what is typed."""
    app = desk.app("raises")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press(*"RuntimeError 2")
        assert panels(pilot)[0].field.has_focus
        assert panels(pilot)[0].text == "RuntimeError 2"
        assert "(●)   2" in shown(pilot)
        assert "(●) RuntimeError" in shown(pilot)
        await pilot.press("shift+tab", "down", "space")
        assert panels(pilot)[0].text == "RuntimeError 1"


@pytest.mark.parametrize("typed", ["T F T", "true, false, true"])
async def test_flags_typed_as_words_are_ticked_as_meant(desk, typed):
    app = desk.app("flags")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        for character in typed:
            app.post_message(Key("space" if character == " " else character, character))
        app.post_message(Key("enter", None))
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_an_order_by_keys_alone(desk):
    app = desk.app("order")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        view = review(pilot).query_one(OrderView)
        right = ["y = x.sum()", "y.backward()", "g = x.grad"]
        letter = {text: letter for letter, text in view.form.offers}
        first, second, third = (letter[text] for text in right)
        await pilot.press(third, first, letter["del x"], second)
        assert view.order == tuple("abcd".index(one) for one in panels(pilot)[0].text.split())
        await pilot.press("up", "up", "up", "up")  # to the first line
        await pilot.press("alt+down", "J", "space", "down", "space")
        assert panels(pilot)[0].text.split() == [first, letter["del x"], second, third]
        await pilot.press("up", "up", "delete")
        assert panels(pilot)[0].text.split() == [first, second, third]
        await pilot.press("down", "J")
        assert len(view.order) == 2, "below the last one it is left out"
        await pilot.press("K", "enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_code_is_edited_without_surprises(desk):
    app = desk.app("code")
    async with app.run_test(size=(80, 30)) as pilot:
        await asked(pilot)
        field = panels(pilot)[0].field
        field.clear()
        await pilot.press(
            *"def f(x", "right", *":", "enter", *"return [x", "right", "enter", *"y=f('a"
        )
        assert field.text == "def f(x):\n    return [x]\ny=f('a')", "brackets close, blocks end"
        await pilot.press(*"')")
        assert field.text.endswith("y=f('a')"), "a closing one is gone over"
        await pilot.press("home", "shift+up", "shift+up", "tab")
        assert field.text == "    def f(x):\n        return [x]\n    y=f('a')", (
            "Tab types over nothing"
        )
        await pilot.press("shift+tab", "shift+tab")
        assert field.text == "def f(x):\nreturn [x]\ny=f('a')"
        await pilot.press("ctrl+z", "ctrl+z")
        assert field.text == "    def f(x):\n        return [x]\n    y=f('a')"
        field.load_text("")
        await pilot.press("(", "backspace", "tab", "a")
        assert field.text == "    a"


async def test_a_formula_shows_how_it_was_read(desk):
    app = desk.app("formula")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press(*"2*a/a.sum(")
        assert panels(pilot)[0].text == "2*a/a.sum()"
        assert "read as: (2·a)/sum(a)" in shown(pilot)


async def test_a_choice_of_several_is_typed_or_ticked(desk, tmp_path):
    from app_exercises import EXERCISES

    many = EXERCISES["choice"].replace("kind: choice", "kind: choice\n    many: true")
    EXERCISES["many"] = many.replace("app.choice", "app.many")
    app = desk.app("many")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("a", "space", "c")
        assert panels(pilot)[0].text == "a c"
        await pilot.press("up", "space", "space", "a")
        assert panels(pilot)[0].text == "c"
        await type_into(pilot, "b, c")
        assert shown(pilot).count("[×]") == 2


@pytest.mark.parametrize("kind", ["flags", "choice", "order", "raises", "value", "code"])
async def test_every_input_fits_a_small_terminal(desk, kind):
    app = desk.app(kind, language="zh")
    async with app.run_test(size=(60, 20)) as pilot:
        await asked(pilot)
        if kind == "value":
            await pilot.press("ctrl+g", "1", "enter", "2", "enter", "3", "enter", "4")
        else:
            await pilot.press(*["down"] * 9)
        rows = shown(pilot).split("\n")
        here = "4" if kind == "value" else "1" if kind == "code" else "▸"
        assert any(here in row for row in rows[1:-1]), "the cursor is in sight"


@pytest.mark.parametrize("kind", ["value", "formula", "code"])
async def test_a_megabyte_pasted_is_cut_and_holds_nothing_up(desk, kind):
    app = desk.app(kind)
    async with app.run_test(size=(100, 60)) as pilot:
        await asked(pilot)
        field = panels(pilot)[0].field
        before = len(field.text)
        app.post_message(Paste("1 " * 500_000))
        await until(pilot, lambda: len(field.text) > before)
        assert len(field.text) <= before + 10_001
        await pilot.press("ctrl+s" if kind == "code" else "enter")
        await until(pilot, lambda: "longer than 10000 characters" in " ".join(shown(pilot).split()))


async def test_once_the_question_is_over_the_options_tell_which_of_them_hold(desk):
    app = desk.app("choice")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "…" not in shown(pilot))
        letters = {text: letter for letter, text in panels(pilot)[0].form.offers}
        wrong = next(letter for text, letter in letters.items() if "markup" in text)
        await pilot.press(wrong, "f4", "f4")
        await over(pilot)
        rows = [row for row in shown(pilot).split("\n") if "( )" in row or "(●)" in row]
        assert sum("✓ ( )" in row for row in rows) == 1
        assert [row for row in rows if "✗ (●) " + wrong in row]
        assert "or type it here" not in shown(pilot)
