"""Short ways to write a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.runner.job import Limits, ProgramRun, Section

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tutor.runner.job import FormulaResult, RunResult

    RunOne = Callable[..., Awaitable[RunResult]]
    RunFormula = Callable[..., Awaitable[FormulaResult]]

#: Quick to be met, for programs that do not end.
SHORT = Limits(wall=3.0, cpu=1)


def program(source: str, *evaluate: str, seed: int = 1) -> ProgramRun:
    """A program of one section."""
    return ProgramRun((Section("program", source),), seed, evaluate)
