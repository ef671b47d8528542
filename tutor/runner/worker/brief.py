"""Values as a trace shows them: small ones whole, large ones in a few words.

Nothing of a program's own is called for it: a trace must not change what the program does or prints, so
an object of a class that is not known here is named by its class, never asked for its ``repr``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.explained import MAX_SHOWN
from tutor.runner.worker import dump as d

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

_MAX_TEXT: Final = 400
_MAX_DEPTH: Final = 6
_PLAIN: Final = (type(None), bool, int, float, torch.Size)
_TENSORS: Final = (torch.Tensor, torch.nn.Parameter)
_Node: Final[Any] = torch.autograd.graph.Node

_base: Any = torch._C.TensorBase  # noqa: SLF001 - as in dump.py
_numel: Final[Callable[[Any], int]] = _base.numel
_shape: Final[Callable[[Any], Any]] = _base.shape.__get__
_no_overrides: Final[Any] = torch._C.DisableTorchFunction  # noqa: SLF001


def brief(value: Any) -> Json:
    """The JSON form of a value, of at most :data:`MAX_SHOWN` entries; never raises."""
    kind = type(value)
    if kind in _TENSORS:
        with _no_overrides():
            size = _numel(value)
            if size > MAX_SHOWN:
                return _described("Tensor", f"shape {tuple(_shape(value))}, {size} entries")
        return d.dump(value)
    if kind in _PLAIN or issubclass(kind, _Node):
        return d.dump(value)
    if kind is str:
        if len(value) > _MAX_TEXT:
            return _described("str", f"{value[:_MAX_TEXT]}…")
        return {"t": "text", "text": value}
    if kind in (list, tuple) or kind.__module__ == "torch.return_types":
        if _entries(value, MAX_SHOWN, 0) >= 0:
            return {"t": "sequence", "items": [brief(x) for x in value], "tuple": kind is not list}
        return _described(kind.__name__, f"{len(value)} items")
    if kind in (dict, set, frozenset):
        return _described(kind.__name__, f"{len(value)} items")
    return _described(str(kind.__name__)[:100], f"an object of class {kind.__name__}"[:_MAX_TEXT])


def _described(kind: str, text: str) -> Json:
    return {"t": "opaque", "type": kind, "text": text}


def _entries(value: Any, room: int, depth: int) -> int:
    """What is left of ``room`` after the entries of ``value``; negative: it does not fit."""
    kind = type(value)
    if kind in (list, tuple) or kind.__module__ == "torch.return_types":
        if depth >= _MAX_DEPTH:
            return -1
        for item in value:
            room = _entries(item, room - 1, depth + 1)
            if room < 0:
                break
        return room
    if kind in _TENSORS:
        with _no_overrides():
            return room - _numel(value)
    return room
