"""What is run to explain a question, by answer kind; and the points of formulas."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.grading.explain import explanation_run
from tutor.grading.point import entries, point_source
from tutor.question import VariableSpec, draw


def run_of(shipped, id_, texts=None):
    return explanation_run(draw(shipped.exercises[id_], 0, "en"), texts)


@pytest.mark.parametrize(
    ("id_", "sections", "asked"),
    [
        ("autograd.detach.square-times-x", ["program"], ("x.grad", "x.grad == u")),
        ("autograd.errors.backward-twice", ["program"], ()),
        ("calculus.gradient.steepest-direction", ["program"], None),
        ("autograd.detach.straight-through", ["program", "answer"], ("q.detach()", "x.grad")),
        ("model.two-layer.order", ["program", "answer"], ("d_W1", "d_W2")),
        (
            "matrix.inverse.determinant",
            ["program", "point"],
            ("torch.autograd.grad(f(A), A)[0]",),
        ),
    ],
)
def test_what_is_run(shipped, id_, sections, asked):
    run = run_of(shipped, id_)
    assert [section.name for section in run.sections] == sections
    assert run.evaluate == asked or (asked is None and len(run.evaluate) == 1)
    assert run.double == ("point" in sections)


def test_code_that_cannot_be_read_leaves_the_solution(shipped):
    solution = run_of(shipped, "autograd.detach.straight-through")
    assert run_of(shipped, "autograd.detach.straight-through", {"q": "q = ("}) == solution
    assert run_of(shipped, "autograd.detach.straight-through", {"other": "q = x"}) == solution
    own = run_of(shipped, "autograd.detach.straight-through", {"q": "q = x"})
    assert own.sections[1].source.strip() == "q = x"


SIZES = st.integers(1, 4)


@given(st.integers(), SIZES, st.sampled_from([(-2.0, 2.0), (0.2, 1.0), (0.05, 0.95), (-0.1, 0.1)]))
def test_numbers_are_in_their_range(seed, size, bounds):
    low, high = bounds
    for kind in (None, "positive", "symmetric"):
        shape = (size, size)
        rows = entries(VariableSpec(shape, kind, low, high), random.Random(seed))
        least = max(low, 0.1) if kind == "positive" else low
        assert all(least - 1e-9 <= x <= high for row in rows for x in row)
        if kind == "symmetric":
            assert rows == [list(column) for column in zip(*rows, strict=True)]


@given(st.integers(), SIZES)
def test_kinds_are_what_they_say(seed, size):
    source = random.Random(seed)
    rows = entries(VariableSpec((size, size), "orthogonal", -2, 2), source)
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            product = sum(x * y for x, y in zip(a, b, strict=True))
            assert product == pytest.approx(float(i == j), abs=1e-4)
    unit = entries(VariableSpec((size,), "unit", -2, 2), source)
    assert math.hypot(*unit) == pytest.approx(1, abs=1e-4)
    spd = entries(VariableSpec((size, size), "spd", -2, 2), source)
    x = [source.uniform(-1, 1) for _ in range(size)]
    form = sum(x[i] * spd[i][j] * x[j] for i in range(size) for j in range(size))
    assert form > 0


def test_the_point_is_source_of_leaves():
    variables = {"s": VariableSpec((), None, -2, 2), "A": VariableSpec((1, 2), None, -2, 2)}
    source = point_source(variables, 7)
    assert source == point_source(variables, 7) != point_source(variables, 8)
    first, second = source.splitlines()
    assert first.startswith("s = torch.tensor(")
    assert second.startswith("A = torch.tensor([[")
    assert first.endswith(", requires_grad=True)")
