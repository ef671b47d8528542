"""From the text as typed to the text as read: one alphabet, and a map back to every typed character.

A learner types minus signs, commas and digits as the keyboard or the page copied from has them.
Here they become the ASCII ones they stand for; nothing else about the text changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.answer.invalid import InvalidAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHARACTERS: Final = 10_000
MAX_NESTING: Final = 64

_SAME_MEANING: Final = {
    "-": "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u02d7\ufe58\ufe63\u2796\u2500",
    # The cross stays apart from the star: 2×3 may also be a shape.
    "×": "\u2715\u2716\u2a2f\u2a09",
    "*": "\u00b7\u22c5\u2219\u2022\u2027\u30fb\uff65\u2217\u204e",
    "/": "\u00f7\u2215\u2044\u2797",
    "+": "\u2795\ufe62",
    ",": "\u3001\ufe50\ufe51\uff64",
    ".": "\u3002\uff61\ufe52",
    ";": "\ufe54",
    ":": "\ufe55\u2236",
    "[": "\u3010\u3014\u3016",
    "]": "\u3011\u3015\u3017",
    "(": "\ufe59",
    ")": "\ufe5a",
    "'": "\u2018\u2019\u201a\u201b\u300c\u300d\u300e\u300f",
    '"': "\u201c\u201d\u201e\u201f\u301d\u301e",
    "<": "\u3008",
    ">": "\u3009",
    " ": "\t\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000",
    "\n": "\r\u0085\u2028\u2029",
    "...": "\u2026\u22ef",
    "": "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f",
}
_TRANSLATION: Final[dict[str, str]] = {
    typed: read for read, several in _SAME_MEANING.items() for typed in several
} | {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}


_TABLE: Final = str.maketrans(_TRANSLATION)
_CHANGED: Final = re.compile(rf"[{re.escape(''.join(_TRANSLATION))}]")
#: A Chinese keyboard types the one dash as two characters.
_LONG_DASH: Final = re.compile("—+")
_REFUSED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n|[\r\n\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """``text`` is what is read; ``origin[i]`` is where its character ``i`` stands in ``typed``."""

    typed: str
    text: str
    origin: Sequence[int]

    def position(self, index: int) -> tuple[int, int]:
        """Line and column (from 1, as typed) of character ``index`` of ``text``."""
        at = self.origin[index] if index < len(self.origin) else len(self.typed)
        return position(self.typed, at)

    def invalid(self, key: str, index: int, **params: str | int) -> InvalidAnswer:
        """An error that points at character ``index`` of ``text``."""
        line, column = self.position(index)
        return InvalidAnswer(key, line, column, **params)

    def raw(self, start: int, end: int) -> str:
        """What was typed for ``text[start:end]``."""
        return self.typed[self.origin[start] : self.origin[end - 1] + 1] if start < end else ""

    def part(self, start: int, end: int) -> Prepared:
        """Only ``text[start:end]``; places stay those in the whole."""
        return Prepared(self.typed, self.text[start:end], self.origin[start:end])


def normalise(text: str) -> str:
    """``text`` in the one alphabet; nothing is checked."""
    return _LONG_DASH.sub("—", text.replace("\r\n", "\n")).translate(_TABLE)


def prepare(typed: str) -> Prepared:
    """Check the bounds that hold for every answer, and bring the text into one alphabet.

    Raises:
        InvalidAnswer: too long, a NUL, a lone surrogate, a control character, or nothing at all.
    """
    check_characters(typed)
    text, origin = normalise(typed), _origin(typed)
    prepared = Prepared(typed, text, origin)
    if not text.strip():
        raise prepared.invalid("empty", 0)
    return prepared


def check_characters(typed: str) -> None:
    """Raise InvalidAnswer for too long a text and for characters that no answer has."""
    if len(typed) > MAX_CHARACTERS:
        line, column = position(typed[: MAX_CHARACTERS + 1], MAX_CHARACTERS)
        raise InvalidAnswer("too-long", line, column, limit=MAX_CHARACTERS)
    refused = _REFUSED.search(typed)
    if not refused:
        return
    character = refused[0]
    line, column = position(typed, refused.start())
    if character == "\0":
        raise InvalidAnswer("nul", line, column)
    if character >= "\ud800":
        raise InvalidAnswer("surrogate", line, column)
    raise InvalidAnswer("control", line, column, code=f"U+{ord(character):04X}")


def position(typed: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at index ``at``; CR LF is one line break."""
    line, start = 1, 0
    for end in _LINE_END.finditer(typed):
        if end.end() > at:
            break
        line, start = line + 1, end.end()
    return line, at - start + 1


def _origin(typed: str) -> Sequence[int]:
    """Where each character of the normalised text stands in ``typed``."""
    if not _CHANGED.search(typed):
        return range(len(typed))
    origin: list[int] = []
    for at, character in enumerate(typed):
        following = typed[at + 1 : at + 2]
        if (character == "\r" and following == "\n") or (character == "—" and following == "—"):
            continue
        origin.extend([at] * len(_TRANSLATION.get(character, character)))
    return origin
