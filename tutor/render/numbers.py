"""Values in little room: one line, or rows one under the other, shortened where they must be.

Numbers are written as torch writes them (``2.``, ``0.3333``), but each by itself: no entry is made longer
by its neighbours.  What is left out is marked with ``…``, and the shape then says what it was.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from tutor import values
from tutor.i18n import _
from tutor.render import value as full
from tutor.visible import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

ELLIPSIS: Final = "…"
#: As a width: whatever it takes.
ALL: Final = 10_000


def number(x: values.Scalar) -> str:
    """One entry: ``2.``, ``-0.5``, ``0.3333``, ``1.235e-05``, ``3``, ``True``, ``nan``."""
    if isinstance(x, int) or not math.isfinite(x):
        return str(x)
    size = abs(x)
    if size >= 1e7 or 0 < size < 1e-3:
        return f"{x:.4g}"
    if x == int(x):
        return f"{x:.0f}."
    text = f"{x:.4f}" if size >= 1 else f"{x:.4g}"
    stripped = text.rstrip("0")
    # 2.00001 is 2.0000, as torch has it: the zeros say that it is not exactly 2.
    return text if stripped.endswith(".") else stripped


def dims(shape: tuple[int, ...]) -> str:
    """A shape as Python writes it: ``()``, ``(3,)``, ``(2, 3)``."""
    return str(tuple(shape))


def by(shape: tuple[int, ...]) -> str:
    """A shape in few cells: ``2×3``; ``()`` for a single number."""
    return "×".join(map(str, shape)) if shape else "()"


def inline(value: values.Value | None, width: int = 60) -> str:
    """A value in at most ``width`` cells (at least eight), numbers of a tensor without ``tensor(…)``."""
    width = max(8, width)
    if value is None:
        return "None"
    if isinstance(value, values.Tensor):
        return _inline_tensor(value, width)
    return cut(_other(value), width)


def named(value: values.Value | None, width: int = 60) -> str:
    """Like :func:`inline`, with ``tensor(…)`` around a tensor's numbers."""
    if isinstance(value, values.Tensor):
        return f"tensor({inline(value, width - 8)})"
    return inline(value, width)


def _other(value: values.Value) -> str:
    if isinstance(value, values.Number):
        return full.show(value)
    if isinstance(value, values.Text):
        return repr(value.text)
    if isinstance(value, values.Opaque) and value.text == f"an object of class {value.type_name}":
        return _("an object of class {name}").format(name=clean(value.type_name))
    if isinstance(value, values.Sequence):
        inside = ", ".join(named(item) for item in value.items)
        return (
            f"({inside},)"
            if value.is_tuple and len(value.items) == 1
            else _bracketed(value, inside)
        )
    return clean(full.show(value).replace("\n", " "))


def _bracketed(value: values.Sequence, inside: str) -> str:
    return f"({inside})" if value.is_tuple else f"[{inside}]"


def cut(text: str, width: int) -> str:
    """``text`` on one line, in at most ``width`` cells."""
    text = clean(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + ELLIPSIS


def _inline_tensor(tensor: values.Tensor, width: int) -> str:
    if not tensor.shape:
        return cut(number(tensor.entries[0]), width)
    size = max(len(tensor.entries), *tensor.shape)
    # Fewer and fewer entries a dimension until it fits.
    for most in (size, 8, 6, 5, 4, 3, 2):
        if most <= size and (text := _nested(tensor, 0, 0, most)) and cell_len(text) <= width:
            return text
    return cut(by(tensor.shape), width) if tensor.shape else ELLIPSIS


def _nested(tensor: values.Tensor, depth: int, start: int, most: int) -> str:
    if depth == len(tensor.shape):
        return number(tensor.entries[start])
    count = tensor.shape[depth]
    step = math.prod(tensor.shape[depth + 1 :])
    shown = [
        ELLIPSIS if i is None else _nested(tensor, depth + 1, start + i * step, most)
        for i in kept(count, most)
    ]
    return f"[{', '.join(shown)}]"


def kept(count: int, most: int) -> list[int | None]:
    """Which of ``count`` things are shown if there is room for ``most``; ``None`` for the gap."""
    if count <= most:
        return list(range(count))
    last = most // 2
    first = most - last
    return [*range(first), None, *range(count - last, count)]


def rows(value: values.Value | None, width: int, most: int = 8) -> list[str]:
    """A value in rows of at most ``width`` cells, at most about ``most`` of them.

    One row if it fits; a matrix otherwise has a row a line, its columns one under the other.
    """
    if not isinstance(value, values.Tensor) or len(value.shape) < 2 or not value.entries:
        return [inline(value, width)]
    one = _nested(value, 0, 0, math.prod(value.shape))
    if cell_len(one) <= width and (len(value.shape) > 2 or value.shape[0] == 1 or len(one) <= 32):
        return [one]
    for columns in range(value.shape[-1], 1, -1):
        block = _block(value, columns, most)
        if max(map(cell_len, block)) <= width:
            return block
    return [inline(value, width)]


def _block(tensor: values.Tensor, columns: int, most: int) -> list[str]:
    """A tensor of two dimensions or more, a vector a line, within brackets."""
    *outer, last = tensor.shape
    lines = math.prod(outer)
    picked = kept(last, columns)
    shown = kept(lines, most)
    texts = {
        i: [ELLIPSIS if j is None else number(tensor.entries[i * last + j]) for j in picked]
        for i in shown
        if i is not None
    }
    widths = [max(len(row[k]) for row in texts.values()) for k in range(len(picked))]
    depth = len(outer)
    result = []
    for i in shown:
        if i is None:
            result.append(" " * depth + ELLIPSIS)
            continue
        inside = ", ".join(t.rjust(w) for t, w in zip(texts[i], widths, strict=True))
        opened, closed = _brackets(i, outer)
        comma = "," if i < lines - 1 else ""
        result.append(f"{' ' * (depth - opened)}{'[' * opened}[{inside}]{']' * closed}{comma}")
    return result


def _brackets(row: int, outer: Sequence[int]) -> tuple[int, int]:
    """How many brackets open before this row and close after it."""
    opened = closed = 0
    size = 1
    for count in reversed(outer):
        size *= count
        opened += row % size == 0
        closed += (row + 1) % size == 0
    return opened, closed
