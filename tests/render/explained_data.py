"""Hand-made runs: the data that the worker would give, small enough to check by eye."""

from __future__ import annotations

from tutor.runner.explained import Change, NameState, Step, TensorState
from tutor.values import Number, Tensor, Value


def tensor(*numbers: float, shape: tuple[int, ...] | None = None) -> Tensor:
    """A float tensor: a vector, unless a shape is given."""
    return Tensor("float32", (len(numbers),) if shape is None else shape, numbers)


def scalar(number: float) -> Tensor:
    return tensor(number, shape=())


def state(
    name: str,
    value: Value,
    *,
    leaf: bool = True,
    wants: bool = True,
    grad_fn: str | None = None,
    grad: Value | None = None,
    version: int = 0,
    shares: str | None = None,
) -> NameState:
    if not isinstance(value, Tensor):
        return NameState(name, value)
    known = TensorState(value.shape, value.dtype, wants, leaf, grad_fn, grad, version, shares)
    return NameState(name, value, known)


def new(after: NameState) -> Change:
    return Change(("new",), None, after)


def step(line: int, *changes: Change, section: str = "program", printed: str = "") -> Step:
    return Step(section, line, line, changes, printed)


__all__ = ["Change", "NameState", "Number", "Step", "new", "scalar", "state", "step", "tensor"]
