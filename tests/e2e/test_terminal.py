"""The installed `tutor` in a real (pseudo-)terminal, from the first paint to the log."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
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
        terminal.wait_for("First question")
        terminal.type("\r")
        terminal.wait_for("Your answer")
        answers = list(right_answer(home, shipped).values())
        terminal.type("\t".join(answers) + "\r")
        terminal.wait_for(lambda text: "correct" in text.lower())
        time.sleep(0.5)  # an Enter right after the verdict would not be meant for it
        terminal.type("\r")
        terminal.wait_for("1 answered today")
        terminal.type("3")
        terminal.wait_for("1 review on 1 day")
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


EXERCISE = """
format: 1
id: mine.one
skill: mine.one
title: One tensor
program: "x = torch.tensor([[9.0, 4.0]])"
ask: "What is `x`?"
answers:
  x: {kind: value, value: x}
"""


def test_an_editor_for_the_answer_and_for_the_exercise(env, tmp_path):
    editor, file = tmp_path / "myed", tmp_path / "one.yaml"
    file.write_text(EXERCISE)
    editor.write_text("#!/bin/sh\necho '[[9., 4.]]' > \"$1\"\necho in the editor; sleep 0.3\n")
    editor.chmod(0o755)
    env = {**env, "EDITOR": "myed", "PATH": f"{tmp_path}:{env['PATH']}"}
    with Terminal([TUTOR, "preview", str(file)], env=env, columns=90) as terminal:
        terminal.wait_for("Your answer")
        before = terminal.text
        terminal.type("\x0f")  # ctrl+o
        terminal.wait_for("in the editor")
        terminal.wait_for("read as: 1×2, float")
        editor.write_text("#!/bin/sh\nexit 3\n")
        terminal.type("\x0f")
        terminal.wait_for("exit code 3")
        editor.unlink()
        terminal.type("\x0f")
        terminal.wait_for("cannot be started")
        assert "[[9., 4.]]" in terminal.text, "whatever the editor does, the answer is kept"

        terminal.type("\r")
        terminal.wait_for("Correct")
        editor.write_text("#!/bin/sh\nsed -i 's/One tensor/Another title/' \"$1\"\n")
        editor.chmod(0o755)
        terminal.type("\x0f")
        terminal.wait_for("Another title")
        terminal.type("\x11")
        assert terminal.wait_for_end() == 0
        assert "One tensor" in before


#: Starts the program with a fault in one of its widgets, or in its own thread of work.
FAULTY = """
import sys
from tutor.app.widgets.ask_view import AskView
def fail(*_): raise ValueError("a fault of ours")
AskView.show_ask = fail
from tutor.cli import main
main(["review"])
"""


def test_after_a_fault_the_terminal_is_given_back_with_a_word_on_where_the_log_is(env, home):
    with Terminal([sys.executable, "-c", FAULTY], env=env, columns=100) as terminal:
        before = terminal.modes
        assert terminal.wait_for_end(seconds=60) != 0
        assert "The program failed (ValueError: a fault of ours)" in terminal.text
        assert "tutor.log" in terminal.text.replace("\n", "")
        assert "Traceback" not in terminal.text
        assert "Traceback" in (home / "tutor.log").read_text()
        assert terminal.modes == before
        assert terminal.is_given_back


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_ended_from_outside_the_terminal_is_given_back(env, how):
    with Terminal([TUTOR, "review"], env=env) as terminal:
        before = terminal.modes
        terminal.wait_for("Your answer")
        assert terminal.modes != before
        terminal.process.send_signal(how)
        assert terminal.wait_for_end() in (0, 128 + how)
        assert terminal.modes == before
        assert terminal.is_given_back


def test_without_colour_no_colour_is_written(env):
    with Terminal([TUTOR, "review"], env={**env, "NO_COLOR": "1"}) as terminal:
        terminal.wait_for("Your answer")
        terminal.type("\x11")
        assert terminal.wait_for_end() == 0
        styles = re.findall(rb"\x1b\[([\d;:]*)m", terminal.raw)
        assert styles, "bold and reverse are no colours"
        numbers = {number for style in styles for number in re.split(rb"[;:]", style)}
        assert not numbers & {b"38", b"48", *(b"%d" % n for n in (*range(30, 38), *range(40, 48)))}
