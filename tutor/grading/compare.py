"""A typed reading against a live value: the ladder type → shape → numbers.

:func:`compare` tries every meaning that the text can have (``2×3`` is a product and a shape) and keeps
the one that climbs highest.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from tutor.answer import InvalidAnswer, Reading, matches_node, read_value, word_where_number
from tutor.answer.reading import (
    BoolRead,
    Entry,
    NameRead,
    NoneRead,
    Numbers,
    ReadValue,
    SizeRead,
    TupleRead,
)
from tutor.grading.numbers import same_number
from tutor.i18n import _, ngettext
from tutor.render.value import shape as shape_words
from tutor.values import Node, Nothing, Number, Opaque, Sequence, Size, Tensor, Text, Truth, Value

if TYPE_CHECKING:
    from tutor import values


#: What ``grad_fn.name()`` gives.
_NODE_NAME = re.compile(r"(?:torch::autograd::)?(?:\w+Backward\d+|AccumulateGrad)")


class Rung(IntEnum):
    """How far up the ladder an answer got."""

    TYPE = 0
    SHAPE = 1
    NUMBERS = 2
    RIGHT = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    rung: Rung
    message: str = ""

    @property
    def right(self) -> bool:
        return self.rung is Rung.RIGHT


RIGHT = Comparison(Rung.RIGHT)


class NotGradable(Exception):
    """The truth is of a type that no typed answer can stand for: the author's mistake."""

    def __init__(self, value: Value) -> None:
        name = value.type_name if isinstance(value, Opaque) else type(value).__name__.lower()
        self.message = f"the answer is a {name}, which cannot be typed or compared"
        super().__init__(self.message)


def compare(truth: Value, reading: Reading) -> Comparison:
    """The best that any meaning of ``reading`` does against ``truth``.

    Raises:
        InvalidAnswer: every meaning is a word and the truth is not one.
        NotGradable: the truth is no value that can be typed.
    """
    if isinstance(truth, Opaque):
        raise NotGradable(truth)
    results = [_compare_one(truth, read) for read in reading.readings]
    return max(results, key=lambda result: result.rung)


def equal(a: Value, b: Value) -> bool:
    """Whether two live values are the same answer: used to keep near misses apart."""
    read = as_reading(a)
    if read is None or isinstance(b, Opaque):
        return a == b
    try:
        return compare(b, read).right
    except (InvalidAnswer, NotGradable):
        return False


def as_reading(value: Value) -> Reading | None:
    """The reading of an answer that gives exactly ``value``; ``None`` if it cannot be typed."""
    read = _typed(value)
    return None if read is None else Reading((read,))


def _typed(value: Value) -> ReadValue | None:
    match value:
        case Tensor(_, dims, entries, _):
            return Numbers(dims, tuple(Entry(e, None) for e in entries), "tensor")
        case Number(number):
            return Numbers((), (Entry(number, None),), "number")
        case Truth(true):
            return BoolRead(true)
        case Nothing():
            return NoneRead()
        case Size(dims):
            return SizeRead(dims)
        case Text(text) | Node(text):
            return NameRead(text, text)
        case Sequence():
            return _typed_items(value)
    return None


def _typed_items(value: Sequence) -> ReadValue | None:
    items = [_typed(item) for item in value.items]
    if items and all(isinstance(item, Numbers | NoneRead) for item in items):
        return TupleRead(tuple(item for item in items if isinstance(item, Numbers | NoneRead)))
    try:
        return _typed(as_tensor(value))
    except NotGradable:
        return None


def _compare_one(truth: Value, read: ReadValue) -> Comparison:
    if isinstance(read, NameRead) and not isinstance(truth, Text | Node):
        if isinstance(truth, Truth):
            raise InvalidAnswer("bool-asked", read.line, read.column, text=read.raw)
        raise word_where_number(read)
    match truth:
        case Sequence():
            return _sequence(truth, read)
        case Tensor():
            return _tensor(truth, read)
        case Number(number):
            return _number(number, read)
        case Truth(true):
            return _bool(true, read)
        case Nothing():
            return RIGHT if isinstance(read, NoneRead) else _other_type("None", read)
        case Size(dims):
            return _size(dims, read)
        case Node(name):
            return _name(isinstance(read, NameRead) and matches_node(read, name), read)
        case Text(text):
            return _name(isinstance(read, NameRead) and _is_text(read, text), read)
    raise NotGradable(truth)


