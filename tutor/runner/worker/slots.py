"""Which argument of an operation stands at which input of the node that it made.

A node has an input for each argument that can be differentiated, in order; where the argument carries no
gradient there is nothing behind it, and the graph itself does not say what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tutor.runner.worker.tensors import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.runner.worker.observe import Operation
    from tutor.runner.worker.tensors import Input


#: Under which names nodes save their inputs, in the order of these.
SAVED_AS: Final = {
    "MulBackward0": ("self", "other"),
    "DivBackward0": ("self", "other"),
    "PowBackward1": ("self", "exponent"),
    "DotBackward0": ("self", "tensor"),
    "MvBackward0": ("self", "vec"),
    "MmBackward0": ("self", "mat2"),
    "BmmBackward0": ("self", "mat2"),
    "AddmmBackward0": ("", "mat1", "mat2"),
    "AddmvBackward0": ("", "mat", "vec"),
    "ConvolutionBackward0": ("input", "weight"),
    "MaximumBackward0": ("self", "other"),
    "MinimumBackward0": ("self", "other"),
}


def constants(
    operation: Operation | None, following: tuple[tuple[Any, int], ...]
) -> Iterator[tuple[int, Input | None]]:
    """The inputs of a node without a gradient: their slots, and the argument where it is known."""
    empty = [slot for slot, (target, _) in enumerate(following) if target is None]
    if not empty:
        return
    found, complete = _matched(operation, following) if operation is not None else ({}, False)
    for slot in empty:
        # Where all are known, one that is not there was not given: the bias of a convolution, say.
        if slot in found or not complete:
            yield slot, found.get(slot)


def _matched(
    operation: Operation, following: tuple[tuple[Any, int], ...]
) -> tuple[dict[int, Input], bool]:
    """Arguments by slot, matched from one live input to the next; and whether these are all."""
    inputs = operation.inputs
    if operation.end - operation.begin > 1:
        # One call, several nodes: only what leaves no doubt.
        dead = _best([found for found in inputs if not found.live], 1)
        empty = [slot for slot, (target, _) in enumerate(following) if target is None]
        certain = len(empty) == 1 and sum(not found.live for found in inputs) == 1
        return ({empty[0]: dead[0]} if certain and dead else {}), False
    matched: dict[int, Input] = {}
    waiting: list[int] = []
    at = 0
    for slot, (target, output) in enumerate(following):
        if target is None:
            waiting.append(slot)
            continue
        to = next((i for i in range(at, len(inputs)) if _is(inputs[i], target, output)), None)
        if to is None:
            return {}, False
        matched.update(zip(waiting, _best(inputs[at:to], len(waiting)), strict=False))
        waiting, at = [], to + 1
    matched.update(zip(waiting, _best(inputs[at:], len(waiting)), strict=False))
    return matched, True


def _is(found: Input, target: Any, output: int) -> bool:
    """Whether an argument is the tensor that a node's input leads to."""
    if not found.live:
        return False
    if found.made is None:
        leaf = found.known.ref() if found.known is not None else None
        return type(target).__name__ == "AccumulateGrad" and target.variable is leaf
    return found.made == (number_of(target), output)


def _best(inputs: Any, count: int) -> list[Input]:
    """The ``count`` arguments most likely to be differentiated by, in their order.

    Floating tensors rather than numbers, numbers rather than masks and indices.
    """
    dead = [found for found in inputs if not found.live]
    while len(dead) > count:
        # By place: comparing inputs would compare the tensors they refer to.
        del dead[max(range(len(dead)), key=lambda place: (_doubt(dead[place]), place))]
    return dead


def _doubt(found: Input) -> int:
    if found.known is None:
        return 1
    return 0 if found.floating else 2
