"""The way in: an asyncio client that runs each job in a fresh, confined child.

The app's process never runs a program and never imports torch; it keeps a few idle children ready, so
that a job does not wait for one to be made.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Self

from tutor.runner.failures import RunnerFailure, WorkerLost
from tutor.runner.job import FormulaRun, Job, JobResult, Result, Run
from tutor.runner.limits import DEFAULT, Limits
from tutor.runner.pool import Pool, RunnerState
from tutor.runner.slow import uses_slow_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tutor.runner.protections import Protection

__all__ = ["Runner", "RunnerState", "probe_protections"]


class Runner:
    """Runs jobs, each in a child of its own; belongs to one event loop.

    ``async with Runner() as runner`` starts and closes it.  ``spares`` is how many idle children are
    kept; ``limits`` hold for jobs that bring none.
    """

    def __init__(self, *, spares: int = 2, limits: Limits = DEFAULT) -> None:
        self._pool = Pool(spares)
        self._limits = limits
        # More at once than there are processors only makes each of them slower.
        self._places = asyncio.Semaphore(max(2, os.cpu_count() or 2))

    @property
    def state(self) -> RunnerState:
        return self._pool.state

    @property
    def on_state(self) -> Callable[[RunnerState], None] | None:
        """Called with every new state, in the event loop's thread."""
        return self._pool.on_state

    @on_state.setter
    def on_state(self, call: Callable[[RunnerState], None] | None) -> None:
        self._pool.on_state = call

    @property
    def torch_version(self) -> str:
        """Empty until the first time ready."""
        return self._pool.torch_version

    @property
    def protections(self) -> tuple[Protection, ...]:
        """What keeps programs in on this machine, as probed; empty until the first time ready."""
        return self._pool.protections

    @property
    def supervisor_pid(self) -> int:
        """The process that has torch loaded; 0 when there is none."""
        return self._pool.supervisor_pid

    @property
    def idle_pids(self) -> list[int]:
        """The children that wait for a job."""
        return self._pool.idle_pids

    async def start(self) -> None:
        """Start the supervisor and return at once, torch still loading."""
        await self._pool.start()

    async def wait_ready(self) -> None:
        """Until torch has loaded.

        Raises:
            WorkerUnavailable: it cannot be started.
        """
        await self._pool.wait_ready()

    async def run(self, job: Job) -> JobResult:
        """Run a job in one fresh child (more than one if a run leaves its process unfit for the next).

        A job whose worker is lost under it is taken up once more, as soon as there is another.
        Cancelling this kills the child.

        Raises:
            RunnerFailure: a run has no result; its ``message`` says why, and it holds the results of
                the runs before that one.
        """
        limits = job.limits or self._limits
        results: list[Result] = []
        extended = any(uses_slow_parts(source) for run in job.runs for source in _sources(run))
        losses = 0
        try:
            async with self._places:
                while len(results) < len(job.runs):
                    try:
                        await self._serve_some(job.runs, limits, results, extended=extended)
                    except WorkerLost:
                        losses += 1
                        if losses > 1:
                            raise
        except RunnerFailure as failure:
            failure.before = tuple(results)
            raise
        self._pool.served()
        return JobResult(tuple(results), self._pool.torch_version)

    async def _serve_some(
        self,
        runs: tuple[Run, ...],
        limits: Limits,
        results: list[Result],
        *,
        extended: bool,
    ) -> None:
        """Have one child serve the runs that have no result yet, or some of them."""
        before = len(results)
        child = await self._pool.take(extended=extended)
        try:
            await child.serve(runs[before:], limits, results.append)
        except RunnerFailure as failure:
            if failure.run is not None:
                failure.run += before
            raise
        finally:
            self._pool.release(child)

    async def close(self) -> None:
        """End every process of the runner's; what is running is stopped."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def probe_protections() -> tuple[Protection, ...]:
    """What keeps programs in on this machine, as a fresh worker finds it.

    Raises:
        WorkerUnavailable: the worker cannot be started.
    """
    async with Runner(spares=1) as runner:
        await runner.wait_ready()
        return runner.protections


def _sources(run: Run) -> tuple[str, ...]:
    if isinstance(run, FormulaRun):
        return (run.program, run.truth or "")
    return (*(section.source for section in run.sections), *run.evaluate)
