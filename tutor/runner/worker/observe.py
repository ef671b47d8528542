"""Watching a program compute: each torch operation with what went in, where, and the nodes it made.

Torch tells a mode of every operation that is called from Python.  This one lets each of them happen as it
would have happened (warnings name the program's own line), and notes what the graph alone does not tell:
the line, the forward values, and which inputs were cut off from their history, and by what.
"""
# Torch's public names can be replaced by a program; what they are made of is private.
# ruff: noqa: SLF001

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch
import torch.overrides

from tutor.runner.worker.brief import brief
from tutor.runner.worker.located import caller, located
from tutor.runner.worker.names import (
    base_of,
    dims_of,
    dtype_of,
    is_tensor,
    quietly,
    shape_of,
    version_of,
)
from tutor.runner.worker.tensors import (
    Cut,
    Input,
    Made,
    Place,
    Tensors,
    flat,
    has_history,
    made_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

_C: Final[Any] = torch._C
sequence: Final[Callable[[], int]] = _C._autograd._get_sequence_nr
#: Whether saved tensors go through hooks; where this torch cannot say, as if they did.
saved_hooks: Final[Callable[[bool], Any]] = getattr(
    _C._autograd, "_top_saved_tensors_default_hooks", lambda _: True
)
_mode_count: Final[Callable[[], int]] = _C._len_torch_function_stack
_mode_at: Final[Callable[[int], Any]] = _C._get_function_stack_at
in_transform: Final[Callable[[], Any]] = _C._functorch.peek_interpreter_stack
_is_grad_enabled: Final = torch.is_grad_enabled
_is_inference_mode: Final = torch.is_inference_mode_enabled

#: Operations that are watched; after that many a program is left alone.
MAX_OPERATIONS: Final = 3_000
_ROOM: Final = 60_000
_MAX_SOURCES: Final = 4
_NUMBERS: Final = (bool, int, float, complex)

#: Attributes of a tensor that are tensors, made of it.
_TENSOR_ATTRIBUTES: Final = frozenset({"data", "T", "mT", "H", "mH", "real", "imag"})
_DETACHING: Final = frozenset({"detach", "detach_", "tensor", "new_tensor"})
_TO_NUMBERS: Final = frozenset({"item", "tolist", "numpy", "__float__", "__int__", "__array__"})
#: These say nothing about values, or are watched elsewhere (``walk.py``).
_NOT_WATCHED: Final = frozenset({
    "backward", "grad", "__repr__", "__format__", "__len__", "__hash__", "size", "dim", "numel",
    "stride", "is_floating_point", "is_complex", "_set_grad_enabled", "set_grad_enabled",
    "register_hook", "retain_grad", "untyped_storage", "data_ptr", "element_size",
})  # fmt: skip
#: What these give is not made of the values of what they are given.
_FRESH: Final = frozenset({
    "zeros_like", "ones_like", "empty_like", "full_like", "rand_like", "randn_like", "randint_like",
    "new_zeros", "new_ones", "new_empty", "new_full", "requires_grad_",
})  # fmt: skip


class Operation(NamedTuple):
    """One call: the nodes with sequence numbers from ``begin`` on and below ``end`` are its own."""

    name: str
    place: Place
    begin: int
    end: int
    inputs: tuple[Input, ...]
    #: Saved tensors go through hooks of the program's own: they cannot be looked at.
    hooked: bool


class Failed(NamedTuple):
    """The operation that raised an error, and its tensors: their names, shapes and dtypes.

    ``base`` gives the tensor that the first of them is a view of, if it is one.
    """

    error: int
    name: str
    tensors: tuple[tuple[str, tuple[int, ...], str], ...]
    base: Callable[[], Any] | None


class _Noted(NamedTuple):
    name: str
    arguments: list[Any]
    inputs: tuple[Input, ...]
    begin: int


class Observer(torch.overrides.TorchFunctionMode):
    """The mode.  ``place`` says at which section and line of the program a frame is."""

    def __init__(self, place: Callable[[Any], Place]) -> None:
        super().__init__()
        self.tensors = Tensors()
        self.values: dict[Made, Json] = {}
        self.failed: Failed | None = None
        self.saw_transform = False
        self.truncated = False
        self._place = place
        self._operations: dict[int, Operation] = {}
        self._count = 0
        self._room = _ROOM

    def is_on(self, *, last: bool = False) -> bool:
        """Whether torch tells it of operations; ``last``: before any other mode."""
        count = _mode_count()
        return any(_mode_at(i) is self for i in range(count - 1 if last and count else 0, count))

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:  # fmt: skip
        frame = caller(func, 2)
        call = located(frame)
        kwargs = kwargs or {}
        noted = self._guarded(self._before, func, args, kwargs)
        if noted is None:
            return call(func, args, kwargs)
        try:
            result = call(func, args, kwargs)
        except BaseException as error:
            self._guarded(self._raised, noted, error)
            raise
        self._guarded(self._after, noted, frame, result)
        return result

    def _guarded(self, act: Callable[..., Any], *args: Any) -> Any:
        """``act``, whose errors are no business of the program's: after one it is left alone."""
        if self.truncated:
            return None
        try:
            with quietly():
                return act(*args)
        except BaseException:  # noqa: BLE001 - the program's objects may raise anything
            self.truncated = True
            return None

    # -- before and after an operation --------------------------------------------------------------

    def _before(self, func: Any, args: Any, kwargs: dict[str, Any]) -> _Noted | None:
        name = str(getattr(func, "__name__", ""))
        if name in ("__get__", "__set__"):
            setting = name == "__set__"
            name = str(getattr(getattr(func, "__self__", None), "__name__", ""))
            if not setting and name not in _TENSOR_ATTRIBUTES:
                return None
        elif name in _NOT_WATCHED:
            return None
        if in_transform() is not None:
            self.saw_transform = True
            return None
        self._count += 1
        if self._count > MAX_OPERATIONS:
            self.truncated = True
            return None
        return self._note(name, [*flat(args), *flat(kwargs)])

    def _note(self, name: str, arguments: list[Any]) -> _Noted:
        recording = _is_grad_enabled() and any(map(has_history, arguments))
        inputs = tuple(
            found for item in arguments if (found := self._input(item, recording)) is not None
        )
        return _Noted(name, arguments, inputs, sequence())

    def _input(self, item: Any, recording: bool) -> Input | None:
        if not is_tensor(item):
            if type(item) not in _NUMBERS:
                return None
            value = brief(item) if recording else None
            return Input(None, None, None, False, 0, True, None, value, self.tensors.cut_of(item))
        live = has_history(item)
        made = made_by(item) if live else None
        value = None
        if made is not None:
            self._value(made, item)
        elif recording and not live:
            value = self._brief(item)
        dtype, known = dtype_of(item), None if made is not None else self.tensors.know(item)
        floating = dtype.is_floating_point or dtype.is_complex
        return Input(
            weakref.ref(item), made, known, live, version_of(item), floating,
            shape_of(item), value, None if live else self.tensors.cut_of(item),
        )  # fmt: skip

    def _after(self, noted: _Noted, frame: Any, result: Any) -> None:
        end = sequence()
        place = self._place(frame)
        if end > noted.begin:
            hooked = saved_hooks(True) is not None
            self.record(Operation(noted.name, place, noted.begin, end, noted.inputs, hooked))
        for item in flat(result):
            if is_tensor(item):
                self._result(noted, item, place)
        if noted.name in _TO_NUMBERS and (cut := self._cut(noted, None)) is not None:
            self.tensors.cut_number(result, cut)

    def _result(self, noted: _Noted, item: Any, place: Place) -> None:
        made = made_by(item) if has_history(item) else None
        if made is not None:
            self._value(made, item)
            return
        known = self.tensors.know(item, place)
        if known.cut is None and not any(item is argument for argument in noted.arguments):
            known.cut = self._cut(noted, item)

    def _cut(self, noted: _Noted, result: Any) -> Cut | None:
        """Why ``result`` (``None``: a number) has no history, if it was made of what has one."""
        if noted.name in _FRESH:
            return None
        inherited: list[Cut] = [found.cut for found in noted.inputs if found.cut is not None]
        live = [found for found in noted.inputs if found.live]
        sources = (*live, *(source for cut in inherited for source in cut.sources))[:_MAX_SOURCES]
        if not sources:
            return None
        if not live:
            return Cut(inherited[0].reason, sources)
        return Cut(_reason(noted.name, result), sources)

    def _raised(self, noted: _Noted, error: BaseException) -> None:
        if self.failed is not None and self.failed.error == id(error):
            return
        tensors = tuple(
            (
                next(iter(self.tensors.names_of(item)), ""),
                tuple(dims_of(shape_of(item))),
                str(dtype_of(item)).removeprefix("torch."),
            )
            for item in noted.arguments
            if is_tensor(item)
        )
        first = next((item for item in noted.arguments if is_tensor(item)), None)
        base = base_of(first) if first is not None else None
        ref = weakref.ref(base) if base is not None else None
        self.failed = Failed(id(error), noted.name, tensors[:_MAX_SOURCES], ref)

    # -- the records --------------------------------------------------------------------------------

    def record(self, operation: Operation) -> None:
        """The nodes of ``operation`` are its own, unless one within it has claimed them already."""
        for number in range(operation.begin, min(operation.end, operation.begin + MAX_OPERATIONS)):
            if len(self._operations) < 2 * MAX_OPERATIONS:
                self._operations.setdefault(number, operation)

    def operation_of(self, number: int) -> Operation | None:
        """The operation that made the node with a sequence number."""
        return self._operations.get(number)

    def behind(self, cut: Cut) -> list[Any]:
        """The tensors with history that a cut value was made of; of those gone, what they were made of."""
        found: dict[int, Any] = {}
        pending = list(cut.sources)
        for _ in range(_MAX_SOURCES**2):
            if not pending or len(found) >= _MAX_SOURCES:
                break
            source = pending.pop(0)
            tensor = source.ref() if source.ref is not None else None
            if tensor is not None:
                found[id(tensor)] = tensor
            elif source.made is not None and (operation := self.operation_of(source.made[0])):
                pending += [before for before in operation.inputs if before.live]
        return list(found.values())

    def applying(self, frame: Any) -> Callable[[Any], None]:
        """A custom function's ``apply`` begins in ``frame``; what is given back is told its result."""
        inside = frame.f_locals
        noted = self._guarded(self._note, inside["cls"].__name__, [*flat(inside["args"])])

        def ended(result: Any) -> None:
            if noted is not None and result is not None:
                self._guarded(self._after, noted, frame, result)

        return ended

    def _value(self, made: Made, tensor: Any) -> None:
        if made not in self.values and (value := self._brief(tensor)) is not None:
            self.values[made] = value

    def named(self, name: str, tensor: Any, place: Place, *, local: bool) -> None:
        """``tensor`` goes by ``name`` now, since the statement at ``place``."""
        self.tensors.named(name, tensor, place, local=local)
        self.seen(tensor)

    def seen(self, tensor: Any) -> None:
        """A tensor was seen: its value is that of its node's output."""
        made = made_by(tensor) if has_history(tensor) else None
        if made is not None:
            self._value(made, tensor)

    def _brief(self, tensor: Any) -> Json | None:
        if self._room < 0:
            return None
        form = brief(tensor)
        self._room -= 1 + len(form.get("entries", ()))
        return form


def _reason(name: str, result: Any) -> str:
    if name == "data":
        return "data"
    if name in _DETACHING:
        return "detach"
    if result is None:
        return "numpy_or_item"
    if not _is_grad_enabled():
        return "inference_mode" if _is_inference_mode() else "no_grad"
    dtype = dtype_of(result)
    if not (dtype.is_floating_point or dtype.is_complex):
        return "integer"
    return "not_differentiable"