def _is_text(read: NameRead, text: str) -> bool:
    """Whether that very text was typed; the name of a node may be typed as freely as the node's."""
    if text in (read.raw, read.name, _bare(read.raw)):
        return True
    return _NODE_NAME.fullmatch(text) is not None and matches_node(read, text)


def _bare(raw: str) -> str:
    return raw.strip().strip("'\"")


def _name(same: bool, read: ReadValue) -> Comparison:
    if same:
        return RIGHT
    if isinstance(read, NameRead):
        return Comparison(Rung.NUMBERS, _("That is another name."))
    return _other_type(_("a name"), read)


def _other_type(truth: str, read: ReadValue) -> Comparison:
    message = _("The answer is {truth}; yours is {yours}.")
    return Comparison(Rung.TYPE, message.format(truth=truth, yours=_kind(read)))


def _kind(read: ReadValue) -> str:
    match read:
        case Numbers(dims, entries, wrote):
            if entries and isinstance(entries[0].value, bool):
                return _("a tensor of bools")
            if wrote == "number":
                return _("a number")
            return _("a tensor") if wrote == "tensor" or dims else _("a list")
        case NoneRead():
            return "None"
        case BoolRead():
            return _("True or False")
        case SizeRead():
            return _("a shape")
        case TupleRead():
            return _("a tuple")
    return _("a word")


# -- tensors ----------------------------------------------------------------------------------------


def _tensor(truth: Tensor, read: ReadValue) -> Comparison:
    bools = truth.dtype == "bool"
    if isinstance(read, BoolRead) and bools:
        read = Numbers((), (Entry(read.true, None),), "number")
    if not isinstance(read, Numbers):
        return _other_type(_("a tensor of bools") if bools else _("a tensor of numbers"), read)
    typed_bools = any(isinstance(e.value, bool) for e in read.entries)
    if read.entries and truth.entries and typed_bools != bools:
        return _other_type(_("a tensor of bools") if bools else _("a tensor of numbers"), read)
    one_for_one = len(truth.entries) == 1 and read.shape == ()
    if read.shape != truth.shape and not one_for_one:
        return Comparison(
            Rung.SHAPE,
            shapes_differ(truth.shape, read.shape),
        )
    printed = printed_entries(truth)
    wrong = sum(
        not same_number(float(e.value), float(t), literal=e.literal, printed=p)
        for e, t, p in zip(read.entries, truth.entries, printed, strict=True)
    )
    if not wrong:
        return RIGHT
    if len(truth.entries) == 1:
        return Comparison(Rung.NUMBERS, _("The number is not right."))
    every = len(truth.entries)
    if wrong == every:
        return Comparison(Rung.NUMBERS, _("The shape is right, but none of the numbers is."))
    message = ngettext(
        "The shape is right, but {wrong} of {every} numbers is not.",
        "The shape is right, but {wrong} of {every} numbers are not.",
        wrong,
    )
    return Comparison(Rung.NUMBERS, message.format(wrong=wrong, every=every))


@lru_cache(maxsize=512)
def printed_entries(truth: Tensor) -> tuple[float | None, ...]:
    """What torch prints for each entry (it rounds to four decimals), ``None`` where it cannot be told.

    Only float entries can print as something else than they are.
    """
    unknown: tuple[float | None, ...] = (None,) * len(truth.entries)
    if not truth.printed or all(float(e).is_integer() for e in truth.entries if _finite(e)):
        return unknown
    try:
        readings = read_value(truth.printed).readings
    except InvalidAnswer:  # "tensor([0., 1., ..., 9.])": summarised
        return unknown
    for read in readings:
        if isinstance(read, Numbers) and read.shape == truth.shape:
            return tuple(float(e.value) for e in read.entries)
    return unknown


def _finite(entry: values.Scalar) -> bool:
    return math.isfinite(entry)


