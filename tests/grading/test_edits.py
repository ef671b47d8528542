"""Standard edits: where they are found, and that each is one small, whole change of the program."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor import i18n
from tutor.edits import Edit, expression_edits, family_of_kind, kind_of, program_edits, says
from tutor.edits.find import one_of_each_first
from tutor.edits.words import KINDS
from tutor.exercise.load import load_library
from tutor.families import FAMILIES
from tutor.question import DrawError, draw
from tutor.question.standard import edits_of_answer, edits_of_program

ROOT = Path(__file__).parents[2]

HEAD = "x = torch.tensor([1.0, 2.0], requires_grad=True)\n"

#: program (after HEAD), kind, the line as edited
TABLE = [
    ("y = x.detach() * x", "drop-detach", "y = x * x"),
    ("y = (x + 1).detach() * x", "drop-detach", "y = (x + 1) * x"),
    ("y = (x\n  + 1  # detach() later\n).detach()", "drop-detach", ")"),
    ("y = x.data * x", "drop-data", "y = x * x"),
    ("y = x * x", "add-detach", "y = x.detach() * x"),
    ("u = x + 1\nz = u * x", "add-detach-result", "u = (x + 1).detach()"),
    ("u = x.sin()\nz = u", "add-detach-result", "u = x.sin().detach()"),
    ("with torch.no_grad():\n    y = x * 2", "drop-no-grad", "with torch.enable_grad():"),
    (
        "with torch.set_grad_enabled(False): y = x",
        "drop-no-grad",
        "with torch.set_grad_enabled(True): y = x",
    ),
    ("@torch.no_grad()\ndef f(): return x", "drop-no-grad", "@torch.enable_grad()"),
    ("x -= x.grad", "add-no-grad", "with torch.no_grad(): x -= x.grad"),
    ("y.backward()\nx.grad.zero_()\ny.backward()", "drop-zero-grad", "pass"),
    ("y.backward()\nx.grad = None\ny.backward()", "drop-zero-grad", "pass"),
    ("opt.zero_grad()", "drop-zero-grad", "pass"),
    ("y.backward()\nz.backward()\nx.grad", "first-backward-only", "pass"),
    ("y.backward()\nz.backward()\nx.grad", "last-backward-only", "x.grad = None; z.backward()"),
    (
        "for i in range(3):\n    (x * i).sum().backward()\nx.grad",
        "last-backward-only",
        "x.grad = None; (x * i).sum().backward()",
    ),
    ("opt.zero_grad(set_to_none=False)", "none-for-zeros", "opt.zero_grad(set_to_none=True)"),
    ("opt.zero_grad()", "zeros-for-none", "opt.zero_grad(set_to_none=False)"),
    ("y.backward(retain_graph=True)", "drop-retain-graph", "y.backward()"),
    ("y.backward(v, retain_graph=True)", "drop-retain-graph", "y.backward(v)"),
    ("y.backward(retain_graph=True, gradient=v)", "drop-retain-graph", "y.backward(gradient=v)"),
    ("y.backward()", "add-retain-graph", "y.backward(retain_graph=True)"),
    (
        "(g,) = torch.autograd.grad(y, x, create_graph=True)",
        "drop-create-graph",
        "(g,) = torch.autograd.grad(y, x)",
    ),
    ("g = torch.autograd.grad(y, x)", "add-create-graph", "g = torch.autograd.grad(y, x, create_graph=True)"),
    ("y.backward(gradient=v)", "vector-ignored", "y.backward(gradient=torch.ones_like(y))"),
    ("(x * x).backward(v)", "vector-ignored", "(x * x).backward(torch.ones_like((x * x)))"),
    ("h = 2 * x\nh.retain_grad()", "drop-retain-grad", "pass"),
    ("h = 2 * x\nh.sum().backward()\nh.grad", "add-retain-grad", "h.retain_grad(); h.sum().backward()"),
    ("x.register_hook(lambda g: -g)", "hook-ignored", "pass"),
    ("y = (x * x).sum()", "mean-for-sum", "y = (x * x).mean()"),
    ("y = torch.mean(x)", "sum-for-mean", "y = torch.sum(x)"),
    ('y = F.mse_loss(x, t, reduction="sum")', "mean-for-sum", 'y = F.mse_loss(x, t, reduction="mean")'),
    ("y = x.sum(dim=0)", "other-dimension", "y = x.sum(dim=1)"),
    ("y = x.mean(dim=1)", "dimension-ignored", "y = x.mean()"),
    ("y = A.T @ x", "drop-transpose", "y = A @ x"),
    ("y = A.transpose(0, 1) @ x", "drop-transpose", "y = A @ x"),
    ("y = A @ x", "add-transpose", "y = A.T @ x"),
    ("y = A @ x", "swapped-product", "y = x @ A"),
    ("y = A @ x", "entrywise-product", "y = A * x"),
    ("y = (A + 1) * (x + 1)", "matrix-product", "y = (A + 1) @ (x + 1)"),
    ("y = a - b", "swapped-difference", "y = b - a"),
    ("y = 2 * x", "factor-forgotten", "y = x"),
    ("y = x / 3", "factor-forgotten", "y = x"),
    ("x.add_(1)", "in-place-ignored", "pass"),
    ("y = x.mul_(4)", "out-for-in-place", "y = x.mul(4)"),
    ("x += 1", "out-for-in-place", "x = x + (1)"),
    ("x = x + 1", "in-place-for-out", "x += 1"),
    ("y = x * 4", "in-place-for-out", "y = x.mul_(4)"),
    ("y = x.clone()", "drop-clone", "y = x"),
    ("y = x[:1]", "add-clone", "y = x[:1].clone()"),
    ("y = x.view(-1)", "add-clone", "y = x.view(-1).clone()"),
    ("for i in range(3): x = x * x", "one-round-only", "for i in range(1): x = x * x"),
    ("for i in range(3): x = x * x", "one-round-fewer", "for i in range(2): x = x * x"),
    ("opt = SGD([x], lr=1, momentum=0.9)", "option-ignored", "opt = SGD([x], lr=1)"),
    ("opt.step()", "line-overlooked", "pass"),
    ("y = y + x", "line-overlooked", "pass"),
    ("", "drop-requires-grad", "x = torch.tensor([1.0, 2.0], requires_grad=False)"),
    ("c = torch.ones(2)", "add-requires-grad", "c = torch.ones(2, requires_grad=True)"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "line"), TABLE)
def test_an_edit_is_found_where_it_is(body, kind, line):
    found = [edit for edit in program_edits(HEAD + body + "\n") if edit.kind == kind]
    assert any(line in [part.strip() for part in edit.program.split("\n")] for edit in found), found


def test_every_kind_of_edit_is_in_the_table_or_is_another_expression():
    expressions = {
        "value-for-gradient",
        "other-leaf",
        "requires-grad-for-leaf",
        "leaf-for-requires-grad",
    }
    assert {kind for _, kind, _ in TABLE} | expressions == set(KINDS)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.grad", {"x.detach()", "y.detach()", "w.grad"}),
        ("x.grad == u", {"x.detach() == u", "y.detach() == u", "w.grad == u"}),
        ("x.is_leaf", {"x.requires_grad"}),
        ("[x.is_leaf, y.is_leaf]", {"[x.requires_grad, y.requires_grad]"}),
        ("y.detach()", set()),
    ],
)
def test_other_expressions_that_may_have_been_meant(expression, expected):
    program = HEAD + "w = torch.ones(2, requires_grad=True)\ny = (x * w).sum()\ny.backward()\n"
    assert {edit.expression for edit in expression_edits(program, expression)} == expected


def test_a_derivative_may_have_been_taken_by_another_variable_or_not_at_all():
    edits = expression_edits("", "torch.autograd.grad(f(x, A), x, g)[0]", ("x", "A", "g"))
    assert [edit.expression for edit in edits] == [
        "(f(x, A))",
        "torch.autograd.grad(f(x, A), A, g)[0]",
        "torch.autograd.grad(f(x, A), g, g)[0]",
        "torch.autograd.grad(f(x, A), x, torch.ones_like(f(x, A)))[0]",
    ]


def test_the_second_place_of_a_kind_has_a_number():
    edits = program_edits("y = x.detach() * x.detach()\n")
    assert [e.id for e in edits if e.kind == "drop-detach"] == [
        "std:drop-detach",
        "std:drop-detach-2",
    ]
    assert kind_of("std:drop-detach-2") == "drop-detach"
    assert kind_of("std:sum-for-mean") == "sum-for-mean"
    assert kind_of("std:nothing-of-the-sort") is None
    assert kind_of("drop-detach") is None


def test_each_kind_comes_before_the_second_of_another():
    edits = one_of_each_first(program_edits("y = x.detach() * x.detach()\nz = y.sum()\n"))
    kinds = [edit.kind for edit in edits]
    assert kinds.index("mean-for-sum") < len(kinds) - 1 - kinds[::-1].index("drop-detach")


@pytest.mark.parametrize(
    "program", ["def f(:\n", "x = 1\r\n", "x = '\ud800'\n", "(" * 200 + ")" * 200 + "\n", ""]
)
def test_what_is_no_program_has_no_edits(program):
    assert program_edits(program) == ()


def test_strings_and_comments_are_left_alone():
    program = '# x.detach() and y.sum()\ns = "x.detach().sum() * 2 @ y"\nt = f"{x.sum()} {x * y}"\n'
    assert program_edits(program) == ()


@cache
def _shipped():
    return load_library([ROOT / "exercises"]).exercises


def _literals(program: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(program).readline)
    kept = (tokenize.STRING, tokenize.COMMENT)
    return [t.string for t in tokens if t.type in kept and t.string not in ('"sum"', '"mean"')]


def _whole(program: str, edit: Edit) -> None:
    """What holds for every edit."""
    ast.parse(edit.program)
    assert edit.program.count("\n") == program.count("\n")
    assert ast.dump(ast.parse(edit.program)) != ast.dump(ast.parse(program))
    before, after = _literals(program), _literals(edit.program)
    remaining = iter(before)
    assert all(any(one == other for other in remaining) for one in after), (edit.id, before, after)
    differing = [
        number
        for number, (a, b) in enumerate(
            zip(program.split("\n"), edit.program.split("\n"), strict=True), 1
        )
        if a != b
    ]
    assert edit.line == differing[0]
    assert family_of_kind(edit.kind) in FAMILIES
    assert str(edit.line) in says(edit) or "`" in says(edit)


@pytest.mark.parametrize("id_", sorted(_shipped()))
def test_every_edit_of_a_shipped_program_is_whole(id_):
    question = draw(_shipped()[id_], 3, "en")
    for edit in edits_of_program(question):
        _whole(question.program, edit)
    for answer in question.answers.values():
        for edit in edits_of_answer(question, answer):
            assert edit.expression
            ast.parse(edit.expression, mode="eval")
            assert edit.expression != edit.was


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(_shipped())), st.integers(0, 5000))
def test_edits_hold_for_any_draw(id_, seed):
    try:
        question = draw(_shipped()[id_], seed, "en")
    except DrawError:
        return
    edits = program_edits(question.program)
    assert len({edit.program for edit in edits}) == len(edits)
    assert len({edit.id for edit in edits}) == len(edits)
    for edit in edits:
        _whole(question.program, edit)


_NAMES = st.sampled_from(["x", "y", "w", "größe", "梯度"])


def _expressions():
    inner = st.one_of(_NAMES, st.sampled_from(["2", "x.grad", '"a # b"', "x[0]"]))

    def more(children):
        operator = st.sampled_from(["+", "-", "*", "/", "@", "**"])
        method = st.sampled_from(
            [".sum()", ".detach()", ".T", ".mul_(2)", ".clone()", ".mean(dim=0)"]
        )
        return st.one_of(
            st.tuples(children, operator, children).map(lambda t: f"({t[0]}) {t[1]} {t[2]}"),
            st.tuples(children, operator, children).map(lambda t: f"{t[0]}{t[1]}({t[2]}\n  )"),
            st.tuples(children, method).map(lambda t: f"({t[0]}){t[1]}"),
        )

    return st.recursive(inner, more, max_leaves=5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_NAMES, st.sampled_from([" = ", " += "]), _expressions()), max_size=4))
def test_edits_hold_for_programs_that_nobody_wrote(lines):
    program = "".join(f"{name}{sign}({text})  # {name}\n" for name, sign, text in lines)
    for edit in program_edits(program):
        _whole(program, edit)


def test_edits_speak_both_languages():
    edit = next(e for e in program_edits(HEAD + "y = x.detach()\n") if e.kind == "drop-detach")
    assert says(edit).startswith("Consistent with line 2 without its detach: `y = x`.")
    i18n.use("zh")
    try:
        assert "第 2 行" in says(edit)
    finally:
        i18n.use("en")
