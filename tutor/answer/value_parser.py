"""The grammar of values: numbers and lists of them.  Nothing is ever evaluated by Python.

Signs and lists share one grammar because a blank may separate items: in a list ``1 -2`` (blank before
the sign, none after) is two numbers and ``1 - 2`` a difference.  Recursion goes through five functions
for each bracket, and brackets are at most 64 deep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.answer import arithmetic
from tutor.answer.arithmetic import CannotCompute
from tutor.answer.computing import Operand, compute
from tutor.answer.cursor import Cursor
from tutor.answer.reading import Entry, Numbers, Wrote
from tutor.answer.stacking import Branch, Item, Leaf
from tutor.answer.words import read_word

if TYPE_CHECKING:
    from tutor.answer.prepare import Prepared
    from tutor.answer.tokens import Token


def parse(prepared: Prepared) -> Item:
    """The items of the whole text.

    Raises:
        InvalidAnswer: with the place and the remedy.
    """
    return items(Cursor(prepared), None, 0)


@dataclass(slots=True)
class _Row:
    items: list[Item] = field(default_factory=list)
    #: The items before which a line ended without a comma.
    breaks: list[int] = field(default_factory=list)
    comma: bool = False

    def as_item(self) -> Item:
        """A row that is one list stands for that list: ``[1, 2]; [3, 4]`` is 2×2."""
        first = self.items[0]
        if len(self.items) == 1 and (isinstance(first, Branch) or isinstance(first.value, Numbers)):
            return first
        return Branch(tuple(self.items), first.at)

    def is_scalar(self) -> bool:
        return len(self.items) == 1 and self.as_item() is not self.items[0]


def items(cursor: Cursor, closer: str | None, at: int) -> Item:
    """Everything up to ``closer`` (left unread), or to the end of the text for None."""
    rows, columns = [_Row()], False
    semicolon: Token | None = None
    while not (cursor.peek().kind == "end" or (closer and cursor.peek().is_op(closer))):
        token, row = cursor.peek(), rows[-1]
        if token.kind == "newline" or token.is_op(";"):
            if token.text == ";":
                if not row.items and (semicolon or len(rows) == 1):
                    raise cursor.invalid("empty-row", token)
                semicolon = token
            cursor.take()
            if row.items:
                rows.append(_Row())
        elif token.is_op(","):
            if not row.items or row.comma:
                raise cursor.invalid("empty-item", token)
            cursor.take()
            row.comma = True
        else:
            _add_item(cursor, row)
            columns = columns or semicolon is not None
            semicolon = None
    return _arrange([row for row in rows if row.items], closer, at, columns=columns)


def _arrange(rows: list[_Row], closer: str | None, at: int, *, columns: bool) -> Item:
    """One row is a list, or its only item; several are a matrix, or a vector with a number a line."""
    if len(rows) <= 1:
        row = rows[0] if rows else _Row()
        if closer != "]" and len(row.items) == 1 and not row.comma:
            return row.items[0]
        wrote: Wrote = "list" if closer else "bare"
        return Branch(tuple(row.items), at, wrote, tuple(row.breaks))
    wrote = "list" if closer else "rows"
    if not columns and all(row.is_scalar() for row in rows):
        return Branch(tuple(row.items[0] for row in rows), at, wrote, lines=True)
    return Branch(tuple(row.as_item() for row in rows), at, wrote)


def _add_item(cursor: Cursor, row: _Row) -> None:
    token = cursor.peek()
    if row.items and not row.comma:
        _check_separate(cursor, row.items[-1], token)
        if token.breaks:
            row.breaks.append(len(row.items))
    row.items.append(expression(cursor, spaced=True))
    row.comma = False


def _check_separate(cursor: Cursor, before: Item, token: Token) -> None:
    """Whether ``token`` may begin an item right after the item ``before`` without a comma."""
    if token.kind == "bad" or (token.kind == "op" and not token.is_op("(", "[", "+", "-")):
        raise cursor.unexpected(token)
    if token.space:
        return
    if token.text.startswith(("[", ".")):
        raise cursor.invalid("item-access", token, text=token.text)
    is_scalar = isinstance(before, Leaf) and isinstance(before.value, Entry)
    if is_scalar and token.kind != "string" and (token.text == "(" or cursor.last().text == ")"):
        left = "(…)" if cursor.last().text == ")" else cursor.last().text
        right = "(…)" if token.text == "(" else token.text
        raise cursor.invalid("implicit-product", token, left=left, right=right)
    raise cursor.invalid("separate", token, text=token.text)


def expression(cursor: Cursor, spaced: bool) -> Item:
    """One item; with ``spaced`` a sign may begin the next item instead of going on with this one."""
    operands = [_operand(cursor, scalar=not spaced)]
    ops: list[Token] = []
    while cursor.at_operator(spaced=spaced):
        ops.append(cursor.take())
        operands.append(_operand(cursor, scalar=True))
    if not ops and not operands[0].signs:
        return operands[0].item
    return compute(cursor, operands, ops)


def _operand(cursor: Cursor, *, scalar: bool) -> Operand:
    signs: list[Token] = []
    while cursor.peek().is_op("+", "-"):
        signs.append(cursor.take())
    token = cursor.peek()
    if token.kind in ("end", "newline") or token.is_op(",", ";", ")", "]"):
        before = cursor.last()
        raise cursor.invalid("dangling", before, text=before.text)
    return Operand(tuple(signs), token, _atom(cursor, scalar=scalar or bool(signs)))


def _atom(cursor: Cursor, *, scalar: bool) -> Item:
    token = cursor.peek()
    if token.kind == "string":
        raise cursor.invalid("string-among-numbers", token, text=token.text)
    if token.kind not in ("number", "word") and not token.is_op("(", "["):
        raise cursor.unexpected(token)
    # (1 -2) is a list, but 3*(1 -2) can only be a difference.
    number_in_parentheses = token.text == "(" and (scalar or cursor.group_is_operand())
    cursor.take()
    if token.kind == "number":
        return _number(cursor, token)
    if token.kind == "word":
        return read_word(cursor, token, expression)
    if number_in_parentheses:
        item = expression(cursor, spaced=False)
        cursor.close("list-arithmetic", token)
        return item
    item = items(cursor, ")" if token.text == "(" else "]", token.start)
    cursor.take()
    return item


def _number(cursor: Cursor, token: Token) -> Leaf:
    try:
        value = arithmetic.number(token.text)
    except CannotCompute as error:
        raise cursor.invalid(error.key, token) from error
    literal = token.text.replace("_", "").lower()
    # 007 is 7; the zero of 0.5 stays.
    return Leaf(Entry(value, re.sub("^0+(?=[0-9])", "", literal)), token.start)
