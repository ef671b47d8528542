"""What is killed from outside, with a learner at the keys: the worker, its children, the app itself."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from terminal import Terminal

from tutor.store import open_store

TUTOR = str(Path(sys.executable).parent / "tutor")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

DECK = {"format": 1, "id": "mine", "title": "Mine", "languages": ["en"], "licence": "MIT"}
CODE = """
format: 1
id: mine.sum
skill: mine.sum
title: A sum
program: "x = torch.tensor([1.0, 2.0])"
ask: "Put the sum of `x` into `y`."
answers:
  sum: {kind: code, starter: "# here\\n", solution: "y = x.sum()", compare: [y]}
"""
VALUE = """
format: 1
id: mine.one
skill: mine.one
title: One tensor
program: "x = torch.tensor([9.0, 4.0])"
ask: "What is `x`?"
answers:
  x: {kind: value, value: x}
"""


@pytest.fixture
def home(tmp_path):
    """With a deck of one exercise for each skill, beside the shipped ones."""
    deck, home = tmp_path / "deck", tmp_path / "home"
    deck.mkdir()
    home.mkdir()
    (deck / "deck.yaml").write_text(json.dumps({**DECK, "skills": {
        "mine.sum": {"title": "Sums"}, "mine.one": {"title": "Ones"},
    }}))  # fmt: skip
    (deck / "sum.yaml").write_text(CODE)
    (deck / "one.yaml").write_text(VALUE)
    (home / "decks.json").write_text(json.dumps({"folders": [str(deck)]}))
    return home


def review(home, skill: str) -> Terminal:
    env = {"TUTOR_HOME": str(home), "PATH": os.environ["PATH"], "HOME": str(home.parent)}
    return Terminal([TUTOR, "review", "--skill", skill], env=env, columns=100, rows=30)


def reviews(home) -> list:
    with open_store(home, read_only=True) as store:
        return list(store.reviews())


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def worker_of(terminal: Terminal, *, but: int = 0) -> int:
    """The process that has torch loaded, once the app knows it and it has a spare; not ``but``."""
    until = time.monotonic() + 60
    while True:
        found = [pid for pid in children(terminal.process.pid) if pid != but and children(pid)]
        terminal.look(0.3)
        if found and "starting torch" not in terminal.text:
            return found[0]
        assert time.monotonic() < until, terminal.text


def test_a_worker_that_is_killed_while_one_types_and_while_it_grades(home):
    with review(home, "mine.sum") as terminal:
        terminal.wait_for("Put the sum of x into y.")
        terminal.type("y = x.s")
        worker = worker_of(terminal)
        for spare in children(worker):
            os.kill(spare, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        terminal.wait_for("process has ended")
        terminal.type("um(); import time; time.sleep(1.5)")
        terminal.wait_for("y = x.sum(); import time; time.sleep(1.5)")

        second = worker_of(terminal, but=worker)
        terminal.type("\x13")  # ctrl+s
        terminal.wait_for("Checking…")
        os.kill(second, signal.SIGKILL)
        terminal.wait_for("✓ Correct")
        terminal.type("\x11")
        assert terminal.wait_for_end() == 0
        assert "Traceback" not in terminal.text
    (one,) = reviews(home)
    assert (one.exercise_id, one.score, len(one.attempts)) == ("mine.sum", 1.0, 1)
    assert one.rating > 1, "no lapse"


def test_an_app_that_is_killed_while_one_types_goes_on_there(home):
    with review(home, "mine.one") as terminal:
        terminal.wait_for("What is x?")
        terminal.type("1, 2\r")
        terminal.wait_for("2 attempts left")
        terminal.type("\x7f\x7f\x7f\x7f9, ")
        terminal.wait_for("│ 9,")
        worker = worker_of(terminal)
        terminal.look(1.5)  # what is typed is kept within a second
        os.kill(terminal.process.pid, signal.SIGKILL)
        assert terminal.wait_for_end() == -signal.SIGKILL
    with review(home, "mine.one") as terminal:
        terminal.wait_for("Taken up where you left it: 2 attempts left.")
        terminal.wait_for("│ 9,")
        terminal.type("4\r")
        terminal.wait_for("✓ Correct")
        terminal.type("\x11")
        assert terminal.wait_for_end() == 0
    until = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists():
        assert time.monotonic() < until, "nothing is left behind"
        time.sleep(0.1)
    (one,) = reviews(home)
    assert [attempt.verdict for attempt in one.attempts] == ["wrong", "correct"]
