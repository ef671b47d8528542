"""What an explaining child sends is no more believed than any other result."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.runner.checked import MalformedReply
from tutor.runner.explained import MAX_NODES, MAX_STEPS, Explained
from tutor.runner.job import ExplainRun, Limits, Section
from tutor.runner.wire import read_result

LIMITS = Limits()
RUN = ExplainRun((Section("program", "x = 1\ny = 2"),), 1, ("x",))
NUMBER: dict[str, Any] = {"t": "number", "number": 1.5}
STATE: dict[str, Any] = {
    "value": NUMBER,
    "tensor": {
        "shape": [], "dtype": "float32", "requires_grad": True, "is_leaf": True, "grad_fn": None,
        "grad": NUMBER, "version": 0, "shares": "y", "same_as": None,
    },
    "function": "",
}  # fmt: skip
NODE: dict[str, Any] = {
    "id": 0, "kind": "leaf", "function": "AccumulateGrad", "names": ["x"], "section": "program",
    "line": 1, "shape": [], "value": NUMBER, "saved": [["self", NUMBER, "x"]],
    "attributes": {"dim": "0"}, "custom": None, "retains_grad": False,
}  # fmt: skip
REASON: dict[str, Any] = {
    "kind": "modified", "function": "MulBackward0", "node": 1, "names": ["x"], "shapes": [[2]],
    "dtypes": ["float32"], "version_saved": 0, "version_now": 1,
}  # fmt: skip
RAISED: dict[str, Any] = {"class": "E", "bases": ["E"], "section": "program", "line": 2,
                          "message": "m", "limit": ""}  # fmt: skip
GOOD: dict[str, Any] = {
    "run": 0, "more": False, "values": [NUMBER], "raised": None, "output": "", "truncated": False,
    "seconds": 0.5, "seeded": True,
    "trace": {
        "steps": [
            {"section": "program", "line": 1, "end": 1, "changes": [[0, "x", ["new"], STATE]],
             "printed": "", "function": "", "depth": 0, "raised": False},
            {"section": "expression", "line": 1, "end": 1,
             "changes": [[0, "x", ["gone"], None]], "printed": "", "function": "", "depth": 0,
             "raised": False},
        ],
        "truncated": False,
        "reason": REASON,
    },
    "walk": {
        "graph": {
            "nodes": [NODE, {**NODE, "id": 1, "kind": "operation", "custom": "F"}],
            "edges": [[1, 0, 0, None, 0], [1, 0, 1, "detach", 0]],
            "roots": [1],
            "truncated": False,
        },
        "calls": [
            {"how": "backward", "section": "program", "line": 2, "roots": [1], "seeds": [NUMBER],
             "visits": [[1, [NUMBER], [None, NUMBER], None], [0, [NUMBER], [], [None]]],
             "added": [[0, None, NUMBER, NUMBER]], "retain_graph": False, "create_graph": True,
             "raised": RAISED, "failed": 1, "truncated": False, "inputs": [0], "results": [None],
             "reason": REASON},
        ],
        "notes": ["torch-func"],
        "more_calls": 0,
    },
}  # fmt: skip


def read(data: Any) -> Explained:
    result = read_result(RUN, data, LIMITS)
    assert isinstance(result, Explained)
    return result


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every part of a JSON value."""
    found = [path]
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            found += places(value, (*path, key))
    return found


PLACES = places(GOOD)[1:]


def changed(path: tuple[Any, ...], value: Any) -> Any:
    data = copy.deepcopy(GOOD)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


def test_a_good_one_is_read() -> None:
    found = read(GOOD)
    gone = found.trace.steps[1].changes[0]
    assert (gone.before, gone.after) == (found.trace.steps[0].changes[0].after, None)
    assert found.walk.calls[0].visits[0].outgoing[0] is None
    assert found.walk.calls[0].raised.line_text == "y = 2"  # type: ignore[union-attr]
    assert found.asked == ("x",)
    assert found.run.values.keys() == {"x"}  # type: ignore[union-attr]


JUNK = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", "x" * 500, "program", [], {}, [[]], [None] * 4]
)


@given(st.sampled_from(PLACES), JUNK | st.recursive(JUNK, st.lists, max_leaves=5))
@settings(max_examples=500)
def test_any_change_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    with suppress(MalformedReply):
        json.dumps(read(changed(path, value)), default=repr)


@given(st.sampled_from(PLACES))
def test_any_part_missing_is_refused(path: tuple[Any, ...]) -> None:
    data = copy.deepcopy(GOOD)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    if isinstance(inner, dict) and path[-1] not in ("run", "more", "dim"):
        del inner[path[-1]]
        with pytest.raises(MalformedReply):
            read(data)


STEP, CALL = ("trace", "steps", 0), ("walk", "calls", 0)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*STEP, "section"), "grader"),
        ((*STEP, "line"), -1),
        ((*STEP, "line"), True),
        ((*STEP, "changes", 0), [0, "x", ["new"]]),
        ((*STEP, "changes", 0), [0, "x", ["in-place"], STATE]),
        ((*STEP, "changes", 0), [0, "x", [], STATE]),
        ((*STEP, "changes", 0), [0, "x", ["melted"], STATE]),
        ((*STEP, "changes", 0), [0, "x", ["gone"], None]),
        ((*STEP, "changes", 0, 3, "tensor", "version"), "1"),
        (("trace", "steps"), [GOOD["trace"]["steps"][0]] * (MAX_STEPS + 2)),
        (("trace", "reason", "kind"), "bad luck"),
        (("walk", "graph", "nodes"), [{**NODE, "id": i} for i in range(MAX_NODES + 1)]),
        (("walk", "graph", "nodes"), [NODE, NODE]),
        (("walk", "graph", "nodes", 0, "kind"), "root"),
        (("walk", "graph", "edges", 0), [1, 7, 0, None, 0]),
        (("walk", "graph", "edges", 0), [1, 0, 0, "bored", 0]),
        ((*CALL, "how"), "forward"),
        ((*CALL, "roots"), [9]),
        ((*CALL, "visits", 0, 0), 9),
        ((*CALL, "failed"), 9),
        ((*CALL, "raised"), {**RAISED, "section": "grader"}),
        (("walk", "notes"), ["hello"]),
        (("values",), []),
    ],
)
def test_results_that_are_none(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(MalformedReply):
        read(changed(path, value))
