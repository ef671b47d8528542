"""Helpers of the tests of exercises: small files, written and loaded for real."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from tutor.exercise.load import LoadedExercise, load_file
from tutor.exercise.problems import ExerciseErrors, Problem
from tutor.question import Question, draw

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
format: 1
id: t.one
skill: t
title: T
"""
PROGRAM = """\
program: |
  x = torch.tensor([2.0], requires_grad=True)
  y = 3 * x
  y.backward()
"""
ASK = "ask: What is it?\n"
VALUE = """\
answers:
  a: {kind: value, value: x.grad}
"""
WHOLE = HEAD + PROGRAM + ASK + VALUE


def write(folder: Path, text: str, name: str = "t.yaml") -> Path:
    """Writes a file (folders are made) and gives its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, text: str, name: str = "t.yaml") -> LoadedExercise:
    """Loads a text as a file that has no errors."""
    return load_file(write(folder, text, name))


def errors(folder: Path, text: str, name: str = "t.yaml") -> tuple[Problem, ...]:
    """The errors of a text, none if it is right."""
    try:
        load(folder, text, name)
    except ExerciseErrors as error:
        return tuple(p for p in error.problems if p.severity == "error")
    return ()


def question(folder: Path, text: str, seed: int = 0, language: str = "en") -> Question:
    """A text as a file, drawn."""
    return draw(load(folder, text), seed, language)


def answers(text: str, *, program: str = PROGRAM, more: str = "") -> str:
    """An exercise with these answers (a YAML map, indented as it likes) and further keys."""
    body = "".join(f"  {line}\n" for line in dedent(text).strip("\n").split("\n"))
    return HEAD + more + program + ASK + "answers:\n" + body


def params(text: str, *, show: str = "0", more: str = "") -> str:
    """An exercise with these parameters; ``show`` is its answer's expression."""
    body = "".join(f"  {line}\n" for line in dedent(text).strip("\n").split("\n"))
    return (
        HEAD
        + "params:\n"
        + body
        + more
        + "program: ''\n"
        + ASK
        + f'answers:\n  a: {{kind: value, value: "{show}"}}\n'
    )
