"""What differs between two programs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.whatif import Difference, differences

LINES = st.lists(st.sampled_from(["a = 1", "b = a", "b.backward()", "", "  c"]), max_size=6)


def applied(before: str, found: tuple[Difference, ...]) -> list[str]:
    lines = before.rstrip().split("\n")
    for one in reversed(found):
        lines[one.line - 1 : one.line - 1 + len(one.before)] = one.after
    return lines


@given(LINES, LINES)
def test_the_differences_lead_from_one_program_to_the_other(before, after):
    one, other = "\n".join(before), "\n".join(after)
    found = differences(one, other)
    assert [line.rstrip() for line in applied(one, found)] == [
        line.rstrip() for line in other.rstrip().split("\n")
    ]


@given(LINES)
def test_a_program_does_not_differ_from_itself(lines):
    program = "\n".join(lines)
    assert differences(program, program + "\n\n") == ()


def test_within_a_line_only_whole_tokens_differ():
    (one,) = differences("y = (x.detach() * x).mean()", "y = (x * x).mean()")
    assert one.within == (".detach()", "")
    (one,) = differences("y = x.mean()", "y = x.median()")
    assert one.within == ("mean", "median"), "not `an` and `edian`"


def test_what_is_added_behind_something_is_told_with_it():
    (one,) = differences("y = (A @ x).sum()", "y = (A.T @ x).sum()")
    assert one.within == ("A", "A.T")
    (one,) = differences("y = f(A @ x) + 1", "y = f(A @ x).detach() + 1")
    assert one.within == ("f(A @ x)", "f(A @ x).detach()")


def test_brackets_that_do_not_close_are_told_by_the_whole_line():
    (one,) = differences("  y = (A @ x) ** 2", "  y = ((A @ x) ** 2).detach()")
    assert one.within == ("y = (A @ x) ** 2", "y = ((A @ x) ** 2).detach()")


def test_operators_without_their_other_side_are_told_by_the_whole_line():
    (one,) = differences("s = s / 2", "s /= 2")
    assert one.within == ("s = s / 2", "s /= 2")
    (one,) = differences("y = c * 2", "y = c.mul_(2)")
    assert one.within == ("c * 2", "c.mul_(2)")
    (one,) = differences("y = A @ B", "y = A * B")
    assert one.within == ("@", "*")


def test_lines_that_replace_as_many_are_told_one_by_one():
    found = differences("a\nu = y.detach()\nz = u * x\n", "a\nu = y\nz = u * x.detach()\n")
    assert [(e.line, e.within) for e in found] == [
        (2, (".detach()", "")),
        (3, ("x", "x.detach()")),
    ]


def test_a_line_more_and_a_line_less():
    (more,) = differences("a\nc", "a\nb\nc")
    assert (more.line, more.before, more.new_line, more.after) == (2, (), 2, ("b",))
    (less,) = differences("a\nb\nc", "a\nc")
    assert (less.before, less.after, less.within) == (("b",), (), None)
