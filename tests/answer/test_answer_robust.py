"""Whatever is typed: a reading or InvalidAnswer, at a place inside the text, in bounded time."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.answer import (
    InvalidAnswer,
    OptionText,
    read_choice,
    read_code,
    read_flags,
    read_formula,
    read_order,
    read_raises,
    read_value,
    used_names,
    value_from_yaml,
)

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = [OptionText(c, f"`x{c}` is {c}, of course", c == "c") for c in "abcde"]
LINES = [f"x = torch.ones({i})" for i in range(12)]
READERS: dict[str, Callable[[str], Any]] = {
    "value": read_value,
    "yaml": value_from_yaml,
    "flags": lambda text: read_flags(text, ["x.is_leaf", "y.is_leaf"]),
    "raises": lambda text: read_raises(text, line_asked=True, lines=(2, 3)),
    "choice": lambda text: read_choice(text, OPTIONS, False),
    "many": lambda text: read_choice(text, OPTIONS, True),
    "order": lambda text: read_order(text, LINES),
    "code": read_code,
    "names": used_names,
    "formula": lambda text: read_formula(text, {"A": (2, 3), "x": (3,)}),
}


def refused(read: Callable[[str], Any], text: str) -> InvalidAnswer | None:
    """The error of a reader, or None; any other exception fails the test."""
    try:
        read(text)
    except InvalidAnswer as error:
        return error
    return None


def check(text: str) -> None:
    """Every reader gives a value or an InvalidAnswer with a message and a place in the text."""
    for read in READERS.values():
        error = refused(read, text)
        if error:
            # Line separators other than LF and CR count too, so there may be more lines.
            assert 1 <= error.line <= len(text.splitlines()) + 2
            assert 1 <= error.column <= max(map(len, re.split("\r\n|\r|\n", text))) + 2
            assert 0 < len(error.message) < 900


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


@given(
    st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None), max_size=30)
)
@settings(max_examples=150, deadline=None)
def test_any_characters_even_surrogates(text: str) -> None:
    check(text)


_pieces = st.sampled_from(
    [
        *"0123456789()[]{},;+-*/.=<>:'\"`#^%@!\\_\n\t eExXjabT",
        *"−×·÷（）【】，；、。∞π²½…　–—“”‘’１ｘ",
        " ", "\r\n", "**", "//", "None", "True", "false", "nan", "inf", "pi", "tensor(", "array([",
        "torch.", "torch.Size(", "sqrt(", "float('inf')", "grad_fn=<MulBackward0>", "size=(", "1e",
        "0x1", "2j", "x.is_leaf=", "RuntimeError", "line ", ">>> ", "x = ", "ture", "\u200b", "\ud800", "\0",
    ]
)  # fmt: skip


@given(st.lists(_pieces, max_size=25).map("".join))
@settings(max_examples=300, deadline=None)
def test_text_made_of_what_people_type(text: str) -> None:
    check(text)


REPEATED = [
    " ", "\n", ";", "[", "1 ", "a,", "a=", "=(", "-", "2**", "1\n", "x.is_leaf=True ", "<", "a::", "try:\n ",
    "9", "lambda:",
]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_time_is_bounded(name: str) -> None:
    """10,000 characters of anything take at most a fraction of a second, so nothing grows squared."""
    for piece in REPEATED:
        for tail in ("", "!", "1"):
            text = (piece * 10_000)[:9_990] + tail
            started = time.process_time()
            with contextlib.suppress(InvalidAnswer):
                READERS[name](text)
            assert time.process_time() - started < 2.0, (piece, tail)


def test_deep_answers_are_read_deep_in_the_stack() -> None:
    def down(levels: int) -> None:
        if levels:
            down(levels - 1)
            return
        read_value("-(" * 64 + "1" + ")" * 64)
        read_value("[" * 64 + "1" + "]" * 64)
        read_formula("exp(" * 64 + "x" + ")" * 64, {"x": ()})
        for text in ("x" + ".sin()" * 120, "x" + "+x" * 500, "-" * 500 + "x"):
            with contextlib.suppress(InvalidAnswer):
                read_formula(text, {"x": ()})

    down(300)


def test_reading_needs_no_heavy_imports() -> None:
    code = (
        "import sys, tutor.answer; "
        "sys.exit(sum(m in sys.modules for m in ('torch', 'textual', 'pydantic', 'yaml', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
