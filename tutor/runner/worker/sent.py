"""What nodes have sent to one another: a node that is given something else has a hook before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.explained import MAX_SHOWN
from tutor.runner.worker.names import entries_of, is_tensor, output_nr, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tutor.runner.worker.graph import Reached

_base: Any = torch._C.TensorBase  # noqa: SLF001 - as in names.py
_detach: Final[Callable[[Any], Any]] = _base.detach
_clone: Final[Callable[[Any], Any]] = _base.clone
_add: Final[Callable[[Any, Any], Any]] = _base.add
_numel: Final[Callable[[Any], int]] = _base.numel


class Sent:
    """Sums of gradients by the node and the output they were sent to, taken as the engine takes them."""

    def __init__(self, reached: dict[int, Reached]) -> None:
        self._reached = reached
        self._sums: dict[tuple[int, int], Any] = {}
        self._unknown: set[tuple[int, int]] = set()

    def start(self, seeds: Iterable[tuple[int, Any, Any]]) -> None:
        """The engine begins with seeds: roots, the tensors there, and their gradients."""
        for id_, tensor, gradient in seeds:
            if is_tensor(tensor):
                self._give((id_, output_nr(tensor)), gradient)

    def send(self, id_: int, outgoing: Any) -> None:
        targets = self._reached[id_].targets
        for target, gradient in zip(targets, outgoing, strict=False):
            if target is not None and gradient is not None:
                self._give(target, gradient)

    def _give(self, target: tuple[int, int], gradient: Any) -> None:
        if not is_tensor(gradient) or _numel(gradient) > MAX_SHOWN:
            self._unknown.add(target)
            return
        # A copy: the engine adds in place, and a leaf keeps what came as its `.grad`.
        copy, before = _clone(_detach(gradient)), self._sums.get(target)
        self._sums[target] = copy if before is None else _add(before, copy)

    def changed_on_arrival(self, id_: int, gradients: Any) -> list[Any] | None:
        """What had been sent to a node, if that is not what it is given."""
        changed, sent = False, []
        for output, gradient in enumerate(gradients):
            total = self._sums.get((id_, output))
            if (id_, output) in self._unknown or (
                is_tensor(gradient) and total is not None and shape_of(gradient) != shape_of(total)
            ):
                return None
            sent.append(total)
            changed = changed or entries_of(total) != entries_of(gradient)
        return sent if changed else None
