"""Many small jobs in few children: those that are asked for at the same time travel together.

For what authors wrote, many draws at once: `tutor check`, `tutor grade --batch`.  A fresh child costs as
much processor time as a hundred runs of five lines.  A learner's code never goes this way: it gets a
child of its own from the runner itself.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.runner.job import (
    FormulaResult,
    Job,
    JobResult,
    Raised,
    RunnerFailure,
    RunResult,
    Stopped,
    WorkerUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.runner.client import Runner, RunnerState
    from tutor.runner.job import Result

#: Runs in one child: enough that the child itself is a small part of the cost, and not so many that one
#: which is stopped has wasted much.
RUNS_A_PACK: Final = 300
#: Seconds to wait for more to come along; short against a child, long against a pass of the event loop.
GATHER: Final = 0.002
#: Packs that a job may have been stopped with, by others; it then travels alone.
MOST_STOPPED: Final = 2
#: Limits that runs of one process use up together, so that one may meet what another has taken.
_SHARED_LIMITS: Final = ("memory", "processes", "files")


@dataclass(slots=True, eq=False)
class _Asked:
    """A job and who waits for it; ``stopped`` counts the packs that ended before it was served."""

    job: Job
    future: asyncio.Future[JobResult]
    stopped: int = 0

    @property
    def alone(self) -> bool:
        return self.stopped >= MOST_STOPPED or len(self.job.runs) >= RUNS_A_PACK


class PackingRunner:
    """Runs jobs like a :class:`Runner`, those asked for together in one child.

    If a pack is stopped, the job at fault runs again alone, in case another made it so (a loop has used up
    nothing but its own time: that is final).  What was served before it stands, and what was to come
    travels on.  While a pack is on its way the next one fills up; as many as there are processors may be.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._waiting: deque[_Asked] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._packs: set[asyncio.Task[None]] = set()
        self._most_packs = max(2, os.cpu_count() or 2)

    @property
    def state(self) -> RunnerState:
        return self._runner.state

    async def run(self, job: Job) -> JobResult:
        """As :meth:`Runner.run`.

        Raises:
            RunnerFailure: as there.
        """
        asked = _Asked(job, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER, self._gathered)
        return await asked.future

    def _gathered(self) -> None:
        self._timer = None
        self._send()

    def _send(self) -> None:
        """Send what waits, as far as it may set out."""
        while self._may_set_out() and (pack := self._next_pack()):
            task = asyncio.get_running_loop().create_task(self._serve(pack))
            self._packs.add(task)
            task.add_done_callback(self._served)

    def _may_set_out(self) -> bool:
        """Whether another pack may: beside one that is on its way, only if it is full."""
        if not self._packs:
            return True
        runs = sum(len(asked.job.runs) for asked in self._waiting)
        return runs >= RUNS_A_PACK and len(self._packs) < self._most_packs

    def _served(self, pack: asyncio.Task[None]) -> None:
        self._packs.discard(pack)
        if not pack.cancelled():
            pack.exception()  # whoever waits has been told
        self._send()

    def _next_pack(self) -> list[_Asked]:
        """The first job that waits, and others under the same limits as long as there is room."""
        pack: list[_Asked] = []
        kept: list[_Asked] = []
        runs = 0
        while self._waiting:
            asked = self._waiting.popleft()
            if asked.future.done():
                continue  # whoever wanted it has gone
            runs += len(asked.job.runs)
            if not pack or _fits(pack[0], asked, runs):
                pack.append(asked)
                continue
            kept.append(asked)
            runs -= len(asked.job.runs)
            if runs >= RUNS_A_PACK // 2:
                break
        self._waiting.extendleft(reversed(kept))
        return pack

    async def _serve(self, pack: list[_Asked]) -> None:
        together = Job(tuple(run for asked in pack for run in asked.job.runs), pack[0].job.limits)
        try:
            result = await self._runner.run(together)
        except RunnerFailure as failure:
            if len(pack) == 1 or isinstance(failure, WorkerUnavailable):
                for asked in pack:
                    _fail(asked, failure)
            else:
                self._after(failure, pack)
        except BaseException:
            # Whatever it is (this task being cancelled, say), nobody may wait for ever.
            for asked in pack:
                asked.future.cancel()
            raise
        else:
            self._deliver(pack, result.runs, result.torch_version)

    def _after(self, failure: RunnerFailure, pack: list[_Asked]) -> None:
        """What was served before the failure is delivered; the rest goes to the head of those that wait."""
        served = self._deliver(pack, failure.before, self._runner.torch_version)
        guilty, *rest = pack[served:]
        for asked in rest:
            asked.stopped += 1
        if isinstance(failure, Stopped) and failure.limit == "cpu":
            failure.before = failure.before[sum(len(asked.job.runs) for asked in pack[:served]) :]
            failure.run = len(failure.before)
            _fail(guilty, failure)
        else:
            guilty.stopped = MOST_STOPPED
            rest.append(guilty)
        self._waiting.extendleft(reversed(rest))

    def _deliver(self, pack: list[_Asked], results: tuple[Result, ...], version: str) -> int:
        """Give each job of the pack its results; how many there were enough for."""
        end = 0
        for place, asked in enumerate(pack):
            start, end = end, end + len(asked.job.runs)
            if end > len(results):
                return place
            own = results[start:end]
            if len(pack) > 1 and _met_a_shared_limit(own):
                asked.stopped = MOST_STOPPED
                self._waiting.appendleft(asked)
            elif not asked.future.done():
                asked.future.set_result(JobResult(own, version))
        return len(pack)


def _fits(first: _Asked, asked: _Asked, runs: int) -> bool:
    if first.alone or asked.alone:
        return False
    return first.job.limits == asked.job.limits and runs <= RUNS_A_PACK


def _met_a_shared_limit(results: Iterable[Result]) -> bool:
    return any(raised.limit in _SHARED_LIMITS for raised in _all_raised(results))


def _all_raised(results: Iterable[Result]) -> Iterable[Raised]:
    for result in results:
        if isinstance(result, RunResult):
            yield from result.failures.values()
        elif isinstance(result, FormulaResult):
            columns = (result.truth, *result.trees.values())
            yield from (x for column in columns for x in column if isinstance(x, Raised))
        else:
            continue
        if result.raised is not None:
            yield result.raised


def _fail(asked: _Asked, failure: RunnerFailure) -> None:
    if not asked.future.done():
        asked.future.set_exception(failure)
