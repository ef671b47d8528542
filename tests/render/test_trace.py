"""The trace in words, on hand-made runs: what is marked, how, and that nothing is too wide."""

from __future__ import annotations

import pytest
from explained_data import new, scalar, state, step, tensor
from hypothesis import given
from hypothesis import strategies as st

from tutor import i18n
from tutor.render.spans import ROLES, plain
from tutor.render.trace import trace_blocks
from tutor.runner.explained import BackwardCall, Change, Explained, NameState, Trace, Walk
from tutor.runner.job import Raised, Section
from tutor.values import Number

SOURCE = """\
x = torch.tensor([2., 3.], requires_grad=True)
u = x.detach()
y = (3 * u * x).sum()
y.backward()
y.backward()
u.add_(1)
x.grad.zero_()
x += 1"""
X = state("x", tensor(2.0, 3.0))
X6 = state("x", tensor(2.0, 3.0), grad=tensor(6.0, 9.0))
X12 = state("x", tensor(2.0, 3.0), grad=tensor(12.0, 18.0))
X_EDITED = state("x", tensor(3.0, 4.0), grad=tensor(12.0, 18.0), version=1)
X_ZEROED = state("x", tensor(3.0, 4.0), grad=tensor(0.0, 0.0), version=1)
U = state("u", tensor(2.0, 3.0), wants=False, shares="x")
U_EDITED = state("u", tensor(3.0, 4.0), wants=False, version=1, shares="x")
Y = state("y", scalar(39.0), leaf=False, grad_fn="SumBackward0")
CALLS = tuple(BackwardCall("backward", "program", line, (), ()) for line in (4, 5))
TRACE = Trace(
    (
        step(1, new(X)),
        step(2, new(U)),
        step(3, new(Y)),
        step(4, Change(("grad",), X, X6)),
        step(5, Change(("grad",), X6, X12), printed="a\x1b[31mb\n"),
        step(6, Change(("in-place",), U, U_EDITED), Change(("in-place",), X12, X_EDITED)),
        step(7, Change(("grad",), X_EDITED, X_ZEROED)),
    ),
    Raised(
        "RuntimeError", ("RuntimeError",), "program", 8,
        "a leaf Variable that requires grad is being used in an in-place operation.",
    ),
)  # fmt: skip


def run(trace: Trace = TRACE, *sources: tuple[str, str]) -> Explained:
    sections = tuple(Section(*source) for source in sources or (("program", SOURCE),))
    return Explained(trace, Walk(calls=CALLS), "", sections)


def shown(trace: Trace = TRACE, width: int = 80, source: str = SOURCE) -> str:
    return plain(trace_blocks(run(trace, ("program", source)), width))


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    i18n.use("en")


def test_in_english():
    assert (
        shown()
        == """\
  1  x = torch.tensor([2., 3.], requires_grad=True)
     + x  tensor([2., 3.])
          leaf · requires_grad · .grad None · float32 (2,) · version 0

  2  u = x.detach()
     + u  tensor([2., 3.])
          leaf · no requires_grad · float32 (2,) · version 0 ·
          shares its numbers with x

  3  y = (3 * u * x).sum()
     + y  tensor(39.)
          not a leaf · SumBackward0 · requires_grad · float32 () · version 0

  4  y.backward()
     ∇ x  .grad  None → [6., 9.]  set

  5  y.backward()
     ∇ x  .grad  [6., 9.] + [6., 9.] = [12., 18.]  accumulated
     > a␛[31mb

  6  u.add_(1)
     ~ u  tensor([2., 3.]) → tensor([3., 4.])   version 0 → 1
     ~ x  tensor([2., 3.]) → tensor([3., 4.])   version 0 → 1

  7  x.grad.zero_()
     ∇ x  .grad  [12., 18.] → [0., 0.]  zeroed

✗ RuntimeError on line 8
  A leaf that requires grad was to be edited in place, which would make it the
  result of an operation and no leaf. Edit a clone, or edit it under
  torch.no_grad().
  torch says: a leaf Variable that requires grad is being used in an in-place
  operation.

+ new name   ~ edited in place   ∇ gradient
"""
    )


