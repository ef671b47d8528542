"""Jobs that travel together, and that none of them is the worse for another."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from runner_helpers import SHORT, program

from tutor.runner.job import (
    ChildDied,
    FormulaRun,
    Job,
    JobResult,
    Limits,
    Stopped,
    WorkerUnavailable,
)
from tutor.runner.packing import RUNS_A_PACK, PackingRunner
from tutor.values import Number

if TYPE_CHECKING:
    from tutor.runner.client import Runner
    from tutor.runner.job import Run

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Counting:
    """A real runner that remembers what it was asked for."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.jobs: list[Job] = []

    @property
    def torch_version(self) -> str:
        return self._runner.torch_version

    async def run(self, job: Job) -> JobResult:
        self.jobs.append(job)
        return await self._runner.run(job)


@pytest.fixture
def counting(runner: Runner) -> Counting:
    return Counting(runner)


async def together(counting: Counting, *jobs: Job) -> list[JobResult | BaseException]:
    packing = PackingRunner(counting)  # type: ignore[arg-type]
    return await asyncio.gather(*map(packing.run, jobs), return_exceptions=True)


def one(source: str, limits: Limits | None = None) -> Job:
    return Job((program(source, "x"),), limits)


def values(found: JobResult | BaseException) -> list[object]:
    assert isinstance(found, JobResult), found
    return [run.values.get("x") for run in found.runs]  # type: ignore[union-attr]


async def test_jobs_asked_for_together_share_a_child(counting: Counting) -> None:
    jobs = [Job(tuple(program(f"x = {10 * i + k}", "x") for k in range(i))) for i in range(1, 9)]
    found = await together(counting, *jobs)
    assert [values(one) for one in found] == [
        [Number(10 * i + k) for k in range(i)] for i in range(1, 9)
    ]
    assert len(counting.jobs) == 1


