"""What is wrong in an exercise's or a deck's file, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``line`` and ``column`` count from 1, ``field`` is a dotted path.

    ``message`` says what is wrong and what would be right.
    """

    path: Path
    line: int
    column: int
    field: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.field}: {self.message}"


_UNKNOWN: Final = "` is unknown here"


def told_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems with an unknown name told where it is used first, with the other lines beside."""
    same: dict[str, list[Problem]] = {}
    for problem in problems:
        if _UNKNOWN in problem.message:
            same.setdefault(problem.message, []).append(problem)
    told: list[Problem] = []
    for problem in problems:
        first, *others = same.get(problem.message, [problem])
        if problem is not first:
            continue
        if lines := sorted({other.line for other in others} - {first.line}):
            some = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
            beside = f" (and on {'line' if len(lines) == 1 else 'lines'} {some})"
            problem = replace(problem, message=problem.message.replace(_UNKNOWN, _UNKNOWN + beside))
        told.append(problem)
    return tuple(told)


class ExerciseErrors(Exception):
    """A file cannot be used; ``problems`` holds at least one error, in the order of the file.

    The message has the errors alone: a warning keeps nobody from using the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [str(problem) for problem in self.problems if problem.severity == "error"]
        super().__init__("\n".join(errors))


class UnknownExercise(Exception):
    """No exercise has this id or path; the message names those that come close."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        self.message = message
        self.suggestions = tuple(suggestions)
        super().__init__(message)
