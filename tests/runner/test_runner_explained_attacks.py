"""Programs that turn on what watches them: contained like all others, and what they say is checked."""

from __future__ import annotations

import asyncio
import random
import sys
from typing import TYPE_CHECKING

import pytest
from runner_helpers import program
from test_runner_fuzz import random_program

from tutor.runner.explained import Explained
from tutor.runner.job import ChildDied, ExplainRun, Job, Limits, RunnerFailure, Section
from tutor.values import Number, Tensor

if TYPE_CHECKING:
    from tutor.runner.client import Runner

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines programs"),
]

LIMITS = Limits(wall=4.0, cpu=2, memory=300 * 1024 * 1024)
REACH = """\
import gc
def watcher(name):
    return next(x for x in gc.get_objects() if type(x).__name__ == name)
"""

#: They run to their end, with this as ``x`` if it is right.
HARMLESS = {
    "another tracer": "import sys\nsys.settrace(lambda *a: 1 / 0)\nx = 42",
    "no tracer": "import sys\nsys.settrace(None)\nsys.setprofile(None)\nx = 42",
    "frames": (
        "import sys\nframe = sys._getframe()\n"
        "while frame:\n    frame.f_trace, frame.f_trace_lines = None, False\n    frame = frame.f_back\nx = 42"
    ),
    "the engine": (
        "class E:\n    def run_backward(self, *a, **k):\n        return 'nothing'\n"
        "torch.autograd.Variable._execution_engine = E()\n"
        "torch.ones(1, requires_grad=True).backward()\nx = 42"
    ),
    "torch's functions": (
        "torch.Tensor.detach = torch.Tensor.clone = torch.Tensor.tolist = None\n"
        "torch.autograd._make_grads = lambda *a, **k: 1 / 0\n"
        "torch.is_grad_enabled = torch.overrides.handle_torch_function = None\nx = 42"
    ),
    "the stack of modes": "torch._C._pop_torch_function_stack()\nx = 42",
    "strange names": "globals()[5] = 1\nglobals()['a' * 10**6] = 2\nglobals()['\\ud800'] = 3\nx = 42",
    "a strange class": (
        "class Odd:\n"
        "    def __getattribute__(self, name):\n        raise SystemExit\n"
        "    def __eq__(self, other):\n        raise KeyboardInterrupt\n"
        "    __hash__ = __repr__ = __bool__ = __iter__ = __len__ = __eq__\n"
        "odd = Odd()\nodds = [odd, (odd,)]\nx = 42"
    ),
    "a strange tensor": (
        "class T(torch.Tensor):\n"
        "    @classmethod\n    def __torch_function__(cls, *a, **k):\n        raise SystemExit\n"
        "t = torch.ones(2).as_subclass(T)\nx = 42"
    ),
    "a hook that removes hooks": (
        "y = torch.ones(2, requires_grad=True) * 2\n"
        "def hook(g):\n"
        "    for o in __import__('gc').get_objects():\n"
        "        if type(o).__name__ == 'RemovableHandle':\n            o.remove()\n"
        "y.register_hook(hook)\ny.sum().backward()\nx = 42"
    ),
    "a function that calls itself apply": (
        "class F(torch.autograd.Function):\n"
        "    name = next_functions = _sequence_nr = None\n"
        "    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.name = ctx.k = 5\n        return x * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g\n"
        "F.apply(torch.ones(2, requires_grad=True)).sum().backward()\nx = 42"
    ),
    "many calls": (
        "w = torch.ones(1, requires_grad=True)\nfor _ in range(200):\n    (w * w).backward()\nx = 42"
    ),
    "threads": (
        "import threading\nw = torch.ones(1, requires_grad=True)\n"
        "ts = [threading.Thread(target=lambda: (w * w).backward()) for _ in range(4)]\n"
        "[t.start() for t in ts]\n[t.join() for t in ts]\nx = 42"
    ),
}

#: What they make of the result is none, and is refused.
FORGED = {
    "a step": "watcher('Tracer')._steps.append({'section': 'grader', 'line': 1})",
    "a trace": "watcher('Tracer').form = lambda: None",
    "a call": "watcher('Walk').calls.append({'how': 'cheat'})",
    "a node": "watcher('Builder')._nodes.append({'id': 'root'})",
    "an edge": "watcher('Builder')._edges.append([99, 98, 0, None, 0])",
    "all of it": "watcher('Builder').form = lambda roots: ['x' * 10**7]",
}


async def explain(runner: Runner, source: str) -> Explained | RunnerFailure:
    run = ExplainRun((Section("program", source),), 1, ("x",))
    try:
        return (await runner.run(Job((run,), LIMITS))).explained(0)
    except RunnerFailure as failure:
        return failure


async def check_the_next(runner: Runner) -> None:
    source = "x = torch.ones(2, requires_grad=True)\n(x * x).sum().backward()\n"
    found = await explain(runner, source)
    assert isinstance(found, Explained)
    assert len(found.walk.calls[0].visits) == 3
    plain = (await runner.run(Job((program(source, "x.grad"),)))).program(0)
    value = plain.values["x.grad"]
    assert isinstance(value, Tensor)
    assert value.entries == (2.0, 2.0)


@pytest.mark.parametrize("name", HARMLESS)
async def test_tampering_leaves_the_run_and_the_next_one_alone(runner: Runner, name: str) -> None:
    await runner.wait_ready()
    supervisor = runner.supervisor_pid
    found = await explain(runner, HARMLESS[name])
    assert isinstance(found, Explained), found
    assert found.run is not None
    assert found.run.raised is None
    assert found.run.values == {"x": Number(42)}
    await check_the_next(runner)
    assert runner.supervisor_pid == supervisor


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_result_is_refused(runner: Runner, name: str) -> None:
    found = await explain(runner, REACH + FORGED[name] + "\nx = 42")
    assert isinstance(found, RunnerFailure), found
    assert isinstance(found, ChildDied) or found.limit == "result"  # type: ignore[attr-defined]
    await check_the_next(runner)


async def test_random_programs_are_explained_or_stopped_in_words(runner: Runner) -> None:
    source = random.Random(20260102)
    limits = Limits(wall=0.8, cpu=1, memory=200 * 1024 * 1024)
    sections = [(Section("program", random_program(source)),) for _ in range(40)]
    jobs = [Job((ExplainRun(section, 1, ("x", "y")),), limits) for section in sections]
    outcomes = await asyncio.gather(*(runner.run(job) for job in jobs), return_exceptions=True)
    for job, outcome in zip(jobs, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            assert isinstance(outcome, RunnerFailure), job
            assert "no result" not in outcome.message, job  # ours was one
        else:
            assert outcome.explained(0).run is not None
    await check_the_next(runner)


async def test_what_watched_one_run_watches_no_other(runner: Runner) -> None:
    """A run after an explaining one goes to a fresh process."""
    source = "import sys\nfound = sys.gettrace() is None, torch._C._len_torch_function_stack()\n"
    explaining = ExplainRun((Section("program", "x = 1"),), 1)
    result = await runner.run(Job((explaining, program(source, "found"))))
    assert str(result.program(1).values["found"]) == str(
        (await runner.run(Job((program(source, "found"),)))).program(0).values["found"]
    )
