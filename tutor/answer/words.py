"""Words in values: constants, ``tensor(…)`` and ``array(…)`` as printed, ``torch.Size(…)``, functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias

from tutor.answer import arithmetic
from tutor.answer.arithmetic import CannotCompute
from tutor.answer.computing import Operand, number_of
from tutor.answer.cursor import Cursor
from tutor.answer.reading import Entry, NoneRead, Numbers, SizeRead
from tutor.answer.stacking import Branch, Item, Leaf, stack

if TYPE_CHECKING:
    from tutor.answer.invalid import InvalidAnswer
    from tutor.answer.tokens import Token

#: The grammar's reader of one item; ``True`` where a blank may end the item.
Expression: TypeAlias = Callable[[Cursor, bool], Item]

_MODULES: Final = frozenset({"torch", "np", "numpy", "math"})
_TENSORS: Final = frozenset({"tensor", "array"})
#: How Python and numpy print single numbers: ``float('inf')``, ``np.float64(0.5)``.
_CASTS: Final = frozenset({"float", "float32", "float64", "int32", "int64"})
_KEYWORDS: Final = frozenset(
    {"dtype", "device", "requires_grad", "grad_fn", "size", "shape", "layout", "names"}
)
_MAX_DIM: Final = 2**63 - 1
_SINGLE: Final[dict[str, Entry | NoneRead]] = {
    "none": NoneRead(),
    "true": Entry(True),
    "false": Entry(False),
}
_SUGGESTED: Final = {w.lower(): w for w in ("True", "False", "None", "nan", "inf", "tensor")}


def base_name(word: str) -> str:
    """``torch.tensor`` → ``tensor``: in lower case, without the module."""
    module, _, name = word.rpartition(".")
    return (name if module.lower() in _MODULES else word).lower()


def is_constant(word: str) -> bool:
    """Whether the word alone is a value: ``pi``, ``inf``, ``None``, ``TRUE`` …"""
    name = base_name(word)
    return name in arithmetic.CONSTANTS or name in _SINGLE


def suggestion(word: str) -> str | None:
    """The word probably meant by a word that is none: ``ture`` → ``True``."""
    close = get_close_matches(base_name(word)[:20], _SUGGESTED, 1, 0.7)
    return _SUGGESTED[close[0]] if close else None


def read_word(cursor: Cursor, token: Token, expression: Expression) -> Leaf:
    """What the word taken last stands for, with its arguments if it has any.

    Raises:
        InvalidAnswer: the word is unknown, or what is in its brackets does not fit.
    """
    name = base_name(token.text)
    called = cursor.peek().is_op("(") and not (is_constant(token.text) and cursor.peek().space)
    if called and name in _TENSORS:
        return _tensor(cursor, token, expression)
    if called and name == "size":
        return _size(cursor, token, expression)
    if name in arithmetic.FUNCTIONS or (called and name in _CASTS):
        return _call(cursor, token, name, expression)
    if not called and name in arithmetic.CONSTANTS:
        return Leaf(Entry(arithmetic.CONSTANTS[name]), token.start)
    if not called and name in _SINGLE:
        return Leaf(_SINGLE[name], token.start)
    raise _unknown(cursor, token, called=called)


def _unknown(cursor: Cursor, token: Token, *, called: bool) -> InvalidAnswer:
    if base_name(token.text) in _TENSORS:
        return cursor.invalid("tensor-argument", token, text=token.text)
    if called:
        return cursor.invalid("unknown-call", token, text=token.text)
    return word_for_number(cursor, token)


def word_for_number(cursor: Cursor, token: Token) -> InvalidAnswer:
    """The error for a word where a number should be."""
    meant = suggestion(token.text)
    if meant:
        return cursor.invalid("word-suggestion", token, text=token.text, suggestion=meant)
    return cursor.invalid("word-among-numbers", token, text=token.text)


def _call(cursor: Cursor, token: Token, name: str, expression: Expression) -> Leaf:
    if not cursor.peek().is_op("("):
        raise cursor.invalid("call-needs-bracket", token, text=token.text)
    cursor.take()
    first = cursor.peek()
    if first.is_op(")"):
        raise cursor.invalid("one-argument", token, text=token.text)
    if name in _CASTS and first.kind == "string":
        entry = _quoted_number(cursor, cursor.take())
    else:
        item = expression(cursor, False)
        entry = number_of(cursor, Operand((), first, item))
    cursor.close("one-argument", token, text=token.text)
    if name in _CASTS:
        return Leaf(entry, token.start)
    try:
        return Leaf(Entry(arithmetic.call(name, entry.value)), token.start)
    except CannotCompute as error:
        raise cursor.invalid(error.key, token, text=f"{token.text}(…)") from error


def _quoted_number(cursor: Cursor, token: Token) -> Entry:
    """``float('-inf')``: one signed word or decimal number in quotes."""
    inner = token.text[1:-1].strip().lower()
    sign, bare = (inner[0], inner[1:]) if inner[:1] in ("+", "-") else ("", inner)
    value: int | float
    if bare in ("inf", "infinity", "nan"):
        value = float(bare)
        return Entry(-value if sign == "-" else value)
    try:
        value = float(inner) if inner.isascii() else math.inf
    except ValueError:
        value = math.inf
    if math.isinf(value):
        raise cursor.invalid("string-among-numbers", token, text=token.text)
    return Entry(value, inner.replace("_", "").lstrip("+"))


def _tensor(cursor: Cursor, token: Token, expression: Expression) -> Leaf:
    """``tensor(LIST, keyword=…)``: of the keywords only ``size`` says something about the value."""
    cursor.take()
    first = cursor.peek()
    if first.is_op(")", ","):
        raise cursor.invalid("tensor-argument", token, text=token.text)
    numbers = stack(cursor.prepared, expression(cursor, True), "tensor")
    while cursor.peek().is_op(","):
        cursor.take()
        if cursor.peek().is_op(")"):
            break
        keyword = cursor.take()
        if keyword.kind != "word" or not cursor.peek().is_op("="):
            raise cursor.invalid("tensor-argument", keyword, text=token.text)
        cursor.take()
        if keyword.text not in _KEYWORDS:
            raise cursor.invalid("tensor-keyword", keyword, text=keyword.text)
        if keyword.text in ("size", "shape"):
            numbers = _resized(cursor, numbers, expression)
        else:
            _skip_keyword_value(cursor)
    cursor.close("tensor-argument", token, text=token.text)
    return Leaf(numbers, token.start)


def _skip_keyword_value(cursor: Cursor) -> None:
    depth = 0
    while cursor.peek().kind != "end":
        token = cursor.peek()
        if depth == 0 and token.is_op(",", ")"):
            return
        depth += token.is_op("(", "[", "<") - token.is_op(")", "]", ">")
        cursor.take()


def _resized(cursor: Cursor, numbers: Numbers, expression: Expression) -> Numbers:
    token = cursor.peek()
    dims = _dims(cursor, expression(cursor, True), token)
    if math.prod(dims) != len(numbers.entries):
        size = f"({', '.join(map(str, dims))})"
        raise cursor.invalid("size-entries", token, size=size, count=len(numbers.entries))
    return Numbers(dims, numbers.entries, "tensor")


def _size(cursor: Cursor, token: Token, expression: Expression) -> Leaf:
    """``torch.Size([2, 3])``, ``torch.Size(())`` or ``torch.Size()``."""
    opener = cursor.take()
    empty = cursor.peek().is_op(")")
    item = Branch((), opener.start) if empty else expression(cursor, True)
    cursor.close("size-dims", token)
    return Leaf(SizeRead(_dims(cursor, item, token)), token.start)


def _dims(cursor: Cursor, item: Item, token: Token) -> tuple[int, ...]:
    leaves = item.items if isinstance(item, Branch) else (item,)
    dims = list[int]()
    for leaf in leaves:
        value = leaf.value.value if isinstance(leaf, Leaf) and isinstance(leaf.value, Entry) else -1
        if isinstance(value, bool | float) or not 0 <= value <= _MAX_DIM:
            raise cursor.invalid("size-dims", token)
        dims.append(value)
    return tuple(dims)
