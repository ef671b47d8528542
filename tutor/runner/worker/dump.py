"""Live values → the JSON forms of ``tutor.values``.

All that is used of torch is taken when this module is imported, before any program has run: a program
that replaces ``torch.Tensor.tolist`` or ``__repr__`` does not change what is read here.  A subclass of
Tensor may answer anything about itself, so it is described (``Opaque``), never read.
"""
# Torch's public names can be replaced by a program; what they are made of is private.
# ruff: noqa: SLF001

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.worker import printed
from tutor.values import MAX_ENTRIES, MAX_INT_BITS

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

#: Characters of a text that are carried over, and of a description.
MAX_TEXT: Final = 10_000
_MAX_DESCRIPTION: Final = 500
_MAX_DEPTH: Final = 24
_MAX_DIMS: Final = 64
_base: Any = torch._C.TensorBase
_tolist: Final[Callable[[Any], Any]] = _base.tolist
_detach: Final[Callable[[Any], Any]] = _base.detach
_reshape: Final[Callable[..., Any]] = _base.reshape
_numel: Final[Callable[[Any], int]] = _base.numel
_shape: Final[Callable[[Any], Any]] = _base.shape.__get__
_dtype: Final[Callable[[Any], Any]] = _base.dtype.__get__
_layout: Final[Callable[[Any], Any]] = _base.layout.__get__
_is_meta: Final[Callable[[Any], bool]] = _base.is_meta.__get__
_get_default_dtype: Final = torch.get_default_dtype
_repr_tensor: Final[Callable[[Any], str]] = torch.Tensor.__repr__
_no_overrides: Final[Any] = torch._C.DisableTorchFunction
_no_dispatch: Final[Any] = torch._C._DisableTorchDispatch
_dispatch_modes: Final[Callable[[], int]] = torch._C._len_torch_dispatch_stack
_is_wrapped: Final[Callable[[Any], bool]] = torch._C._functorch.is_functorch_wrapped_tensor
_Node: Final[Any] = torch.autograd.graph.Node
_Size: Final = torch.Size
_PLAIN_TENSORS: Final = (torch.Tensor, torch.nn.Parameter)
_strided: Final = torch.strided
_always_plain: Final = (torch.int64, torch.bool)
_own_printing: Final = printed.agrees_with_torch()
_print_options: Final[Any] = torch._tensor_str.PRINT_OPTS
_default_options: Final = vars(_print_options).copy()


def dump(value: Any) -> Json:
    """The JSON form of any value; never raises, whatever the value does."""
    try:
        with _no_overrides():
            if _dispatch_modes():
                guard = _no_dispatch()
                try:
                    return _dump(value, 0, [MAX_ENTRIES])
                finally:
                    del guard
            return _dump(value, 0, [MAX_ENTRIES])
    except BaseException as error:  # noqa: BLE001 - the values are a program's: anything may be raised
        return opaque(value, f"it cannot be read: {type(error).__name__}")


def _dump(value: Any, depth: int, room: list[int]) -> Json:
    kind = type(value)
    if kind in _PLAIN_TENSORS:
        return _dump_tensor(value)
    if value is None:
        return {"t": "none"}
    if kind is bool:
        return {"t": "bool", "true": value}
    if issubclass(kind, int):
        return _dump_int(int.__index__(value))
    if issubclass(kind, float):
        return {"t": "number", "number": float_form(float.__float__(value))}
    if issubclass(kind, str):
        return _dump_text(str.__str__(value))
    if kind is _Size:
        return {"t": "size", "dims": [int(d) for d in value][:_MAX_DIMS]}
    if issubclass(kind, list | tuple):
        return _dump_sequence(value, depth, room)
    if issubclass(kind, _Node):
        return {"t": "node", "name": _node_name(value)}
    return opaque(value)


def float_form(x: float) -> float | str:
    """JSON knows neither nan nor infinity: they go as words."""
    if isfinite(x):
        return x
    return "nan" if isnan(x) else ("inf" if x > 0 else "-inf")


def _dump_int(number: int) -> Json:
    if number.bit_length() > MAX_INT_BITS:
        return {"t": "opaque", "type": "int", "text": f"an integer of {number.bit_length()} bits"}
    return {"t": "number", "number": number}


def _dump_text(text: str) -> Json:
    if len(text) > MAX_TEXT:
        shown = f"{text[:200]}… ({len(text)} characters, more than {MAX_TEXT})"
        return {"t": "opaque", "type": "str", "text": shown}
    return {"t": "text", "text": text}


def _dump_sequence(value: Any, depth: int, room: list[int]) -> Json:
    is_tuple = issubclass(type(value), tuple)
    # The base class's own iterator: a subclass may count without end in its own.
    items = tuple.__iter__(value) if is_tuple else list.__iter__(value)
    size = tuple.__len__(value) if is_tuple else list.__len__(value)
    room[0] -= size
    if room[0] < 0 or depth >= _MAX_DEPTH:
        name = "tuple" if is_tuple else "list"
        return {
            "t": "opaque",
            "type": name,
            "text": f"a {name} too large or too deep to carry over",
        }
    return {"t": "sequence", "items": [_dump(x, depth + 1, room) for x in items], "tuple": is_tuple}


def _node_name(node: Any) -> str:
    name = node.name() if callable(getattr(node, "name", None)) else type(node).__name__
    return str(name).rpartition("::")[2][:200]


def _dump_tensor(tensor: Any) -> Json:
    if _is_wrapped(tensor):
        return opaque(tensor, "a tensor of a torch.func transform that has ended")
    shape = [int(d) for d in _shape(tensor)]
    dtype = _dtype(tensor)
    if _numel(tensor) > MAX_ENTRIES or len(shape) > _MAX_DIMS:
        text = (
            f"a tensor of shape {tuple(shape)}: {_numel(tensor)} entries are too many to carry over"
        )
        return {"t": "opaque", "type": "Tensor", "text": text}
    if _layout(tensor) is not _strided or dtype.is_complex or _is_meta(tensor):
        return opaque(tensor)
    flat = _detach(tensor)
    entries = _tolist(flat if len(shape) == 1 else _reshape(flat, (-1,)))
    text = _printed(flat, entries, shape)
    if dtype.is_floating_point and not all(map(isfinite, entries)):
        entries = [float_form(x) for x in entries]
    return {"t": "tensor", "dtype": str(dtype).removeprefix("torch."), "shape": shape,
            "entries": entries, "printed": text[: MAX_TEXT * 2]}  # fmt: skip


def _printed(tensor: Any, entries: list[Any], shape: list[int]) -> str:
    dtype = _dtype(tensor)
    usual = dtype is _get_default_dtype() or dtype in _always_plain
    if _own_printing and usual and vars(_print_options) == _default_options:
        text = printed.plain(entries, shape)
        if text is not None:
            return text
    return _repr_tensor(tensor)


def opaque(value: Any, text: str = "") -> Json:
    """Anything else: the type's name and what it says about itself, if it says it without trouble."""
    if not text:
        try:
            text = str.__str__(repr(value))
        except BaseException as error:  # noqa: BLE001 - repr is the program's code
            text = f"its repr raises {type(error).__name__}"
    return {"t": "opaque", "type": str(type(value).__name__)[:100], "text": text[:_MAX_DESCRIPTION]}
