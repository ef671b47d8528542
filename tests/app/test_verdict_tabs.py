"""The tabs after the answer: by keys and by mouse, lazily, never before the question is over."""

from __future__ import annotations

import re

import pytest
from app_steps import asked, ended, go_on, graded, over, review, shown, type_into, until
from textual.geometry import Offset

from tutor.app.screens.review import Phase
from tutor.app.widgets.verdict.explanation import ExplanationView
from tutor.app.widgets.verdict.graph import GraphView
from tutor.app.widgets.verdict.tabs import NAMES, VerdictTabs
from tutor.app.widgets.verdict.what_if import PredictionField, WhatIfEditor, WhatIfView
from tutor.runner.client import Runner
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIGHT = "[[0.5, 1], [1.5, 2]]"
OF_THE_SUM = "2 4; 6 8"


def current(pilot) -> str:
    return review(pilot).query_one(VerdictTabs).current


async def answer(pilot, text: str = RIGHT) -> None:
    await asked(pilot)
    await type_into(pilot, text)
    await pilot.press("enter")
    await over(pilot)


async def click_tab(pilot, title: str) -> None:
    rows = shown(pilot).split("\n")
    y = next(i for i, row in enumerate(rows) if "1 Why" in row)
    await pilot.click(offset=Offset(rows[y].index(title) + 1, y))


async def test_no_tab_before_the_question_is_over(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, OF_THE_SUM)
        await pilot.press("enter")
        await graded(pilot)
        assert "✗ Wrong" in shown(pilot)
        assert "What-if" not in shown(pilot)
        await pilot.press("5")
        await pilot.pause()
        assert not review(pilot).query(WhatIfView)
        assert review(pilot).query_one("AnswerField").text == OF_THE_SUM + "5", "5 was typed"
        await review(pilot).action_tab("what-if")
        assert not review(pilot).query(WhatIfView), "not by a command either"


