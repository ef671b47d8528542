"""Plain values: what a live run yields, once it has left torch.

The worker turns whatever an expression gave (a tensor, a shape, a grad_fn node, ``None`` ...) into one
of these; only their JSON form crosses the process boundary, and everything outside the worker, grading
above all, works on them.  Nothing here knows torch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tutor.visible import clean_lines

Scalar: TypeAlias = bool | int | float

#: A tensor with more entries than this is not carried over; it arrives as :class:`Opaque`.
MAX_ENTRIES: Final = 10_000
#: torch's own bound on the number of dimensions.
MAX_DIMS: Final = 64
#: Longer integers are beyond the largest float, and so beyond any comparison with one.
MAX_INT_BITS: Final = 1_023


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor's numbers: ``entries`` is flat and row-major, ``len(entries) == prod(shape)``.

    ``printed`` is what torch prints for it (``tensor([0.3333, 2.0000])``): a learner who copies that
    is right.  ``dtype`` has no ``torch.`` in front (``float32``, ``int64``, ``bool``).
    """

    dtype: str
    shape: tuple[int, ...]
    entries: tuple[Scalar, ...]
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A Python int or float (never a bool)."""

    number: int | float


@dataclass(frozen=True, slots=True)
class Truth:
    """A Python bool."""

    true: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """``None``."""


@dataclass(frozen=True, slots=True)
class Size:
    """A ``torch.Size``."""

    dims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A Python string."""

    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the backward graph, by its name: ``MulBackward0``, ``AccumulateGrad``."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A Python list or tuple of values."""

    items: tuple[Value, ...]
    is_tuple: bool = False


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything else: its type's name and a bounded description, good for showing but not for grading."""

    type_name: str
    text: str


Value: TypeAlias = Tensor | Number | Truth | Nothing | Size | Text | Node | Sequence | Opaque


class MalformedValue(ValueError):
    """What arrived is not the JSON form of a value; children are not trusted to send good ones."""


def _float_to_json(x: Scalar) -> Any:
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else ("inf" if x > 0 else "-inf")
    return x


def _scalar_from_json(x: Any) -> Scalar:
    if isinstance(x, int) and x.bit_length() > MAX_INT_BITS:
        raise MalformedValue(f"a whole number of {x.bit_length()} bits")
    if isinstance(x, bool | int | float):
        return x
    if isinstance(x, str) and x in ("nan", "inf", "-inf"):
        return float(x)
    raise MalformedValue(f"not a number: {x!r:.80}")


def _entries_from_json(entries: Any) -> tuple[Scalar, ...]:
    # Nearly all tensors hold nothing but finite floats, and there are very many of them.
    if isinstance(entries, list) and set(map(type, entries)) <= {float}:
        return tuple(entries)
    return tuple(map(_scalar_from_json, entries))


def _dims_from_json(x: Any) -> tuple[int, ...]:
    if isinstance(x, list) and len(x) <= MAX_DIMS and all(type(d) is int and d >= 0 for d in x):
        return tuple(x)
    raise MalformedValue(f"not a shape: {x!r:.80}")


def to_json(value: Value) -> dict[str, Any]:
    """The JSON form: one object with the value's type under ``"t"``."""
    match value:
        case Tensor(dtype, shape, entries, printed):
            flat = [_float_to_json(x) for x in entries]
            return {"t": "tensor", "dtype": dtype, "shape": list(shape), "entries": flat,
                    "printed": printed}  # fmt: skip
        case Number(number):
            # An int and a float stay apart in JSON: 4 and 4.0.
            return {"t": "number", "number": _float_to_json(number)}
        case Truth(true):
            return {"t": "bool", "true": true}
        case Nothing():
            return {"t": "none"}
        case Size(dims):
            return {"t": "size", "dims": list(dims)}
        case Text(text):
            return {"t": "text", "text": text}
        case Node(name):
            return {"t": "node", "name": name}
        case Sequence(items, is_tuple):
            return {"t": "sequence", "items": [to_json(v) for v in items], "tuple": is_tuple}
        case Opaque(type_name, text):
            return {"t": "opaque", "type": type_name, "text": text}


def from_json(data: Any, *, depth: int = 0) -> Value:
    """The value of a JSON form that may come from an untrusted child.

    Raises:
        MalformedValue: for anything that :func:`to_json` does not write.
    """
    if not isinstance(data, dict) or depth > 32:
        raise MalformedValue(f"not a value: {data!r:.80}")
    try:
        return _from_json(data, depth)
    except (KeyError, TypeError, OverflowError) as error:
        raise MalformedValue(f"not a value: {data!r:.80}") from error


def _from_json(data: dict[str, Any], depth: int) -> Value:
    match data["t"]:
        case "tensor":
            shape = _dims_from_json(data["shape"])
            entries = _entries_from_json(data["entries"])
            if len(entries) != math.prod(shape) or len(entries) > MAX_ENTRIES:
                raise MalformedValue(f"{len(entries)} entries in a tensor of shape {shape}")
            return Tensor(_text(data["dtype"]), shape, entries, _text(data["printed"]))
        case "number":
            number = _scalar_from_json(data["number"])
            if isinstance(number, bool):
                raise MalformedValue("a bool is not a number")
            return Number(number)
        case "bool":
            if not isinstance(data["true"], bool):
                raise MalformedValue("not a bool")
            return Truth(data["true"])
        case "none":
            return Nothing()
        case "size":
            return Size(_dims_from_json(data["dims"]))
        case "text":
            return Text(_text(data["text"]))
        case "node":
            return Node(_text(data["name"]))
        case "sequence":
            items = tuple(from_json(item, depth=depth + 1) for item in data["items"])
            return Sequence(items, bool(data["tuple"]))
        case "opaque":
            return Opaque(_text(data["type"]), _text(data["text"]))
    raise MalformedValue(f"not a value: {data!r:.80}")


def _text(x: Any) -> str:
    if not isinstance(x, str):
        raise MalformedValue(f"not a text: {x!r:.80}")
    return clean_lines(x)
