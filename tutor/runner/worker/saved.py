"""What a node of the graph has saved for its backward, by torch's names for it."""
# Torch's nodes have no other way to be asked for what they saved.

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.worker.names import is_tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MAX_ATTRIBUTES: Final = 30
_MAX_TEXT: Final = 100
_SIMPLE: Final = (bool, int, float, str, type(None))
_PythonNode: Final[Any] = torch.autograd.function.BackwardCFunction

#: What each class of torch's nodes may have saved.
_saved: Final[dict[type, list[str]]] = {}


def _saved_names(kind: type) -> list[str]:
    names = _saved.get(kind)
    if names is None:
        names = _saved[kind] = [name for name in dir(kind) if name.startswith("_saved_")]
    return names


def readers(node: Any) -> Iterable[tuple[str, Callable[[], Any]]]:
    """What a node saved: names and how to read each."""
    if not issubclass(type(node), _PythonNode):
        for name in _saved_names(type(node)):
            yield from _unfolded(name.removeprefix("_saved_"), partial(getattr, node, name))
        return
    yield from _unfolded("saved_tensors", lambda: node.saved_tensors)
    for name, value in list(vars(node).items())[:MAX_ATTRIBUTES]:
        if type(value) in _SIMPLE:
            yield str(name)[:_MAX_TEXT], partial(_itself, value)


def _unfolded(name: str, read: Callable[[], Any]) -> Iterable[tuple[str, Callable[[], Any]]]:
    """A tuple of tensors is as many saved values."""
    try:
        value = read()
    except Exception:  # noqa: BLE001 - freed or changed: whoever reads it is told so
        yield name, read
        return
    if type(value) in (tuple, list) and any(map(is_tensor, value)):
        for index, item in enumerate(value[:MAX_ATTRIBUTES]):
            yield f"{name}[{index}]", partial(_itself, item)
    elif not (type(value) is tuple and not value and name == "saved_tensors"):
        yield name, partial(_itself, value)


def _itself(value: Any) -> Any:
    return value


def text_of(value: Any) -> str:
    """A number, or a list of them.  Dimensions counted from the end come as huge unsigned numbers."""
    if type(value) is int and value >= 2**63:
        value -= 2**64
    if type(value) in (list, tuple) and len(value) <= MAX_ATTRIBUTES:
        return ("[" + ", ".join(map(text_of, value)) + "]")[:_MAX_TEXT]
    if type(value) in _SIMPLE:
        return str(value)[:_MAX_TEXT]
    if isinstance(value, torch.dtype | torch.device | torch.layout | complex):
        return str(value)[:_MAX_TEXT]
    return type(value).__name__[:_MAX_TEXT]
