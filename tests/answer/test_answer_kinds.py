"""Flags, raises, choice, order and code."""

from __future__ import annotations

import pytest
from reading_text import outcome

from tutor.answer import (
    InvalidAnswer,
    OptionText,
    letter,
    read_choice,
    read_code,
    read_flags,
    read_order,
    read_raises,
    used_names,
)

FLAGS = ["x.is_leaf", "x.detach().requires_grad", "y.sum(dim=0).is_leaf"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("True False True", "(True, False, True)"),
        ("true, FALSE, True", "(True, False, True)"),
        ("T, F, T", "(True, False, True)"),
        ("t f t", "(True, False, True)"),
        ("Ｔ，Ｆ、Ｔ", "(True, False, True)"),
        ("yes no yes", "(True, False, True)"),
        ("Y; n; Y", "(True, False, True)"),
        ("True\nFalse\r\nTrue\n", "(True, False, True)"),
        ("[True, False, True]", "(True, False, True)"),
        ("(T F T)", "(True, False, True)"),
        ("True, False, True,", "(True, False, True)"),
        (
            "x.is_leaf=True, x.detach().requires_grad=False, y.sum(dim=0).is_leaf=True",
            "(True, False, True)",
        ),
        (
            "y.sum( dim = 0 ).is_leaf = yes\nx.is_leaf: T\nx.detach().requires_grad = f",
            "(True, False, True)",
        ),
        ("", "!empty 1:1"),
        ("True", "!flag-count 1:1"),
        ("True True True True", "!flag-count 1:1"),
        ("[]", "!flag-count 1:2"),
        ("True,,False", "!flag-gap 1:6"),
        ("ture False True", "!word-suggestion 1:1"),
        ("True maybe True", "!flag-word 1:6"),
        ("tft", "!flag-word 1:1"),
        ("None None None", "!flag-word 1:1"),
        ("1 0 1", "!flag-number 1:1"),
        (">>> True", "!prompt 1:1"),
        ("z=True", "!flag-unknown 1:1"),
        ("x.is_leaf=True, x.is_leaf=False", "!flag-twice 1:17"),
        ("x.is_leaf=True", "!flag-missing 1:1"),
        ("x.is_leaf=", "!flag-word 1:10"),
        ("x.is_leaf=1", "!flag-number 1:11"),
        ("True\x00", "!nul 1:5"),
    ],
)
def test_flags(text: str, expected: str) -> None:
    assert outcome(lambda: read_flags(text, FLAGS)) == expected


def test_flags_with_the_same_expression_twice() -> None:
    assert read_flags("a=True a=False", ["a", "a"]) == (True, False)
    assert read_flags("a=True ab=False", ["ab", "a"]) == (False, True)


def _raises(text: str, *, line_asked: bool = True, lines: tuple[int, ...] = ()) -> str:
    def read() -> object:
        found = read_raises(text, line_asked=line_asked, lines=lines)
        return f"{found.class_name} {found.line}" if found.raises else "no"

    return outcome(read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("None", "no"),
        ("none", "no"),
        ("ok", "no"),
        ("OK.", "no"),
        ("no error", "no"),
        ("RuntimeError 4", "RuntimeError 4"),
        ("RuntimeError, line 4", "RuntimeError 4"),
        ("RuntimeError，line ４", "RuntimeError 4"),
        ("RuntimeError: 4", "RuntimeError 4"),
        ("RuntimeError (line 4)", "RuntimeError 4"),
        ("RuntimeError(4)", "RuntimeError 4"),
        ("RuntimeError on line 4.", "RuntimeError 4"),
        ("RuntimeError\n4", "RuntimeError 4"),
        ("RuntimeError 第4行", "RuntimeError 4"),
        ("runtimeerror LINE 04", "RuntimeError 4"),
        ("`RuntimeError` 4", "RuntimeError 4"),
        ("line 4: RuntimeError", "RuntimeError 4"),
        ("4 ValueError", "ValueError 4"),
        ("torch.OutOfMemoryError 12", "OutOfMemoryError 12"),
        ("MyRuntimeError 3", "MyRuntimeError 3"),
        ("Exception 2", "Exception 2"),
        ("BaseException 2", "BaseException 2"),
        ("banana 2", "banana 2"),
        ("", "!empty 1:1"),
        ("RuntimeError", "!raises-line 1:13"),
        ("  RuntimeError  ", "!raises-line 1:15"),
        ("RuntimeErorr 4", "!raises-suggestion 1:1"),
        ("RuntimError 4", "!raises-suggestion 1:1"),
        ("yes", "!raises-class 1:1"),
        ("4", "!raises-class 1:1"),
        ("it raises something", "!raises-form 1:1"),
        ("RuntimeError 4 5", "!raises-form 1:1"),
        ("RuntimeError 0", "!raises-number 1:14"),
        ("RuntimeError -1", "!raises-number 1:14"),
        ("RuntimeError 4.5", "!raises-number 1:14"),
        ("RuntimeError 99999999999999", "!raises-number 1:14"),
    ],
)
def test_raises_with_a_line(text: str, expected: str) -> None:
    assert _raises(text) == expected


