"""What a widget holds and the text that is graded are the same thing, both ways."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.answer import (
    Numbers,
    letters,
    read_flags,
    read_formula,
    read_order,
    read_raises,
    read_value,
)
from tutor.app.widgets.answer.entry import (
    ERRORS,
    Grid,
    Raised,
    flags_of,
    flags_text,
    grid_of,
    grid_text,
    letters_text,
    order_of,
    raised_of,
    raised_text,
)
from tutor.render.formula import formula

NAMES = ["x.is_leaf", "y.is_leaf", "x.grad is None", "y.requires_grad"]
CELLS = st.sampled_from(
    ["0", "1", "-2", "0.5", "1/3", "sqrt(2)", "1e-3", "inf", "nan", "max(1)", ""]
)


@given(st.lists(st.sampled_from([None, True, False]), min_size=1, max_size=4))
def test_flags_and_their_text_are_the_same(flags):
    text = flags_text(flags)
    assert flags_of(text, NAMES[: len(flags)]) == tuple(flags)
    if None not in flags:
        assert read_flags(text, NAMES[: len(flags)]) == tuple(flags)


@given(st.permutations(range(5)), st.integers(0, 5))
def test_an_order_and_its_text_are_the_same(lines, kept):
    order = tuple(lines[:kept])
    texts = ["x = 1", "y = x", "z = y", "del x", "w = 2"]
    text = letters_text(order, 5)
    assert order_of(text, texts) == order
    if order:
        assert read_order(text, texts) == order


@given(
    st.builds(Raised, st.just(True))
    | st.builds(
        Raised, st.just(False), st.sampled_from(["", *ERRORS]), st.none() | st.integers(1, 99)
    )
)
def test_an_error_and_its_text_are_the_same(raised):
    text = raised_text(raised)
    assert raised_of(text) == raised
    if raised.nothing or (raised.error and raised.line):
        read = read_raises(text, line_asked=True)
        assert (read.raises, read.class_name or "", read.line) == (
            not raised.nothing, raised.error, raised.line,
        )  # fmt: skip


GRIDS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width).map(tuple), min_size=1,
                           max_size=4)
).flatmap(lambda rows: st.integers(0, 2).map(lambda depth: Grid(tuple(rows)).with_depth(depth)))  # fmt: skip


@example(Grid((("1", "2"),), 2))
@example(Grid((("1",), ("",), ("3",)), 2))
@given(GRIDS)
def test_a_grid_and_its_text_are_the_same(grid):
    text = grid_text(grid)
    back = grid_of(text)
    assert back is not None
    assert grid_text(back) == text
    trimmed = grid.trimmed()
    if not trimmed.is_empty:
        assert back.cells == trimmed.cells
        assert max(back.depth, back.least_depth) == max(trimmed.depth, trimmed.least_depth)


@given(
    GRIDS.filter(lambda grid: all(c and c != "max(1)" for row in grid.trimmed().cells for c in row))
)
def test_a_full_grid_is_read_in_the_shape_it_has(grid):
    grid = grid.trimmed()
    read = read_value(grid_text(grid)).readings[-1]
    assert isinstance(read, Numbers)
    assert (
        read.shape
        == ((), (grid.columns,), (grid.rows, grid.columns))[max(grid.depth, grid.least_depth)]
    )


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("tensor([[1., 2.],\n        [3., 4.]])", (("1.", "2."), ("3.", "4."))),
        ("tensor([ 0.5000, -1.0000], grad_fn=<MulBackward0>)", (("0.5000", "-1.0000"),)),
        ("1 2; 3 4", (("1", "2"), ("3", "4"))),
        ("1\n2", (("1",), ("2",))),
        ("[[1, 2], [3]]", (("1", "2"), ("3", ""))),
        ("[1, , 3]", (("1", "", "3"),)),
        ("", (("",),)),
        ("1/3", (("1/3",),)),
    ],
)
def test_whatever_is_printed_or_half_typed_fills_the_cells(text, cells):
    assert grid_of(text).cells == cells


@pytest.mark.parametrize("text", ["None, 2", "[[[1]]]", "(2, 3), [1]", "tensor([], size=(0, 3))"])
def test_what_is_no_grid_is_left_to_the_text(text):
    assert grid_of(text) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2*A@x", "(2·A) @ x"),
        ("2*(A+1)@x - x/3", "(2·(A + 1)) @ x − x/3"),
        ("-(x**2).mean(dim=-1, keepdim=True)", "−mean(x², dim=−1, keepdim=True)"),
        ("torch.exp(x[0:2]) / x.norm()", "exp(x[0:2])/norm(x)"),
        ("A.T.sum(dim=0)", "sum(Aᵀ, dim=0)"),
        ("(-x)**2", "(−x)²"),
        ("x - (x - 1)", "x − (x − 1)"),
        ("x**x**2", "x^(x²)"),
        ("einsum('ij,j->i', A, x)", "einsum('ij,j->i', A, x)"),
        ("A.reshape([3, 2])", "reshape(A, [3, 2])"),
        ("x[None, ..., ::2]", "x[None, …, ::2]"),
    ],
)
def test_a_formula_is_shown_as_it_groups(typed, shown):
    assert formula(read_formula(typed, {"A": (2, 3), "x": (3,)}).to_json()) == shown


def test_letters_are_those_shown():
    assert letters_text((1, 0, 2), 3) == "b a c"
    assert letters_text((26,), 27) == letters(27)[26]
