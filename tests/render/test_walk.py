"""The backward walk in words, on hand-made graphs: order, rules with numbers, cuts, sums, accumulation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from explained_data import (
    constant,
    detached,
    leaf,
    operation,
    scalar,
    several_paths,
    tensor,
)
from hypothesis import given
from hypothesis import strategies as st

from tutor import i18n
from tutor.render.spans import plain
from tutor.render.walk import walk_blocks
from tutor.runner.explained import (
    BackwardCall,
    Explained,
    Graph,
    GraphEdge,
    Reason,
    Saved,
    Trace,
    Visit,
    Walk,
)
from tutor.runner.job import Raised


def shown(found: Explained, width: int = 80) -> str:
    return plain(walk_blocks(found, width))


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    i18n.use("en")


def test_detach_and_accumulation_in_english():
    assert (
        shown(detached())
        == """\
  4  y.backward(retain_graph=True)
     starts at 1 SumBackward0 (y) with G = 1.

  1  SumBackward0  y · line 3
     d(Σ x)/dxᵢ = 1: every entry gets the gradient of its sum, unchanged
     in     G = 1.
     x → 2  G for every entry: [1., 1.]

  2  MulBackward0 · line 3
     d(a·b)/da = b,  d(a·b)/db = a   (a = u, b = x)
     in     G = [1., 1.]
     a ✂    u was detached: for autograd it is a constant
     b → x  G · a = [1., 1.] · [2., 3.] = [2., 3.]

  3  x  leaf
     in     G = [2., 3.]
     .grad  None → [2., 3.]

     y is no leaf: its .grad stays None (retain_grad() would keep it).

  5  y.backward()
     starts at 1 SumBackward0 (y) with G = 1.

  1  SumBackward0  y · line 3
     d(Σ x)/dxᵢ = 1: every entry gets the gradient of its sum, unchanged
     in     G = 1.
     x → 2  G for every entry: [1., 1.]

  2  MulBackward0 · line 3
     d(a·b)/da = b,  d(a·b)/db = a   (a = u, b = x)
     in     G = [1., 1.]
     a ✂    u was detached: for autograd it is a constant
     b → x  G · a = [1., 1.] · [2., 3.] = [2., 3.]

  3  x  leaf
     in     G = [2., 3.]
     .grad  [2., 3.] + [2., 3.] = [4., 6.]  accumulated

     y is no leaf: its .grad stays None (retain_grad() would keep it).
"""
    )


def test_in_chinese():
    i18n.use("zh")
    text = shown(detached())
    assert text.startswith("""\
  4  y.backward(retain_graph=True)
     从 1 SumBackward0 (y) 出发，起始梯度 G = 1.

  1  SumBackward0  y · 第 3 行
     d(Σ x)/dxᵢ = 1：每个元素原样得到其和的梯度
     传入   G = 1.
     x → 2  每个元素都得 G: [1., 1.]

  2  MulBackward0 · 第 3 行
     d(a·b)/da = b,  d(a·b)/db = a   (a = u, b = x)
     传入   G = [1., 1.]
     a ✂    u 被分离了：对自动微分来说是常数
     b → x  G · a = [1., 1.] · [2., 3.] = [2., 3.]
""")
    assert "     .grad  [2., 3.] + [2., 3.] = [4., 6.]  累加\n" in text


def test_paths_that_meet_are_added_and_a_matrix_product_has_its_transposes():
    text = shown(several_paths())
    assert (
        """\
     Y = A·B:  dA = G·Bᵀ,  dB = Aᵀ·G   (A = x, B = W)
     in     G = [[1., 1.]]
     A → x  G·Bᵀ = [[1., 1.]]·[[1., 2.], [3., 4.]]ᵀ = [[3., 7.]]
     B → W  Aᵀ·G = [[1., 2.]]ᵀ·[[1., 1.]] = [[1., 1.], [2., 2.]]
"""
        in text
    )
    assert (
        """\
     in     3 paths meet: from 3 (A), 5 (a), 5 (b)
            G = [[3., 7.]] + [[1., 2.]] + [[1., 2.]] = [[5., 11.]]
     .grad  None → [[5., 11.]]
"""
        in text
    )


def test_numbers_that_do_not_fit_are_listed_below():
    assert """\
     A → x  G·Bᵀ
            = [[3., 7.]]
              B = [[1., 2.], [3., 4.]]
