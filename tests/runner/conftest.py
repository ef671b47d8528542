"""The session's live runner, for one program or one formula at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from runner_helpers import program

from tutor.runner.job import FormulaRun, Job, Limits

if TYPE_CHECKING:
    from runner_helpers import RunFormula, RunOne

    from tutor.runner.client import Runner
    from tutor.runner.job import FormulaResult, RunResult


@pytest.fixture
def run_one(runner: Runner) -> RunOne:
    """``await run_one(source, *expressions)``: the result of that program in a fresh child."""

    async def run(source: str, *evaluate: str, limits: Limits | None = None) -> RunResult:
        result = await runner.run(Job((program(source, *evaluate),), limits))
        return result.program(0)

    return run


@pytest.fixture
def run_formula(runner: Runner) -> RunFormula:
    """``await run_formula(**fields of FormulaRun)``."""

    async def run(limits: Limits | None = None, **fields: Any) -> FormulaResult:
        fields = {"program": "", "seed": 1, **fields}
        result = await runner.run(Job((FormulaRun(**fields),), limits))
        return result.formula(0)

    return run