def _sequence(truth: Sequence, read: ReadValue) -> Comparison:
    """A list or tuple: item by item if typed so, else all its numbers as one tensor."""
    if not isinstance(read, TupleRead):
        try:
            return _compare_one(as_tensor(truth), read)
        except NotGradable:
            return _other_type(_("a tuple of {n}").format(n=len(truth.items)), read)
    if len(read.items) != len(truth.items):
        message = _("The answer has {n} items; yours has {m}.").format(
            n=len(truth.items), m=len(read.items)
        )
        return Comparison(Rung.SHAPE, message)
    for at, (item, one) in enumerate(zip(truth.items, read.items, strict=True), 1):
        result = _compare_one(item, one)
        if not result.right:
            return Comparison(
                result.rung, _("Item {n}: {message}").format(n=at, message=result.message)
            )
    return RIGHT


def shapes_differ(truth: tuple[int, ...], yours: tuple[int, ...]) -> str:
    """Both shapes, as torch has them and in words."""
    return _(
        "The answer's shape is {truth} ({truth_words}); yours is {yours} ({your_words})."
    ).format(
        truth=list(truth),
        truth_words=shape_words(truth),
        yours=list(yours),
        your_words=shape_words(yours),
    )


def as_tensor(value: Sequence) -> Value:
    """A list or tuple of numbers, or of tensors of one shape, as the tensor a learner would type."""
    items = [as_tensor(item) if isinstance(item, Sequence) else item for item in value.items]
    if items and all(isinstance(item, Truth) for item in items):
        bools = tuple(item.true for item in items if isinstance(item, Truth))
        return Tensor("bool", (len(bools),), bools)
    tensors = [
        Tensor("float64", (), (item.number,)) if isinstance(item, Number) else item
        for item in items
    ]
    flat: list[values.Scalar] = []
    for tensor in tensors:
        if not isinstance(tensor, Tensor) or tensor.shape != _shape_of(tensors[0]):
            raise NotGradable(value)
        flat.extend(tensor.entries)
    return (
        Tensor("float64", (len(tensors), *_shape_of(tensors[0])), tuple(flat))
        if tensors
        else (Tensor("float64", (0,), ()))
    )


def _shape_of(value: Value) -> tuple[int, ...]:
    return value.shape if isinstance(value, Tensor) else ()


# -- numbers, bools, shapes -------------------------------------------------------------------------


def _number(truth: float, read: ReadValue) -> Comparison:
    if not isinstance(read, Numbers) or any(isinstance(e.value, bool) for e in read.entries):
        return _other_type(_("a number"), read)
    if read.shape != ():
        return Comparison(Rung.SHAPE, _("The answer is one plain number."))
    entry = read.entries[0]
    if same_number(float(entry.value), float(truth), literal=entry.literal):
        return RIGHT
    return Comparison(Rung.NUMBERS, _("The number is not right."))


def _bool(truth: bool, read: ReadValue) -> Comparison:
    if isinstance(read, Numbers) and read.shape == () and isinstance(read.entries[0].value, bool):
        read = BoolRead(read.entries[0].value)
    if isinstance(read, BoolRead):
        return RIGHT if read.true is truth else Comparison(Rung.NUMBERS, _("It is the other one."))
    return _other_type(_("True or False"), read)


def _size(truth: tuple[int, ...], read: ReadValue) -> Comparison:
    if isinstance(read, SizeRead):
        dims: tuple[values.Scalar, ...] = read.dims
    elif isinstance(read, Numbers) and read.wrote != "tensor" and len(read.shape) <= 1:
        dims = tuple(entry.value for entry in read.entries)
    else:
        return _other_type(_("a shape"), read)
    if any(isinstance(d, bool) for d in dims):
        return _other_type(_("a shape"), read)
    if tuple(dims) == truth:
        return RIGHT
    if len(dims) != len(truth):
        n = len(truth)
        return Comparison(
            Rung.SHAPE,
            ngettext("The shape has {n} dimension.", "The shape has {n} dimensions.", n).format(
                n=n
            ),
        )
    return Comparison(Rung.NUMBERS, _("The number of dimensions is right, their sizes are not."))