def test_in_chinese():
    i18n.use("zh")
    assert (
        shown(Trace(TRACE.steps[:5]))
        == """\
  1  x = torch.tensor([2., 3.], requires_grad=True)
     + x  tensor([2., 3.])
          叶子 · requires_grad · .grad None · float32 (2,) · 版本 0

  2  u = x.detach()
     + u  tensor([2., 3.])
          叶子 · 无 requires_grad · float32 (2,) · 版本 0 · 与 x 共用数据

  3  y = (3 * u * x).sum()
     + y  tensor(39.)
          非叶子 · SumBackward0 · requires_grad · float32 () · 版本 0

  4  y.backward()
     ∇ x  .grad  None → [6., 9.]  已写入

  5  y.backward()
     ∇ x  .grad  [6., 9.] + [6., 9.] = [12., 18.]  累加
     > a␛[31mb

+ 新名字   ∇ 梯度
"""
    )


def test_a_matrix_that_does_not_fit_is_shown_in_rows():
    before = state("W", tensor(1.0, 2.0, 3.0, 4.0, shape=(2, 2)), wants=False)
    after = state("W", tensor(7.0, 10.0, 15.0, 22.0, shape=(2, 2)), wants=False)
    text = shown(Trace((step(1, Change(("rebound",), before, after)),)), 40, "W = W @ W")
    assert (
        text
        == """\
  1  W = W @ W
     » W  tensor([[1., 2.], [3., 4.]])
          → tensor([[ 7., 10.],
                    [15., 22.]])
          leaf · no requires_grad ·
          float32 (2, 2) · version 0

» another object
"""
    )


def test_a_gradient_that_the_program_itself_changed_is_not_called_accumulated():
    trace = Trace((step(1, Change(("grad",), X6, X12)),))
    assert "[6., 9.] → [12., 18.]  changed" in shown(trace, source="x.grad *= 2")


def test_what_has_no_numbers_to_add_is_called_accumulated_all_the_same():
    odd = state("x", tensor(2.0, 3.0), grad=tensor(float("nan"), 1.0))
    assert "→ [nan, 1.]  accumulated" in shown(Trace((step(4, Change(("grad",), X6, odd)),)))


def test_flags_that_changed_are_named_and_no_others():
    before = state("x", tensor(2.0, 3.0), wants=False)
    text = shown(Trace((step(1, Change(("flags",), before, X)),)))
    assert "! x  requires_grad False → True\n" in text


def test_a_deleted_name_a_printed_line_and_a_line_that_changes_nothing():
    trace = Trace(
        (step(1, Change(("gone",), X, None)), step(2, printed="1\n\n2\n"), step(3)), None, True
    )
    text = shown(trace)
    assert "- x  deleted" in text
    assert "     > 1\n     > \n     > 2\n" in text.replace(">\n", "> \n")
    assert "no name changed" in text
    assert "only the first 3 are shown" in text


def test_the_answers_own_section_has_a_heading():
    steps = (step(1, new(X)), step(1, new(NameState("c", Number(3))), section="answer"))
    blocks = trace_blocks(run(Trace(steps), ("program", "x = 1"), ("answer", "c = 3")), 80)
    assert "Your answer\n  1  c = 3\n     + c  3" in plain(blocks)


@given(st.integers(30, 130), st.sampled_from(["en", "zh"]))
def test_no_line_is_wider_than_it_may_be_and_every_role_is_known(width, language):
    i18n.use(language)
    source = SOURCE.replace("u = x.detach()", "u = x.detach()  # 切断 " + "很长的注释" * 20)
    for block in trace_blocks(run(TRACE, ("program", source)), width):
        for line in block.lines:
            assert line.width <= width, line.plain
            assert {part.role for part in line.parts} <= set(ROLES)
