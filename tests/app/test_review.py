"""The review loop, as a learner walks through it: real runner, real store, real exercises."""

from __future__ import annotations

import os
import signal

import pytest
from app_steps import (
    NOON,
    asked,
    ended,
    go_on,
    graded,
    over,
    panels,
    review,
    shown,
    type_into,
    until,
)
from textual.events import Key

from tutor.app.screens.home import HomeScreen
from tutor.app.screens.review import Phase
from tutor.app.widgets.verdict.panel import VerdictPanel
from tutor.presenting.verdict import Right, Shown
from tutor.runner.client import Runner
from tutor.session import Session
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

RIGHT = "[[0.5, 1], [1.5, 2]]"
OF_THE_SUM = "2 4; 6 8"


async def test_from_the_question_through_a_near_miss_to_the_end(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        text = shown(pilot)
        assert "A matrix, through the mean" in text
        assert "loss.backward()" in text
        assert "What is x.grad after this runs?" in text

        await pilot.press(*OF_THE_SUM)
        assert "read as: 2×2, int" in shown(pilot)
        await pilot.press("enter")
        await graded(pilot)
        assert "✗ Wrong" in shown(pilot)
        assert "consistent with: That is the gradient of the sum." in shown(pilot)
        assert "2 attempts left" in shown(pilot)
        assert "0.5000" not in shown(pilot), "the truth stays hidden while there are attempts"

        await type_into(pilot, RIGHT)
        await pilot.press("enter")
        await over(pilot)
        text = shown(pilot)
        assert "✓ Correct" in text
        assert "tensor([[0.5000, 1.0000]," in text
        assert "Comes back in" in text

        await go_on(pilot)
        await ended(pilot)
        assert "1 question answered" in shown(pilot)
        assert "The next one is due in" in shown(pilot)
    with open_store(desk.home) as store:
        assert [r.exercise_id for r in store.reviews()] == ["app.value"]
        assert [a.near for a in store.last_review().attempts] == [("sum-for-mean",), ()]


async def test_unreadable_text_keeps_text_and_cursor_and_costs_nothing(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "[1, 2^3]")
        field = panels(pilot)[0].field
        field.cursor_location = (0, 2)
        await pilot.press("enter")
        await graded(pilot)
        assert review(pilot).phase is Phase.ASKING
        assert field.text == "[1, 2^3]"
        assert field.cursor_location == (0, 2)
        assert field.has_focus
        rows = shown(pilot).split("\n")
        at = next(i for i, row in enumerate(rows) if "[1, 2^3]" in row)
        assert rows[at + 1].index("▲") == rows[at].index("^"), "the caret is under the place"
        assert "write **" in rows[at + 1]
        assert desk.session.turn.pending.attempts == ()

        await pilot.press("end", "backspace")
        assert "▲" not in shown(pilot), "the mark goes with the next key"

        await pilot.press("x", "enter")
        await graded(pilot)
        assert "▲" in shown(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        assert "▲" not in shown(pilot), "nor is it there once the question is over"


async def test_hint_and_giving_up_by_a_second_press(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 30)) as pilot:
        await asked(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "What does the mean divide by?" in shown(pilot))
        await desk.session.truths()
        await pilot.press("f2")
        await until(pilot, lambda: "There are 4 entries." in shown(pilot))
        assert "F2" not in shown(pilot), "no further hint, no key for it"

        await pilot.press("f4")
        assert "F4 again shows the answer" in shown(pilot)
        await pilot.press("1")
        assert "F4 again" not in shown(pilot), "typing means that it is not meant"
        await pilot.press("f4", "f4")
        await over(pilot)
        assert "Given up" in shown(pilot)
        assert "tensor([[0.5000, 1.0000]," in shown(pilot)
    with open_store(desk.home) as store:
        review_ = store.last_review()
        assert review_.gave_up
        assert review_.hints_used == 2


async def test_closing_in_the_middle_goes_on_where_it_stopped(desk):
    app = desk.app("value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        title = desk.session.turn.question.title
        await type_into(pilot, "None")
        for index in range(1, len(panels(pilot))):
            await type_into(pilot, "None", index)
        await pilot.press("f2", "ctrl+s")
        await graded(pilot)
        used = desk.session.turn.pending
        assert len(used.attempts) == 1
    app = desk.app("value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert desk.session.turn.question.title == title
        assert desk.session.turn.pending.attempts == used.attempts
        assert desk.session.turn.pending.hints_used == used.hints_used
        assert "2 attempts left" in shown(pilot)


async def test_undo_after_the_verdict_and_on_the_last_screen(desk):
    app = desk.app("two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert "F8" not in shown(pilot), "nothing to take back yet"
        await type_into(pilot, "9")
        await type_into(pilot, "6", 1)
        await pilot.press("enter")
        await over(pilot)
        await pilot.press("f8")
        await asked(pilot)
        assert "Taken back" in shown(pilot)
        assert desk.session.done == []
        assert panels(pilot)[0].text == ""

        await type_into(pilot, "9")
        await type_into(pilot, "5", 1)
        await pilot.press("enter")
        await graded(pilot)
        assert "50 %" in shown(pilot)
        await type_into(pilot, "6", 1)
        await pilot.press("enter")
        await over(pilot)
        await go_on(pilot)
        await ended(pilot)
        await pilot.press("f8")
        await asked(pilot)
        assert review(pilot).done == []
    with open_store(desk.home) as store:
        assert list(store.reviews()) == []


async def test_enter_goes_to_the_next_empty_field_before_it_submits(desk):
    app = desk.app("two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("9", "enter")
        assert panels(pilot)[1].field.has_focus
        assert review(pilot).phase is Phase.ASKING
        await pilot.press("6", "enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_a_broken_question_costs_nothing_and_the_next_works(desk):
    app = desk.app("broken", "value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert "Our own fault" in shown(pilot)
        await type_into(pilot, "1")
        await pilot.press("enter")
        await over(pilot)
        assert "This question is broken" in shown(pilot)
        assert "no_such_name" in shown(pilot)
        assert "costs you nothing" in shown(pilot)
        await go_on(pilot)
        await asked(pilot)
        assert "A matrix, through the mean" in shown(pilot)
        await type_into(pilot, RIGHT)
        await pilot.press("enter")
        await over(pilot)
        await go_on(pilot)
        await ended(pilot)
        assert "Our own fault" in shown(pilot)
    with open_store(desk.home) as store:
        assert [r.exercise_id for r in store.reviews()] == ["app.value"]


async def test_nothing_due_says_so_and_looking_again_is_safe(desk):
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ended(pilot)
        assert "Nothing is due" in shown(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "Nothing more is due yet." in shown(pilot))
        await ended(pilot)
        assert "Nothing is due" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


@pytest.mark.parametrize("leaving", ["quit", "killed"])
async def test_what_was_typed_is_there_again_after_leaving(desk, leaving):
    async with desk.app("two").run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "[1, 2", 0)
        if leaving == "quit":
            await pilot.press("ctrl+q")
        else:
            await until(pilot, lambda: desk.session.turn.pending.draft)
    async with desk.app("two").run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert [panel.text for panel in panels(pilot)] == ["[1, 2", ""]
        assert "It was left open, and is taken up where it was." in shown(pilot)
        await type_into(pilot, "1, 2", 0)
        await type_into(pilot, "3, 4", 1)
        await pilot.press("ctrl+s")
        await graded(pilot)
    async with desk.app("two").run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert [panel.text for panel in panels(pilot)] == ["1, 2", "3, 4"], "the last attempt"
        assert "Taken up where you left it: 2 attempts left." in shown(pilot)


async def test_what_went_wrong_can_be_asked_again_without_waiting_for_its_minutes(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert "New, number 1 of 10 today." in shown(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "New, number" not in shown(pilot))
        await pilot.press("f4", "f4")
        await over(pilot)
        await go_on(pilot)
        await ended(pilot)
        assert "^n: ask what went wrong again now" in shown(pilot)
        assert "^n Again now" in shown(pilot).split("\n")[-1]
        await pilot.press("ctrl+n")
        await asked(pilot)
        assert "It was not right just now" in shown(pilot)
        await pilot.press("f4", "f4")
        await over(pilot)
        await go_on(pilot)
        await ended(pilot)
        assert "2 questions answered" in shown(pilot)
        assert not desk.session.filters.soon
    with open_store(desk.home) as store:
        assert [review.rating for review in store.reviews()] == [1, 1]


async def test_an_exercise_is_marked_while_it_is_in_front_of_the_learner(desk):
    app = desk.app("value", "two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        first = desk.session.turn.pending.exercise_id
        await type_into(pilot, "1")
        await pilot.press("f9")
        await until(pilot, lambda: "b  Bury: do not ask it before tomorrow" in shown(pilot))
        await pilot.press("n")
        await until(pilot, lambda: "A note to yourself" in shown(pilot))
        await pilot.press(*"mine", "enter")
        await until(pilot, lambda: "The note is kept; F8 takes it back." in shown(pilot))
        assert panels(pilot)[0].text == "1"
        await pilot.press("f9")
        await until(pilot, lambda: "Your note: mine" in shown(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "Not asked before tomorrow; F8 takes it back." in shown(pilot))
        assert desk.session.turn.pending.exercise_id != first, "the next question instead"
        await pilot.press("f8")
        await until(pilot, lambda: desk.session.turn.pending.exercise_id == first)
        assert panels(pilot)[0].text == "1"
        await pilot.press("f4", "f4")
        await over(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: "f  Flag: something is wrong with it" in shown(pilot))
        await pilot.click("MarkScreen .row:last-of-type")
        await until(pilot, lambda: "A note to yourself" in shown(pilot))
        await pilot.press("escape", "f9")
        await until(pilot, lambda: "s  Suspend: ask it no more" in shown(pilot))
        await pilot.press("s")
        await until(pilot, lambda: "Not asked any more; F8 takes it back." in shown(pilot))
        assert review(pilot).phase is Phase.OVER, "its verdict stays"
    with open_store(desk.home) as store:
        assert first in store.marks().suspended
        assert store.marks().notes == {first: "mine"}
        assert store.marks().buried == {}


async def test_typing_and_a_submission_before_torch_is_ready(desk):
    """The question is there and takes text; the submission waits, says why, and is then graded."""
    async with Runner(spares=1) as runner:
        # Held while it loads, so that a busy machine does not let it be ready in the middle.
        os.kill(runner.supervisor_pid, signal.SIGSTOP)
        app = desk.app("value", runner=runner)
        async with app.run_test(size=(80, 24)) as pilot:
            await asked(pilot)
            assert str(runner.state) == "starting"
            assert "starting torch…" in shown(pilot).split("\n")[0]
            await pilot.press(*OF_THE_SUM)
            await pilot.press("enter")
            await until(pilot, lambda: "starting torch…" in "".join(shown(pilot).split("\n")[1:]))
            await pilot.press(",")
            assert panels(pilot)[0].text == OF_THE_SUM + ",", "typing goes on meanwhile"
            os.kill(runner.supervisor_pid, signal.SIGCONT)
            await graded(pilot)
            assert "✗ Wrong" in shown(pilot)
            assert "starting torch…" not in shown(pilot)


async def test_what_authors_and_learners_write_is_never_read_as_markup(desk):
    app = desk.app("choice")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await until(pilot, lambda: "It is not 4.0" in shown(pilot))
        text = shown(pilot)
        assert "Not [bold]markup[/bold]" in text
        assert "[/b]" in text
        assert "W[:, 0] = [red] is not markup [/b]" in text
        await type_into(pilot, "[red]boom[/red]")
        await pilot.press("enter")
        await graded(pilot)
        assert "[red]boom[/red]" in shown(pilot)


KINDS = {
    "flags": "T F T",
    "raises": "RuntimeError 3",
    "choice": "2.0",
    "order": "y = x.sum()\ny.backward()\ng = x.grad",
    "formula": "2*a",
    "code": "y = x.sum()",
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_can_be_answered_as_text(desk, kind):
    app = desk.app(kind)
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, KINDS[kind])
        await until(pilot, lambda: "read as:" in shown(pilot))
        await pilot.press("ctrl+s")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_code_is_typed_over_several_lines_with_its_indentation(desk):
    app = desk.app("code")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        field = panels(pilot)[0].field
        assert field.text == "y = None", "the starter is there"
        field.clear()
        await pilot.press(*"for i in x:", "enter", *"y = i", "enter", *"z = y")
        assert field.text == "for i in x:\n    y = i\n    z = y"
        assert review(pilot).phase is Phase.ASKING


async def test_a_matrix_typed_or_pasted_over_several_lines(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pilot.press(*"0.5 1", "ctrl+j", *"1.5 2")
        assert panels(pilot)[0].text == "0.5 1\n1.5 2"
        assert "read as: 2×2" in shown(pilot)
        await type_into(pilot, "tensor([[0.5000, 1.0000],\n        [1.5000, 2.0000]])")
        await pilot.press("enter")
        await over(pilot)
        assert "✓ Correct" in shown(pilot)


async def test_keys_that_come_in_at_once_act_in_their_order(desk):
    """A slow line brings several keys in one go; none may overtake another."""
    app = desk.app("two")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        for key in ("1", "2", "backspace", "backspace", "9", "tab", "4", "left", "5", "enter"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: desk.session.turn.pending.attempts)
        assert [panel.text for panel in panels(pilot)] == ["9", "54"]
        await graded(pilot)

        await type_into(pilot, "")
        await type_into(pilot, "", 1)
        panels(pilot)[0].field.focus()
        await pilot.pause()
        for key in ("9", "enter", "6", "enter"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await over(pilot)
        assert [panel.text for panel in panels(pilot)] == ["9", "6"]


async def test_a_question_answered_in_another_window_can_be_left(desk):
    app = desk.app("value")
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        with open_store(desk.home) as store:
            other = Session(desk.session.library, store, desk.runner, clock=lambda: NOON)
            other.next()
            assert (await other.submit({"grad": RIGHT})).over
        await type_into(pilot, RIGHT)
        await pilot.press("enter")
        await over(pilot)
        assert "in another window" in shown(pilot)
        assert "⏎ Next" in shown(pilot)
        await go_on(pilot)
        await ended(pilot)
    with open_store(desk.home) as store:
        assert store.review_count() == 1


async def test_losing_torch_twice_while_typed_code_runs_costs_nothing(desk):
    async with Runner(spares=1) as runner:
        app = desk.app("code", "value", runner=runner)
        async with app.run_test(size=(80, 24)) as pilot:
            await asked(pilot)
            await desk.session.truths()
            await type_into(pilot, "while True: pass")
            await pilot.press("ctrl+s")
            killed = [0]
            for _ in range(2):
                await until(pilot, lambda killed=killed: runner.supervisor_pid not in killed)
                await until(pilot, lambda: runner.state == "ready")
                await pilot.pause(0.3)
                killed.append(runner.supervisor_pid)
                os.kill(killed[-1], signal.SIGKILL)
            assert "torch's process has ended" in " ".join(n.message for n in app._notifications)
            await over(pilot)
            assert "This question is broken" in shown(pilot)
            assert "it is being started again" in shown(pilot)
            await go_on(pilot)
            await asked(pilot)
            await type_into(pilot, RIGHT)
            await pilot.press("enter")
            await over(pilot)
            assert "✓ Correct" in shown(pilot)
    with open_store(desk.home) as store:
        assert [r.exercise_id for r in store.reviews()] == ["app.value"]


async def test_what_torch_and_the_runner_say_is_in_the_language_in_use(desk):
    app = desk.app("raises", "code", language="zh")
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(2):
            await asked(pilot)
            if desk.session.turn.question.exercise.id == "app.raises":
                await pilot.press("f4", "f4")
                await over(pilot)
                assert "RuntimeError" in shown(pilot)
                assert "line" not in shown(pilot)
            else:
                await type_into(pilot, "y = 1 / 0")
                await pilot.press("ctrl+s")
                await graded(pilot)
                assert "第 1 行：ZeroDivisionError" in shown(pilot)
                await pilot.press("f4", "f4")
                await over(pilot)
            await go_on(pilot)
        await ended(pilot)


async def test_a_long_label_does_not_push_the_rows_of_a_tensor_apart(desk):
    label = "the gradient of the loss with respect to W"
    async with desk.app("value").run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        panel = review(pilot).query_one(VerdictPanel)
        panel.show(Shown("wrong", truths=(Right(label, "tensor([[1., 2.],\n        [3., 4.]])"),)))
        await pilot.pause()
        rows = shown(pilot).split("\n")
        at = next(i for i, row in enumerate(rows) if label in row)
        assert rows[at + 1].index("[1.") == rows[at + 2].index("[3.")
