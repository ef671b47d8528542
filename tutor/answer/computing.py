"""What ``operand sign operand …`` comes to, with Python's precedences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.answer import arithmetic
from tutor.answer.arithmetic import CannotCompute, Real
from tutor.answer.reading import Entry, NoneRead
from tutor.answer.stacking import Item, Leaf

if TYPE_CHECKING:
    from tutor.answer.cursor import Cursor
    from tutor.answer.tokens import Token


@dataclass(frozen=True, slots=True)
class Operand:
    """An item with the signs before it; ``token`` is the first of the item itself."""

    signs: tuple[Token, ...]
    token: Token
    item: Item


def compute(cursor: Cursor, operands: list[Operand], ops: list[Token]) -> Leaf:
    """The number that an expression comes to; ``len(ops) == len(operands) - 1``.

    Raises:
        InvalidAnswer: an operand is no number, or the arithmetic has no bounded real result.
    """
    entries = [number_of(cursor, operand) for operand in operands]
    first = operands[0]
    at = (first.signs[0] if first.signs else first.token).start
    if not ops:
        return Leaf(_signed_entry(entries[0], first.signs), at)
    values, rest = _powers(cursor, [entry.value for entry in entries], operands, ops)
    return Leaf(Entry(_sums(cursor, values, rest)), at)


def number_of(cursor: Cursor, operand: Operand) -> Entry:
    """The entry of an operand; raises InvalidAnswer unless it is one number."""
    item = operand.item
    if isinstance(item, Leaf):
        if isinstance(item.value, NoneRead):
            raise cursor.invalid("none-among-numbers", operand.token)
        if isinstance(item.value, Entry):
            if isinstance(item.value.value, bool):
                raise cursor.invalid("bool-among-numbers", operand.token, text=operand.token.text)
            return item.value
    raise cursor.invalid("list-arithmetic", operand.token)


def _powers(
    cursor: Cursor, values: list[Real], operands: list[Operand], ops: list[Token]
) -> tuple[list[Real], list[Token]]:
    """Carry out ``**`` and the signs: ``**`` groups from the right and binds tighter than a sign."""
    signed = _with_signs(values[-1], operands[-1].signs)
    terms: list[Real] = []
    rest: list[Token] = []
    for value, operand, op in reversed(list(zip(values[:-1], operands[:-1], ops, strict=True))):
        if op.text == "**":
            signed = _apply(cursor, op, value, signed)
        else:
            terms.append(signed)
            rest.append(op)
            signed = value
        signed = _with_signs(signed, operand.signs)
    return [signed, *reversed(terms)], rest[::-1]


def _sums(cursor: Cursor, values: list[Real], ops: list[Token]) -> Real:
    """Products and quotients first, then sums and differences, each from the left."""
    terms = [values[0]]
    signs: list[Token] = []
    for op, value in zip(ops, values[1:], strict=True):
        if op.text in "+-":
            signs.append(op)
            terms.append(value)
        else:
            terms[-1] = _apply(cursor, op, terms[-1], value)
    total = terms[0]
    for op, value in zip(signs, terms[1:], strict=True):
        total = _apply(cursor, op, total, value)
    return total


def _apply(cursor: Cursor, op: Token, left: Real, right: Real) -> Real:
    try:
        return arithmetic.binary(op.text, left, right)
    except CannotCompute as error:
        raise cursor.invalid(error.key, op, text=op.text) from error


def _with_signs(value: Real, signs: tuple[Token, ...]) -> Real:
    return -value if sum(sign.text == "-" for sign in signs) % 2 else value


def _signed_entry(entry: Entry, signs: tuple[Token, ...]) -> Entry:
    literal = entry.literal
    if sum(sign.text == "-" for sign in signs) % 2:
        if literal is not None:
            literal = literal[1:] if literal.startswith("-") else f"-{literal}"
        return Entry(-entry.value, literal)
    return Entry(entry.value, literal)
