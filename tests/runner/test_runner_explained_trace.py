"""The trace: each statement, and what it did to the program's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tutor.runner.explained import MAX_STEPS
from tutor.runner.job import ExplainRun, Job, Section
from tutor.values import Nothing, Number, Opaque, Tensor

if TYPE_CHECKING:
    from tutor.runner.client import Runner
    from tutor.runner.explained import Change, Explained, NameState, Step

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def explain(runner: Runner, source: str, *asked: str) -> Explained:
    run = ExplainRun((Section("program", source),), 1, asked)
    return (await runner.run(Job((run,)))).explained(0)


def told(step: Step) -> str:
    """A step in one line: ``3 y new, x grad``."""
    changes = ", ".join(f"{change.name} {'+'.join(change.kinds)}" for change in step.changes)
    return f"{step.line} {changes}".rstrip()


def change(step: Step) -> Change:
    (only,) = step.changes
    return only


def entries(state: NameState | None) -> tuple[object, ...]:
    assert state is not None
    assert isinstance(state.value, Tensor)
    return state.value.entries


async def test_each_statement_is_a_step_with_what_it_changed(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.tensor([1., 2.], requires_grad=True)\n"
        "y = x * x\n"
        "y.sum().backward()\n"
        "(3 * x).sum().backward()\n"
        "with torch.no_grad():\n"
        "    x.sub_(1)\n"
        "x.requires_grad_(False)\n"
        "x = x + 1\n"
        "del y\n",
    )
    steps = found.trace.steps
    assert [told(step) for step in steps] == [
        "1 x new", "2 y new", "3 x grad", "4 x grad", "5", "6 x in-place", "7 x flags",
        "8 x rebound", "9 y gone",
    ]  # fmt: skip
    assert [change(step).accumulated for step in steps[2:4]] == [False, True]
    before, after = change(steps[3]).before, change(steps[3]).after
    assert before.tensor.grad == Tensor("float32", (2,), (2.0, 4.0), "tensor([2., 4.])")
    assert after.tensor.grad.entries == (5.0, 7.0)
    assert (change(steps[5]).before.tensor.version, change(steps[5]).after.tensor.version) == (0, 1)
    y = change(steps[1]).after.tensor
    assert (y.shape, y.dtype, y.requires_grad, y.is_leaf) == ((2,), "float32", True, False)
    assert (y.grad_fn, y.grad) == ("MulBackward0", None)
    assert found.trace.last().keys() == {"x"}
    assert not found.trace.truncated


async def test_a_value_changed_behind_autograd_keeps_its_version(runner: Runner) -> None:
    found = await explain(runner, "x = torch.ones(2, requires_grad=True)\nx.data.mul_(3)\n")
    step = change(found.trace.steps[1])
    assert step.kinds == ("in-place",)
    assert (step.before.tensor.version, step.after.tensor.version) == (0, 0)
    assert entries(step.after) == (3.0, 3.0)


async def test_views_and_detached_copies_share(runner: Runner) -> None:
    found = await explain(
        runner,
        "x = torch.zeros(3)\nsame = x\nview = x[1:]\ncopy = x.clone()\ncut = copy.detach()\n"
        "view.add_(1)\n",
    )
    names = found.trace.last()
    kin = {name: (state.tensor.shares, state.tensor.same_as) for name, state in names.items()}
    assert kin == {
        "x": ("same", "same"), "same": ("x", "x"), "view": ("x", None), "copy": (None, None),
        "cut": ("copy", None),
    }  # fmt: skip
    assert told(found.trace.steps[-1]) == "6 x in-place, same in-place, view in-place"


async def test_loops_branches_and_statements_of_many_lines(runner: Runner) -> None:
    found = await explain(
        runner,
        "total = 0\n"
        "for k in [1, 2]:\n"
        "    if k == 2:\n"
        "        total += 10\n"
        "    else:\n"
        "        total += 1\n"
        "pair = torch.stack([\n"
        "    torch.ones(2),\n"
        "    torch.zeros(2),\n"
        "])\n"
        "while total > 10:\n"
        "    total -= 1\n"
        "print('done', total)\n",
    )
    assert [told(step) for step in found.trace.steps] == [
        "1 total new", "2 k new", "3", "6 total rebound", "2 k rebound", "3", "4 total rebound",
        "7 pair new", "11", "12 total rebound", "11", "13",
    ]  # fmt: skip
    assert found.trace.steps[7].end_line == 10
    assert found.trace.steps[-1].printed == found.run.output == "done 10\n"


async def test_bodies_of_functions_come_before_the_statement_that_called(runner: Runner) -> None:
    found = await explain(
        runner,
        "seen = []\n"
        "def f(v):\n"
        "    s = v * 2\n"
        "    seen.append(1)\n"
        "    return s\n"
        "y = f(torch.ones(1))\n",
        "f(y)",
    )
    steps = [(step.section, step.depth, step.function, told(step)) for step in found.trace.steps]
    assert steps == [
        ("program", 0, "", "1 seen new"),
        ("program", 0, "", "2"),
        ("program", 1, "f", "3 v new, s new"),
        ("program", 1, "f", "4 seen in-place"),
        ("program", 1, "f", "5"),
        ("program", 0, "", "6 y new"),
        ("program", 1, "f", "3 v new, s new"),
        ("program", 1, "f", "4 seen in-place"),
        ("program", 1, "f", "5"),
        ("expression", 0, "", "1"),
    ]
    assert [c.after.function for c in found.trace.steps[2].changes] == ["f", "f"]
    assert found.run.values["f(y)"].entries == (4.0,)
    assert found.asked == ("f(y)",)


async def test_the_step_that_raised_is_the_last(runner: Runner) -> None:
    found = await explain(
        runner,
        "def f(v):\n    return v @ torch.ones(3)\ntry:\n    f(torch.ones(2))\n"
        "except RuntimeError:\n    x = 1\nf(torch.ones(4))\nx = 2\n",
    )
    raised = [(step.line, step.raised) for step in found.trace.steps]
    assert raised == [(1, False), (3, False), (2, True), (4, True), (5, False), (6, False),
                      (2, True), (7, True)]  # fmt: skip
    assert found.trace.raised.line == 2
    assert found.trace.last()["x"].value == Number(1)


async def test_large_and_strange_values_are_described_and_nothing_of_theirs_is_called(
    runner: Runner,
) -> None:
    found = await explain(
        runner,
        "class Loud:\n"
        "    def __repr__(self):\n        print('called'); return 'loud'\n"
        "    __eq__ = __bool__ = __len__ = __hash__ = __repr__\n"
        "loud = Loud()\nlarge = torch.randn(20, 20)\nnumbers = list(range(1000))\n"
        "model = torch.nn.Linear(1, 2)\nnone = None\nwrong = float('nan')\ns = torch.eye(2).to_sparse()\n",
    )
    names = found.trace.last()
    assert isinstance(names["loud"].value, Opaque)
    assert names["large"].value == Opaque("Tensor", "shape (20, 20), 400 entries")
    assert names["large"].tensor.shape == (20, 20)
    assert names["numbers"].value == Opaque("list", "1000 items")
    assert names["model.weight"].tensor.shape == (2, 1)
    assert names["none"].value == Nothing()
    assert found.run.output == ""
    assert [told(step) for step in found.trace.steps[1:]] == [
        "5 loud new", "6 large new", "7 numbers new",
        "8 model new, model.weight new, model.bias new", "9 none new", "10 wrong new", "11 s new",
    ]  # fmt: skip


async def test_a_long_run_is_cut_and_its_end_still_told(runner: Runner) -> None:
    found = await explain(runner, "n = 0\nwhile n < 5000:\n    n += 1\nlast = n\n")
    assert found.trace.truncated
    assert len(found.trace.steps) == MAX_STEPS + 1
    assert found.trace.last()["last"].value == Number(5000)
    assert found.run.raised is None


async def test_a_program_that_traces_itself_ends_the_trace_only(runner: Runner) -> None:
    found = await explain(runner, "import sys\nx = 1\nsys.settrace(None)\ny = 2\nz = 3\n", "y + z")
    assert found.run.values == {"y + z": Number(5)}
    assert found.trace.truncated
    assert found.trace.last()["z"].value == Number(3)
