"""Every shipped exercise is explained: the run stays what it was, and its walk adds up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from explained_checks import check_call, check_same

from tutor.grading.explain import explanation_run
from tutor.question import draw
from tutor.runner.job import Job

if TYPE_CHECKING:
    from tutor.exercise.load import Library
    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEED = 0
#: Nothing in them has a graph: they are about values, shapes, or torch.func.
LEAST_WITH_CALLS = 75


async def explain(id_: str, shipped: Library, runner: Runner) -> int:
    """Look at everything of one exercise; how many of its visits could be checked."""
    run = explanation_run(draw(shipped.exercises[id_], SEED, "en"))
    found = (await runner.run(Job((run,)))).explained(0)
    await check_same(runner, run, found)
    assert not found.trace.truncated
    assert not found.walk.graph.truncated
    assert {step.section for step in found.trace.steps} <= {
        "expression",
        *(section.name for section in run.sections),
    }
    assert bool(found.walk.calls) != bool({"no-backward", "no-graph"} & set(found.walk.notes))
    checked = sum(check_call(found.walk.graph, call) for call in found.walk.calls)
    assert checked or not found.walk.calls or found.walk.calls[-1].raised
    return checked


async def test_every_shipped_exercise(shipped: Library, runner: Runner) -> None:
    outcomes = await asyncio.gather(
        *(explain(id_, shipped, runner) for id_ in shipped.exercises), return_exceptions=True
    )
    failed = {
        id_: outcome
        for id_, outcome in zip(shipped.exercises, outcomes, strict=True)
        if isinstance(outcome, BaseException)
    }
    assert not failed
    assert sum(bool(outcome) for outcome in outcomes) >= LEAST_WITH_CALLS
