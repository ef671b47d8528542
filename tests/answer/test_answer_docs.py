"""Every example of docs/answers.md is read as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tutor.answer import (
    InvalidAnswer,
    OptionText,
    letter,
    read_choice,
    read_flags,
    read_formula,
    read_order,
    read_raises,
    read_value,
)
from tutor.answer.formula_names import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs" / "answers.md"


def _flags(text: str) -> str:
    return ", ".join(map(str, read_flags(text, ["a", "b"])))


def _raises(text: str) -> str:
    read = read_raises(text, line_asked=True)
    return f"{read.class_name} on line {read.line}" if read.raises else "runs"


def _choice(text: str) -> str:
    options = [OptionText("a", "grows"), OptionText("b", "shrinks")]
    return ", ".join(options[i].letter for i in sorted(read_choice(text, options, False).indices))


def _order(text: str) -> str:
    return " ".join(letter(i) for i in read_order(text, ["x = 1", "y = x"]))


def _formula(text: str) -> str:
    read_formula(text, {"A": (2, 2), "x": (2,)})
    return "a formula"


READERS: dict[str, Callable[[str], str]] = {
    "You type": lambda text: read_value(text).echo,
    "You type for flags": _flags,
    "You type for raises": _raises,
    "You type for a choice": _choice,
    "You type for an order": _order,
    "You type for a formula": _formula,
}


def _examples() -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) != 2 or not line.startswith("|"):
            continue
        if cells[1] == "Read as":
            heading = cells[0]
        else:
            rows.append((heading, re.sub("^`(.*)`$", r"\1", cells[0]).replace("⏎", "\n"), cells[1]))
    return rows


@pytest.mark.parametrize(("heading", "text", "says"), _examples())
def test_the_example_is_read_as_the_page_says(heading: str, text: str, says: str) -> None:
    try:
        read = READERS[heading](text)
    except InvalidAnswer as error:
        read = f"invalid: {error.message}"
    if says.endswith("in a formula"):
        assert read.startswith(says)
    else:
        assert read == says


def test_the_page_is_found_and_full() -> None:
    assert len(_examples()) >= 70
    assert {heading for heading, _, _ in _examples()} == READERS.keys()


def test_the_page_names_every_function_of_formulas() -> None:
    named = set(" ".join(re.findall(r"`([^`]*)`", PAGE.read_text(encoding="utf-8"))).split())
    assert named >= set(FUNCTIONS)
