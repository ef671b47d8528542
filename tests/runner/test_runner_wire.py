"""What a child sends is never believed: anything that is not a result of its run is refused."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runner_helpers import program

from tutor.runner.job import FormulaRun, Limits, Variable
from tutor.runner.lines import Lines, TooLong
from tutor.runner.wire import MalformedReply, read_reply, read_result, request_line

LIMITS = Limits()
RUN = program("x = 1\ny = 2", "x", "y")
FORMULA = FormulaRun("", 1, {"x": Variable(())}, truth="x", trees={"t": ["var", "x"]}, count=1)
NUMBER = {"t": "number", "number": 1}
GOOD: dict[str, Any] = {
    "run": 0, "more": False, "values": [NUMBER, NUMBER], "raised": None, "output": "",
    "truncated": False, "seconds": 0.5, "seeded": False,
}  # fmt: skip
GOOD_FORMULA: dict[str, Any] = {
    "run": 0, "more": False, "points": [{"x": NUMBER}], "truth": [NUMBER], "trees": {"t": [NUMBER]},
    "raised": None, "redrawn": 0, "seeded": True,
}  # fmt: skip
RAISED = {"t": "raised", "class": "E", "bases": ["E"], "section": "program", "line": 2,
          "message": "m", "limit": ""}  # fmt: skip

#: JSON, rich in the words that results are made of.
WORDS = st.sampled_from(
    ["t", "tensor", "number", "none", "bool", "size", "text", "node", "sequence", "opaque", "raised",
     "values", "shape", "entries", "items", "nan", "inf", "float32", "memory", "program", ""]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            WORDS | st.sampled_from([*GOOD, *GOOD_FORMULA, *RAISED]), inner, max_size=8
        )
    ),
    max_leaves=20,
)


def test_a_good_result_is_read() -> None:
    result = read_result(RUN, {**GOOD, "values": [NUMBER, RAISED]}, LIMITS)
    assert set(result.values) == {"x"}  # type: ignore[union-attr]
    assert result.failures["y"].line_text == "y = 2"  # type: ignore[union-attr]
    assert read_result(FORMULA, GOOD_FORMULA, LIMITS).points  # type: ignore[union-attr]


@given(JSON, st.sampled_from([*GOOD]))
@settings(max_examples=300)
def test_any_change_of_a_result_is_read_or_refused(data: Any, field: str) -> None:
    for run, good in ((RUN, GOOD), (FORMULA, GOOD_FORMULA)):
        for sent in (data, {**good, field: data}, {**good, "values": [data, NUMBER]},
                     {**good, "truth": [data]}, {**good, "points": [{"x": data}]}):  # fmt: skip
            with suppress(MalformedReply):
                read_result(run, sent, LIMITS)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_the_token(line: bytes) -> None:
    with pytest.raises(MalformedReply):
        read_reply(line, "0123456789abcdef")


@given(st.binary(max_size=200))
def test_any_bytes_after_the_token_are_an_object_or_refused(line: bytes) -> None:
    try:
        data = read_reply(b"token " + line, "token")
    except MalformedReply:
        return
    assert isinstance(data, dict)


@pytest.mark.parametrize(
    "bad",
    [
        {**GOOD, "values": [NUMBER]},
        {**GOOD, "values": [NUMBER] * 3},
        {**GOOD, "values": [NUMBER, {**RAISED, "section": "grader"}]},
        {**GOOD, "values": [NUMBER, {**RAISED, "line": True}]},
        {**GOOD, "values": [NUMBER, {**RAISED, "limit": "patience"}]},
        {**GOOD, "values": [NUMBER, {"t": "number", "number": True}]},
        {**GOOD, "values": [NUMBER, {"t": "tensor", "dtype": "float32", "shape": [2],
                                     "entries": [1], "printed": ""}]},
        {**GOOD, "values": [NUMBER, {"t": "tensor", "dtype": "float32", "shape": [10**9] * 10**5,
                                     "entries": [], "printed": ""}]},
        {**GOOD, "values": [NUMBER, reduce(lambda inner, _: {"items": [inner]}, range(500), {})]},
        {**GOOD, "raised": "no"},
        {**GOOD, "output": None},
        {**GOOD, "seconds": "1"},
        {**GOOD, "truncated": 1},
        {**GOOD, "seeded": 1},
        {k: v for k, v in GOOD.items() if k != "raised"},
        [],
        None,
    ],
)  # fmt: skip
def test_results_that_are_none(bad: Any) -> None:
    with pytest.raises(MalformedReply):
        read_result(RUN, bad, LIMITS)


@pytest.mark.parametrize(
    "line",
    [b"t {", b"t []", b"t " + b"[" * 10**5, b"t " + b"9" * 10**5, b'{"run": 0}', b"t\t{}", b"x {}"],
)
def test_lines_that_are_no_reply(line: bytes) -> None:
    with pytest.raises(MalformedReply):
        read_reply(line, "t")


def test_output_longer_than_its_limit_is_cut_again() -> None:
    result = read_result(RUN, {**GOOD, "output": "x" * 10**6}, LIMITS)
    assert len(result.output) == LIMITS.output  # type: ignore[union-attr]


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    line = request_line((program(text, text),), LIMITS, "t")
    assert line.count(b"\n") == 1
    assert json.loads(line)["runs"][0]["sections"] == [["program", text]]


async def test_lines_come_whole_in_order_and_the_end_is_told() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        lines = Lines(ours, 100)
        theirs.sendall(b"one\ntw")
        assert await lines.next(5) == b"one"
        with pytest.raises(TimeoutError):
            await lines.next(0.01)
        theirs.sendall(b"o\nthree\nrest")
        theirs.close()
        assert [await lines.next(5) for _ in range(3)] == [b"two", b"three", None]
        lines.close()


async def test_a_line_that_came_while_the_loop_was_held_up_is_not_late() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        lines = Lines(ours, 100)
        asyncio.get_running_loop().call_soon(held_up, theirs)
        assert await lines.next(0.05) == b"in time"
        lines.close()


def held_up(sock: socket.socket) -> None:
    import time

    sock.sendall(b"in time\n")
    time.sleep(0.2)


async def test_a_line_without_end_is_refused_early() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        lines = Lines(ours, 1000)
        theirs.sendall(b"x" * 2000)
        with pytest.raises(TooLong):
            await lines.next(5)
