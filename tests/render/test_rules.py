"""The local rules: there is one for every node, and its formula gives the gradient that torch computed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest
from formulas import computed

from tutor import i18n
from tutor.grading.explain import explanation_run
from tutor.question import draw
from tutor.render.graph import graph_blocks, graph_dot, graph_svg
from tutor.render.rules import base_name, known_rule, local_rule
from tutor.render.rules.find import RULES
from tutor.render.trace import trace_blocks
from tutor.render.visits.around import way_of
from tutor.render.visits.symbols import numbers_of
from tutor.render.walk import walk_blocks
from tutor.runner.explained import GraphNode
from tutor.runner.job import ExplainRun, Job, Section
from tutor.values import Tensor

if TYPE_CHECKING:
    from tutor.exercise.load import Library
    from tutor.runner.client import Runner
    from tutor.runner.explained import Explained

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: One call a line: what the rules' formulas are proved on.
OPERATIONS = """
-x; x.exp(); x.exp2(); x.expm1(); x.log(); x.log2(); x.log10(); x.log1p(); x.sqrt(); x.rsqrt(); 1 / x
x ** 2; x ** 3; x ** 0.5; x ** -1; x ** z; 2 ** x; x.sin(); x.cos(); x.tan(); (x / 3).asin(); (x / 3).acos()
x.atan(); x.sinh(); x.cosh(); x.tanh(); x.sigmoid(); F.logsigmoid(x); F.softplus(x); x.abs(); x.erf()
x.erfc(); (x / 3).logit(); (x / 3).erfinv(); x.clone(); x.double(); x % 2; x + z; x.add(z, alpha=2); x + 1
x - z; x.sub(z, alpha=3); 1 - x; x * z; 3 * x; x / z; x / 2; torch.atan2(x, z); torch.hypot(x, z)
torch.lerp(x, z, 0.25); torch.xlogy(x, z); torch.logaddexp(x, z); torch.addcmul(x, x, z, value=2.0)
torch.addcdiv(x, x, z, value=2.0); x.mean(); A.mean(1, keepdim=True); x.prod(); x.norm(); x.logsumexp(0)
torch.linalg.norm(x, 1); A.trace(); A @ B; torch.mv(A, x); x @ z; torch.ger(x, z); torch.addmm(B, A, B)
torch.addmv(x, A, z); torch.vdot(x, z); torch.linalg.cross(x, z); torch.linalg.inv(A); A.det()
torch.logdet(A); torch.linalg.solve(A, B); A.t(); x.softmax(0); x.log_softmax(0); F.mse_loss(x, z)
F.linear(A, B, x); F.mse_loss(x, z, reduction="sum"); F.mse_loss(x, z, reduction="none"); A.transpose(0, 1)
F.binary_cross_entropy(x.sigmoid(), ones); F.binary_cross_entropy_with_logits(x, ones)
F.binary_cross_entropy(x.sigmoid(), ones, reduction="sum"); torch.linalg.solve(A, x)
F.binary_cross_entropy_with_logits(x, ones, reduction="sum")
"""
LINES = [one.strip() for line in OPERATIONS.strip().split("\n") for one in line.split(";")]
HEAD = """\
import torch.nn.functional as F
x = torch.tensor([0.5, 1.5, 2.5], requires_grad=True)
z = torch.tensor([0.25, 1.75, 2.0], requires_grad=True)
A = (torch.eye(3) * 2 + torch.arange(9.0).reshape(3, 3) / 10).requires_grad_()
B = (torch.arange(9.0).reshape(3, 3) - 3).requires_grad_()
ones = torch.tensor([1.0, 0.0, 1.0])
seed = torch.tensor([1.0, -2.0, 0.5])
"""


async def explain(runner: Runner, source: str) -> Explained:
    run = ExplainRun((Section("program", source),), 0)
    found = (await runner.run(Job((run,)))).explained(0)
    assert found.trace.raised is None, found.trace.raised
    return found


def proved(found: Explained) -> set[str]:
    """Compute every formula that has its numbers; the bases of the nodes whose formulas held."""
    nodes = {node.id: node for node in found.walk.graph.nodes}
    names: set[str] = set()
    for call in found.walk.calls:
        for visit in call.visits:
            node = nodes[visit.node]
            if node.kind != "operation" or (call.failed_node == node.id):
                continue
            rule = local_rule(node)
            for slot, gradient in enumerate(visit.outgoing):
                if not isinstance(gradient, Tensor):
                    continue
                formula = way_of(rule, slot).formula
                known = numbers_of(rule, visit, node, gradient)
                value = computed(formula, known, gradient)
                if value is None or value.size not in (1, len(gradient.entries)):
                    continue  # in words, or summed over what was broadcast
                truth = np.array([float(entry) for entry in gradient.entries])
                assert np.allclose(
                    np.broadcast_to(value.ravel(), truth.shape), truth,
                    rtol=1e-3, atol=1e-5, equal_nan=True,
                ), (node.function, slot, formula, known, value, gradient)  # fmt: skip
                names.add(base_name(node.function))
    return names


async def test_the_formulas_give_what_torch_gives(runner: Runner) -> None:
    parts = [LINES[i : i + 30] for i in range(0, len(LINES), 30)]
    sources = [
        HEAD
        + "".join(
            f"y = {line}\ny.backward(seed.to(y) if y.shape == (3,) else torch.full_like(y, 2.0))\n"
            for line in part
        )
        for part in parts
    ]
    found = await asyncio.gather(*(explain(runner, source) for source in sources))
    names = set().union(*map(proved, found))
    unproved = {
        name
        for name, rule in RULES.items()
        if any("{" in way.formula and way.formula != "{G}" for way in rule.ways)
    } - names
    # Reached under another name, by an older torch, or by integers and complex numbers only.
    assert unproved <= {
        "AbsoluteNorm", "AddScaled", "Add1", "BinaryCrossEntropyEach", "BinaryCrossEntropySum",
        "BinaryCrossEntropyWithLogitsEach", "BinaryCrossEntropyWithLogitsSum", "Digamma", "Div1",
        "EuclideanNorm", "Ger", "KlDiv", "Lgamma", "Linear", "LinalgInv", "LinalgSolveTriangular",
        "Matmul", "MseLossEach", "MseLossSum", "Mul1", "Pow0", "Pow1", "Pow2", "Rsub", "Rsub1",
        "SafeSoftmax", "SubScaled", "T", "Transpose", "Baddbmm", "Bmm", "Addr",
    }, unproved  # fmt: skip


@pytest.mark.parametrize(
    "function",
    [
        "torch::autograd::CopySlices", "torch::autograd::CopyBackwards", "DiagonalBackward0_copy",
        "SelectBackwardBackward0", "TanhBackwardBackward0", "LogSoftmaxBackwardDataBackward0",
        "NotImplemented", "UndefinedGradBackward", "NativeLayerNormBackward0", "FillBackward2",
    ],
)  # fmt: skip
async def test_odd_names_are_known(function: str) -> None:
    assert known_rule(GraphNode(1, "operation", function)) is not None


async def test_attributes_choose_the_rule() -> None:
    def law(function: str, **attributes: str) -> str:
        return local_rule(GraphNode(1, "operation", function, attributes=attributes)).law

    assert law("PowBackward0", exponent="2") == "d(x²)/dx = 2·x"
    assert law("PowBackward0", exponent="3.0") == "d(x³)/dx = 3·x²"
    assert law("PowBackward0", exponent="0.5") == "d(xⁿ)/dx = n·xⁿ⁻¹"
    assert "α" in law("AddBackward0", alpha="2")
    assert "α" not in law("AddBackward0", alpha="1")
    assert "√" in law("LinalgVectorNormBackward0", ord="2")
    assert "sum" in law("MseLossBackward0", reduction="2")
    assert "mean" in law("MseLossBackward0", reduction="1")
    assert "flat" in law("DivBackward2", rounding_mode="floor")


async def test_every_shipped_exercise_has_its_rules_and_is_shown_within_the_width(
    shipped: Library, runner: Runner
) -> None:
    async def look(id_: str) -> None:
        run = explanation_run(draw(shipped.exercises[id_], 0, "en"))
        found = (await runner.run(Job((run,)))).explained(0)
        for node in found.walk.graph.nodes:
            if node.kind == "operation" and node.custom is None:
                assert known_rule(node) is not None, node.function
        proved(found)
        for width, height in ((44, 20), (80, 14), (120, 36)):
            drawing, *rest = graph_blocks(found, width, height)
            blocks = [*trace_blocks(found, width), *walk_blocks(found, width), *rest]
            blocks += [drawing] if width < 60 else []
            wide = [line.plain for one in blocks for line in one.lines if line.width > width]
            assert not wide
        assert graph_dot(found, id_)
        assert graph_svg(found, id_)

    outcomes = await asyncio.gather(*map(look, shipped.exercises), return_exceptions=True)
    failed = {
        id_: repr(outcome)
        for id_, outcome in zip(shipped.exercises, outcomes, strict=True)
        if outcome is not None
    }
    assert not failed


async def test_every_law_is_there_in_chinese() -> None:
    i18n.use("zh")
    try:
        english = [r.law for r in RULES.values() if " the " in r.law and i18n._(r.law) == r.law]
    finally:
        i18n.use("en")
    assert english == []
