"""When one typed number equals one live number."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.grading.numbers import rounds_to, same_number


@pytest.mark.parametrize(
    ("typed", "truth", "right"),
    [
        (49.0, 49.0, True),
        (49.0000001, 49.0, True),
        (49.001, 49.0, False),  # within a thousandth, but an integral truth is exact
        (1_000_000.5, 1_000_000.0, True),  # 1e-6 of the truth
        (0.0, 0.0, True),
        (-0.0, 0.0, True),
        (0.33333, 1 / 3, True),
        (0.3337, 1 / 3, False),
        (math.nan, math.nan, True),
        (0.0, math.nan, False),
        (math.inf, math.inf, True),
        (-math.inf, math.inf, False),
        (1e300, math.inf, False),
    ],
)
def test_exact_for_integers_and_a_thousandth_elsewhere(typed, truth, right):
    assert same_number(typed, truth) is right


@pytest.mark.parametrize(
    ("literal", "truth", "right"),
    [
        ("1.00", 1.0049, True),
        ("1.0", 1.0049, False),  # two figures say too little
        ("1", 1.0049, False),
        ("0.667", 2 / 3, True),
        ("0.666", 2 / 3, False),
        ("0.66667", 2 / 3, True),
        ("-2.35", -2.345, True),  # a tie, away from zero
        ("-2.34", -2.345, True),  # the same tie, towards zero
        ("1.23e-3", 0.0012345, True),
        ("0.00123", 0.0012345, True),
        ("0.0012", 0.0012345, False),
        ("1230", 1234.4, True),  # three figures
        ("1200", 1234.4, False),
        ("1.230e3", 1234.4, False),  # four figures, the last one wrong
        ("pi", 3.14159, False),
    ],
)
def test_a_correct_rounding_to_three_figures_is_right(literal, truth, right):
    assert rounds_to(truth, literal) is right


def test_what_torch_prints_is_right():
    # tensor([1.2346e-03, 1.0000e+00]) is near enough; 0.0012 beside 1.0 is what torch prints.
    assert not same_number(0.0012, 0.0012345, literal="0.0012")
    assert same_number(0.0012, 0.0012345, literal="0.0012", printed=0.0012)


@given(
    st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3 and not x.is_integer()),
    st.integers(3, 9),
)
def test_every_rounding_to_three_or_more_figures_is_accepted(truth, figures):
    literal = f"{truth:.{figures - 1}e}"
    assert same_number(float(literal), truth, literal=literal)


@given(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3))
def test_two_percent_off_is_never_right(truth):
    wrong = truth * 1.02
    assert not same_number(wrong, truth, literal=repr(wrong))
