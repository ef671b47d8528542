"""The schema that editors complete and check by says what the loader says."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tutor.exercise.checks import check
from tutor.exercise.model import Exercise, schema
from tutor.exercise.source import read_file
from tutor.locations import exercises_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

VALIDATOR = Draft202012Validator(schema())
DOCUMENTS = [
    read_file(path).data
    for path in sorted(exercises_dir().rglob("*.yaml"))
    if path.name != "deck.yaml"
]
VALUES = [
    None, True, 0, 1, -1, 1.5, "", "x", "a b", "1", [], ["x"], [1, 2], {}, {"en": "x"}, {"en": 1},
    {"中文": "x"}, {"int": [1, 2]}, {"int": [1, 2], "x": 1}, {"replace": "x", "with": ""}, 10**30,
]  # fmt: skip
KEYS = [
    "x",
    "kind",
    "value",
    "hint",
    "en",
    "zh",
    "weight",
    "near",
    "a b",
    "A.B",
    "1",
    "expr",
    "correct",
]


def test_the_schema_is_one_and_the_shipped_exercises_are_right_by_it() -> None:
    Draft202012Validator.check_schema(schema())
    assert [data["id"] for data in DOCUMENTS if not VALIDATOR.is_valid(data)] == []


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    pairs = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, inner in pairs:
        yield from _places(inner, (*path, key))


@st.composite
def _changed(draw: st.DrawFn) -> Any:
    """A shipped exercise with one thing set, taken away or added."""
    data = copy.deepcopy(draw(st.sampled_from(DOCUMENTS)))
    path = draw(st.sampled_from(list(_places(data))))
    above = data
    for step in path[:-1]:
        above = above[step]
    match draw(st.sampled_from(["set", "delete", "add"])):
        case "delete":
            del above[path[-1]]
        case "add" if isinstance(above, dict):
            above[draw(st.sampled_from(KEYS))] = draw(st.sampled_from(VALUES))
        case _:
            above[path[-1]] = draw(st.sampled_from(VALUES))
    return data


def _loads(data: Any) -> tuple[bool, bool]:
    """Whether the models take it, and whether the loader does, which knows more than a schema can."""
    try:
        exercise = Exercise.model_validate(data)
    except ValidationError:
        return False, False
    return True, not any(found.severity == "error" for found in check(exercise, data))


@given(_changed())
@settings(max_examples=300, deadline=None)
def test_any_change_is_right_or_wrong_by_both(data: Any) -> None:
    shape, right = _loads(data)
    by_schema = VALIDATOR.is_valid(data)
    if right:
        assert by_schema, "an editor would mark what is right"
    if not shape:
        assert not by_schema, "an editor would not mark what the loader refuses"


@pytest.mark.parametrize("key", ["中文", "English", "e n"])
def test_a_language_that_is_none_is_marked(key: str) -> None:
    assert not VALIDATOR.is_valid({**DOCUMENTS[0], "title": {key: "x"}})
