"""The same program gives the same, whatever ran before it in its job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runner_helpers import program

from tutor.runner.job import Job, ProgramRun

if TYPE_CHECKING:
    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

RANDOM = "import random\nx = torch.randn(3)\ny = torch.empty(2)\nr = random.random()\n"


async def test_the_same_seed_gives_the_same_in_any_company(runner: Runner) -> None:
    def run(seed: int) -> ProgramRun:
        return program(RANDOM, "x", "r", "y", "{'a', 'b', 'c'}", seed=seed)

    alone = (await runner.run(Job((run(7),)))).program(0)
    third = (await runner.run(Job((run(1), run(2), run(7))))).program(2)
    other = (await runner.run(Job((run(8),)))).program(0)
    assert str(alone.values) == str(third.values)  # nan entries: compared as text
    assert alone.values["x"] != other.values["x"]


@pytest.mark.parametrize(
    "left_behind",
    [
        "torch.set_default_dtype(torch.float64)",
        "torch.set_grad_enabled(False)",
        "torch.set_num_threads(4)",
        "torch.autograd.set_detect_anomaly(True)",
        "torch.set_printoptions(precision=1)",
        "import warnings; warnings.simplefilter('error')",
        "import sys; sys.setrecursionlimit(60)",
        "torch.manual_seed(99)",
        "torch.sum = lambda *a: 5",
        "torch.Tensor.sum = lambda *a, **k: 5",
        "torch.Tensor.__mul__ = lambda a, b: a",
        "import builtins; builtins.len = lambda x: 0",
        "torch.nn.functional.relu = None",
        "torch.set_default_device('meta')",
        "torch.inference_mode().__enter__()",
        "torch.no_grad().__enter__()",
        "torch.autocast('cpu').__enter__()",
        "torch.autograd.graph.saved_tensors_hooks(lambda x: 0, lambda x: 1 / 0).__enter__()",
        "torch.set_flush_denormal(True)",
        "torch.set_float32_matmul_precision('medium')",
        "import sys; sys.stdout = None; sys.modules['torch'] = None",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        "import random; random.random = lambda: 0.5",
        "setattr(torch, 'relu', None)",
        (
            "import torch.overrides as o\nclass M(o.TorchFunctionMode):\n"
            "    def __torch_function__(self, f, t, a=(), k=None): return 5\nM().__enter__()"
        ),
        "x = 'leftover'",
    ],
)
async def test_nothing_is_left_over_for_the_next_run(runner: Runner, left_behind: str) -> None:
    probe = program(
        "import random, sys\n"
        "a = torch.tensor([1.23456, 2.], requires_grad=True)\n"
        "b = torch.relu(a * 2).sum()\n"
        "b.backward()\n"
        "import torch.nn.functional as F\n"
        "f = F.relu(a)\n",
        "a.grad",
        "a + 0",
        "b",
        "f",
        "torch.randn(2)",
        "random.random()",
        "len('abc')",
        "torch.get_num_threads()",
        "torch.is_anomaly_enabled()",
        "sys.getrecursionlimit()",
        "'x' in globals()",
        "torch.tensor([1e-310], dtype=torch.float64) * 1",
        "torch.get_float32_matmul_precision()",
        "torch.are_deterministic_algorithms_enabled()",
    )
    expected = (await runner.run(Job((probe,)))).program(0)
    assert expected.raised is None
    assert expected.failures == {}
    found = (await runner.run(Job((program(left_behind), probe)))).program(1)
    assert (found.raised, found.failures) == (None, {})
    assert found.values == expected.values
