"""A place in the tokens, and errors that point at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tutor.answer.tokens import check_brackets, tokenise

if TYPE_CHECKING:
    from tutor.answer.invalid import InvalidAnswer
    from tutor.answer.prepare import Prepared
    from tutor.answer.tokens import Token

_SIGNS: Final = frozenset({"+", "-", "*", "×", "/", "**"})


class Cursor:
    """Walks over the tokens of a text whose brackets are known to match.

    Raises:
        InvalidAnswer: on creation, for brackets that do not match or are nested too deep.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self._tokens = tokenise(prepared)
        self._next = 0
        check_brackets(prepared, self._tokens)

    def peek(self) -> Token:
        """The next token, left in place."""
        return self._tokens[self._next]

    def last(self) -> Token:
        """The token taken last."""
        return self._tokens[self._next - 1]

    def take(self) -> Token:
        """The next token; the ``end`` token stays for ever."""
        token = self._tokens[self._next]
        self._next += token.kind != "end"
        return token

    def close(self, key: str, at: Token, **params: str) -> None:
        """Take the ``)`` after the only thing that may stand in parentheses; else raise ``key``."""
        token = self.peek()
        if token.kind == "bad":
            raise self.unexpected(token)
        if not token.is_op(")"):
            raise self.invalid(key, at, **params)
        self.take()

    def at_operator(self, *, spaced: bool) -> bool:
        """Whether a sign follows that goes on with the expression."""
        return self._operator_at(self._next, spaced)

    def group_is_operand(self) -> bool:
        """Whether an operator follows the ``)`` that belongs to the ``(`` here."""
        depth, at = 0, self._next
        while True:
            token = self._tokens[at]
            depth += token.is_op("(", "[") - token.is_op(")", "]")
            at += 1
            if depth == 0:
                return self._operator_at(at, spaced=True)

    def _operator_at(self, at: int, spaced: bool) -> bool:
        token = self._tokens[at]
        if token.kind != "op" or token.text not in _SIGNS:
            return False
        if not spaced or token.text not in "+-":
            return True
        following = self._tokens[at + 1]
        begins_item = token.space and not following.space and following.kind != "newline"
        return not begins_item

    def invalid(self, key: str, token: Token, **params: str | int) -> InvalidAnswer:
        """An error that points at ``token``."""
        return self.prepared.invalid(key, token.start, **params)

    def unexpected(self, token: Token) -> InvalidAnswer:
        """The error for a token that cannot stand where it stands."""
        text = token.text
        if token.kind == "bad":
            return self.invalid(token.problem, token, **token.params)
        if token.kind in ("end", "newline"):
            before = self.last()
            return self.invalid("dangling", before, text=before.text)
        if text in _SIGNS:
            return self.invalid("no-operand", token, text=text)
        if text == "//":
            return self.invalid("floor-division", token)
        if text == ".":
            return self.invalid("item-access", token, text=text)
        if text in ("=", "==", "!=", "<", ">", "<=", ">="):
            return self.invalid("comparison", token, text=text)
        return self.invalid("character", token, character=text)
