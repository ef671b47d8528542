"""Formulas and truths at the same points: drawn or given, every function, errors in their places."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tutor.answer.formula import read_formula
from tutor.answer.formula_names import FUNCTIONS
from tutor.runner.job import FormulaRun, Job, Raised, Variable
from tutor.values import Sequence, Tensor

if TYPE_CHECKING:
    from runner_helpers import RunFormula

    from tutor.runner.client import Runner

pytestmark = pytest.mark.asyncio(loop_scope="session")

SQUARE = {"A": Variable((3, 3), "spd"), "B": Variable((3, 3)), "v": Variable((3,))}
SHAPES = {name: spec.shape for name, spec in SQUARE.items()}

#: What a learner types and the same in torch, for every function that a formula may use.
SAME = {
    **{f"{name}(B)": f"torch.{name}(B)" for name in
       ("exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sigmoid", "relu", "abs", "sign", "sum",
        "mean", "prod", "trace", "ones_like", "zeros_like", "flatten", "det")},
    "log(A.abs())": "torch.log(A.abs())",
    "sqrt(B * B)": "torch.sqrt(B * B)",
    "max(B)": "B.max()",
    "B.min(dim=1)": "B.min(dim=1).values",
    "B.max(dim=1)[0]": "B.max(dim=1)[0]",
    "max(B, dim=0, keepdim=True)[0][0]": "B.max(dim=0).values",
    "B.min(1)[:2]": "B.min(1).values[:2]",
    "max(B, 0.5)": "B.clamp(min=0.5)",
    "norm(v)": "v.norm()",
    "B.norm(dim=1)": "B.norm(dim=1)",
    "norm(A, 'fro')": "A.norm()",
    "matmul(A, B)": "A @ B",
    "mm(A, B)": "A @ B",
    "A.mv(v)": "A @ v",
    "dot(v, v)": "(v * v).sum()",
    "inner(v, v)": "(v * v).sum()",
    "outer(v, v)": "v[:, None] * v",
    "einsum('ij,jk->ik', A, B)": "A @ B",
    "kron(A, B)": "torch.kron(A, B)",
    "kron(eye(2), B.T)": "torch.kron(torch.eye(2), B.T.contiguous())",
    "B[:2].T.kron(B.T)": "torch.kron(B[:2].T.contiguous(), B.T.contiguous())",
    "transpose(B, 0, 1)": "B.T",
    "B.transpose(0, 1)": "B.T",
    "reshape(B, (9,))": "B.flatten()",
    "B.reshape(1, 9)": "B.flatten()[None]",
    "diag(v)": "torch.diag(v)",
    "eye(3)": "torch.eye(3)",
    "ones(2, 3) * 2": "torch.full((2, 3), 2.)",
    "zeros((3,))": "torch.zeros(3)",
    "v.unsqueeze(1)": "v[:, None]",
    "v.unsqueeze(0).squeeze()": "v",
    "inv(A)": "A.inverse()",
    "linalg.inv(A)": "A.inverse()",
    "linalg.det(A)": "A.det()",
    "linalg.norm(B)": "B.norm()",
    "linalg.solve(A, v)": "A.inverse() @ v",
    "logdet(A)": "A.det().log()",
    "slogdet(A)": "tuple(torch.linalg.slogdet(A))",
    "slogdet(A)[1]": "A.det().log()",
    "softmax(B, dim=1)": "B.softmax(1)",
    "log_softmax(B, -1)": "B.softmax(1).log()",
    "logsumexp(B, dim=0)": "B.exp().sum(0).log()",
    "2 * A @ v - v.T ** 2 / 4": "2 * A @ v - v ** 2 / 4",
    "-B.mT + (+v)": "v - B.T",
    "B[0, 1:]": "B[0, 1:]",
    "B[..., None, -1]": "B[..., None, -1]",
    "sum(B, dim=(0, 1), keepdim=True)": "B.sum().reshape(1, 1)",
    "2 ** v": "2 ** v",
    "1 / (1 + exp(-v))": "v.sigmoid()",
    "exp(1) + pi * 0": "torch.tensor(math.e)",
}  # fmt: skip


def close(a: object, b: object) -> bool:
    if isinstance(a, Sequence) and isinstance(b, Sequence):
        return all(close(x, y) for x, y in zip(a.items, b.items, strict=True))
    assert isinstance(a, Tensor), a
    assert isinstance(b, Tensor), b
    assert (a.dtype, b.dtype) == ("float64", "float64")
    pairs = zip(a.entries, b.entries, strict=True)
    return a.shape == b.shape and all(
        math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in pairs
    )


async def test_every_function_of_formulas_is_torchs_own(runner: Runner) -> None:
    used = " ".join(SAME)
    assert all(name in used for name in FUNCTIONS)
    runs = tuple(
        FormulaRun("import math", 3, SQUARE, truth=truth, trees={
            "learner": read_formula(text, SHAPES).to_json()
        })
        for text, truth in SAME.items()
    )  # fmt: skip
    results = await runner.run(Job(runs))
    for index, text in enumerate(SAME):
        found = results.formula(index)
        for truth, value in zip(found.truth, found.trees["learner"], strict=True):
            assert close(value, truth), (text, value, truth)


async def test_truths_may_use_the_programs_functions_and_autograd(
    run_formula: RunFormula,
) -> None:
    found = await run_formula(
        program="f = lambda: (x ** 3).sum()\n",
        variables={"x": {"shape": [2]}},
        truth="torch.autograd.grad(f(), x)[0]",
        trees={"right": read_formula("3 * x ** 2", {"x": (2,)}).to_json()},
    )
    assert (found.raised, len(found.points), found.redrawn) == (None, 5, 0)
    assert all(map(close, found.truth, found.trees["right"]))
    assert len({point["x"] for point in found.points}) == 5


async def test_given_points_are_used_as_they_are(run_formula: RunFormula) -> None:
    first = await run_formula(variables=SQUARE, truth="A @ v")
    again = await run_formula(
        variables=SQUARE,
        points=first.points,
        trees={"t": read_formula("A @ v", SHAPES).to_json()},
    )
    assert again.points == first.points
    assert again.trees["t"] == first.truth
    assert again.truth == ()


async def test_a_point_where_the_truth_is_not_finite_is_drawn_again(
    run_formula: RunFormula,
) -> None:
    found = await run_formula(variables={"x": Variable(())}, truth="torch.log(x)", seed=4)
    assert found.redrawn > 0
    assert all(math.isfinite(truth.entries[0]) for truth in found.truth)  # type: ignore[union-attr]
    never = await run_formula(variables={"x": Variable(())}, truth="x / 0", count=2)
    assert never.redrawn == 20
    assert all(math.isinf(truth.entries[0]) for truth in never.truth)  # type: ignore[union-attr]


KINDS = {
    "symmetric": ("a - a.T", 0.0),
    "positive": ("(a <= 0).double()", 0.0),
    "orthogonal": ("a @ a.T - torch.eye(3)", 0.0),
    "unit": ("(a * a).sum() - 1", 0.0),
    "spd": ("(torch.linalg.eigvalsh(a) < 0.4).double() + (a - a.T).abs().max()", 0.0),
    None: ("((a < -2) | (a > 2)).double()", 0.0),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_variable_is_what_it_says(
    run_formula: RunFormula, kind: str | None
) -> None:
    expression, zero = KINDS[kind]
    found = await run_formula(
        variables={"a": Variable((3, 3), kind)}, truth=expression, count=20, seed=11
    )
    for truth in found.truth:
        assert isinstance(truth, Tensor)
        assert all(abs(x - zero) < 1e-12 for x in truth.entries)


async def test_a_range_is_kept(run_formula: RunFormula) -> None:
    found = await run_formula(
        variables={"a": Variable((50,), None, 3.0, 3.5)}, truth="((a < 3) | (a > 3.5)).sum()"
    )
    assert all(truth.entries == (0,) for truth in found.truth)  # type: ignore[union-attr]


async def test_errors_stay_at_their_point(run_formula: RunFormula) -> None:
    found = await run_formula(
        variables={"A": Variable((2, 3)), "B": Variable((2, 2))},
        truth="A @ A",
        trees={
            "shapes": ["bin", "@", ["var", "A"], ["var", "B"]],
            "huge": ["call", "eye", [["num", 10**9]], {}],
            "fine": ["var", "A"],
            "not one": ["import", "os"],
            "unknown": ["call", "system", [], {}],
        },
    )
    for error in (*found.truth, *found.trees["shapes"]):
        assert isinstance(error, Raised)
        assert error.class_name == "RuntimeError"
    assert found.trees["shapes"][0].section == "formula"  # type: ignore[union-attr]
    assert found.trees["huge"][0].limit == "memory"  # type: ignore[union-attr]
    assert isinstance(found.trees["fine"][4], Tensor)
    assert {e.class_name for e in (*found.trees["not one"], *found.trees["unknown"])} == {"BadTree"}  # type: ignore[union-attr]


async def test_a_program_that_fails_leaves_no_points(run_formula: RunFormula) -> None:
    found = await run_formula(
        program="x = 1\n1 / 0\n",
        variables={"A": Variable(())},
        truth="A",
        trees={"t": ["var", "A"]},
    )
    assert found.raised is not None
    assert (found.raised.class_name, found.raised.line) == ("ZeroDivisionError", 2)
    assert (found.points, found.truth, found.trees) == ((), (), {"t": ()})


async def test_variables_cover_the_programs_names_only_while_they_are_used(
    run_formula: RunFormula,
) -> None:
    found = await run_formula(
        program="A = 'kept'\n", variables={"A": Variable(())}, truth="A * 2", count=2
    )
    assert all(isinstance(truth, Tensor) for truth in found.truth)
