"""What a program's names stand for, and what has happened to each since the last look.

Looking must not change anything: it takes no reference that would keep a tensor alive, makes no node,
raises no version and calls nothing of the program's own.
"""
# Torch's public names can be replaced by a program; what they are made of is private.
# ruff: noqa: SLF001

from __future__ import annotations

import types
import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch

from tutor.runner.explained import MAX_SHOWN
from tutor.runner.worker.brief import brief
from tutor.values import MAX_DIMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Json = dict[str, Any]

#: Names of one scope that are looked at, and parameters of one module.
MAX_NAMES: Final = 60
_MAX_DEPTH: Final = 4
_MAX_NAME: Final = 100

_base: Any = torch._C.TensorBase
_tolist: Final[Callable[[Any], Any]] = _base.tolist
_detach: Final[Callable[[Any], Any]] = _base.detach
_numel: Final[Callable[[Any], int]] = _base.numel
_shape: Final[Callable[[Any], Any]] = _base.shape.__get__
_dtype: Final[Callable[[Any], Any]] = _base.dtype.__get__
_is_leaf: Final[Callable[[Any], bool]] = _base.is_leaf.__get__
_requires_grad: Final[Callable[[Any], bool]] = _base.requires_grad.__get__
_grad_fn: Final[Callable[[Any], Any]] = _base.grad_fn.__get__
_grad: Final[Callable[[Any], Any]] = _base.grad.__get__
_retains_grad: Final[Callable[[Any], bool]] = _base.retains_grad.__get__
_base_of: Final[Callable[[Any], Any]] = _base._base.__get__
_output_nr: Final[Callable[[Any], int]] = _base.output_nr.__get__
_version: Final[Callable[[Any], int]] = _base._version.__get__
_is_inference: Final[Callable[[Any], bool]] = _base.is_inference
_untyped_storage: Final[Callable[[Any], Any]] = torch.Tensor.untyped_storage
_is_wrapped: Final[Callable[[Any], bool]] = torch._C._functorch.is_functorch_wrapped_tensor
_is_batched: Final[Callable[[Any], bool]] = getattr(
    torch._C._functorch, "is_legacy_batchedtensor", lambda _: False
)
_no_functions: Final[Any] = torch._C.DisableTorchFunction
_no_dispatch: Final[Any] = torch._C._DisableTorchDispatch
_dispatch_modes: Final[Callable[[], int]] = torch._C._len_torch_dispatch_stack
_Module: Final = torch.nn.Module
_TENSORS: Final = (torch.Tensor, torch.nn.Parameter)
_NOT_SHOWN: Final = (
    types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type,
    types.GenericAlias,
)  # fmt: skip


class quietly:  # noqa: N801 - a context, as suppress() is
    """Within it nothing of the program's is told of an operation: no mode, no subclass."""

    def __enter__(self) -> None:
        self._functions = _no_functions()
        self._functions.__enter__()
        # An object that works from its making to its end; only made where it is needed.
        self._dispatch = _no_dispatch() if _dispatch_modes() else None

    def __exit__(self, *error: object) -> None:
        self._dispatch = None
        self._functions.__exit__(*error)


def dims_of(shape: Any) -> list[int]:
    """A shape as plain numbers, as many as the wire takes."""
    return [int(d) for d in shape][:MAX_DIMS]


def is_tensor(x: Any) -> bool:
    """Whether ``x`` is a tensor that can be looked into."""
    return type(x) in _TENSORS and not (_is_wrapped(x) or _is_batched(x))


def shape_of(tensor: Any) -> Any:
    return _shape(tensor)


def dtype_of(tensor: Any) -> Any:
    return _dtype(tensor)


def grad_fn_of(tensor: Any) -> Any:
    return _grad_fn(tensor)


def requires_grad(tensor: Any) -> bool:
    return _requires_grad(tensor)


def base_of(tensor: Any) -> Any:
    """The tensor that this one is a view of, or ``None``."""
    return _base_of(tensor)


def output_nr(tensor: Any) -> int:
    """Which output of its node a tensor is."""
    return _output_nr(tensor)


def retains_grad(tensor: Any) -> bool:
    return _retains_grad(tensor)


def version_of(tensor: Any) -> int:
    return 0 if _is_inference(tensor) else _version(tensor)


def grad_of(tensor: Any) -> Any:
    """``.grad`` where there can be one; of other tensors asking for it is a warning."""
    return _grad(tensor) if _is_leaf(tensor) or _retains_grad(tensor) else None


