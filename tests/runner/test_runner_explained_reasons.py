"""Programs that raise: the walk up to the error, and the facts behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tutor.runner.explained import Reason
from tutor.runner.job import ExplainRun, Job, Section

if TYPE_CHECKING:
    from tutor.runner.client import Runner
    from tutor.runner.explained import Explained

pytestmark = pytest.mark.asyncio(loop_scope="session")

X = "x = torch.tensor([1., 2.], requires_grad=True)\n"


WRONG_SHAPE = """\
class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x
    @staticmethod
    def backward(ctx, g):
        return torch.ones(3)
F.apply(x).sum().backward()
"""


async def explain(runner: Runner, source: str) -> Explained:
    run = ExplainRun((Section("program", source),), 1)
    return (await runner.run(Job((run,)))).explained(0)


async def test_freed_buffers_name_the_node_that_found_them_gone(runner: Runner) -> None:
    found = await explain(runner, X + "y = (x * x).sum()\ny.backward()\ny.backward()\n")
    first, second = found.walk.calls
    assert (first.raised, len(first.visits)) == (None, 3)
    assert second.raised == found.trace.raised
    (failed,) = [n for n in found.walk.graph.nodes if n.id == second.failed_node]
    assert failed.function == "MulBackward0"
    assert [visit.node for visit in second.visits] == [visit.node for visit in first.visits[:2]]
    assert second.visits[-1].outgoing == ()
    assert second.reason == found.trace.reason
    assert (second.reason.kind, second.reason.function) == ("freed", "MulBackward0")
    assert second.accumulations == ()
    # What the node had saved before it was freed is still told.
    assert {saved.tensor_name for saved in failed.saved} == {"x"}


@pytest.mark.parametrize(
    ("lines", "kind", "facts"),
    [
        (
            "h = x * x\nz = h**3\nh.zero_()\nz.sum().backward()",
            "modified",
            {"function": "PowBackward0", "names": ("h",), "shapes": ((2,),),
             "version_saved": 0, "version_now": 1},
        ),
        (
            "h = x.exp()\nh.add_(1).mul_(2)\nh.sum().backward()",
            "modified",
            {"function": "ExpBackward0", "names": ("h",), "version_saved": 0, "version_now": 2},
        ),
        (
            "y = x * x\nwith torch.no_grad():\n    x.add_(1)\ny.sum().backward()",
            "modified",
            {"function": "MulBackward0", "names": ("x",), "version_now": 1},
        ),
        ("y = x * x\ny.backward()", "not-scalar", {"names": ("y",), "shapes": ((2,),)}),
        ("x.add_(1)", "leaf-in-place", {"function": "add_", "names": ("x",)}),
        ("v = x[:1]\nv.mul_(2)", "leaf-in-place", {"function": "mul_", "names": ("v", "x")}),
        ("y = x.detach().sum()\ny.backward()", "no-history", {"names": ("y",)}),
        (
            "z = torch.tensor(1., requires_grad=True)\ntorch.autograd.grad(x.sum(), [x, z])",
            "unused",
            {"names": ("z",)},
        ),
        ("c = torch.ones(2)\ntorch.autograd.grad(x.sum(), c)", "no-requires-grad", {"names": ("c",)}),
        (
            "y = x * x\nv = torch.ones(3)\ny.backward(v)",
            "seed-shape",
            {"names": ("v", "y"), "shapes": ((3,), (2,))},
        ),
        (
            WRONG_SHAPE,
            "invalid-gradient",
            {"function": "FBackward", "shapes": ((3,), (2,))},
        ),
        (
            "with torch.inference_mode():\n    a = 2 * x\ny = a * x",
            "inference",
            {"function": "mul", "names": ("a", "x")},
        ),
        ("n = torch.arange(3)\nn.requires_grad_()", "integer", {"names": ("n",), "dtypes": ("int64",)}),
        ("x.numpy()", "requires-grad", {"function": "numpy", "names": ("x",)}),
        ("y = 2 * x\ny.requires_grad_(False)", "requires-grad", {"names": ("y",)}),
        (
            "w = torch.ones(3)\ny = x + w",
            "shapes",
            {"function": "add", "names": ("x", "w"), "shapes": ((2,), (3,))},
        ),
        ("A = torch.ones(2, 3)\nA @ A", "shapes", {"names": ("A", "A")}),
        ("x.grad = torch.ones(3)", "shapes", {"function": "grad", "names": ("x", "")}),
        (
            "t = torch.tensor([1, 0])\ntorch.nn.functional.binary_cross_entropy_with_logits(x, t)",
            "dtypes",
            {"names": ("x", "t"), "dtypes": ("float32", "int64")},
        ),
        ("A = torch.ones(2, 2)\ntorch.linalg.inv(A)", "singular", {"names": ("A",)}),
        ("if x > 1: pass", "not-one-entry", {"shapes": ((2,),)}),
        ("x.sum(dim=3)", "dimension", {"function": "sum", "names": ("x",)}),
        ("x[[0, 5]]", "index", {"names": ("x",)}),
    ],
)  # fmt: skip
async def test_the_reason_has_the_facts(
    runner: Runner, lines: str, kind: str, facts: dict[str, Any]
) -> None:
    found = await explain(runner, X + lines)
    assert found.trace.raised is not None
    reason = found.trace.reason
    assert isinstance(reason, Reason)
    assert reason.kind == kind
    assert {name: getattr(reason, name) for name in facts} == facts
    assert len(reason.names) == len(reason.shapes) == len(reason.dtypes)
    if found.walk.calls:
        assert found.walk.calls[-1].raised == found.trace.raised
        assert found.walk.calls[-1].reason == reason


async def test_an_output_without_history_shows_where_it_was_cut(runner: Runner) -> None:
    found = await explain(runner, X + "y = x.detach().sum()\ny.backward()\n")
    graph = found.walk.graph
    (root,) = [node for node in graph.nodes if node.id == graph.roots[0]]
    assert (root.kind, root.names, root.line) == ("constant", ("y",), 2)
    (edge,) = graph.edges
    assert (edge.cut, graph.nodes[edge.target].names) == ("detach", ("x",))


async def test_errors_that_are_caught_belong_to_their_call_only(runner: Runner) -> None:
    found = await explain(
        runner, X + "try:\n    x.backward()\nexcept RuntimeError:\n    pass\nx.sum().backward()\n"
    )
    refused, good = found.walk.calls
    assert refused.reason.kind == "not-scalar"
    assert (good.raised, good.reason) == (None, None)
    assert (found.trace.raised, found.trace.reason) == (None, None)


async def test_other_errors_have_no_reason_but_their_line(runner: Runner) -> None:
    found = await explain(runner, "x = 1\ny = x / 0\n")
    assert (found.trace.raised.line, found.trace.reason) == (2, None)
    assert found.walk.notes == ("no-graph", "stopped")
