"""Every exercise file is a set of tests; and fixtures for tests of one's own.

Collected from any `.yaml` file that is an exercise::

    exercises/autograd/detach.yaml::autograd.detach.one-factor::draws[seed=3]
    exercises/autograd/detach.yaml::autograd.detach.one-factor::near[detach-ignored]
    exercises/autograd/detach.yaml::autograd.detach.one-factor::tests[2]

``draws`` proves one draw; ``near`` and ``tests`` hold on every seed of ``--tutor-seeds``.  The fixtures
``tutor_question``, ``tutor_grade`` and ``tutor_expect`` draw and grade in plain pytest tests.

pytest loads this module in every environment that has the program, so it imports nothing heavy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tutor.pytest_plugin.collected import ExerciseFile
from tutor.pytest_plugin.fixtures import (
    Drawing,
    Grading,
    TutorExpect,
    TutorGrade,
    TutorQuestion,
)
from tutor.pytest_plugin.live import Live

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Live", "TutorExpect", "TutorGrade", "TutorQuestion"]

DEFAULT_SEEDS: Final = 5

_EXERCISE = re.compile(r"^format:.*^answers:|^answers:.*^format:", re.MULTILINE | re.DOTALL)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tutor", "Autograd Tutor exercises")
    group.addoption(
        "--tutor-seeds",
        type=int,
        default=DEFAULT_SEEDS,
        metavar="N",
        help=f"Test each exercise on the seeds 0 … N-1. [{DEFAULT_SEEDS}]",
    )
    parser.addini(
        "tutor_exercises",
        "Folders whose exercises the tutor_* fixtures know by id. [exercises, else the shipped ones]",
        type="paths",
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    Live.end(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ExerciseFile | None:
    if file_path.suffix not in (".yaml", ".yml") or file_path.name == "deck.yaml":
        return None
    try:
        text = file_path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    if not _EXERCISE.search(text):
        return None
    file: ExerciseFile = ExerciseFile.from_parent(parent, path=file_path)
    return file


@pytest.fixture(scope="session")
def tutor_question(pytestconfig: pytest.Config) -> TutorQuestion:
    """``tutor_question(id_or_path, seed=0, language="en")``: a drawn question."""
    from tutor.exercise.load import load_library
    from tutor.locations import exercises_dir

    folders = pytestconfig.getini("tutor_exercises")
    own = pytestconfig.rootpath / "exercises"
    return Drawing(load_library(folders or [own if own.is_dir() else exercises_dir()]))


@pytest.fixture(scope="session")
def _tutor_grading(pytestconfig: pytest.Config) -> Grading:
    return Grading(pytestconfig)


@pytest.fixture(scope="session")
def tutor_grade(_tutor_grading: Grading) -> TutorGrade:
    """``tutor_grade(question, "12, 18")`` or ``tutor_grade(question, grad="12, 18", leaf="True")``."""
    return _tutor_grading.grade


@pytest.fixture(scope="session")
def tutor_expect(_tutor_grading: Grading) -> TutorExpect:
    """``tutor_expect(question, "12, 18", "correct")``; where there are several, two maps by name."""
    return _tutor_grading.expect
