"""Whether Python can read a source, found out once for all that differ in their numbers."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.exercise import rendering
from tutor.exercise.rendering import syntax_problem

#: Pieces of programs, numbers in all their forms and what may stand around them.
PIECES = st.sampled_from(
    ["0", "1", "7", "10", "012", "1_0", "1__0", "0x1F", "0b2", "1e5", "1e", "2.5", "2.", ".5", "1.5.2",
     "3j", "9" * 20, "9" * 5000, "1.real", "x", "x1", "é2", "if", "else", "for", "in", "lambda",
     "(", ")", "[", "]", "{", "}", ",", ":", "=", "==", "+=", "-", "**", "@", ".", " ", " ", "\n", "\n  ",
     "'", '"', '"\\0"', '"\\x41"', '"\\N{DIGIT 1}"', '"\\N{DIGIT 8}"', "f'{x:3}'", "f'{x:.2f}'", "# 3",
     "\\", "\\\n", "\0"]
)  # fmt: skip
SOURCES = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20)


def told_by_python(source: str, mode: str) -> tuple[str, int] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source, mode=mode)
        except SyntaxError as error:
            return error.msg, error.lineno or 0
        except (ValueError, RecursionError, MemoryError):
            return "it nests too deep, or holds a NUL", 0
    return None


@given(SOURCES, st.sampled_from(["exec", "eval"]))
def test_the_numbers_make_no_difference(source, mode):
    problem, expected = syntax_problem(source, mode), told_by_python(source, mode)
    assert (problem is None) == (expected is None)
    if problem is not None:
        assert problem.line == expected[1]
        assert str(problem).startswith(expected[0])


@pytest.mark.parametrize("form", ["x = {} * [1, {}]", "y = f({}.5, -{})\nif y > {}: y -= {}"])
def test_draws_that_differ_in_their_numbers_are_read_once(form):
    rendering._syntax_problem.cache_clear()
    for number in range(20):
        assert syntax_problem(form.replace("{}", str(number)), "exec") is None
    assert rendering._syntax_problem.cache_info().misses == 1