async def test_every_tab_by_its_key_and_back_to_the_next_question(desk):
    app = desk.app("value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        assert current(pilot) == "why"
        assert "○ Given up" in shown(pilot).split("\n")[1]
        await pilot.press("6")
        await until(pilot, lambda: "The hints" in shown(pilot) or "2x" in shown(pilot))
        await pilot.press("right")
        assert current(pilot) == "why", "round and round"
        await pilot.press("left")
        assert current(pilot) == "explanation"
        await pilot.press("5")
        await until(pilot, lambda: "nothing of this is counted" in shown(pilot))
        await pilot.press("f6")
        assert current(pilot) == "explanation"
        await go_on(pilot)
        assert review(pilot).phase is Phase.ASKING
        assert "What-if" not in shown(pilot)
        assert not review(pilot).query(WhatIfView)
        await pilot.press("5")
        assert review(pilot).query("AnswerField").first().text == "5", "digits are typed again"


async def test_the_trace_points_at_the_programs_lines(desk):
    app = desk.app("accumulation")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "▸1  x = torch.tensor" in shown(pilot))
        await pilot.press("down", "j")
        await until(pilot, lambda: "▸3  (x * x).sum().backward()" in shown(pilot))
        text = shown(pilot)
        assert "[3., 3.] + [2., 4.] = [5., 7.]" in text, "the gradient is added to"
        await pilot.press("k")
        await until(pilot, lambda: "▸2  (3 * x).sum().backward()" in shown(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "▸" not in shown(pilot))


async def test_backward_and_graph_show_the_cut(desk):
    app = desk.app("detach")
    async with app.run_test(size=(120, 40)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("3")
        await until(pilot, lambda: "u was detached" in shown(pilot))
        assert "d(a·b)/da = b" in shown(pilot)
        rows = shown(pilot).split("\n")
        y = next(i for i, row in enumerate(rows) if "MulBackward0 · line 4" in row)
        await pilot.click(offset=Offset(rows[y].index("MulBackward0"), y))
        await until(pilot, lambda: "▸4  z = (u * x).sum()" in shown(pilot))
        await pilot.press("4")
        await until(pilot, lambda: "✂ detach" in shown(pilot))
        assert "leaf" in shown(pilot)


async def test_a_graph_larger_than_its_place_is_moved_by_keys_and_by_the_mouse(desk):
    app = desk.app("detach")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("4")
        graph = review(pilot).query_one(GraphView)
        await until(pilot, lambda: "SumBackward0" in shown(pilot))
        assert graph.max_scroll_y > 0
        await pilot.press("down")
        await until(pilot, lambda: graph.scroll_offset.y > 0)
        await pilot.press("k", "k")
        await until(pilot, lambda: graph.scroll_offset.y == 0)
        await pilot.mouse_down(graph, offset=(10, 10))
        await pilot.hover(graph, offset=(10, 6))
        await pilot.mouse_up(graph, offset=(10, 6))
        assert graph.scroll_offset.y == 4
        await pilot.press("right")
        assert current(pilot) == "what-if", "nothing to move sideways: the arrow turns the tabs"


async def test_a_run_that_fails_is_said_in_its_tab_and_tried_again(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await answer(pilot)
        running = desk.session.runner
        desk.session.runner = Runner()  # closed before it was started
        await desk.session.runner.close()
        await pilot.press("2")
        await until(pilot, lambda: "Trace cannot be shown: the runner is closed" in shown(pilot))
        desk.session.runner = running
        await pilot.press("1", "2")
        await until(pilot, lambda: "▸1  x = torch.tensor" in shown(pilot))
        await go_on(pilot)


async def test_the_language_switched_in_a_tab(desk):
    app = desk.app("accumulation")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "not a leaf" in shown(pilot) or "leaf ·" in shown(pilot))
        app.action_language("zh")
        await until(pilot, lambda: "叶子" in shown(pilot))
        assert "轨迹" in shown(pilot)
        assert current(pilot) == "trace"


async def test_the_verdict_and_the_explanation_scroll_by_letters(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 20)) as pilot:
        await answer(pilot)
        body = review(pilot).query_one("#body")
        await until(pilot, lambda: body.scroll_offset.y > 0)
        below = body.scroll_offset.y
        await pilot.press("k")
        await until(pilot, lambda: body.scroll_offset.y < below)
        await pilot.press("6")
        view = review(pilot).query_one(ExplanationView)
        await until(pilot, lambda: view.max_scroll_y > 0)
        await pilot.press("j")
        await until(pilot, lambda: view.scroll_offset.y > 0)


async def test_the_explanation_says_what_other_answers_would_mean(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await answer(pilot)
        await click_tab(pilot, "Explanation")
        await until(pilot, lambda: "What other answers would mean" in shown(pilot))
        text = shown(pilot)
        assert "tensor([[2., 4.]," in text
        assert "That is the gradient of the sum." in text
        assert "There are 4 entries." in text, "the hints with their live values"


async def test_an_edit_to_try_by_keys_with_a_prediction(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await answer(pilot)
        before = {p.name: p.read_bytes() for p in desk.home.iterdir() if p.is_file()}
        await pilot.press("5", "p")
        assert isinstance(app.focused, PredictionField)
        await pilot.press(*"2 4; 6 8", "escape")
        assert isinstance(app.focused, WhatIfView)
        await pilot.press("space")
        await until(pilot, lambda: "as you expected" in shown(pilot))
        text = shown(pilot)
        assert "[x] line 2: mean → sum" in text
        assert "tensor([[0.5000, 1.0000]," in text
        assert "tensor([[2., 4.]," in text
        await pilot.press("space")
        await until(pilot, lambda: "you expected 2 4; 6 8" in shown(pilot))
        assert "[ ] line 2: mean → sum" in shown(pilot), "taken back"
        after = {p.name: p.read_bytes() for p in desk.home.iterdir() if p.is_file()}
        assert after == before, "nothing of it is kept"
        await go_on(pilot)
    with open_store(desk.home) as store:
        assert len(list(store.reviews())) == 1


async def test_the_program_edited_by_hand_and_its_error(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await answer(pilot)
        await pilot.press("5", "e")
        editor = app.focused
        assert isinstance(editor, WhatIfEditor)
        assert "⏎ Next" not in shown(pilot), "Enter is the editor's there"
        editor.move_cursor(editor.document.end)
        await pilot.press("enter", *"loss.backward()")
        assert editor.text.endswith("loss.backward()\nloss.backward()"), "Enter is a new line"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "It stops with RuntimeError on line 4" in shown(pilot))
        assert "after line 3: loss.backward()" in shown(pilot)
        await pilot.press("escape")
        assert isinstance(app.focused, WhatIfView)
        editor.load_text("x = (")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "line 1, column" in shown(pilot))
        await go_on(pilot)


async def test_a_loop_is_said_to_run_and_stopped_by_escape(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await answer(pilot)
        await pilot.press("5")
        review(pilot).query_one(WhatIfEditor).load_text("while True: pass")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Running… Esc stops it." in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "○ Stopped." in shown(pilot))
        await pilot.press("1")
        assert current(pilot) == "why"


async def test_what_if_by_mouse_alone(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 30)) as pilot:
        await answer(pilot)
        await click_tab(pilot, "What-if")
        await until(pilot, lambda: "[ ] line 2" in shown(pilot))
        rows = shown(pilot).split("\n")
        y = next(i for i, row in enumerate(rows) if "[ ] line 2" in row)
        await pilot.click(offset=Offset(6, y))
        await until(pilot, lambda: "tensor([[2., 4.]," in shown(pilot))
        await click_tab(pilot, "Why")
        assert "✓ Correct" in shown(pilot)


async def test_the_tabs_fit_a_narrow_terminal(desk):
    app = desk.app("value")
    async with app.run_test(size=(60, 20)) as pilot:
        await answer(pilot)
        row = shown(pilot).split("\n")[1]
        assert "Explanation" in row
        await pilot.press("5")
        await until(pilot, lambda: "nothing of this is counted" in shown(pilot))


async def test_the_trace_of_ones_own_code_and_of_a_right_answer(desk):
    app = desk.app("code")
    async with app.run_test(size=(120, 40)) as pilot:
        await asked(pilot)
        await type_into(pilot, "y = (x * 1).sum()")
        await pilot.press("ctrl+s")
        await over(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "y = (x * 1).sum()" in shown(pilot))
        assert "Your answer" in shown(pilot)
        await pilot.press("f8")  # asked again, and given up
        await until(pilot, lambda: review(pilot).phase is Phase.ASKING)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "A right answer" in shown(pilot))
        assert "y = x.sum()" in shown(pilot)


async def test_what_if_on_an_answer_of_code(desk):
    app = desk.app("code")
    async with app.run_test(size=(120, 40)) as pilot:
        await asked(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("5")
        editor = review(pilot).query_one(WhatIfEditor)
        assert editor.text == "x = torch.tensor([1.0, 2.0])\ny = x.sum()"
        editor.load_text(editor.text.replace("sum", "mean"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: print(shown(pilot)) or "tensor(1.5000)" in shown(pilot), 3)
        assert "tensor(3.)" in shown(pilot)


#: What is English in any language: torch's names, and those of the exercise.
NAMES_OF_TORCH = re.compile(
    "(app|Autograd|Tutor|Esc|float(32)?|None|True|False|requires_grad|retain_graph|create_graph|torch|tensor"
    "|grad|value|loss|mean|sum|backward|detach|leaf|self|exponent|[A-Za-z]+Backward0|AccumulateGrad|retain_grad|dx)"
)


async def speaks_chinese(pilot) -> None:
    """No English word of two letters or more is on the screen but names."""

    def words() -> list[str]:
        found = set(re.findall(r"[A-Za-z][A-Za-z_']+0?", shown(pilot)))
        return sorted(one for one in found if not NAMES_OF_TORCH.fullmatch(one))

    await until(pilot, lambda: not words())


async def say_it_in(pilot, language: str) -> None:
    pilot.app.action_language(language)
    told = review(pilot)
    await until(pilot, lambda: told.answered.turn.question.language == language)
    await told.settled()


async def test_all_that_is_told_follows_the_language(desk):
    app = desk.app("value")
    async with app.run_test(size=(120, 40)) as pilot:
        await answer(pilot)
        for key, in_chinese in (
            ("1", "运行之后 x.grad 是什么"),
            ("2", "▸2"),
            ("3", "▸2"),
            ("4", "梯度的方向"),
            ("5", "与你的预期一致"),
            ("6", "那是求和的梯度"),
        ):
            await pilot.press(key)
            if key in "23":
                await until(pilot, lambda: "▸" in shown(pilot))
                await pilot.press("home", "down")
                await until(pilot, lambda: "▸2" in shown(pilot))
            if key == "5":
                await pilot.press("p", *"2 4; 6 8", "escape", "space")
                await until(pilot, lambda: "as you expected" in shown(pilot))
            await say_it_in(pilot, "zh")
            await until(pilot, lambda seen=in_chinese: seen in shown(pilot))
            await speaks_chinese(pilot)
            assert current(pilot) == NAMES[int(key) - 1]
            await say_it_in(pilot, "en")
        await say_it_in(pilot, "zh")
        await go_on(pilot)
        await ended(pilot)
        await until(pilot, lambda: "经过均值的矩阵" in shown(pilot))
        app.action_language("en")
        await until(pilot, lambda: "A matrix, through the mean" in shown(pilot))
    with open_store(desk.home) as store:
        assert len(list(store.reviews())) == 1, "nothing of it is counted"


async def test_a_wrong_answer_is_told_again_while_the_question_is_open(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, OF_THE_SUM)
        await pilot.press("enter")
        await until(pilot, lambda: "That is the gradient of the sum." in shown(pilot))
        app.action_language("zh")
        await until(pilot, lambda: "那是求和的梯度" in shown(pilot))
        assert OF_THE_SUM in shown(pilot)
        assert review(pilot).phase is Phase.ASKING
        assert "✗ 错误" in shown(pilot)
        assert len(desk.session.turn.pending.attempts) == 1