""" in shown(several_paths(), 40)


def one_node(visit: Visit, function: str, *edges: GraphEdge, **known: object) -> Explained:
    nodes = (
        operation(1, function, **known), leaf(2, "x"), leaf(3, "b"), constant(4, "k"),
    )  # fmt: skip
    call = BackwardCall("backward", "program", 0, (1,), visit.incoming[:1], (visit,))
    return Explained(Trace(()), Walk(Graph(nodes, edges, (1,)), (call,)))


def test_a_broadcast_operand_has_its_gradient_summed():
    grad = tensor(1.0, 1.0, 1.0, 1.0, shape=(2, 2))
    visit = Visit(1, (grad,), (grad, tensor(2.0, 2.0)))
    text = shown(one_node(visit, "AddBackward0", GraphEdge(1, 2, 0), GraphEdge(1, 3, 1)))
    assert "a → x  G = [[1., 1.], [1., 1.]]\n" in text
    assert "b → b  G, summed to shape (2,) = [2., 2.]\n" in text


def test_negative_numbers_are_put_in_brackets_and_a_mean_divides_by_n():
    visit = Visit(1, (scalar(2.0),), (scalar(-6.0),))
    saved = (Saved("other", scalar(-3.0)),)
    text = shown(one_node(visit, "MulBackward0", GraphEdge(1, 2, 0), saved=saved))
    assert "a → x  G · b = 2. · (-3.) = -6.\n" in text
    visit = Visit(1, (scalar(1.0),), (tensor(0.5, 0.5),))
    text = shown(one_node(visit, "MeanBackward0", GraphEdge(1, 2, 0)))
    assert "x      G / N = 1. / 2 = [0.5, 0.5]" in text.replace("x → x", "x    ")


def test_a_hook_and_an_unused_output_and_no_gradient_are_told():
    visit = Visit(1, (scalar(4.0), None), (None,), (scalar(2.0), None))
    text = shown(one_node(visit, "UnbindBackward0", GraphEdge(1, 2, 0)))
    assert "in       G = 2.\n" in text.replace("in     G", "in       G")
    assert "a hook makes it G = 4.\n" in text
    assert "of output 1 only: the others were not used\n" in text
    assert "no gradient\n" in text


def test_leaves_behind_cuts_get_no_gradient():
    visit = Visit(1, (scalar(1.0),), (scalar(1.0), None))
    edges = (GraphEdge(1, 2, 0), GraphEdge(1, 4, 1, "no_grad"), GraphEdge(4, 3, 0, "no_grad"))
    text = shown(one_node(visit, "MulBackward0", *edges))
    assert "b ✂    k was made under no_grad(): it has no history\n" in text
    assert "✂ b gets no gradient: every path to it is cut." in text


def test_grad_returns_and_leaves_every_grad():
    found = one_node(Visit(1, (scalar(1.0),), (scalar(3.0),)), "NegBackward0", GraphEdge(1, 2, 0))
    (call,) = found.walk.calls
    call = replace(call, how="grad", inputs=(2, 3), results=(scalar(3.0), None))
    text = shown(replace(found, walk=replace(found.walk, calls=(call,))))
    assert "asked for the gradient of x, b only\n" in text
    assert "     gives x  G = 3.\n" in text
    assert "     gives b  None\n" in text
    assert "leaves every .grad as it was" in text


def test_an_error_is_told_where_it_happened_and_why():
    found = one_node(Visit(1, (scalar(1.0),), (scalar(1.0),)), "ExpBackward0", GraphEdge(1, 2, 0))
    (call,) = found.walk.calls
    message = "modified by an inplace operation: [torch.FloatTensor [2]], which is output 0 of "
    message += "AddBackward0, is at version 1; expected version 0 instead. Hint: …"
    raised = Raised("RuntimeError", ("RuntimeError",), "program", 5, message)
    told = replace(call, raised=raised, failed_node=1)
    text = shown(replace(found, walk=replace(found.walk, calls=(told,))))
    assert "✗ stopped at 1 ExpBackward0\n✗ RuntimeError on line 5\n" in text
    assert "saved for the backward at version 0" in text
    assert "Hint" not in text
    facts = Reason("modified", "ExpBackward0", 1, ("h",), version_saved=0, version_now=1)
    text = shown(replace(found, walk=replace(found.walk, calls=(replace(told, reason=facts),))))
    assert "  h was saved for the backward at version 0." in text


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("no-backward", "No backward call ran"),
        ("torch-func", "torch.func differentiates by running"),
        ("no-graph", "There is no graph"),
        ("stopped", "The program stopped before"),
    ],
)
def test_notes_say_why_there_is_less(note, says):
    found = detached()
    walk = replace(found.walk, calls=(), notes=(note,))
    text = shown(replace(found, walk=walk))
    assert text.startswith(says)
    assert "  2  MulBackward0 · line 3\n     d(a·b)/da = b" in text
    assert "a ✂    u was detached" in text
    assert "Leaves that a backward would reach: x" in text


def test_a_custom_function_and_an_unknown_one():
    visit = Visit(1, (scalar(1.0),), (scalar(7.0),))
    custom = one_node(visit, "OddBackward", GraphEdge(1, 2, 0), custom="Odd")
    assert "Odd is a Function of its own: what its backward returns" in shown(custom)
    unknown = one_node(visit, "BrandNewBackward0", GraphEdge(1, 2, 0))
    assert "multiplies the gradient by the Jacobian of BrandNew, transposed" in shown(unknown)


@given(st.integers(34, 130), st.sampled_from(["en", "zh"]))
def test_no_line_is_wider_than_it_may_be(width, language):
    i18n.use(language)
    for found in (detached(), several_paths()):
        for block in walk_blocks(found, width):
            for line in block.lines:
                assert line.width <= width, line.plain