def shown(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The names that a program gave to values, and the parameters of its modules by their paths."""
    count = 0
    for name, value in list(namespace.items()):
        if type(name) is not str or name[:1] == "_" or len(name) > _MAX_NAME:
            continue
        if issubclass(type(value), _NOT_SHOWN) or count >= MAX_NAMES:
            continue
        count += 1
        yield name, value
        if issubclass(type(value), _Module):
            yield from _parameters(name, value, 0)


def _parameters(path: str, module: Any, depth: int) -> Iterator[tuple[str, Any]]:
    inside = object.__getattribute__(module, "__dict__")
    for group in ("_parameters", "_buffers"):
        for name, value in list(inside.get(group, {}).items())[:MAX_NAMES]:
            if type(value) in _TENSORS and len(path) + len(name) < _MAX_NAME:
                yield f"{path}.{name}", value
    if depth < _MAX_DEPTH:
        for name, child in list(inside.get("_modules", {}).items())[:MAX_NAMES]:
            if issubclass(type(child), _Module):
                yield from _parameters(f"{path}.{name}", child, depth + 1)


class _Look(NamedTuple):
    """What a name stood for: ``same`` tells whether an object is still that one."""

    same: Callable[[Any], bool]
    value: Any
    version: int
    grad: Any
    flags: tuple[Any, ...]


class Names:
    """The names of one scope.  ``scope`` tells it from others, 0 being the program's own."""

    def __init__(
        self, scope: int, function: str = "", told: Callable[..., None] | None = None
    ) -> None:
        self.scope = scope
        self.function = function
        #: Called with the name, the tensor, the place and whether it is local, for each that is new.
        self._told = told
        self._known: dict[str, _Look] = {}

    def changes(
        self, namespace: Mapping[str, Any], around: Mapping[str, Any], place: tuple[str, int]
    ) -> list[Any]:
        """What the statement at ``place`` has changed, as the wire has it.

        ``around`` are the program's own names, ``namespace`` those of this scope.
        """
        found: list[Any] = []
        seen = set()
        with quietly():
            for name, value in shown(namespace):
                seen.add(name)
                before = self._known.get(name)
                now = _look(value)
                kinds = ["new"] if before is None else _kinds(before, now, value)
                if kinds:
                    self._known[name] = now
                    state = self._state(name, value, namespace, around)
                    found.append([self.scope, name, kinds, state])
                    if self._told is not None and is_tensor(value):
                        self._told(name, value, place, local=bool(self.function))
        for name in [name for name in self._known if name not in seen]:
            del self._known[name]
            found.append([self.scope, name, ["gone"], None])
        return found

    def _state(
        self, name: str, value: Any, namespace: Mapping[str, Any], around: Mapping[str, Any]
    ) -> Json:
        tensor = None
        if is_tensor(value):
            others = [around, namespace] if around is not namespace else [namespace]
            tensor = _tensor_state(value, *_kin(name, value, others))
        return {"value": brief(value), "tensor": tensor, "function": self.function}


def _look(value: Any) -> _Look:
    if not is_tensor(value):
        form = brief(value)
        same = _identity(value) if form["t"] == "opaque" else lambda _: True
        return _Look(same, form, 0, None, ())
    grad, node = grad_of(value), _grad_fn(value)
    flags = (_requires_grad(value), _is_leaf(value), None if node is None else name_of(node))
    entries = (tuple(_shape(value)), _dtype(value), entries_of(value))
    return _Look(_identity(value), entries, version_of(value), entries_of(grad), flags)


def _kinds(before: _Look, now: _Look, value: Any) -> list[str]:
    if not before.same(value) or (before.flags == ()) != (now.flags == ()):
        return ["rebound"]
    if now.flags == ():
        if before.value == now.value:
            return []
        # A list keeps what it is when it grows; a number is another one.
        return ["in-place"] if type(value) is list else ["rebound"]
    kinds = []
    if (before.version, before.value) != (now.version, now.value):
        kinds.append("in-place")
    if before.grad != now.grad:
        kinds.append("grad")
    if before.flags != now.flags:
        kinds.append("flags")
    return kinds


def _identity(value: Any) -> Callable[[Any], bool]:
    try:
        found = weakref.ref(value)
    except TypeError:
        number = id(value)
        return lambda x: id(x) == number
    return lambda x: found() is x


def entries_of(tensor: Any) -> Any:
    """What tells one state of a tensor's numbers from another; of a large one, only its version."""
    if tensor is None:
        return None
    try:
        if _numel(tensor) > MAX_SHOWN:
            return id(tensor), version_of(tensor)
        # nan is not equal to itself, but it is no change.
        return repr(_tolist(_detach(tensor)))
    except Exception:  # noqa: BLE001 - sparse, meta, quantized ... tensors
        return id(tensor), version_of(tensor)


def _tensor_state(tensor: Any, shares: str | None, same_as: str | None) -> Json:
    grad, node = grad_of(tensor), _grad_fn(tensor)
    return {
        "shape": dims_of(_shape(tensor)),
        "dtype": str(_dtype(tensor)).removeprefix("torch."),
        "requires_grad": _requires_grad(tensor),
        "is_leaf": _is_leaf(tensor),
        "grad_fn": None if node is None else name_of(node),
        "grad": None if grad is None else brief(grad),
        "version": version_of(tensor),
        "shares": shares,
        "same_as": same_as,
    }


def name_of(node: Any) -> str:
    """A node's name: ``MulBackward0``, also where torch puts a namespace before it."""
    return str(type(node).name(node)).rpartition("::")[2][:200]


def _kin(name: str, tensor: Any, scopes: list[Mapping[str, Any]]) -> tuple[str | None, str | None]:
    """The first other name with this tensor's storage, and the first that is this very tensor."""
    storage, shares = _storage(tensor), None
    for scope in scopes:
        for other, value in shown(scope):
            if not is_tensor(value) or (other == name and value is tensor):
                continue
            if value is tensor:
                return other, other
            if shares is None and storage is not None and _storage(value) == storage:
                shares = other
    return shares, None


def _storage(tensor: Any) -> int | None:
    try:
        return int(_untyped_storage(tensor)._cdata)
    except Exception:  # noqa: BLE001 - sparse tensors have none
        return None
