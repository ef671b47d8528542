"""The truths of many questions at once: several questions' runs in one child's job.

For `tutor check` and `tutor grade --batch`.  All of it is author's code; should one question stop the
job (a loop that does not end, a crash), its questions are run again one by one, so that only the
guilty one is broken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from tutor.grading.compare import NotGradable
from tutor.grading.truths import AuthorFault, Truths, plan_truths
from tutor.runner.job import Job, RunnerFailure, WorkerUnavailable

if TYPE_CHECKING:
    from tutor.question import Question
    from tutor.runner.client import Runner

#: Runs in one child.  A fresh child costs about as much processor time as 100 runs of five lines (30 ms);
#: at 400 that is little, and a job that is stopped has not wasted much.
RUNS_A_JOB: Final = 400

#: The truths, or what is at fault.
Found: TypeAlias = Truths | AuthorFault

_Planned: TypeAlias = tuple[int, Job, Callable[[tuple[Any, ...], str], Truths]]


async def find_all_truths(questions: Sequence[Question], runner: Runner) -> list[Found]:
    """The truths of every question, in their order; the fault where there are none.

    Raises:
        WorkerUnavailable: nothing can be run at all.
    """
    found: list[Found | None] = [None] * len(questions)
    planned: list[_Planned] = []
    for index, question in enumerate(questions):
        try:
            job, finish = plan_truths(question)
            planned.append((index, job, finish))
        except AuthorFault as fault:
            found[index] = fault
    jobs = list(_packed(planned))
    for pack, results in zip(
        jobs, await asyncio.gather(*(_run_pack(pack, runner) for pack in jobs)), strict=True
    ):
        for (index, _, _), result in zip(pack, results, strict=True):
            found[index] = result
    return [result for result in found if result is not None]


def _packed(planned: Iterable[_Planned]) -> Iterable[list[_Planned]]:
    pack: list[_Planned] = []
    runs = 0
    for item in planned:
        if pack and runs + len(item[1].runs) > RUNS_A_JOB:
            yield pack
            pack, runs = [], 0
        pack.append(item)
        runs += len(item[1].runs)
    if pack:
        yield pack


async def _run_pack(pack: list[_Planned], runner: Runner) -> list[Found]:
    job = Job(tuple(run for _, one, _ in pack for run in one.runs))
    try:
        result = await runner.run(job)
    except WorkerUnavailable:
        raise  # nobody's exercise is at fault, and trying the others would only take long
    except RunnerFailure as failure:
        if len(pack) == 1:
            return [AuthorFault(failure.message)]
        return [(await _run_pack([item], runner))[0] for item in pack]
    found: list[Found] = []
    start = 0
    for _, one, finish in pack:
        runs = result.runs[start : start + len(one.runs)]
        start += len(one.runs)
        try:
            found.append(finish(runs, result.torch_version))
        except AuthorFault as fault:
            found.append(fault)
        except NotGradable as fault:
            found.append(AuthorFault(fault.message))
    return found
