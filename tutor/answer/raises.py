"""Reading whether a program raises: the class of the error and its line, or ``no``."""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tutor.answer.prepare import prepare
from tutor.answer.prompts import check_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTHING: Final = re.compile(r"no|none|ok|okay|nothing|no +(?:error|exception)s?", re.IGNORECASE)
_CLASS: Final = r"(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
_LINE: Final = r"(?P<line>[-+]?[0-9][0-9.]*)"
_BEFORE_LINE: Final = (
    r"(?:\s*[,;:(]\s*|\s+|(?=\())(?:(?:(?:at|on|in)\s+)?(?:line|l|第)\s*[:.]?\s*)?"
)
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_CLASS}\s*[.!:]?",
        rf"{_CLASS}{_BEFORE_LINE}{_LINE}\s*行?\s*\)?\s*[.!]?",
        rf"(?:line|l)?\s*{_LINE}\s*[,;:]?\s+{_CLASS}",
    )
)
_CLASSES: Final = {
    name.lower(): name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
_NOT_A_CLASS: Final = frozenset({"yes", "y", "true", "false", "line", "raises", "error"})
_MAX_LINE_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class RaisesRead:
    """``class_name`` without modules; ``line`` counts from 1. Both None if nothing is raised."""

    raises: bool
    class_name: str | None = None
    line: int | None = None


def read_raises(text: str, *, line_asked: bool, lines: Sequence[int] = ()) -> RaisesRead:
    """``no``, ``RuntimeError``, ``RuntimeError 4`` or ``RuntimeError, line 4``.

    ``lines``: the lines on offer, if they are a choice.

    Raises:
        InvalidAnswer: no class, no line where one is asked, a line that is none or not on offer.
    """
    prepared = prepare(text)
    check_prompt(prepared)
    plain = prepared.text.strip()
    start = prepared.text.index(plain)
    unquoted = re.sub("['\"`]", " ", plain).strip()
    if _NOTHING.fullmatch(unquoted.rstrip(".!")):
        return RaisesRead(raises=False)
    match = next((m for form in _FORMS if (m := form.fullmatch(unquoted))), None)
    if not match or match["name"].lower() in _NOT_A_CLASS:
        bare = not match and not re.match(r"[^\W\d]", unquoted)
        raise prepared.invalid("raises-class" if match or bare else "raises-form", start)
    name = _class_name(match["name"])
    meant = None if name.lower() in _CLASSES else _typo_of(name)
    if meant:
        raise prepared.invalid("raises-suggestion", start, text=name, suggestion=meant)
    digits = match.groupdict().get("line")
    if digits is None:
        if line_asked:
            raise prepared.invalid("raises-line", start + len(plain), text=name)
        return RaisesRead(raises=True, class_name=name)
    at = start + re.sub("['\"`]", " ", plain).index(unquoted) + match.start("line")
    number = digits.rstrip(".").lstrip("0")
    if not number.isdigit() or len(number) > _MAX_LINE_DIGITS:
        raise prepared.invalid("raises-number", at, text=digits)
    if lines and int(number) not in lines:
        offer = ", ".join(map(str, lines))
        raise prepared.invalid("raises-offer", at, text=number, lines=offer)
    return RaisesRead(raises=True, class_name=name, line=int(number))


def _class_name(word: str) -> str:
    """Without its modules, and as Python spells it."""
    name = word.rpartition(".")[2]
    return _CLASSES.get(name.lower(), name)


def _typo_of(name: str) -> str | None:
    """The built-in error that is one letter away: a slip of the hand should cost nothing."""
    lower = name.lower()
    return next((there for known, there in _CLASSES.items() if _one_slip(lower, known)), None)


def _one_slip(a: str, b: str) -> bool:
    """One letter too many, missing, wrong, or two next to each other swapped."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    ends = {(a[at + 1 :], b[at:]), (a[at:], b[at + 1 :]), (a[at + 1 :], b[at + 1 :])}
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return swapped or any(x == y for x, y in ends)
