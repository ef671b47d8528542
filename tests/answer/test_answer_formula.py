"""Formulas: the tree of what is on offer, and a remedy for everything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_text import outcome

from tutor.answer import InvalidAnswer, read_formula
from tutor.answer.formula_names import FUNCTIONS, METHODS

VARIABLES = {"A": (2, 3), "x": (3,), "e": ()}
A, X = ["var", "A"], ["var", "x"]


def tree(text: str) -> object:
    return read_formula(text, VARIABLES).to_json()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", X),
        ("2", ["num", 2]),
        ("007", ["num", 7]),
        ("1_000.5", ["num", 1000.5]),
        ("1e−3", ["num", 0.001]),
        ("pi", ["num", 3.141592653589793]),
        ("torch.pi", ["num", 3.141592653589793]),
        ("e", ["var", "e"]),
        ("-x", ["neg", X]),
        ("+x", ["pos", X]),
        ("-2", ["num", -2]),
        ("−2*x", ["bin", "*", ["num", -2], X]),
        ("A @ x", ["bin", "@", A, X]),
        ("A＠x", ["bin", "@", A, X]),
        ("2×x", ["bin", "*", ["num", 2], X]),
        ("2·x", ["bin", "*", ["num", 2], X]),
        ("x÷2", ["bin", "/", X, ["num", 2]]),
        ("x**2", ["bin", "**", X, ["num", 2]]),
        ("2*3 + x", ["bin", "+", ["num", 6], X]),
        ("x - 1", ["bin", "-", X, ["num", 1]]),
        ("x -1", ["bin", "-", X, ["num", 1]]),
        ("A.T", ["attr", "T", A]),
        ("A.mT", ["attr", "mT", A]),
        ("(A.T).T", ["attr", "T", ["attr", "T", A]]),
        ("exp(x)", ["call", "exp", [X], {}]),
        ("torch.exp(x)", ["call", "exp", [X], {}]),
        ("x.exp()", ["call", "exp", [X], {}]),
        ("x.sin().cos()", ["call", "cos", [["call", "sin", [X], {}]], {}]),
        ("x.sum(dim=0, keepdim=True)", ["call", "sum", [X], {"dim": ["num", 0], "keepdim": ["const", True]}]),
        ("sum(A, dim=(0, 1))", ["call", "sum", [A], {"dim": ["tuple", [["num", 0], ["num", 1]]]}]),
        ("torch.linalg.inv(A)", ["call", "linalg.inv", [A], {}]),
        ("linalg.solve(A, x)", ["call", "linalg.solve", [A, X], {}]),
        ("inv(A)", ["call", "inv", [A], {}]),
        ("torch.linalg.slogdet(A)[1]", ["index", ["call", "slogdet", [A], {}], [["num", 1]]]),
        ("softmax(x, -1)", ["call", "softmax", [X, ["num", -1]], {}]),
        ("einsum('ij,j->i', A, x)", ["call", "einsum", [["const", "ij,j->i"], A, X], {}]),
        ("A.norm(p='fro')", ["call", "norm", [A], {"p": ["const", "fro"]}]),
        ("x.reshape(3, -1)", ["call", "reshape", [X, ["num", 3], ["num", -1]], {}]),
        ("reshape(x, [3, 1])", ["call", "reshape", [X, ["list", [["num", 3], ["num", 1]]]], {}]),
        ("zeros(2, 3)", ["call", "zeros", [["num", 2], ["num", 3]], {}]),
        ("x[0]", ["index", X, [["num", 0]]]),
        ("A[:, 1]", ["index", A, [["slice", None, None, None], ["num", 1]]]),
        ("x[-2:]", ["index", X, [["slice", ["num", -2], None, None]]]),
        ("x[0:3:2]", ["index", X, [["slice", ["num", 0], ["num", 3], ["num", 2]]]]),
        ("A[..., None]", ["index", A, [["ellipsis"], ["const", None]]]),
        ("A @ x  # a product\n  + 1", ["bin", "+", ["bin", "@", A, X], ["num", 1]]),
        ("# first\nA @\r\n x", ["bin", "@", A, X]),
    ],
)  # fmt: skip
def test_a_formula_is_this_tree(text: str, expected: object) -> None:
    assert tree(text) == expected
    assert json.loads(json.dumps(tree(text))) == expected


def test_every_function_on_offer_is_read() -> None:
    for name in FUNCTIONS:
        assert tree(f"{name}(x)") == tree(f"torch.{name}(x)") == ["call", name, [X], {}]
    for name in METHODS:
        assert tree(f"x.{name}()") == ["call", name, [X], {}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "!empty 1:1"),
        ("# nothing", "!empty 1:1"),
        ("2x", "!implicit-product 1:1"),
        ("2 x", "!formula-operator 1:3"),
        ("A x", "!formula-operator 1:3"),
        ("2(x)", "!formula-operator 1:2"),
        ("x(2)", "!formula-operator 1:1"),
        ("(A)(x)", "!formula-operator 1:4"),
        ("sin x", "!formula-operator 1:5"),
        ("x^2", "!caret 1:2"),
        ("x²", "!superscript 1:2"),
        ("A'", "!formula-transpose 1:2"),
        ("A' @ x'", "!formula-transpose 1:2"),
        ("Aᵀ", "!formula-transpose 1:2"),
        ("A^T", "!caret 1:2"),
        ("2j*x", "!imaginary 1:1"),
        ("0x10*x", "!hexadecimal 1:1"),
        ("√x", "!root 1:1"),
        ("x = A", "!assignment 1:1"),
        (">>> x", "!prompt 1:1"),
        ("x + x = A", "!formula-statement 1:7"),
        ("x; A", "!formula-statement 1:2"),
        ("lambda x: x", "!formula-statement 1:1"),
        ("import os", "!formula-statement 1:1"),
        ("x if x else A", "!formula-statement 1:3"),
        ("[i for i in x]", "!formula-statement 1:4"),
        ("not x", "!formula-statement 1:1"),
        ("(x := 2)", "!formula-part 1:2"),
        ("x < 2", "!formula-part 1:1"),
        ("x // 2", "!formula-part 1:1"),
        ("x.sum(*A)", "!formula-part 1:7"),
        ("True", "!formula-part 1:1"),
        ("None", "!formula-part 1:1"),
        ("y", "!formula-name 1:1"),
        ("a @ x", "!formula-name 1:1"),
        ("inf * x", "!formula-name 1:1"),
        ("torch", "!formula-name 1:1"),
        ("A +\n torch.rand(3)", "!formula-name 2:2"),
        ("open('f')", "!formula-name 1:1"),
        ("__import__('os')", "!formula-name 1:1"),
        ("torch.autograd.grad(x, A)", "!formula-name 1:1"),
        ("torch.tensor([1, 2])", "!formula-name 1:1"),
        ("x.backward()", "!formula-method 1:1"),
        ("x.grad", "!formula-method 1:1"),
        ("x.shape", "!formula-method 1:1"),
        ("x.__class__", "!formula-method 1:1"),
        ("A.requires_grad_()", "!formula-method 1:1"),
        ("x.zeros(3)", "!formula-method 1:1"),
        ("sin", "!formula-function 1:1"),
        ("torch.exp", "!formula-function 1:1"),
        ("x.sum", "!formula-function 1:1"),
        ("x.sum(out=A)", "!formula-keyword 1:11"),
        ("x.sum(**A)", "!formula-keyword 1:9"),
        ("zeros(3, dtype=A)", "!formula-keyword 1:16"),
        ("'text'", "!formula-text 1:1"),
        ("exp('x')", "!formula-text 1:5"),
        ("x['a']", "!formula-text 1:3"),
        ("x[A]", "!formula-index 1:3"),
        ("x[1.5]", "!formula-index 1:3"),
        ("x[[0, 1]]", "!formula-index 1:3"),
        ("x[0] = 1", "!assignment 1:1"),
        ("A, x", "!formula-tensor 1:1"),
        ("[A, x]", "!formula-tensor 1:1"),
        ("A +", "!formula-syntax 1:4"),
        ("A * / x", "!formula-syntax 1:5"),
        ("(A", "!unclosed 1:1"),
        ("1) + (2", "!unopened 1:2"),
        ("A[0)", "!mismatched 1:4"),
        ("1/0 * x", "!division-by-zero 1:1"),
        ("9**9**9**9 * x", "!overflow 1:4"),
        ("x * 10**400", "!overflow 1:5"),
        ("1e400", "!overflow 1:1"),
        ("9" * 5000, "!formula-syntax 1:1"),
        ("(" * 65 + "x" + ")" * 65, "!too-deep 1:65"),
        ("x" + " + x" * 1000, "!formula-deep 1:1"),
        ("-" * 9000 + "x", "!formula-deep 1:1"),
        ("x" + ".T" * 200, "!formula-deep 1:1"),
        ("x\x00", "!nul 1:2"),
    ],
)
def test_anything_else_is_invalid(text: str, expected: str) -> None:
    assert outcome(lambda: tree(text)) == expected


def test_what_is_there_is_listed() -> None:
    with pytest.raises(InvalidAnswer) as caught:
        tree("torch.rand(3)")
    for name in ("A", "x", "einsum", "linalg.inv", "logsumexp", ".mT"):
        assert name in caught.value.message
    with pytest.raises(InvalidAnswer, match="log_softmax, or any of"):
        tree("logsoftmax(x)")


def test_long_sums_and_deep_brackets_are_read() -> None:
    assert read_formula("x" + "+x" * 110, VARIABLES)
    assert read_formula("exp(" * 64 + "x" + ")" * 64, VARIABLES)


def test_a_variable_hides_a_function() -> None:
    assert read_formula("sum", {"sum": ()}).to_json() == ["var", "sum"]
    assert outcome(lambda: read_formula("sum(sum)", {"sum": ()})) == "!formula-operator 1:1"
    assert read_formula("θ*2", {"θ": ()}).to_json() == ["bin", "*", ["var", "θ"], ["num", 2]]
    assert outcome(lambda: read_formula("θ*2 + y", {"θ": ()})) == "!formula-name 1:7"


_KINDS = {"num", "var", "bin", "neg", "pos", "call", "attr", "index"}


def _check(node: object, depth: int = 0) -> None:
    assert isinstance(node, list)
    assert depth < 130
    kind, *rest = node
    if kind == "call":
        assert rest[0] in FUNCTIONS
        for argument in [*rest[1], *rest[2].values()]:
            if argument[0] not in ("const", "list", "tuple"):
                _check(argument, depth + 1)
        return
    assert kind in _KINDS
    for part in rest:
        if isinstance(part, list) and part and isinstance(part[0], str):
            _check(part, depth + 1)


_pieces = st.sampled_from(
    [
        "A",
        "x",
        "e",
        "2",
        "0.5",
        "+",
        "-",
        "*",
        "/",
        "**",
        "@",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        ":",
        ".T",
        ".sum()",
        "exp(",
        "torch.",
        "linalg.inv(",
        "dim=0",
        "'ij->ji'",
        "0",
        "None",
        "True",
        "lambda",
        "#",
        "...",
        "=",
        "'",
        "\n",
    ]
)


@given(st.lists(_pieces, max_size=14).map(" ".join) | st.lists(_pieces, max_size=9).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_is_read_is_made_of_the_known_nodes(text: str) -> None:
    try:
        read = read_formula(text, VARIABLES)
    except InvalidAnswer:
        return
    _check(read.to_json())
