"""Commas within one number are a slip of notation; a list that is wrong stays wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.answer import InvalidAnswer
from tutor.grading.compare import compare
from tutor.grading.kinds.value import Side, read
from tutor.values import Number, Size, Tensor, Value

ANSWER: Any = None
LARGE = Tensor("float32", (), (1234567.5,), "tensor(1234567.5000)")


@pytest.mark.parametrize(
    ("text", "truth", "meant"),
    [
        ("1,234.5", Number(1234.5), "1234.5"),
        (" -51,200 ", Number(-51200), "-51200"),
        ("51 200", Number(51200), "51200"),
        ("1,234,567.5", LARGE, "1234567.5"),
        ("1 234 567.5", LARGE, "1234567.5"),
        ("0,5", Number(0.5), "0.5"),
        ("0,333", Tensor("float32", (), (1 / 3,), "tensor(0.3333)"), "0.333"),
    ],
)  # fmt: skip
def test_one_number_with_commas_costs_nothing(text: str, truth: Value, meant: str) -> None:
    with pytest.raises(InvalidAnswer, match=f"if you mean one, write {meant}"):
        read(ANSWER, text, Side(truth, {}))


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("1,234", Number(6)),  # nothing is told to who has it wrong
        ("2,4", Number(6)),
        ("1, 234", Number(1235)),
        ("51,20", Number(5120)),
        ("1,234", Size((2, 3))),
    ],
)
def test_a_wrong_list_is_wrong(text: str, truth: Value) -> None:
    assert not compare(truth, read(ANSWER, text, Side(truth, {}))).right


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("0,5", Tensor("float32", (2,), (0.0, 5.0), "tensor([0., 5.])")),
        ("1,234", Tensor("int64", (2,), (1, 234), "tensor([1, 234])")),
        ("1,234", Size((1, 234))),
    ],
)
def test_a_right_list_is_right(text: str, truth: Value) -> None:
    assert compare(truth, read(ANSWER, text, Side(truth, {}))).right
