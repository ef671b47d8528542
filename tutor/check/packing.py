"""Many small jobs in few children, for proofs: all that they run is the author's own.

A fresh child costs a few milliseconds, a run of five lines a fifth of one.  Jobs that are asked for at
the same time therefore travel together.  A learner's answer never goes this way: it gets a child of its
own from the runner itself.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tutor.runner.job import Job, JobResult, RunnerFailure, WorkerUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.runner.client import Runner, RunnerState

#: Runs in one child: enough that the child itself is a small part of the cost.
RUNS_A_PACK: Final = 300
#: Seconds to wait for more to come along; short against a child, long against a pass of the event loop.
GATHER: Final = 0.002


class PackingRunner:
    """Runs jobs like a :class:`Runner`, those asked for together in one child.

    If a pack is stopped or its child dies, its jobs run again one by one, so that only the guilty one
    fails.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: list[tuple[Job, asyncio.Future[JobResult]]] = []
        self._runs = 0
        self._timer: asyncio.TimerHandle | None = None
        self._packs: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> RunnerState:
        return self._runner.state

    async def run(self, job: Job) -> JobResult:
        """As :meth:`Runner.run`.

        Raises:
            RunnerFailure: there is no result; its ``message`` says why.
        """
        if job.limits is not None or len(job.runs) >= RUNS_A_PACK:
            return await self._runner.run(job)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[JobResult] = loop.create_future()
        self._waiting.append((job, future))
        self._runs += len(job.runs)
        if self._runs >= RUNS_A_PACK:
            self._send()
        elif self._timer is None:
            self._timer = loop.call_later(GATHER, self._send)
        return await future

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        pack, self._waiting, self._runs = self._waiting, [], 0
        task = asyncio.get_running_loop().create_task(self._serve(pack))
        self._packs.add(task)
        task.add_done_callback(self._packs.discard)

    async def _serve(self, pack: Sequence[tuple[Job, asyncio.Future[JobResult]]]) -> None:
        together = Job(tuple(run for job, _ in pack for run in job.runs))
        try:
            result = await self._runner.run(together)
        except RunnerFailure as failure:
            if len(pack) == 1 or isinstance(failure, WorkerUnavailable):
                for _, future in pack:
                    _fail(future, failure)
            else:
                await asyncio.gather(*(self._serve([one]) for one in pack))
            return
        except BaseException:
            # Whatever it is (this task being cancelled, say), nobody may wait for ever.
            for _, future in pack:
                future.cancel()
            raise
        start = 0
        for job, future in pack:
            runs = result.runs[start : start + len(job.runs)]
            start += len(job.runs)
            if not future.done():
                future.set_result(JobResult(runs, result.torch_version))


def _fail(future: asyncio.Future[JobResult], failure: RunnerFailure) -> None:
    if not future.done():
        future.set_exception(failure)