def test_raises_without_a_line_and_with_lines_on_offer() -> None:
    assert _raises("RuntimeError", line_asked=False) == "RuntimeError None"
    assert _raises("RuntimeError 3", line_asked=False) == "RuntimeError 3"
    assert _raises("RuntimeError 3", lines=(3, 4)) == "RuntimeError 3"
    assert _raises("RuntimeError 5", lines=(3, 4)) == "!raises-offer 1:14"


OPTIONS = [
    OptionText("a", "`x.grad` is None"),
    OptionText("b", "28"),
    OptionText("c", "a vector, of ones"),
    OptionText("d", "True"),
]


@pytest.mark.parametrize(
    ("text", "one", "many"),
    [
        ("a", "0", "0"),
        ("B", "1", "1"),
        ("(c)", "2", "2"),
        ("d.", "3", "3"),
        ("ａ）", "0", "0"),
        ("x.grad is none", "0", "0"),
        ("`x.grad` is None", "0", "0"),
        ("28", "1", "1"),
        ("A vector,  of ones", "2", "2"),
        ("c) a vector, of ones", "2", "2"),
        ("true", "3", "3"),
        ("a a", "0", "0"),
        ("ac", "!choice-one 1:1", "0 2"),
        ("a, c", "!choice-one 1:1", "0 2"),
        ("a c d", "!choice-one 1:1", "0 2 3"),
        ("a and c", "!choice-one 1:1", "0 2"),
        ("d、a", "!choice-one 1:1", "0 3"),
        ("28; true", "!choice-one 1:1", "1 3"),
        ("28\na vector, of ones", "!choice-one 1:1", "1 2"),
        ("e", "!choice-offer 1:1", "!choice-offer 1:1"),
        ("a e", "!choice-offer 1:3", "!choice-offer 1:3"),
        ("27", "!choice-offer 1:1", "!choice-offer 1:1"),
        ("none", "!choice-offer 1:1", "!choice-offer 1:1"),
        ("b) True", "!choice-one 1:1", "1 3"),
        ("", "!empty 1:1", "!empty 1:1"),
    ],
)
def test_choice(text: str, one: str, many: str) -> None:
    def indices(several: bool) -> str:
        return " ".join(map(str, sorted(read_choice(text, OPTIONS, several).indices)))

    assert outcome(lambda: indices(False)) == one
    assert outcome(lambda: indices(True)) == many


def test_letters_come_before_texts_and_same_texts_are_not_guessed() -> None:
    options = [OptionText("a", "b"), OptionText("b", "a")]
    assert read_choice("a", options, False).indices == {0}
    options = [OptionText("a", "Mul"), OptionText("b", "mul")]
    assert read_choice("mul", options, False).indices == {1}
    assert outcome(lambda: read_choice("MUL", options, False)) == "!choice-offer 1:1"


LIVE = [OptionText("a", None, True), OptionText("b", "[2, 4]", True), OptionText("c", "an error")]


def test_options_that_are_expressions_take_values() -> None:
    read = read_choice("tensor([1., 2.])", LIVE, False)
    assert not read.indices
    assert [value.echo for value in read.values] == ["vector of 2, float"]
    assert read_choice("[2,4]", LIVE, False).indices == {1}
    assert read_choice("An error", LIVE, False).indices == {2}
    several = read_choice("None; an error", LIVE, True)
    assert several.indices == {2}
    assert [value.echo for value in several.values] == ["None"]
    assert outcome(lambda: read_choice("[1, 2", LIVE, False)) == "!unclosed 1:1"
    assert outcome(lambda: read_choice("None; [1, 2", LIVE, True)) == "!choice-offer 1:6"


