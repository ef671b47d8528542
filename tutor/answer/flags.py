"""Reading flags: as many of True and False as are asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tutor.answer.prepare import Prepared, normalise, prepare
from tutor.answer.prompts import check_prompt
from tutor.answer.words import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOOLS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "真", "是", "对", "✓", "✔", "√"), True),
    **dict.fromkeys(("false", "f", "no", "n", "假", "否", "错", "✗", "✘", "×"), False),
}
_FRAME: Final = re.compile(r"\s*(?:\[(?P<square>[^][]*)\]|\((?P<round>[^()]*)\))\s*[,;]?\s*")
_WORD: Final = re.compile(r"[^\s,;]+")
_PIECE: Final = re.compile(r"[\s,;]*([^\s,;]+)")
_EQUALS: Final = re.compile(r"\s*(?:==?|:)")
_TWO_COMMAS: Final = re.compile(r"[,;]\s*([,;])|^\s*([,;])")


def read_flags(text: str, names: Sequence[str]) -> tuple[bool, ...]:
    """The flags in the order of ``names``.

    ``True False True``, ``T, F, T``, ``yes no``, ``真 假``, ``✓ ✗``, or ``name=True`` pairs in any order.

    Raises:
        InvalidAnswer: another word, another count, an unknown or repeated name.
    """
    prepared = prepare(text)
    check_prompt(prepared)
    if re.search("[=:]", prepared.text):
        return _read_pairs(prepared, names)
    gap = _TWO_COMMAS.search(prepared.text)
    if gap:
        raise prepared.invalid("flag-gap", gap.end() - 1)
    frame = _FRAME.fullmatch(prepared.text)
    group = (frame.lastgroup or "") if frame else ""
    start, end = frame.span(group) if frame else (0, len(prepared.text))
    flags = [_flag(prepared, m[0], m.start()) for m in _WORD.finditer(prepared.text, start, end)]
    if len(flags) != len(names):
        raise prepared.invalid("flag-count", start, wanted=len(names), given=len(flags))
    return tuple(flags)


def _flag(prepared: Prepared, word: str, at: int) -> bool:
    flag = _BOOLS.get(word.strip("'\"`").lower())
    if flag is not None:
        return flag
    if re.fullmatch(r"[-+]?[0-9._]+", word):
        raise prepared.invalid("flag-number", at, text=word)
    meant = suggestion(word)
    if meant in ("True", "False"):
        raise prepared.invalid("word-suggestion", at, text=word, suggestion=meant)
    raise prepared.invalid("flag-word", at, text=word)


def _read_pairs(prepared: Prepared, names: Sequence[str]) -> tuple[bool, ...]:
    flags: dict[int, bool] = {}
    patterns = [_pattern(name) for name in names]
    piece = _PIECE.match(prepared.text)
    while piece:
        start = piece.start(1)
        which, at = _named(prepared, patterns, start, flags, names)
        word = _PIECE.match(prepared.text, at)
        if not word:
            raise prepared.invalid("flag-word", at - 1, text=prepared.text[at - 1])
        flags[which] = _flag(prepared, word[1], word.start(1))
        piece = _PIECE.match(prepared.text, word.end())
    for index, name in enumerate(names):
        if index not in flags:
            raise prepared.invalid("flag-missing", 0, text=name)
    return tuple(flags[index] for index in range(len(names)))


def _named(
    prepared: Prepared,
    patterns: list[re.Pattern[str]],
    start: int,
    taken: dict[int, bool],
    names: Sequence[str],
) -> tuple[int, int]:
    """Which flag is named at ``start``, and where its value begins."""
    found: list[tuple[int, int]] = []
    for index, pattern in enumerate(patterns):
        match = pattern.match(prepared.text, start)
        equals = _EQUALS.match(prepared.text, match.end()) if match else None
        if equals:
            found.append((index, equals.end()))
    for index, end in found:
        if index not in taken:
            return index, end
    if found:
        raise prepared.invalid("flag-twice", start, text=names[found[0][0]])
    word = prepared.text[start:].split("=")[0].split("\n")[0].strip()
    raise prepared.invalid("flag-unknown", start, text=word, names=", ".join(names))


def _pattern(name: str) -> re.Pattern[str]:
    """The name with any blanks in it; quotes and backticks around it do not matter."""
    letters = (re.escape(letter) for letter in normalise(name) if not letter.isspace())
    return re.compile(r"[`'\"]?" + r"\s*".join(letters) + r"[`'\"]?", re.IGNORECASE)
