"""Which programs want a child that has torch's slow parts imported already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runner_helpers import program

from tutor.runner.job import Job
from tutor.runner.slow import uses_slow_parts

if TYPE_CHECKING:
    from tutor.runner.client import Runner


@pytest.mark.parametrize(
    "source",
    [
        "y.backward(v)",
        "y.backward(gradient=torch.ones(2))",
        "y.backward(\n    torch.ones(2)\n)",
        "y.backward()\nz.backward(v, retain_graph=True)",
        "torch.autograd.grad(f(x, A), x, v)[0]",
        "grad(y, (x, z), grad_outputs=v)",
        "torch.autograd.functional.hessian(f, x)",
        "torch.func.grad(f)(x)",
        "opt = torch.optim.SGD([w])",
    ],
)
def test_slow(source: str) -> None:
    assert uses_slow_parts(source)


@pytest.mark.parametrize(
    "source",
    [
        "y.backward()",
        "y.backward(retain_graph=True)",
        "y.backward( )",
        "torch.autograd.grad(f(x, A), x)[0]",
        "torch.autograd.grad(y, (x, z), create_graph=True)",
        "x.requires_grad_(True)",
        "x = torch.tensor([1.], requires_grad=True)\nprint(x.grad)",
        "y.backward(",
        "",
    ],
)
def test_not_slow(source: str) -> None:
    assert not uses_slow_parts(source)


@pytest.mark.asyncio(loop_scope="session")
async def test_a_given_gradient_costs_no_import(runner: Runner) -> None:
    source = "x = torch.ones(2, requires_grad=True)\n(2 * x).backward(torch.ones(2))\nimport sys\n"
    loaded = "'torch.fx.experimental.symbolic_shapes' in sys.modules"
    before = "import sys\nearly = " + loaded + "\n"
    run = program(before + source, "early", "x.grad")
    result = (await runner.run(Job((run,)))).program(0)
    assert result.values["early"].true  # type: ignore[union-attr]
