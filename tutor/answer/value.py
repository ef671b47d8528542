"""Reading a value: what the learner typed, or what an author gave as a near miss's value."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from tutor.answer.arithmetic import CannotCompute, number
from tutor.answer.arithmetic import binary as compute
from tutor.answer.invalid import InvalidAnswer
from tutor.answer.names import read_name
from tutor.answer.prepare import MAX_CHARACTERS, MAX_NESTING, Prepared, prepare
from tutor.answer.prompts import check_front
from tutor.answer.reading import (
    BoolRead,
    Entry,
    NameRead,
    NoneRead,
    Numbers,
    Reading,
    ReadValue,
    SizeRead,
    TupleRead,
    with_shape,
)
from tutor.answer.stacking import Branch, Item, Leaf, other_shape, stack
from tutor.answer.value_parser import parse
from tutor.answer.words import suggestion

if TYPE_CHECKING:
    from tutor.answer.arithmetic import Real

_SIZE: Final = re.compile(
    r"(?P<open>\(\s*)?(?P<dims>[0-9][0-9_]*(?:\s*[xX×]\s*[0-9][0-9_]*)+)(?(open)\s*\))"
)
_HEXADECIMAL: Final = re.compile(r"[\s(]*0[xX][0-9_]+[\s)]*")
_PARAMETER: Final = re.compile(r"\s*Parameter containing:(?=\s*\S)")


def read_value(text: str) -> Reading:
    """What the text may mean.

    Raises:
        InvalidAnswer: it cannot be read; with the place and the remedy.
    """
    prepared = prepare(text)
    check_front(prepared)
    name = read_name(prepared)
    if name:
        return Reading((name,))
    readings = _sizes(prepared)
    if readings:
        return Reading(readings)
    return Reading(_meanings(prepared, parse(_without_frame(prepared))))


def word_where_number(name: NameRead) -> InvalidAnswer:
    """The error for a word typed where the question asks for numbers."""
    meant = suggestion(name.name)
    if meant:
        params = {"text": name.raw, "suggestion": meant}
        return InvalidAnswer("word-suggestion", name.line, name.column, **params)
    return InvalidAnswer("word-among-numbers", name.line, name.column, text=name.raw)


def value_from_yaml(value: Any) -> Reading:
    """An author's value as a reading: null, a bool, a number, a (nested) list, or text as typed.

    Raises:
        InvalidAnswer: text that cannot be read, a ragged list, or another type.
    """
    if isinstance(value, str):
        return read_value(value)
    prepared = Prepared("", "", ())
    return Reading(_meanings(prepared, _item_from_yaml(prepared, value, 0)))


def _item_from_yaml(prepared: Prepared, value: Any, depth: int) -> Item:
    if depth > MAX_NESTING:
        raise prepared.invalid("too-deep", 0, limit=MAX_NESTING)
    if value is None:
        return Leaf(NoneRead(), 0)
    if isinstance(value, bool):
        return Leaf(Entry(value), 0)
    if isinstance(value, int | float):
        return Leaf(_entry_from_yaml(prepared, value), 0)
    if isinstance(value, str):
        return parse(prepare(value))
    if isinstance(value, list | tuple) and len(value) <= MAX_CHARACTERS:
        return Branch(tuple(_item_from_yaml(prepared, item, depth + 1) for item in value), 0)
    raise prepared.invalid("character", 0, character=f"a {type(value).__name__}")


def _entry_from_yaml(prepared: Prepared, value: Real) -> Entry:
    try:
        finite = math.isfinite(value)
    except OverflowError:
        raise prepared.invalid("overflow", 0) from None
    return Entry(value, repr(value) if finite else None)


def _sizes(prepared: Prepared) -> tuple[ReadValue, ...]:
    """``2 x 3`` is a shape; ``2×3`` is a product as well."""
    text = prepared.text.strip()
    match = _SIZE.fullmatch(text)
    if not match or _HEXADECIMAL.fullmatch(text):
        return ()
    digits = [d.strip().replace("_", "") for d in re.split("[xX×]", match["dims"])]
    try:
        dims = [int(number(d)) for d in digits]
        shape = SizeRead(tuple(dims))
        if re.search("[xX]", match["dims"]):
            return (shape,)
        product: Real = 1
        for dim in dims:
            product = compute("*", product, dim)
    except CannotCompute as error:
        raise prepared.invalid(error.key, prepared.text.index(text)) from error
    return (Numbers((), (Entry(product),), "number"), shape)


def _without_frame(prepared: Prepared) -> Prepared:
    """The text without ``Parameter containing:`` in front or one pair of backticks around it."""
    text, start = prepared.text, 0
    frame = _PARAMETER.match(text)
    if frame:
        start = frame.end()
    stripped = text.strip()
    end = len(text)
    if len(stripped) > 2 and stripped[0] == stripped[-1] == "`" and stripped.count("`") == 2:
        start, end = text.index("`") + 1, text.rindex("`")
    return prepared.part(start, end)


def _meanings(prepared: Prepared, item: Item) -> tuple[ReadValue, ...]:
    if isinstance(item, Leaf):
        return (_single(item),)
    several = _tuple(prepared, item)
    if several and any(isinstance(read, NoneRead) for read in several.items):
        return (several,)
    try:
        numbers = stack(prepared, item, item.wrote)
    except InvalidAnswer:
        if several:
            return (several,)
        raise
    shape = other_shape(item)
    alternatives = (with_shape(numbers, shape),) if shape and not several else ()
    return (*((several,) if several else ()), numbers, *alternatives)


def _single(leaf: Leaf) -> ReadValue:
    if not isinstance(leaf.value, Entry):
        return leaf.value
    if isinstance(leaf.value.value, bool):
        return BoolRead(leaf.value.value)
    return Numbers((), (leaf.value,), "number")


def _tuple(prepared: Prepared, branch: Branch) -> TupleRead | None:
    """Tensors or Nones side by side; beside a None a list is a tensor as well."""
    has_none = any(isinstance(i, Leaf) and isinstance(i.value, NoneRead) for i in branch.items)
    items: list[Numbers | NoneRead] = []
    for item in branch.items:
        if isinstance(item, Leaf) and isinstance(item.value, Numbers | NoneRead):
            items.append(item.value)
        elif isinstance(item, Branch) and has_none:
            items.append(stack(prepared, item, item.wrote))
        else:
            return None
    return TupleRead(tuple(items)) if items else None
