"""What an answer was read as: plain, typed, immutable."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from tutor.answer.arithmetic import Real
from tutor.i18n import _

#: How the numbers were written. ``number``: one bare number. ``list``: in brackets or parentheses.
#: ``tensor``: ``tensor(…)`` or ``array(…)``. ``bare``: one line without brackets. ``rows``: several rows.
Wrote: TypeAlias = Literal["number", "list", "tensor", "bare", "rows"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One number or bool.

    ``literal`` is its decimal literal if that is all that was typed: ASCII, with its minus sign,
    without underscores (``-0.333``, ``1.00``, ``1e-3``); None for what was computed, and for bools,
    ``inf`` and ``nan``.  Its digits tell how far the learner rounded.
    """

    value: bool | Real
    literal: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers, or bools, never both, of a shape; ``entries`` are flat and row-major.

    Shape ``()`` with ``wrote="number"`` is a bare number; with ``wrote="tensor"`` it is ``tensor(4.)``.
    """

    shape: tuple[int, ...]
    entries: tuple[Entry, ...]
    wrote: Wrote


@dataclass(frozen=True, slots=True)
class NoneRead:
    """``None``."""


@dataclass(frozen=True, slots=True)
class BoolRead:
    """One bare ``True`` or ``False``."""

    true: bool


@dataclass(frozen=True, slots=True)
class SizeRead:
    """A shape written as such: ``torch.Size([2, 3])``, ``2×3``, ``2 x 3``."""

    dims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NameRead:
    """A word or quoted text: the name of a grad_fn node, or a string.

    ``name`` is without quotes, angle brackets, address and ``torch::autograd::``; ``raw`` is what was
    typed, without quotes only.
    """

    name: str
    raw: str
    line: int = field(default=1, compare=False)
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class TupleRead:
    """Several tensors or Nones side by side, as torch prints what ``torch.autograd.grad`` returns."""

    items: tuple[Numbers | NoneRead, ...]


ReadValue: TypeAlias = Numbers | NoneRead | BoolRead | SizeRead | NameRead | TupleRead


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text may mean.

    ``readings``: the most literal meaning first; any of them may be the one that the question asks
    for (``2×3`` is a product or a shape; one number a line is a vector or a column).
    """

    readings: tuple[ReadValue, ...]

    @property
    def echo(self) -> str:
        """The readings in words, for the learner: ``2×2, float``."""
        return _(" or ").join(dict.fromkeys(describe(r) for r in self.readings))


def describe(read: ReadValue) -> str:
    """One reading in words."""
    match read:
        case NoneRead():
            return "None"
        case BoolRead(true):
            return str(true)
        case SizeRead(dims):
            inside = ", ".join(map(str, dims)) + ("," if len(dims) == 1 else "")
            return _("shape ({dims})").format(dims=inside)
        case NameRead(name):
            return _("the word {name}").format(name=name)
        case TupleRead(items):
            return f"({'; '.join(describe(item) for item in items)})"
        case Numbers():
            return _describe_numbers(read)


def _describe_numbers(numbers: Numbers) -> str:
    shape, kind = numbers.shape, kind_of(numbers)
    if not shape:
        value = numbers.entries[0].value
        shown = f"{value:.6g}" if isinstance(value, float) else _short_int(value)
        tensor = _("0-d tensor") + ", " if numbers.wrote == "tensor" else ""
        return f"{tensor}{shown}" if kind == "bool" else f"{tensor}{shown}, {kind}"
    if len(shape) == 1:
        return _("vector of {n}, {kind}").format(n=shape[0], kind=kind)
    return f"{'×'.join(map(str, shape))}, {kind}"


def _short_int(value: int) -> str:
    return str(value) if isinstance(value, bool) or abs(value) < 10**15 else f"{float(value):.6g}"


def kind_of(numbers: Numbers) -> Literal["bool", "int", "float"]:
    """The kind of the entries as they were typed; float if there are none."""
    values = [entry.value for entry in numbers.entries]
    if not values or any(isinstance(value, float) for value in values):
        return "float"
    return "bool" if isinstance(values[0], bool) else "int"


def with_shape(numbers: Numbers, shape: tuple[int, ...]) -> Numbers:
    """The same entries in another shape of as many entries."""
    assert math.prod(shape) == len(numbers.entries)  # noqa: S101 - a slip of ours, not of the learner
    return Numbers(shape, numbers.entries, numbers.wrote)
