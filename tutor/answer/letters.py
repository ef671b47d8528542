"""The letters that options and lines are shown with, and matching of typed text with shown text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.answer.prepare import normalise

if TYPE_CHECKING:
    from collections.abc import Sequence


def letter(index: int) -> str:
    """``a`` … ``z``, then ``aa``, ``ab`` … for the option or line at ``index`` (from 0)."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def letters(count: int) -> tuple[str, ...]:
    """The first ``count`` letters."""
    return tuple(letter(index) for index in range(count))


def bare_letter(piece: str) -> str:
    """``(b)``, ``b)``, ``b.``, ``[B]`` → ``b``."""
    match = re.fullmatch(r"(?:[(\[]\s*)?`?([A-Za-z]{1,2})`?\s*[)\].:]?", normalise(piece).strip())
    return match[1].lower() if match else ""


def find_text(typed: str, texts: Sequence[str | None]) -> list[int]:
    """The indices of the texts that ``typed`` is, by the strictest comparison that finds any.

    As it is; then with blanks, backticks and kinds of signs made the same; then in any case; then
    without blanks.
    """
    for form in (str.strip, _plain, _caseless, _joined):
        wanted = form(typed)
        found = [i for i, text in enumerate(texts) if text is not None and form(text) == wanted]
        if found:
            return found
    return []


def _plain(text: str) -> str:
    return " ".join(normalise(text).replace("`", "").split())


def _caseless(text: str) -> str:
    return _plain(text).casefold()


def _joined(text: str) -> str:
    return _caseless(text).replace(" ", "")
