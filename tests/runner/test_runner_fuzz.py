"""Random programs: whatever they are, the job ends, with a result or in words, and the next one works."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import pytest
from attacks import FAMILIES
from runner_helpers import program

from tutor.runner.job import Job, Limits, RunnerFailure
from tutor.values import Number

if TYPE_CHECKING:
    from tutor.runner.client import Runner

PROGRAMS = 120
LINES = [
    "x = torch.tensor([1., 2.], requires_grad=True)",
    "y = x * x",
    "y.sum().backward()",
    "x.grad.zero_()",
    "x.data.add_(1)",
    "with torch.no_grad(): x.sub_(0.1)",
    "y.backward(torch.ones(3))",
    "x = y.detach()",
    "del x",
    "def f(v): return v @ v",
    "y = f(x)",
    "x.retain_grad()",
    "import sys; sys.setrecursionlimit(50)",
    "torch.set_default_dtype(torch.float16)",
    "x = x.to_sparse()",
    "y = torch.empty(3, device='meta')",
    "raise ValueError(x)",
    "for i in range(10): print(x, y)",
    "class x: pass",
    "x = [x, y, x]",
    "import gc; gc.collect(); gc.disable()",
    "import threading; threading.Thread(target=print, args=('x',)).start()",
    "x = lambda: (yield)",
    "while x is y: pass",
    "torch.autograd.grad(y, x)",
    "x = 10 ** 400",
]


def random_program(source: random.Random) -> str:
    """Lines of torch, pieces of attacks, pieces of text: broken up and put together."""
    everything = [attack.source for attacks in FAMILIES.values() for attack in attacks]
    parts = [source.choice(LINES) for _ in range(source.randint(0, 8))]
    if source.random() < 0.3:
        parts.insert(source.randint(0, len(parts)), source.choice(everything)[:200])
    text = "\n".join(parts)
    if source.random() < 0.2:
        at = source.randint(0, len(text))
        text = text[:at] + chr(source.randint(0, 0xFFFF)) + text[at + source.randint(0, 3) :]
    return text


@pytest.mark.asyncio(loop_scope="session")
async def test_random_programs_end_and_the_next_one_works(runner: Runner) -> None:
    source = random.Random(20260101)
    await runner.wait_ready()
    supervisor = runner.supervisor_pid
    limits = Limits(wall=0.4, cpu=1, memory=200 * 1024 * 1024)
    jobs = [
        Job((program(random_program(source), "x", "y", seed=i), program("z = 5", "z")), limits)
        for i in range(PROGRAMS)
    ]
    outcomes = await asyncio.gather(*(runner.run(job) for job in jobs), return_exceptions=True)
    for job, outcome in zip(jobs, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, RunnerFailure), job
            assert outcome.message
        else:
            assert outcome.program(1).values == {"z": Number(5)}, job
    assert sum(isinstance(outcome, RunnerFailure) for outcome in outcomes) < PROGRAMS / 2
    assert runner.supervisor_pid == supervisor
    following = await runner.run(Job((program("x = 6 * 7", "x"),)))
    assert following.program(0).values == {"x": Number(42)}
