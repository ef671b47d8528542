"""The author's preview: the real review screen on one file, redrawn on save."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from app_exercises import EXERCISES
from app_steps import asked, shown, until

from tutor.app.app import TutorApp
from tutor.app.screens.preview import PreviewScreen
from tutor.app.widgets.answer.form import AnswerForm
from tutor.session.previewing import PreviewSession
from tutor.store import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(EXERCISES["value"].lstrip(), encoding="utf-8")
    return path


@pytest.fixture
def preview(file, tmp_path, runner):
    @asynccontextmanager
    async def open_session():
        with open_store(tmp_path / "home") as store:
            yield PreviewSession(file, store, runner, seed=0, language="en")

    return TutorApp(open_session, PreviewScreen(watch=True))


def unbroken(pilot) -> str:
    """The screen without spaces and rows: a path may be long, and is broken anywhere."""
    return "".join(shown(pilot).replace("│", "").split())


def typed(app) -> str:
    return next(iter(app.screen.query_one(AnswerForm).texts.values()))


async def test_seeds_languages_and_answers_by_key(preview):
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        assert "mine.yaml · seed 0 · en" in shown(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: "seed 1" in shown(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "seed 0" in shown(pilot))
        await pilot.press("f3")
        await until(pilot, lambda: "· zh" in shown(pilot))
        await pilot.press("f3")
        await until(pilot, lambda: "· en" in shown(pilot))

        await pilot.press("f9")
        await until(pilot, lambda: "Filled in: truth" in shown(pilot))
        truth = typed(preview)
        await pilot.press("f9")
        await until(pilot, lambda: "Filled in: sum-for-mean" in shown(pilot))
        assert typed(preview) != truth
        await pilot.press("enter")
        await until(pilot, lambda: "consistent with" in shown(pilot))


async def test_a_save_draws_anew_and_errors_stand_in_place(preview, file):
    good = file.read_text(encoding="utf-8")
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        file.write_text(good.replace("A matrix, through the mean", "Another title"), "utf-8")
        await until(pilot, lambda: "Another title" in shown(pilot))
        file.write_text(good.replace("format: 1", "format: 2"), "utf-8")
        # The watcher may have seen the file while it was still empty.
        await until(pilot, lambda: "mine.yaml:1:9:format:" in unbroken(pilot))
        assert "In the file" in shown(pilot)
        file.write_text(good, "utf-8")
        await until(pilot, lambda: "In the file" not in shown(pilot))
        await until(pilot, lambda: "A matrix, through the mean" in shown(pilot))


async def test_a_program_that_fails_is_told_and_does_not_end_the_preview(preview, file):
    good = file.read_text(encoding="utf-8")
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        file.write_text(good.replace("loss.backward()", "loss.backwards()"), "utf-8")
        await until(pilot, lambda: "backwards" in shown(pilot))
        await pilot.press("4", "enter")
        await until(pilot, lambda: "AttributeError" in shown(pilot))
        file.write_text(good, "utf-8")
        await until(pilot, lambda: "loss.backward()" in shown(pilot))


async def test_a_draw_that_cannot_be_made_says_why_and_another_seed_goes_on(preview, file):
    text = EXERCISES["value"].lstrip()
    odd = "params:\n  k: {int: [0, 1]}\nlet:\n  half: 1 // k\nprogram: |"
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        file.write_text(text.replace("program: |", odd), encoding="utf-8")
        seeds, told = 0, set()
        await until(pilot, lambda: "k" in preview.screen.session._loaded.exercise.params)
        while seeds < 12:
            await pilot.press("f5")
            seeds += 1
            await until(pilot, lambda: f"seed {seeds}" in shown(pilot))  # noqa: B023
            failed = "let.half" in unbroken(pilot)
            assert failed == (preview.screen.session.turn is None)
            assert isinstance(preview.screen, PreviewScreen)
            told.add(failed)
        assert told == {False, True}


async def test_what_cannot_be_run_says_so_when_it_is_to_be_filled_in(preview, file):
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        broken = EXERCISES["value"].lstrip().replace("loss.backward()", "no_such_name()")
        file.write_text(broken, encoding="utf-8")
        await until(pilot, lambda: "no_such_name()" in shown(pilot))
        await pilot.press("f9")
        await until(pilot, lambda: "This question is broken" in shown(pilot))


async def test_what_check_finds_in_this_draw_stands_above_it(preview, file):
    good = file.read_text(encoding="utf-8")
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        assert "value: x.grad" in good
        file.write_text(good.replace("value: x.grad", "value: y.grad", 1), "utf-8")
        await until(pilot, lambda: "name'y'isnotdefined" in unbroken(pilot))
        assert "answers." in shown(pilot)
        assert ".value:" in unbroken(pilot)
        file.write_text(good, "utf-8")
        await until(pilot, lambda: "In the file" not in shown(pilot))
        file.unlink()
        await until(pilot, lambda: "thereisnosuchfile" in unbroken(pilot))
        file.write_text(good, "utf-8")
        await until(pilot, lambda: "In the file" not in shown(pilot))


async def test_all_draws_are_proved_beside_and_can_be_stopped(preview, file):
    text = EXERCISES["value"].lstrip()
    # Each draw other numbers, and some milliseconds of work.
    text = text.replace("program: |\n", "params: {c: {int: [2, 999]}}\nprogram: |\n")
    slow = "  z = sum(float((torch.ones(9) * {{ c }}).sum()) for _ in range(2000))\n"
    file.write_text(text.replace("  loss.backward()\n", f"{slow}  loss.backward()\n"), "utf-8")
    async with preview.run_test(size=(100, 30)) as pilot:
        await asked(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: "of 100 draws" in shown(pilot))
        await pilot.press("1", "2")  # typing goes on meanwhile
        assert typed(preview) == "12"
        await pilot.press("f8")
        await until(pilot, lambda: "The check was stopped." in shown(pilot))

        file.write_text(text, "utf-8")
        await until(pilot, lambda: "z = sum" not in shown(pilot))
        await pilot.press("f8")
        await until(pilot, lambda: "All 100 draws hold" in shown(pilot))

        file.write_text(text.replace("value: x.grad", "value: x.grad.nope"), "utf-8")
        await until(pilot, lambda: "All 100 draws hold" not in shown(pilot))
        await pilot.press("f8")
        await until(pilot, lambda: "Some draws do not hold" in shown(pilot))
