"""Whatever a program's process sends that passes for a value: it is graded and shown, and nothing fails.

A program can reach its own process's channel and say anything over it.  It does not know the truth, but it
must not bring the grader down either, nor write into the terminal of whoever reads the verdict.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tutor.answer import InvalidAnswer, read_value
from tutor.grading.compare import NotGradable, compare, equal
from tutor.grading.kinds.code import difference
from tutor.render.value import show
from tutor.runner.checked import MalformedReply, raised_from
from tutor.runner.job import Limits, ProgramRun, Section
from tutor.runner.wire import read_result
from tutor.values import MalformedValue, Number, Size, Tensor, Text, Truth, Value, from_json

HOSTILE = [
    "\x1b]0;pwned\x07",
    "\x1b[31m",
    "\x9b31m",
    "\u202e",
    "\r",
    "[bold]",
    "\ud800",
    "",
    "a\nb",
    "​",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=5)
NUMBERS = (
    st.integers(-5, 5)
    | st.sampled_from(
        [10**308, 10**309, 10**4000, -(10**4000), 2**1024, True, "nan", "-inf", "x", 1e308]
    )
    | st.floats()
)
DIMS = st.lists(st.integers(-1, 3) | st.sampled_from([10**400, 2**63]), max_size=4)
LEAVES = (
    st.fixed_dictionaries({"t": st.just("number"), "number": NUMBERS})
    | st.fixed_dictionaries({"t": st.just("bool"), "true": st.booleans()})
    | st.fixed_dictionaries({"t": st.just("size"), "dims": DIMS})
    | st.fixed_dictionaries({"t": st.just("text"), "text": TEXTS})
    | st.fixed_dictionaries({"t": st.just("node"), "name": TEXTS})
    | st.fixed_dictionaries({"t": st.just("opaque"), "type": TEXTS, "text": TEXTS})
    | st.fixed_dictionaries(
        {
            "t": st.just("tensor"),
            "dtype": st.sampled_from(["float32", "int64", "bool", "complex64"]) | TEXTS,
            "shape": st.lists(st.integers(0, 2), max_size=3),
            "entries": st.lists(NUMBERS, max_size=8),
            "printed": TEXTS,
        }
    )
)
FORGED = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries(
        {"t": st.just("sequence"), "items": st.lists(inner, max_size=3), "tuple": st.booleans()}
    ),
    max_leaves=4,
)
TRUTHS = [
    Number(4), Truth(True), Size((2,)), Text("a"), Tensor("float32", (2,), (1.0, 2.0), "tensor([1., 2.])"),
    Tensor("int64", (), (3,), "tensor(3)"), Tensor("bool", (1,), (True,), "tensor([True])"),
]  # fmt: skip
REPLY = {
    "values": [],
    "raised": None,
    "output": "",
    "truncated": False,
    "seconds": 0.1,
    "seeded": False,
}
BIG = {"t": "number", "number": 10**4000}


def harmless(text: str) -> bool:
    return all(character.isprintable() for character in text.replace("\n", ""))


@given(FORGED)
@example(BIG)
@example({"t": "tensor", "dtype": "float32", "shape": [1], "entries": [10**400], "printed": ""})
@example({"t": "text", "text": HOSTILE[0]})
@settings(max_examples=400, deadline=None)
def test_a_value_is_compared_and_shown_or_refused(data: Any) -> None:
    try:
        forged = from_json(data)
    except MalformedValue:
        return
    assert harmless(show(forged))
    for truth in TRUTHS:
        ran = _ran(forged)
        message = difference({"x": truth}, ran, ("x",))
        assert message is None or harmless(message)
        with suppress(NotGradable):
            equal(truth, forged)
    for typed in ("4", "[1, 2]", "True", "None", "foo", "2, 3"):
        with suppress(InvalidAnswer, NotGradable):
            assert harmless(compare(forged, read_value(typed)).message)


def _ran(value: Value) -> Any:
    run = ProgramRun((Section("program", "x"),), 0, ("x",))
    good = {
        "values": [{"t": "none"}],
        "raised": None,
        "output": "",
        "truncated": False,
        "seconds": 0.1,
        "seeded": False,
    }
    result: Any = read_result(run, good, Limits())
    result.values["x"] = value
    return result


@given(TEXTS, TEXTS, st.integers() | st.sampled_from([10**4000]))
@settings(max_examples=100, deadline=None)
def test_an_error_s_words_and_line_are_harmless(name: str, message: str, line: int) -> None:
    data = {
        "class": name,
        "bases": [name],
        "section": "program",
        "line": line,
        "message": message,
        "limit": "",
    }
    raised = raised_from(data, {"program": "x = 1"}, Limits())
    assert harmless(raised.class_name + raised.message + "".join(raised.bases))
    assert 0 <= raised.line <= 1_000_000


def test_what_is_printed_keeps_its_lines_and_nothing_that_moves_the_cursor() -> None:
    run = ProgramRun((Section("program", "x"),), 0, ())
    sent = {
        "values": [],
        "raised": None,
        "output": "a\n\x1b[2Jb\tc\r\n",
        "truncated": False,
        "seconds": 0.1,
        "seeded": False,
    }
    result: Any = read_result(run, sent, Limits())
    assert result.output == "a\n␛[2Jb    c␍\n"


@pytest.mark.parametrize(
    "number", [10**309, 10**4000, -(10**400)], ids=["309 digits", "4001", "negative"]
)
def test_a_number_beyond_every_float_is_no_value(number: int) -> None:
    with pytest.raises(MalformedValue):
        from_json({"t": "number", "number": number})
    run = ProgramRun((Section("program", "x"),), 0, ("x",))
    values = [{"t": "number", "number": number}]
    with pytest.raises(MalformedReply):
        read_result(run, {**REPLY, "values": values}, Limits())
