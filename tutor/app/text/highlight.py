"""Python source as coloured content, in the colours of the theme in use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import Token, _TokenType  # type: ignore[import-untyped]
from textual.content import Content, Span

if TYPE_CHECKING:
    from textual.app import App

STYLES: Final[dict[_TokenType, str]] = {
    Token.Comment: "italic $foreground 60%",
    Token.Keyword: "$accent",
    Token.Keyword.Constant: "$warning",
    Token.Literal.Number: "$warning",
    Token.Literal.String: "$success",
    Token.Name.Builtin: "$secondary",
    Token.Name.Decorator: "$accent",
    Token.Name.Function: "bold $primary",
    Token.Name.Class: "bold $primary",
    Token.Operator: "$foreground 75%",
    Token.Operator.Word: "$accent",
    Token.Punctuation: "$foreground 75%",
}


@lru_cache(maxsize=64)
def python(source: str) -> Content:
    """``source``, character for character, with a style on each token."""
    spans: list[Span] = []
    at = 0
    for kind, token in PythonLexer(stripnl=False, ensurenl=False).get_tokens(source):
        style = _style(kind)
        if style:
            spans.append(Span(at, at + len(token), style))
        at += len(token)
    return Content(source, spans)


def _style(kind: _TokenType) -> str:
    while kind is not Token:
        if kind in STYLES:
            return STYLES[kind]
        kind = kind.parent
    return ""


def here(app: App[object]) -> str:
    """The ground of a line that is pointed at; beside it stands a sign.

    The sixteen colours of a terminal do not mix: there the line is bold instead.
    """
    return "bold" if app.native_ansi_color else "on $primary 18%"
