"""How torch prints a small plain tensor, twenty times quicker than ``repr`` does it.

``repr`` of a three-entry tensor takes longer than the program that made it, and every truth is printed.
The rules here are torch's own (``torch/_tensor_str.py``); :func:`agrees_with_torch` compares the two at
start-up, so that a torch that prints differently one day is asked itself.
"""

from __future__ import annotations

from math import ceil, inf, isfinite, nan
from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE_WIDTH: Final = 80
_MOST_ENTRIES: Final = 1000
_PREFIX: Final = "tensor("
_SMALL: Final = 64
_MOST_PRINTED: Final = 2_000

_printed: Final[dict[tuple[tuple[int, ...], str], str]] = {}


def plain(entries: Sequence[Any], shape: Sequence[int]) -> str | None:
    """The text of a tensor of the default float type, of int64 or of bool; ``None``: ask torch.

    ``entries`` are row-major and of one Python type, as ``tolist`` gives them.
    """
    if not 0 < len(entries) <= _MOST_ENTRIES:
        return None
    if len(entries) > _SMALL:
        return _plain(entries, shape)
    # Explaining a run shows the same numbers many times over.  repr() tells -0.0 from 0.0.
    key = (tuple(shape), repr(entries))
    text = _printed.get(key)
    if text is None:
        if len(_printed) >= _MOST_PRINTED:
            _printed.clear()
        text = _printed[key] = _plain(entries, shape)
    return text


def _plain(entries: Sequence[Any], shape: Sequence[int]) -> str:
    form, width = _float_form(entries) if type(entries[0]) is float else _other_form(entries)
    texts = [form(x).rjust(width) for x in entries]
    return f"{_PREFIX}{_nested(texts, list(shape), len(_PREFIX), width)})"


def _other_form(entries: Sequence[Any]) -> tuple[Callable[[Any], str], int]:
    return str, max(len(str(x)) for x in entries)


def _float_form(entries: Sequence[float]) -> tuple[Callable[[float], str], int]:
    """How one entry is written, and how wide the widest one is."""
    finite = [x for x in entries if x and isfinite(x)]
    if not finite:
        return _as_integer, 1
    low, high = min(map(abs, finite)), max(map(abs, finite))
    scientific = high / low > 1000.0 or high > 1e8 or low < 1e-4
    if scientific:
        form: Callable[[float], str] = "{:.4e}".format
        width = max(len(form(x)) for x in finite)
    elif all(x == ceil(x) for x in finite):
        form = _as_integer
        width = max(len(f"{x:.0f}") + 1 for x in finite)
    else:
        form = "{:.4f}".format
        width = max(len(form(x)) for x in finite)
    return form, width


def _as_integer(x: float) -> str:
    return f"{x:.0f}" + ("." if isfinite(x) else "")


def _nested(texts: list[str], shape: list[int], indent: int, width: int) -> str:
    if not shape:
        return texts[0]
    if len(shape) == 1:
        per_line = max(1, (_LINE_WIDTH - indent) // (width + 2))
        rows = [", ".join(texts[i : i + per_line]) for i in range(0, len(texts), per_line)]
        return "[" + (",\n" + " " * (indent + 1)).join(rows) + "]"
    step = len(texts) // shape[0]
    inner = [
        _nested(texts[i : i + step], shape[1:], indent + 1, width)
        for i in range(0, len(texts), step)
    ]
    return "[" + ("," + "\n" * (len(shape) - 1) + " " * (indent + 1)).join(inner) + "]"


def agrees_with_torch() -> bool:
    """Whether :func:`plain` writes what this torch writes, on samples of every rule."""
    samples: list[Any] = [
        4.0, 0.5, -3, True, [0.0, -0.0], [1.0, nan], [0.3333333, 2.0], [inf, 1.5],
        [1e-5, 1.0], [2e9, 1.0], [1234.5, 0.5], [[1.0, -2.0], [3.0, 40.0]], [[True], [False]],
        [[[1, 2], [3, 4]], [[5, 6], [7, 80]]], [x / 7 for x in range(30)],
    ]  # fmt: skip
    for sample in samples:
        tensor = torch.tensor(sample)
        if plain(tensor.reshape(-1).tolist(), tensor.shape) != repr(tensor):
            return False
    return True
