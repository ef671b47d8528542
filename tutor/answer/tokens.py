"""Cutting prepared text into tokens.

A token that no answer may contain (``2x``, ``0x10``, ``^``) is kept as kind ``bad`` with the key of its
message: inside ``grad_fn=<… at 0x7f…>`` it is harmless, so the parser decides when to complain.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from tutor.answer.prepare import MAX_NESTING, Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["number", "word", "string", "op", "newline", "bad", "end"]

_DIGITS: Final = r"[0-9]+(?:_[0-9]+)*"
_RAISED: Final = "⁰¹²³⁴-⁾ᵀᵗⁿ"
_FRACTIONS: Final = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
# For Python's \w these are in words too, but x² is no name.
_IN_WORD: Final = rf"[^\W{_RAISED}{_FRACTIONS}]"
#: A word, with its modules: ``torch.tensor``, ``torch::autograd::AccumulateGrad``.
WORD: Final = rf"[^\W\d{_RAISED}{_FRACTIONS}]{_IN_WORD}*(?:(?:\.|::?){_IN_WORD}+)*"
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>[ ]+)
    | (?P<newline>\n)
    | (?P<comment>\#[^\n]*)
    | (?P<ellipsis>\.\.\.)
    | (?P<number>(?:{_DIGITS}(?:\.(?!\.)(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?)
    | (?P<superscript>[{_RAISED}]+)
    | (?P<word>{WORD}|∞)
    | (?P<string>'[^'\n]*'|"[^"\n]*")
    | (?P<op>\*\*|//|==|!=|<=|>=|->|:=|[-+*/×@()\[\],;=<>:.])
    | (?P<other>.)
    """,
    re.VERBOSE,
)
_TAIL: Final = re.compile(rf"{_IN_WORD}+|\.[0-9]{_IN_WORD}*")
_BASED: Final = re.compile(r"[xX][0-9a-fA-F_]+|[bB][01_]+|[oO][0-7_]+")
_PROBLEMS: Final = {
    "^": "caret",
    "√": "root",
    "%": "percent",
    "{": "brace",
    "}": "brace",
    "'": "quote",
    '"': "quote",
    **dict.fromkeys(_FRACTIONS, "fraction"),
}
_CLOSERS: Final = {"(": ")", "[": "]"}
_OPENERS: Final = {")": "(", "]": "["}


class Token(NamedTuple):
    """``text`` = ``prepared.text[start:end]``.

    ``space``: something blank stands before it.  ``breaks``: a line break does, inside brackets.
    """

    kind: Kind
    text: str
    start: int
    end: int
    space: bool = False
    breaks: bool = False
    problem: str = ""
    params: Mapping[str, str] = MappingProxyType({})

    def is_op(self, *texts: str) -> bool:
        """Whether this is one of the operators or brackets ``texts``."""
        return self.kind == "op" and self.text in texts


def tokenise(prepared: Prepared, *, comments: bool = False) -> list[Token]:
    """The tokens of the text, with one ``end`` token last.

    Line breaks inside round and square brackets are blanks; outside they are tokens.
    """
    text, tokens, depth = prepared.text, list[Token](), 0
    at, space, breaks = 0, True, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101 - the last alternative takes anything
        group = match.lastgroup or ""
        inner_break = group == "newline" and depth > 0
        if group == "space" or inner_break or (group == "comment" and comments):
            at, space, breaks = match.end(), True, breaks or inner_break
            continue
        token = _token(group, match, space, breaks)
        depth = max(0, depth + (token.text in _CLOSERS) - (token.text in _OPENERS))
        tokens.append(token)
        at, space, breaks = token.end, group == "newline", False
    tokens.append(Token("end", "", len(text), len(text), space=True))
    return tokens


def _token(group: str, match: re.Match[str], space: bool, breaks: bool) -> Token:
    text, start, end = match[0], match.start(), match.end()
    if group == "number":
        tail = _TAIL.match(match.string, end)
        if tail:
            return _bad_number(match, tail[0], space, breaks)
        return Token("number", text, start, end, space, breaks)
    if group in ("superscript", "ellipsis"):
        return Token("bad", text, start, end, space, breaks, group)
    if group in ("other", "comment"):
        key = _PROBLEMS.get(text[0], "character")
        return Token("bad", text[0], start, start + 1, space, breaks, key, {"character": text[0]})
    if group == "word":
        return Token("word", text, start, end, space, breaks)
    if group == "string":
        return Token("string", text, start, end, space, breaks)
    return Token("newline" if group == "newline" else "op", text, start, end, space, breaks)


def _bad_number(match: re.Match[str], tail: str, space: bool, breaks: bool) -> Token:
    number, whole = match[0], match[0] + tail
    params = {"text": whole}
    if number == "0" and _BASED.fullmatch(tail):
        problem = "hexadecimal"
    elif tail in ("j", "J", "i"):
        problem = "imaginary"
    elif tail.startswith("_") or not tail[0].isalpha():
        problem = "bad-number"
    else:
        problem, params = "implicit-product", {"left": number, "right": tail}
    return Token(
        "bad", whole, match.start(), match.end() + len(tail), space, breaks, problem, params
    )


def check_brackets(prepared: Prepared, tokens: list[Token]) -> None:
    """Raise InvalidAnswer unless brackets match and are at most 64 deep."""
    open_: list[Token] = []
    for token in tokens:
        if token.is_op("(", "["):
            open_.append(token)
            if len(open_) > MAX_NESTING:
                raise prepared.invalid("too-deep", token.start, limit=MAX_NESTING)
        elif token.is_op(")", "]"):
            if not open_:
                opener = _OPENERS[token.text]
                raise prepared.invalid("unopened", token.start, bracket=token.text, opener=opener)
            opened = open_.pop()
            if _CLOSERS[opened.text] != token.text:
                params = {"bracket": opened.text, "closer": token.text}
                raise prepared.invalid("mismatched", token.start, **params)
    if open_:
        last = open_[-1]
        params = {"bracket": last.text, "closer": _CLOSERS[last.text]}
        raise prepared.invalid("unclosed", last.start, **params)