LINES = [
    "x = torch.ones(2, requires_grad=True)",
    "y = x * 2",
    "    y.backward()",
    "y.backward()",
    "y.backward()",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b a c", "(1, 0, 2)"),
        ("b, a, c", "(1, 0, 2)"),
        ("bac", "(1, 0, 2)"),
        ("B A C", "(1, 0, 2)"),
        ("b > a > c", "(1, 0, 2)"),
        ("b -> a → c", "(1, 0, 2)"),
        ("[b, a, c]", "(1, 0, 2)"),
        ("ｂ、ａ", "(1, 0)"),
        ("(b) (a)", "(1, 0)"),
        ("b\na\nc", "(1, 0, 2)"),
        ("y = x * 2\nx = torch.ones(2, requires_grad=True)", "(1, 0)"),
        ("y = x*2\r\n\r\nx = torch.ones(2,requires_grad=True)", "(1, 0)"),
        ("b) y = x * 2", "(1,)"),
        ("    y.backward()", "(2,)"),
        ("y.backward()\ny.backward()", "(3, 4)"),
        ("a\ny = x * 2", "(0, 1)"),
        ("", "!empty 1:1"),
        ("a z", "!order-offer 1:3"),
        ("1 2 3", "!order-offer 1:1"),
        ("a\nhello", "!order-offer 2:1"),
        ("a) y = x * 2", "!order-offer 1:4"),
        ("a b a", "!order-twice 1:5"),
        ("aa", "!order-twice 1:2"),
        ("y = x * 2\ny = x * 2", "!order-twice 2:1"),
    ],
)
def test_order(text: str, expected: str) -> None:
    assert outcome(lambda: read_order(text, LINES)) == expected


BLOCKS = ["y = f(x)", "def f(x):\n    return x", "def f(x):", "def f(x):\n    return x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x):\n    return x\ny = f(x)", "(1, 0)"),
        ("\ndef f(x): \r\n    return x\r\n\r\na", "(1, 0)"),
        ("def f(x):\n    return x\ndef f(x):\n    return x", "(1, 3)"),
        ("def f(x):\ny = f(x)", "(2, 0)"),
        ("a\ndef f(x):\n    return y", "!order-offer 3:5"),
    ],
)
def test_a_line_over_several_rows_is_read_as_one(text: str, expected: str) -> None:
    assert outcome(lambda: read_order(text, BLOCKS)) == expected


def test_letters_go_on_after_z() -> None:
    assert [letter(i) for i in (0, 25, 26, 27, 52)] == ["a", "z", "aa", "ab", "ba"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "x = 1\n"),
        ("\ufeffx = 1\r\ny = 2\r\n\r\n", "x = 1\ny = 2\n"),
        ("def f(x):\n\treturn x\n", "def f(x):\n\treturn x\n"),
        ("s = '，'", "s = '，'\n"),
        ("# only a comment", "!code-empty 1:1"),
        ("", "!empty 1:1"),
        ("x = (", "!code-syntax 1:5"),
        ("\ufeffx = (", "!code-syntax 1:6"),
        ("x = 1\ny = x +\n", "!code-syntax 2:8"),
        ("x = 1，2", "!code-syntax 1:6"),
        ("x = 1\n  y = 2", "!code-syntax 2:2"),
        ("return 3", "!code-syntax 1:1"),
        ("for i in x:\n    pass\nbreak", "!code-syntax 3:1"),
        (">>> x = 1", "!prompt 1:1"),
        ("def f():\n    ...  # body", "def f():\n    ...  # body\n"),
        ("x = 1\x00", "!nul 1:6"),
        ("-" * 9_000 + "1", "!code-deep 1:1"),
        ("x = 1\n" + "#" * 10_000, "!too-long 2:9995"),
    ],
)
def test_code(text: str, expected: str) -> None:
    assert outcome(lambda: read_code(text).source) == expected


def test_a_syntax_error_says_what_python_says() -> None:
    with pytest.raises(InvalidAnswer, match=r"line 1 .*never closed") as caught:
        read_code("x = (")
    assert caught.value.params["number"] == 1


def test_nested_finally_is_not_compiled_here() -> None:
    # Python copies a finally body for every way out of it: 2**20 copies in these 20 levels.
    source = "".join(f"{' ' * i}try:\n{' ' * i} pass\n{' ' * i}finally:\n" for i in range(20))
    assert read_code(source + " " * 20 + "pass").source


def test_used_names() -> None:
    source = """
import torch.nn as nn
from torch import no_grad as quiet

async def helper(x, *, retain=True):
    with quiet():
        return torch.linalg.inv(x).sum().grad.zero_()

getattr(x, "backward")(retain_graph=True)
"""
    names = used_names(source)
    wanted = "torch nn torch.nn no_grad torch.no_grad quiet helper x retain torch.linalg.inv linalg"
    assert names >= set(wanted.split())
    assert names >= {"linalg.inv", "inv", "sum", "grad", "zero_", "getattr", "backward"}
    assert "retain_graph" not in names
    assert "exp" not in used_names("s = 'exp'  # exp")
