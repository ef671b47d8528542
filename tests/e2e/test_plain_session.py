"""`tutor review --plain` as a program on pipes and in a terminal, from the first line to the log."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
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


class Plain:
    """The program with pipes at both ends: says a line, hears up to the next prompt."""

    def __init__(self, env, *args: str) -> None:
        self.process = subprocess.Popen(
            [TUTOR, "review", "--plain", *args],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.heard = ""

    def until_prompt(self) -> str:
        said = ""
        while line := self.process.stdout.readline():
            said += line
            if line.rstrip("\n").endswith((">", "...")):
                break
        self.heard += said
        return said

    def say(self, line: str) -> str:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.until_prompt()

    def end(self) -> str:
        self.process.stdin.close()
        rest = self.process.stdout.read()
        self.heard += rest
        self.process.wait(30)
        return rest


def test_a_whole_session_loads_no_textual(env):
    """A screen reader's terminal waits for words, not for what draws screens."""
    code = """
import sys
from tutor.cli import main
try: main(["review", "--plain", "--limit", "2"])
except SystemExit: pass
loaded = {name for name in sys.modules if name.partition(".")[0] in ("textual", "torch")}
sys.exit(f"imported {sorted(loaded)}" if loaded else 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env, input=":hint\n:give-up\n:why\n:graph\n:harder\n:undo\n:give-up\n", check=False,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Given up" in done.stdout
    assert "Trace:" in done.stdout


def open_question(home, shipped) -> tuple[str, dict[str, str]]:
    """The id of the open question's exercise, and its right answers."""

    async def find():
        with open_store(home, read_only=True) as store:
            pending = store.pending()
        question = draw(shipped.exercises[pending.exercise_id], pending.seed, pending.language)
        async with Runner(spares=1) as runner:
            right = right_answers(question, await find_truths(question, runner))
            return pending.exercise_id, right

    return asyncio.run(find())


def reviews(home) -> list:
    with open_store(home, read_only=True) as store:
        return list(store.reviews())


def test_a_whole_session_over_pipes(env, home, shipped):
    plain = Plain(env, "--skill", "tensor.create", "--limit", "2")
    plain.until_prompt()
    first, right = open_question(home, shipped)
    assert "[1, 2" not in plain.heard
    assert "could not" not in plain.say("[1, 2")  # open: the next line goes on
    plain.say("")
    plain.say(":hint")
    assert "Hint 1: " in plain.heard
    for answer in right.values():
        said = plain.say(answer)
    assert "Correct\n" in said
    assert [review.exercise_id for review in reviews(home)] == [first]
    assert reviews(home)[0].hints_used == 1

    said = plain.say(":undo")
    assert "Taken back" in said
    assert reviews(home) == []
    assert open_question(home, shipped)[0] == first
    assert "Given up\n" in plain.say(":give-up")
    assert [review.gave_up for review in reviews(home)] == [True]

    second, _ = open_question(home, shipped)
    plain.process.send_signal(signal.SIGKILL)
    plain.end()
    again = Plain(env, "--lang", "zh")
    again.until_prompt()
    assert open_question(home, shipped)[0] == second, "it goes on where it was cut off"
    assert "已放弃" in again.say(":give-up")
    rest = again.end()
    assert again.process.returncode == 0
    assert "做了 1 题" in rest
    assert "\x1b" not in plain.heard + again.heard
    assert "Traceback" not in plain.heard + again.heard


@pytest.mark.parametrize(("leave", "code"), [("\x03", 130), ("\x04", 0), ("TERM", 143)])
def test_however_it_is_left_the_terminal_is_as_it_was(env, home, leave, code):
    with Terminal([TUTOR, "review", "--plain"], env=env, columns=100, rows=40) as terminal:
        before = terminal.modes
        terminal.wait_for(lambda text: text.rstrip().endswith((">", "...")))
        if leave == "TERM":
            terminal.process.send_signal(signal.SIGTERM)
        else:
            terminal.type(leave)
        assert terminal.wait_for_end() == code
        assert "The open question is kept" in terminal.text
        assert "Traceback" not in terminal.text
        assert terminal.modes == before
