"""Whether the seed may have had a part in a run: if not, another seed gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runner_helpers import program

from tutor.runner.job import FormulaRun, Job
from tutor.values import Tensor

if TYPE_CHECKING:
    from runner_helpers import RunFormula, RunOne

    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "source",
    [
        "x = torch.rand(2)",
        "x = torch.empty(3).normal_()",
        "x = torch.nn.Linear(2, 1)",
        "x = torch.nn.functional.dropout(torch.ones(4), 0.5)",
        "torch.randn(1)\nx = 1",
        "torch.rand(1)\nraise ValueError",
        "x = torch.initial_seed()",
        "import random\nx = random.random()",
        "from random import random as draw\nx = draw()",
        "import numpy as np\nx = np.random.rand()",
        "x = torch.get_rng_state().sum()",
        "def f():\n    import random\n    return random.random()\nx = f()",
        "x = getattr(torch, 'initial_' + 'se' 'ed')()",
        "x = eval('torch.initial_se' + 'ed()')",
    ],
)
async def test_what_the_seed_has_a_part_in(run_one: RunOne, source: str) -> None:
    assert (await run_one(source, "x")).seeded


async def test_an_expression_may_draw_too(run_one: RunOne) -> None:
    assert (await run_one("x = 1", "torch.rand(2)")).seeded


@pytest.mark.parametrize(
    "source",
    [
        "x = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()",
        "x = torch.nn.functional.dropout(torch.ones(4), 0.5, training=False)",
        "x = 1\nraise ValueError",
        "def f(v):\n    return v.detach()\nx = f(torch.arange(3.))",
    ],
)
async def test_what_it_has_none_in(run_one: RunOne, source: str) -> None:
    assert not (await run_one(source, "x")).seeded


async def test_each_run_of_a_job_speaks_for_itself(runner: Runner) -> None:
    sources = ("x = 1", "x = torch.rand(1)", "x = 2", "import random\nx = 3", "x = 4")
    result = await runner.run(Job(tuple(program(source, "x") for source in sources)))
    assert [run.seeded for run in result.runs] == [False, True, False, True, False]  # type: ignore[union-attr]


async def test_points_that_are_drawn_are_seeded_and_given_ones_are_not(
    run_formula: RunFormula, runner: Runner
) -> None:
    drawn = await run_formula(variables={"x": {"shape": [2]}}, truth="x.sum()")
    assert drawn.seeded
    points = ({"x": Tensor("float64", (2,), (1.0, 2.0))},)
    given = await run_formula(variables={"x": {"shape": [2]}}, truth="x.sum()", points=points)
    assert not given.seeded
    noisy = FormulaRun("", 1, {"x": {"shape": [2]}}, points, "x.sum() + torch.rand(1)")
    assert (await runner.run(Job((noisy,)))).formula(0).seeded
