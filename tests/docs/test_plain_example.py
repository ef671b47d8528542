"""The session that docs/learning.md shows line by line is what is really said."""

from __future__ import annotations

import io
import re

import pytest
from pages import code_of, text_of

from tutor.agenda.filters import Filters
from tutor.exercise.load import load_library
from tutor.plain.console import Console
from tutor.plain.desk import open_desk
from tutor.plain.review import PlainReview
from tutor.plain.words import help_lines
from tutor.schedule.settings import Settings

DECK = """\
format: 1
id: shown
title: Shown
languages: [en]
licence: MIT
skills:
  detach: {title: Detaching}
"""
EXERCISE = """\
format: 1
id: shown.detach
skill: detach
title: A value cut out of the graph
program: |
  x = torch.tensor([2.0], requires_grad=True)
  y = x * x
  u = y.detach()
  z = u * x
  z.backward()
ask: What is `x.grad` after this runs?
answers:
  grad:
    kind: value
    value: x.grad
    near:
      detach-ignored:
        patch: [{replace: y.detach(), with: y}]
        says: That is the gradient without `.detach()`. For `z`, `u` is a constant.
"""


def test_the_example_is_what_is_said(tmp_path):
    (shown,) = re.findall(r"<!-- plain -->\n```\n(.*?)```", text_of("docs/learning.md"), re.DOTALL)
    (tmp_path / "deck.yaml").write_text(DECK, encoding="utf-8")
    (tmp_path / "detach.yaml").write_text(EXERCISE, encoding="utf-8")
    library = load_library([tmp_path])
    typed = re.findall(r"^grad> (.*)$", shown, re.MULTILINE)
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.exercise.registry.known_library", lambda _home: library)
        with open_desk(tmp_path / "home", "en", Filters(), Settings()) as desk:
            review = PlainReview(
                desk, Console(io.StringIO("".join(f"{one}\n" for one in typed)), out)
            )
            with pytest.raises(EOFError):
                review.run()
    # A quick answer waits for torch, and says so.  In a terminal what is typed stands behind the prompt.
    said = re.sub(
        r"^grad>$",
        lambda _: f"grad> {typed.pop(0)}" if typed else "grad>",
        out.getvalue().replace("starting torch…\n", ""),
        flags=re.MULTILINE,
    )
    assert shown in said, said


def test_every_command_of_a_plain_session_is_told_of():
    there = set(re.findall(r":[a-z-]+(?=[,:])", "\n".join(help_lines())))
    told = {code for code in code_of("docs/learning.md") if code.startswith(":")}
    assert told == there
