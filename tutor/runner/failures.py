"""Why a job has no result.  None of these is ever the learner's lapse; each speaks in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.runner.job import Result


class RunnerFailure(Exception):
    """A job without a result; ``message`` is one sentence for the user.

    ``run`` is the index of the run at fault within the job, where that is known; ``before`` are the
    results of the job's runs that ended before it.
    """

    def __init__(self, message: str, *, run: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.run = run
        self.before: tuple[Result, ...] = ()


class Stopped(RunnerFailure):
    """A limit was met: ``limit`` is ``wall``, ``cpu``, ``memory`` or ``result``."""

    def __init__(self, limit: str, message: str, *, run: int | None = None) -> None:
        super().__init__(message, run=run)
        self.limit = limit


class ChildDied(RunnerFailure):
    """The program's process ended before its result was there, or sent something else instead."""


class WorkerLost(ChildDied):
    """The process that made the program's ended, and with it the program, which has no part in that."""


class WorkerUnavailable(RunnerFailure):
    """Torch's process cannot be started, or the runner is closed."""
