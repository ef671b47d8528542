"""The installed `tutor` in a real (pseudo-)terminal, from the first paint to the log."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from terminal import Terminal

from tutor.grading.grade import right_answers
from tutor.grading.truths import find_truths
from tutor.question import draw
from tutor.runner.client import Runner
from tutor.store import open_store

TUTOR = str(Path(sys.executable).parent / "tutor")


@pytest.fixture
def env(tmp_path):
    return {"TUTOR_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def right_answer(home, shipped) -> dict[str, str]:
    """The right answers to the question that is open on the screen."""

    async def find():
        with open_store(home, read_only=True) as store:
            pending = store.pending()
        question = draw(shipped.exercises[pending.exercise_id], pending.seed, pending.language)
        async with Runner(spares=1) as runner:
            return right_answers(question, await find_truths(question, runner))

    return asyncio.run(find())


def reviews(home) -> list:
    with open_store(home, read_only=True) as store:
        return list(store.reviews())


def test_an_answer_typed_in_a_terminal_is_graded_and_kept(env, home, shipped):
    with Terminal([TUTOR, "review"], env=env, columns=100, rows=30) as terminal:
        terminal.wait_for("Your answer")
        answers = list(right_answer(home, shipped).values())
        terminal.type(answers[0])
        for answer in answers[1:]:
            terminal.type("\t" + answer)
        terminal.type("\r")
        terminal.wait_for(lambda text: "correct" in text.lower())
        assert len(reviews(home)) == 1
        terminal.type("\x11")  # ctrl+q
        assert terminal.wait_for_end() == 0
    assert len(reviews(home)) == 1


def test_a_whole_session_through_home(env, home, shipped):
    with Terminal([TUTOR], env=env, columns=100, rows=30) as terminal:
        terminal.wait_for("new")
        terminal.type("\r")
        terminal.wait_for("Your answer")
        answers = list(right_answer(home, shipped).values())
        terminal.type("\t".join(answers) + "\r")
        terminal.wait_for(lambda text: "correct" in text.lower())
        terminal.type("\x1b")  # escape
        terminal.wait_for("1 answered today")
        terminal.type("\x11")  # ctrl+q
        assert terminal.wait_for_end() == 0
    assert len(reviews(home)) == 1


def test_a_terminal_closed_mid_question_goes_on_there(env, home, shipped):
    with Terminal([TUTOR, "review"], env=env) as terminal:
        terminal.wait_for("Your answer")
        with open_store(home, read_only=True) as store:
            first = store.pending()
        terminal.kill()
    with Terminal([TUTOR, "review"], env=env) as terminal:
        terminal.wait_for("Your answer")
        with open_store(home, read_only=True) as store:
            assert store.pending() == first


def test_a_terminal_that_is_too_small_is_told_so(env):
    with Terminal([TUTOR, "review"], env=env, columns=40, rows=12) as terminal:
        assert terminal.wait_for_end() != 0
        assert "Traceback" not in terminal.text
        assert "60×20" in terminal.text


def test_the_answer_is_written_in_an_editor(env, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(
        "#!/bin/sh\necho 'tensor([[9., 4.]])' > \"$1\"\necho in the editor; sleep 0.3\n"
    )
    editor.chmod(0o755)
    with Terminal([TUTOR], env={**env, "EDITOR": str(editor)}) as terminal:
        terminal.wait_for("Your answer")
        terminal.type("\x0f")  # ctrl+o
        terminal.wait_for("in the editor")
        terminal.wait_for("tensor([[9., 4.]])")
        terminal.wait_for("read as: 1×2, float")
        editor.write_text("#!/bin/sh\nexit 3\n")
        terminal.type("\x0f")
        terminal.wait_for("exit code 3")
        editor.unlink()
        terminal.type("\x0f")
        terminal.wait_for("cannot be started")
        assert "tensor([[9., 4.]])" in terminal.text
        terminal.type("\x11")
        assert terminal.wait_for_end() == 0
