"""Relations of a wrong answer to the truth: each says what is so, and nothing where nothing is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.answer import read_value
from tutor.families import RELATION_FAMILIES
from tutor.grading.compare import compare
from tutor.grading.near import value_like
from tutor.grading.relations import RELATIONS
from tutor.grading.relations.flags import flags_relation
from tutor.grading.relations.formulas import formula_relation
from tutor.grading.relations.values import Facts, value_relation
from tutor.values import Nothing, Number, Size, Tensor

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

PROGRAM = "y = (3 * x**5).mean() + x @ x\nopt = SGD([x], lr=0.25)\n"


def tensor(*entries: float, shape: tuple[int, ...] | None = None) -> Tensor:
    return Tensor(
        "float32", (len(entries),) if shape is None else shape, tuple(map(float, entries))
    )


X = tensor(2, 3, 7)
FACTS = Facts(PROGRAM, "x.grad", {"x": X, "w": tensor(9, 8, 6)})
MATRIX = tensor(1, 2, 3, 4, 5, 6, shape=(2, 3))


@pytest.mark.parametrize(
    ("truth", "text", "kind"),
    [
        (Nothing(), "0, 0", "zeros-for-none"),
        (Nothing(), "1, 0", "gradient-for-none"),
        (tensor(0, 0), "None", "none-for-zeros"),
        (tensor(1, 0), "None", "none-for-gradient"),
        (MATRIX, "[[1, 4], [2, 5], [3, 6]]", "transposed"),
        (MATRIX, "[[1, 2], [3, 4], [5, 6]]", "shape"),
        (MATRIX, "1, 2, 3, 4, 5, 6", "shape"),
        (MATRIX, "[[-1, -2, -3], [-4, -5, -6]]", "negated"),
        (tensor(-4), "4", "negated"),
        (tensor(4, 8, 12), "2, 3, 7", "other-value"),
        (tensor(4, 8, 13), "20, 40, 65", "factor-exponent"),
        (tensor(4, 8, 13), "0.8, 1.6, 2.6", "factor-exponent"),
        (tensor(4, 8, 13), "12, 24, 39", "factor-count"),
        (tensor(4, 8, 16), "1, 2, 4", "factor-number"),
        (tensor(4, 8, 13), "8, 16, 26", "factor-two"),
        (tensor(4, 8, 13), "28, 56, 91", "factor"),
        (tensor(4), "8", "factor-two"),
        (tensor(4, 5, 6), "8, 15, 42", "times-input"),
        (tensor(8, 15, 42), "4, 5, 6", "over-input"),
        (Number(10), "[1, 2, 7]", "not-summed"),
        (tensor(5, 7, 9), "[[1, 2, 3], [4, 5, 6]]", "not-summed"),
        (tensor(4, 5, 11), "20", "summed"),
        (MATRIX, "5, 7, 9", "summed"),
        (MATRIX, "[[5, 7, 9]]", "summed"),
        (tensor(4, 5, 12), "7", "averaged"),
        (tensor(1, 2, 4), "2, 4, 1", "permuted"),
        (tensor(-4, 6, 9), "4, 6, 9", "magnitudes"),
        (tensor(-4, 6, 9), "4, -6, 9", "signs"),
        (tensor(4, 5, 8), "1/4, 1/5, 1/8", "reciprocal"),
        (tensor(4, 5, 8), "14, 15, 18", "offset"),
        (Size((2, 3, 4)), "3, 2, 4", "dimensions-permuted"),
        (Size((2, 4)), "3,", "shape-of"),
    ],
)  # fmt: skip
def test_a_relation_is_told(truth, text, kind):
    told = value_relation(truth, read_value(text), FACTS)
    assert told is not None
    assert told.kind == kind
    assert told.says


@pytest.mark.parametrize(
    ("truth", "text"),
    [
        (tensor(4, 8, 13), "4, 8, 12"),
        (tensor(4), "5"),
        (tensor(4), "28"),  # any number is some factor of another
        (tensor(4), "8"),  # nothing is squared in that program
        (tensor(0, 0), "1, 1"),
        (tensor(1, 1), "4, 4"),
        (tensor(float("nan"), 1), "-1, 1"),
        (Nothing(), "True"),
        (Size((2, 4)), "2, 5"),
        (Tensor("bool", (2,), (True, False)), "False, True"),
    ],
)
def test_where_nothing_is_so_nothing_is_told(truth, text):
    facts = Facts("y = x.exp()\n", "x.grad", {"x": X})
    assert value_relation(truth, read_value(text), facts) is None


def test_a_count_is_off_by_one():
    facts = Facts("", "h._version", {})
    assert value_relation(Number(3), read_value("4"), facts).kind == "one-off"
    assert value_relation(Number(3), read_value("5"), facts) is None


def test_what_another_answer_asks_for_is_told_by_its_name():
    told = value_relation(tensor(1, 2), read_value("3, 4"), Facts(other="w"))
    assert told.says == "This is the right answer to `w`, and there you have the one to this."


def test_the_factor_that_the_program_shows_is_named_with_its_line():
    told = value_relation(tensor(4, 8, 13), read_value("20, 40, 65"), FACTS)
    assert "the factor 5, which is an exponent on line 1" in told.says


_ENTRIES = st.integers(-6, 6).map(float)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(_ENTRIES, min_size=1, max_size=6),
    st.lists(_ENTRIES, min_size=1, max_size=6),
    st.sampled_from([(), (-1,), (2, -1), (-1, 2), (1, -1)]),
    st.sampled_from([(), (-1,), (2, -1), (-1, 2), (1, -1)]),
)
def test_whatever_is_told_is_true_of_the_numbers(truth, typed, shape, typed_shape):
    from facts import holds

    def made(entries: list[float], dims: tuple[int, ...]) -> Tensor | None:
        if dims == ():
            return tensor(entries[0], shape=())
        if len(entries) % 2 and 2 in dims:
            return None
        rest = len(entries) // (2 if 2 in dims else 1)
        return tensor(*entries, shape=tuple(rest if d < 0 else d for d in dims))

    live, mine = made(truth, shape), made(typed, typed_shape)
    if live is None or mine is None:
        return
    nested = str(_nested(mine.shape, mine.entries))
    reading = read_value(nested)
    if compare(live, reading).right:
        return
    told = value_relation(live, reading, FACTS)
    if told is not None:
        inputs = FACTS.inputs
        assert holds(told.kind, told.parts, value_like(Nothing(), reading), live, inputs), told


def _nested(shape, entries):
    if not shape:
        return entries[0]
    step = len(entries) // shape[0]
    return [_nested(shape[1:], entries[i * step : (i + 1) * step]) for i in range(shape[0])]


def at(*rows: tuple[float, ...]) -> tuple[Tensor, ...]:
    return tuple(tensor(*row) for row in rows)


_POINTS = at((1, 2), (-1, 0.5), (2, -1.5))
_TRUTH = at((3, 5), (-1, 4), (2, 7))


def _each(change) -> tuple[Tensor, ...]:
    return tuple(
        tensor(*(change(t, x) for t, x in zip(true.entries, point.entries, strict=True)))
        for true, point in zip(_TRUTH, _POINTS, strict=True)
    )


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (_each(lambda t, _: -t), "negated"),
        (_each(lambda t, _: t / 2), "factor-count"),
        (_each(lambda t, _: 2 * t), "factor-two"),
        (_each(lambda t, _: 1.7 * t), "factor"),
        (_each(lambda t, x: t / (2 * x)), "inner-derivative"),
        (_each(lambda t, x: t + x), "term"),
        (_each(lambda t, x: t - 2 * x), "term"),
        (tuple(tensor(sum(t.entries), shape=()) for t in _TRUTH), "summed"),
        (tuple(tensor(sum(t.entries) / 2, shape=()) for t in _TRUTH), "averaged"),
        (tuple(tensor(*t.entries, shape=(1, 2)) for t in _TRUTH), "shape"),
        (at((6, 10), (-3, 12), (8, 28)), "parallel"),
        (_each(lambda t, x: t + 0.3 * x * x), None),
        (_each(lambda *_: float("inf")), None),
    ],
)  # fmt: skip
def test_a_formulas_relation_holds_at_every_point(found, kind):
    points = [{"x": point} for point in _POINTS]
    told = formula_relation(found, _TRUTH, points, "def f(x): return (x**2).sum()")
    assert (told.kind if told else None) == kind


def test_a_formula_transposed():
    truth = [tensor(1, 2, 3, 4, shape=(2, 2)), tensor(5, 2, 1, 4, shape=(2, 2))]
    found = [tensor(1, 3, 2, 4, shape=(2, 2)), tensor(5, 1, 2, 4, shape=(2, 2))]
    assert formula_relation(found, truth, [{}, {}], "").kind == "transposed"


def test_a_formula_that_is_right_at_zero_only():
    other = _each(lambda t, x: t + 0.3 * x * x)
    points = [{"x": point} for point in _POINTS]
    one, two = tensor(1, 1), tensor(2, 2)
    assert formula_relation(other, _TRUTH, points, "", (one, one)).kind == "at-zero-only"
    assert formula_relation(other, _TRUTH, points, "", (one, two)) is None
    zero = tensor(0, 0)  # that much everything has right there
    assert formula_relation(other, _TRUTH, points, "", (zero, zero)) is None


def test_flags_that_are_all_wrong_or_wrong_in_one_kind():
    mixed = ("x.is_leaf", "y.is_leaf", "y.requires_grad")
    assert flags_relation((True, False, True), (False, True, False), mixed).kind == "inverted"
    assert flags_relation((True, False, True), (False, True, True), mixed).kind == "is-leaf-only"
    assert (
        flags_relation((True, False, True), (True, False, False), mixed).kind
        == "requires-grad-only"
    )
    assert flags_relation((True, False, True), (False, False, False), mixed) is None
    assert flags_relation((True, False), (True, True), mixed[:2]) is None


def test_every_relation_has_a_family_but_one_that_suggests_nothing():
    assert set(RELATIONS) - set(RELATION_FAMILIES) == {"inverted"}
    assert set(RELATION_FAMILIES) <= set(RELATIONS)
