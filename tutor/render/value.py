"""Values as a learner reads them: the way torch itself prints them."""

from __future__ import annotations

import math

from tutor import values
from tutor.i18n import _


def show(value: values.Value) -> str:
    """One value as text: ``tensor([49.])``, ``None``, ``torch.Size([2, 3])``, ``MulBackward0``."""
    match value:
        case values.Tensor():
            return value.printed or f"tensor({nested(value.shape, value.entries)})"
        case values.Number(number):
            return show_number(number)
        case values.Truth(true):
            return str(true)
        case values.Nothing():
            return "None"
        case values.Size(dims):
            return f"torch.Size({list(dims)})"
        case values.Text(text):
            return text
        case values.Node(name):
            return name
        case values.Sequence(items, is_tuple):
            inside = ", ".join(show(item) for item in items)
            if is_tuple:
                return f"({inside},)" if len(items) == 1 else f"({inside})"
            return f"[{inside}]"
        case values.Opaque(_, text):
            return text


def show_number(number: int | float) -> str:
    """A Python number; floats to six significant figures, as many as a grade can ask for."""
    if isinstance(number, float) and math.isfinite(number):
        short = f"{number:.6g}"
        return short if "." in short or "e" in short else f"{short}.0"
    return str(number)


def nested(dims: tuple[int, ...], entries: tuple[values.Scalar, ...]) -> str:
    """Flat, row-major entries as nested lists: ``[[1.0, 2.0], [3.0, 4.0]]``."""
    if not dims:
        return show_number(entries[0]) if not isinstance(entries[0], bool) else str(entries[0])
    step = len(entries) // dims[0] if dims[0] else 0
    rows = (nested(dims[1:], entries[i * step : (i + 1) * step]) for i in range(dims[0]))
    return f"[{', '.join(rows)}]"


def shape(dims: tuple[int, ...]) -> str:
    """A shape in words: ``2×3``, ``4`` for a vector, ``a single number`` for no dimensions."""
    if not dims:
        return _("a single number")
    if len(dims) == 1:
        return _("a vector of {n}").format(n=dims[0])
    return "×".join(map(str, dims))
