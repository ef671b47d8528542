"""Formula trees, interpreted with torch: plain data in, a tensor out, no Python code on the way."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Tree = list[Any]

_MAX_DEPTH: Final = 200
#: Beyond this a power of integers is taken in floats, which overflow instead of growing.
_MAX_EXPONENT: Final = 64
_MAX_BASE: Final = 2**32
#: What torch's max and min give with ``dim=``: the numbers and their places.
_EXTREMES: Final = (torch.return_types.max, torch.return_types.min)


class BadTree(ValueError):
    """The tree has a node that is not a formula's."""


def _elementwise(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(torch, name)
    return lambda x, *args, **kwargs: function(_tensor(x), *args, **kwargs)


def _extreme(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(torch, name)

    def extreme(x: Any, *args: Any, **kwargs: Any) -> Any:
        if args and isinstance(args[0], torch.Tensor | float):
            return function(_tensor(x), _tensor(args[0]))
        return function(_tensor(x), *args, **kwargs)

    return extreme


def _many(name: str) -> Callable[..., Any]:
    """Functions all of whose arguments are tensors."""
    function: Callable[..., Any] = getattr(torch, name)
    return lambda *args, **kwargs: function(*map(_tensor, args), **kwargs)


def _kron(a: Any, other: Any) -> Any:
    # Of a transposed matrix torch.kron itself takes a view that does not exist.
    return torch.kron(_tensor(a).contiguous(), _tensor(other).contiguous())


def _einsum(equation: str, *operands: Any) -> Any:
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = tuple(operands[0])
    return torch.einsum(equation, *map(_tensor, operands))


def _sizes(name: str) -> Callable[..., Any]:
    """Constructors by size: in float64, as everything in a formula is."""
    function: Callable[..., Any] = getattr(torch, name)

    def made(*sizes: Any) -> Any:
        flat = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], list | tuple) else sizes
        return function(*(operator.index(size) for size in flat), dtype=torch.float64)

    return made


def _method(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(torch.Tensor, name)
    return lambda x, *args, **kwargs: function(_tensor(x), *args, **kwargs)


def _linalg(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(torch.linalg, name)
    return lambda x, *args, **kwargs: function(_tensor(x), *map(_maybe_tensor, args), **kwargs)


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    **{
        name: _elementwise(name)
        for name in (
            "exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sigmoid", "relu",
            "abs", "sign", "sum", "mean", "prod", "trace", "diag", "ones_like", "zeros_like",
            "unsqueeze", "squeeze", "flatten", "transpose", "det", "slogdet", "logdet", "softmax",
            "log_softmax", "logsumexp",
        )
    },
    **{name: _extreme(name) for name in ("max", "min")},
    **{name: _many(name) for name in ("matmul", "mm", "mv", "dot", "inner", "outer")},
    **{name: _sizes(name) for name in ("eye", "ones", "zeros")},
    **{f"linalg.{name}": _linalg(name) for name in ("inv", "det", "norm", "solve")},
    "inv": _linalg("inv"),
    # As methods these take what the functions take, and sizes one by one as well.
    "norm": _method("norm"),
    "reshape": _method("reshape"),
    "einsum": _einsum,
    "kron": _kron,
}  # fmt: skip

for _name, _function in _FUNCTIONS.items():
    _function.__qualname__ = _name  # Python's message on a missing argument has it

_BINARY: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def evaluate(tree: Tree, variables: Mapping[str, Any]) -> Any:
    """The value of a formula at one point: a float64 tensor, or a tuple of tensors (``slogdet``).

    Raises:
        BadTree: the tree is not one.
        Exception: whatever torch raises, for shapes that do not fit, say.
    """
    value = _value(tree, variables, 0)
    return value if isinstance(value, tuple) else _tensor(value)


def _tensor(x: Any) -> torch.Tensor:
    if isinstance(x, torch.Tensor):
        return x
    return torch.tensor(x, dtype=torch.float64)


def _maybe_tensor(x: Any) -> Any:
    return x if isinstance(x, str) else _tensor(x) if isinstance(x, list) else x


def _value(tree: Tree, variables: Mapping[str, Any], depth: int) -> Any:
    if not isinstance(tree, list) or not tree or depth > _MAX_DEPTH:
        raise BadTree(f"not a formula: {tree!r:.80}")
    kind, *rest = tree

    def of(sub: Tree) -> Any:
        return _value(sub, variables, depth + 1)

    match kind:
        case "num" | "const":
            return rest[0]
        case "var":
            return variables[rest[0]]
        case "neg":
            return -of(rest[0])
        case "pos":
            return +of(rest[0])
        case "bin":
            return _binary(rest[0], of(rest[1]), of(rest[2]))
        case "list":
            return [of(item) for item in rest[0]]
        case "tuple":
            return tuple(of(item) for item in rest[0])
        case "attr":
            return _transposed(rest[0], _tensor(of(rest[1])))
        case "index":
            parts = tuple(_part(part, of) for part in rest[1])
            called = isinstance(rest[0], list) and rest[0][:1] == ["call"]
            return _indexed(_call(rest[0][1:], of) if called else of(rest[0]), parts)
        case "call":
            found = _call(rest, of)
            # With dim= torch gives the places too; in a formula a maximum is a number.
            return found[0] if isinstance(found, _EXTREMES) else found
    raise BadTree(f"not part of a formula: {kind!r:.80}")


def _binary(sign: str, left: Any, right: Any) -> Any:
    if sign == "@":
        return torch.matmul(_tensor(left), _tensor(right))
    if sign in ("**", "^"):
        return _power(left, right)
    if sign not in _BINARY:
        raise BadTree(f"not an operator: {sign!r:.80}")
    if sign == "/" and not isinstance(left, torch.Tensor):
        left = _tensor(left)
    return _BINARY[sign](left, right)


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        small = 0 <= right <= _MAX_EXPONENT and abs(left) <= _MAX_BASE
        return left**right if small else _tensor(left) ** right
    if not isinstance(left, torch.Tensor):
        left = _tensor(left)
    return left**right


def _transposed(name: str, x: torch.Tensor) -> torch.Tensor:
    if name == "T":
        return x.T if x.dim() == 2 else x.permute(*reversed(range(x.dim())))
    if name == "mT":
        return x.mT
    raise BadTree(f"not an attribute of a formula: {name!r:.80}")


def _part(part: Any, of: Callable[[Tree], Any]) -> Any:
    if isinstance(part, list) and part and part[0] == "slice":
        return slice(*(None if bound is None else of(bound) for bound in part[1:]))
    if isinstance(part, list) and part and part[0] == "ellipsis":
        return Ellipsis
    return of(part)


def _indexed(x: Any, parts: tuple[Any, ...]) -> Any:
    # A maximum with dim= has its numbers at [0], as in torch; any other subscript is one of theirs.
    if isinstance(x, _EXTREMES) and not (len(parts) == 1 and isinstance(parts[0], int)):
        x = x[0]
    if isinstance(x, list | tuple):
        return x[parts[0]]
    return _tensor(x)[parts]


def _call(parts: list[Any], of: Callable[[Tree], Any]) -> Any:
    """The function's own result: its name, its arguments, and those by keyword if there are any."""
    name, args, *keywords = parts
    named = {key: of(sub) for key, sub in (keywords[0] if keywords else {}).items()}
    function = _FUNCTIONS.get(name.removeprefix("torch."))
    if function is None:
        raise BadTree(f"not a formula's function: {name!r:.80}")
    return function(*(of(sub) for sub in args), **named)
