"""Values beyond the table: literals, echoes, YAML, and what torch and numpy print."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reading_text import outcome

from tutor.answer import (
    MESSAGES,
    InvalidAnswer,
    NameRead,
    Numbers,
    kind_of,
    matches_node,
    read_value,
    value_from_yaml,
    word_where_number,
)


def numbers(text: str) -> Numbers:
    read = read_value(text).readings[0]
    assert isinstance(read, Numbers)
    return read


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("-0.333", ["-0.333"]),
        ("1.00", ["1.00"]),
        ("+0.50", ["0.50"]),
        ("−１．５０", ["-1.50"]),
        ("(0.333)", ["0.333"]),
        ("--2", ["2"]),
        ("007", ["7"]),
        ("00.5", ["0.5"]),
        ("51_200", ["51200"]),
        ("1E−3", ["1e-3"]),
        ("5. .5", ["5.", ".5"]),
        ("1/3", [None]),
        ("pi inf 1+1", [None, None, None]),
        ("tensor([0.3333, -2.])", ["0.3333", "-2."]),
        ("True False", [None, None]),
    ],
)
def test_literals_keep_the_digits_typed(text: str, literals: list[str | None]) -> None:
    assert [entry.literal for entry in numbers(text).entries] == literals


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("49", "49, int"),
        ("1/3", "0.333333, float"),
        ("tensor(4.)", "0-d tensor, 4, float"),
        ("tensor(True)", "0-d tensor, True"),
        ("[1, 2]", "vector of 2, int"),
        ("1 2; 3 4.", "2×2, float"),
        ("True False", "vector of 2, bool"),
        ("1\n2", "vector of 2, int or 2×1, int"),
        ("2×3", "6, int or shape (2, 3)"),
        ("torch.Size([3])", "shape (3,)"),
        ("none", "None"),
        ("TRUE", "True"),
        ("<MulBackward0>", "the word MulBackward0"),
        ("tensor([1.]), None", "(vector of 1, float; None)"),
        ("tensor([], size=(0, 3))", "0×3, float"),
        ("1" + "0" * 300, "1e+300, int"),
    ],
)
def test_the_echo_says_how_it_was_read(text: str, echo: str) -> None:
    assert read_value(text).echo == echo


# ---- names


@pytest.mark.parametrize(
    ("typed", "node", "same"),
    [
        ("MulBackward0", "MulBackward0", True),
        ("mulbackward0", "MulBackward0", True),
        ("Mul", "MulBackward0", True),
        ("MulBackward", "MulBackward0", True),
        ("<MulBackward0 object at 0x7f00>", "MulBackward0", True),
        ("'AddBackward0'", "AddBackward0", True),
        ("AddBackward1", "AddBackward0", False),
        ("PowBackward1", "PowBackward1", True),
        ("Add", "MulBackward0", False),
        ("AccumulateGrad", "AccumulateGrad", True),
        ("torch::autograd::AccumulateGrad", "AccumulateGrad", True),
        ("accumulategrad", "torch::autograd::AccumulateGrad", True),
        ("AccumulateGradBackward0", "AccumulateGrad", False),
        ("Accumulate", "AccumulateGrad", False),
        ("T", "TBackward0", True),
        ("MyExp", "MyExpBackward", True),
        ("MyExpBackward0", "MyExpBackward", True),
        ("<torch.autograd.function.MyExpBackward object at 0x7f>", "MyExpBackward", True),
        ("banana", "MulBackward0", False),
    ],
)
def test_names_of_nodes(typed: str, node: str, same: bool) -> None:
    name = read_value(typed).readings[0]
    assert isinstance(name, NameRead)
    assert matches_node(name, node) is same


def test_names_of_real_nodes_in_every_print() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for y in (x * 2, x.sum(), x.exp(), x @ x, x.reshape(2, 1).t(), x[0], x**2):
        node = y.grad_fn
        assert node is not None
        for typed in (str(node), node.name(), type(node).__name__, f"'{node.name().lower()}'"):
            name = read_value(typed).readings[0]
            assert isinstance(name, NameRead)
            assert matches_node(name, node.name())
    leaf = (x * 2).grad_fn.next_functions[0][0]
    name = read_value(str(leaf)).readings[0]
    assert isinstance(name, NameRead)
    assert matches_node(name, leaf.name())
    assert matches_node(name, "AccumulateGrad")


def test_a_word_where_numbers_are_asked() -> None:
    name = read_value("  ture").readings[0]
    assert isinstance(name, NameRead)
    error = word_where_number(name)
    assert (error.key, error.line, error.column) == ("word-suggestion", 1, 3)
    assert "did you mean True?" in error.message
    assert word_where_number(NameRead("x", "x")).key == "word-among-numbers"


def test_quoted_text_keeps_what_was_typed() -> None:
    name = read_value("“a，b”").readings[0]
    assert isinstance(name, NameRead)
    assert (name.name, name.raw) == ("a,b", "a，b")


# ---- what torch and numpy print


@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=0, max_dims=3, max_side=4),
        elements=st.floats(-100, 100, width=32) | st.sampled_from([math.inf, -math.inf, math.nan]),
    )
)
@settings(max_examples=60, deadline=None)
def test_tensors_as_torch_prints_them(array: np.ndarray[Any, Any]) -> None:
    tensor = torch.from_numpy(array.copy())
    with_grad = (tensor.clone().requires_grad_() * 1).__repr__()
    for text in (repr(tensor), with_grad, repr(torch.nn.Parameter(tensor))):
        read = numbers(text)
        assert read.shape == tuple(tensor.shape)
        flat = torch.tensor([float(e.value) for e in read.entries]).reshape(tensor.shape)
        torch.testing.assert_close(flat, tensor, rtol=1e-3, atol=1e-3, equal_nan=True)


@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.int64, np.bool_]),
        hnp.array_shapes(min_dims=1, max_dims=3, max_side=4),
        elements=st.integers(0, 1),
    )
)
@settings(max_examples=60, deadline=None)
def test_arrays_as_numpy_prints_them(array: np.ndarray[Any, Any]) -> None:
    for text in (repr(array), str(array)):
        read = numbers(text)
        assert read.shape == array.shape
        assert [entry.value for entry in read.entries] == array.flatten().tolist()
        assert kind_of(read) == {"f": "float", "i": "int", "b": "bool"}[array.dtype.kind]


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0), (2, 0, 3)])
def test_empty_tensors(shape: tuple[int, ...]) -> None:
    assert numbers(repr(torch.zeros(shape))).shape == shape
    assert numbers(repr(np.zeros(shape))).shape == shape


def test_a_long_vector_goes_over_several_lines() -> None:
    wide = np.linspace(-1, 1, 40)
    assert numbers(str(wide)).shape == (40,)
    assert numbers(repr(torch.from_numpy(wide))).shape == (40,)
    assert numbers(repr(torch.arange(90))).shape == (90,)


def _nested(shape: tuple[int, ...], entries: list[float]) -> Any:
    if not shape:
        return entries[0]
    step = len(entries) // shape[0]
    return [_nested(shape[1:], entries[i * step : (i + 1) * step]) for i in range(shape[0])]


finite = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_nested_lists_come_back(data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4)))
    count = math.prod(shape)
    entries = data.draw(st.lists(finite, min_size=count, max_size=count))
    nested = _nested(shape, entries)
    for text in (repr(nested), repr(nested).replace(",", ""), f"tensor({nested})"):
        read = numbers(text)
        assert (read.shape, [e.value for e in read.entries]) == (shape, entries)
    assert value_from_yaml(nested).readings[0] == Numbers(
        shape, numbers(repr(nested)).entries, "list"
    )


@given(st.lists(st.lists(finite, min_size=3, max_size=3), min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_rows_in_every_notation(rows: list[list[float]]) -> None:
    flat = [x for row in rows for x in row]
    for between in (", ", " ", ","):
        lines = [between.join(map(repr, row)) for row in rows]
        for text in ("\n".join(lines), "; ".join(lines), "[" + "; ".join(lines) + "]"):
            read = numbers(text)
            assert (read.shape, [e.value for e in read.entries]) == ((len(rows), 3), flat)


_expressions = st.recursive(
    st.integers(0, 12).map(str) | st.sampled_from(["0.5", "1.25", ".5", "2."]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", " + ", " - "]), inner).map("".join)
        | inner.map(lambda text: f"({text})")
        | inner.map(lambda text: f"-{text}")
        | inner.map(lambda text: f"{text}**2")
    ),
    max_leaves=8,
)


@given(_expressions)
@settings(max_examples=200, deadline=None)
def test_arithmetic_is_pythons(text: str) -> None:
    try:
        expected = eval(text, {})  # noqa: S307 - of numbers and signs made up above
    except (ZeroDivisionError, OverflowError):
        expected = None
    if not isinstance(expected, int | float) or abs(expected) > 1e300:
        outcome(lambda: read_value(text))
        return
    assert numbers(text).entries[0].value == expected


# ---- values of authors


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"),
        (True, "True"),
        (3, "number (): 3"),
        (0.333, "number (): 0.333"),
        (math.inf, "number (): inf"),
        ("None", "None"),
        ("MulBackward0", "name MulBackward0"),
        ("1, 2", "bare (2,): 1 2"),
        ("2×3", "number (): 6 | Size(2, 3)"),
        ([], "list (0,):"),
        ([1, 2.5], "list (2,): 1 2.5"),
        (["1", "1/2"], "list (2,): 1 0.5"),
        ([[1, 2], [3, 4]], "list (2, 2): 1 2 3 4"),
        ([True, False], "list (2,): True False"),
        ([None, None], "tuple <None> <None>"),
        ([[1, 2], [3]], "!ragged-length 1:1"),
        ([1, True], "!bool-among-numbers 1:1"),
        ([1, None], "!none-among-numbers 1:1"),
        (["x"], "!word-among-numbers 1:1"),
        ({"a": 1}, "!character 1:1"),
        (10**400, "!overflow 1:1"),
        ("", "!empty 1:1"),
    ],
)
def test_values_of_yaml(value: Any, expected: str) -> None:
    assert outcome(lambda: value_from_yaml(value)) == expected


def test_a_yaml_float_keeps_its_digits() -> None:
    read = value_from_yaml(0.333).readings[0]
    assert isinstance(read, Numbers)
    assert read.entries[0].literal == "0.333"


def test_yaml_that_contains_itself() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert outcome(lambda: value_from_yaml(loop)) == "!too-deep 1:1"


# ---- messages


def test_every_message_is_one_sentence() -> None:
    for message in MESSAGES.values():
        assert message.endswith((".", "?"))
        assert message[0].isupper() or message[0] in "`{"
        assert "\n" not in message


def test_long_pieces_of_the_answer_are_shortened() -> None:
    with pytest.raises(InvalidAnswer) as caught:
        read_value("1 " + "x" * 5000)
    assert len(caught.value.message) < 200
    assert str(caught.value) == caught.value.message
    assert caught.value.params["text"] == "x" * 39 + "…"


def test_the_most_nested_answers_are_read() -> None:
    assert numbers("[" * 64 + "1" + "]" * 64).shape == (1,) * 64
    assert numbers("(" * 64 + "1" + ")" * 64).shape == ()
    assert numbers("-(" * 64 + "1" + ")" * 64).entries[0].value == 1
    assert numbers("sqrt(" * 64 + "1" + ")" * 64).entries[0].value == 1.0
    assert numbers(" ".join(["1"] * 5000)).shape == (5000,)
    assert numbers("-" * 9998 + "1").entries[0].value == 1
    assert numbers("0" * 9999 + "1").entries[0].literal == "1"