async def test_a_pack_is_bounded_and_a_large_job_travels_alone(counting: Counting) -> None:
    large = Job(tuple(program("x = 1", "x") for _ in range(RUNS_A_PACK + 1)))
    half = Job(tuple(program("x = 2", "x") for _ in range(RUNS_A_PACK // 2 + 1)))
    found = await together(counting, half, large, half, one("x = 3"))
    assert [len(values(one)) for one in found] == [len(j.runs) for j in (half, large, half)] + [1]
    assert sorted(len(job.runs) for job in counting.jobs) == [
        len(half.runs), len(half.runs) + 1, len(large.runs),
    ]  # fmt: skip


async def test_a_crash_costs_only_the_job_that_crashes(counting: Counting) -> None:
    crash = Job((program("x = 0", "x"), program("import os\nos.abort()", "x")))
    found = await together(counting, one("x = 1"), crash, one("x = 2"), one("x = 3"))
    assert [values(found[i]) for i in (0, 2, 3)] == [[Number(1)], [Number(2)], [Number(3)]]
    assert isinstance(found[1], ChildDied)
    assert (found[1].run, len(found[1].before)) == (1, 1)
    assert crash in counting.jobs  # alone, in case another had made it crash
    assert sum(run.sections == program("x = 1").sections for job in counting.jobs
               for run in job.runs if run.sections) == 1  # what was served stands  # type: ignore[union-attr]  # fmt: skip


async def test_a_loop_is_stopped_once_by_its_own_time(counting: Counting) -> None:
    limits = Limits(wall=30, cpu=1)
    loop = Job((program("x = 0", "x"), program("while True: pass", "x")), limits)
    jobs = [one(f"x = {i}", limits) for i in range(60)]
    began = time.monotonic()
    found = await together(counting, *jobs[:30], loop, *jobs[30:])
    assert time.monotonic() - began < 25
    stopped = found.pop(30)
    assert isinstance(stopped, Stopped)
    assert (stopped.limit, stopped.run) == ("cpu", 1)
    assert [run.values for run in stopped.before] == [{"x": Number(0)}]  # type: ignore[union-attr]
    assert [values(one) for one in found] == [[Number(i)] for i in range(60)]
    assert [len(job.runs) for job in counting.jobs] == [62, 30]


async def test_many_at_fault_are_told_from_the_others(counting: Counting) -> None:
    sources = ["import os\nos._exit(3)" if i % 3 == 1 else f"x = {i}" for i in range(12)]
    found = await together(counting, *map(one, sources))
    for i, result in enumerate(found):
        if i % 3 == 1:
            assert isinstance(result, ChildDied)
        else:
            assert values(result) == [Number(i)]


async def test_what_another_has_taken_is_not_the_fault_of_the_next(counting: Counting) -> None:
    """An open file that the list of torch's folders holds on to outlives its program."""
    keep = (
        "torch.__path__.extend(open(torch.__file__) for _ in range({n}))\nx = len(torch.__path__)"
    )
    few = Limits(files=40)
    found = await together(counting, *(one(keep.format(n=25), few) for _ in range(2)))
    assert [values(one) for one in found] == [[Number(26)], [Number(26)]]
    # What meets a limit alone has met its own.
    (told,) = await together(counting, one(keep.format(n=60), few))
    assert isinstance(told, JobResult)
    assert told.program(0).raised is not None
    assert told.program(0).raised.limit == "files"  # type: ignore[union-attr]


async def test_jobs_under_other_limits_travel_apart(counting: Counting) -> None:
    found = await together(counting, one("x = 1"), one("x = 2", SHORT), one("x = 3"))
    assert [values(one) for one in found] == [[Number(1)], [Number(2)], [Number(3)]]
    assert [(len(job.runs), job.limits) for job in counting.jobs] == [(2, None), (1, SHORT)]


async def test_formulas_travel_too(counting: Counting) -> None:
    run: Run = FormulaRun("", 1, {"x": {"shape": [2]}}, truth="x.sum()")
    found = await together(counting, Job((run,)), one("x = 1"))
    assert isinstance(found[0], JobResult)
    assert len(found[0].formula(0).truth) == 5
    assert values(found[1]) == [Number(1)]
    assert len(counting.jobs) == 1


async def test_who_has_gone_is_not_run_for(counting: Counting) -> None:
    packing = PackingRunner(counting)  # type: ignore[arg-type]
    gone = asyncio.create_task(packing.run(one("x = 1")))
    here = asyncio.create_task(packing.run(one("x = 2")))
    await asyncio.sleep(0)
    gone.cancel()
    assert values(await here) == [Number(2)]
    assert [len(job.runs) for job in counting.jobs] == [1]


async def test_without_a_worker_everyone_is_told_so() -> None:
    class Gone:
        torch_version = ""

        async def run(self, job: Job) -> JobResult:
            raise WorkerUnavailable("gone")

    packing = PackingRunner(Gone())  # type: ignore[arg-type]
    found = await asyncio.gather(
        *(packing.run(one(f"x = {i}")) for i in range(3)), return_exceptions=True
    )
    assert [type(one) for one in found] == [WorkerUnavailable] * 3


SLOW = "import time\ntime.sleep(0.8)\nx = 0"


async def test_while_a_pack_is_on_its_way_the_next_one_fills_up(counting: Counting) -> None:
    packing = PackingRunner(counting)  # type: ignore[arg-type]
    asked = [asyncio.create_task(packing.run(one(SLOW)))]
    for i in range(1, 6):
        await asyncio.sleep(0.02)
        asked.append(asyncio.create_task(packing.run(one(f"x = {i}"))))
    found = await asyncio.gather(*asked)
    assert [values(one) for one in found] == [[Number(i)] for i in range(6)]
    assert [len(job.runs) for job in counting.jobs] == [1, 5]


async def test_a_full_pack_sets_out_beside_another(counting: Counting) -> None:
    packing = PackingRunner(counting)  # type: ignore[arg-type]
    first = asyncio.create_task(packing.run(one(SLOW)))
    await asyncio.sleep(0.05)
    others = [asyncio.create_task(packing.run(one("x = 1"))) for _ in range(RUNS_A_PACK)]
    await asyncio.sleep(0.1)
    assert [len(job.runs) for job in counting.jobs] == [1, RUNS_A_PACK]
    assert not first.done()
    assert [values(one) for one in await asyncio.gather(first, *others)] == [
        [Number(0)], *([Number(1)] for _ in range(RUNS_A_PACK)),
    ]  # fmt: skip
