"""Why torch refused: the facts behind an error, from its message and the live tensors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tutor.runner.worker.names import (
    dims_of,
    dtype_of,
    is_tensor,
    name_of,
    requires_grad,
    shape_of,
    version_of,
)
from tutor.runner.worker.tensors import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.runner.worker.observe import Observer

Json = dict[str, Any]

_MODIFIED: Final = re.compile(
    r"modified by an inplace operation: \[[\w.]+ \[([\d, ]*)\]\]"
    r"(?:, which is output (\d+) of (\w+),)? is at version (\d+); expected version (\d+) instead"
)
_MAX_MESSAGE: Final = 4_000
_INDEX: Final = re.compile(r"at index (\d+) appears")
_SHAPE: Final = re.compile(r"\[([\d, ]*)\]")

#: Words of torch's messages, the first that fits counts.
_KINDS: Final = (
    ("Trying to backward through the graph a second time", "freed"),
    ("has been modified by an inplace operation", "modified"),
    ("grad can be implicitly created only for scalar outputs", "not-scalar"),
    ("leaf Variable that requires grad is being used in an in-place operation", "leaf-in-place"),
    ("leaf Variable that requires grad has been used in an in-place operation", "leaf-in-place"),
    ("does not require grad and does not have a grad_fn", "no-history"),
    ("appears to not have been used in the graph", "unused"),
    ("One of the differentiated Tensors does not require grad", "no-requires-grad"),
    ("returned an invalid gradient", "invalid-gradient"),
    ("Mismatch in shape: grad_output", "seed-shape"),
    ("nference tensor", "inference"),
    ("nly Tensors of floating point", "integer"),
    ("on Tensor that requires grad", "requires-grad"),
    ("only change requires_grad flags of leaf variables", "requires-grad"),
    ("The size of tensor a", "shapes"),
    ("shapes cannot be multiplied", "shapes"),
    ("nconsistent tensor size", "shapes"),
    ("size mismatch", "shapes"),
    ("must be the same as input size", "shapes"),
    ("is invalid for input of size", "shapes"),
    ("must match the existing size", "shapes"),
    ("Sizes of tensors must match", "shapes"),
    ("stack expects each tensor to be equal size", "shapes"),
    ("can't be cast to the desired output type", "dtypes"),
    ("to have the same dtype", "dtypes"),
    ("expected scalar type", "dtypes"),
    ("must have the same dtype", "dtypes"),
    ("attempting to assign a gradient of size", "shapes"),
    ("dtype", "dtypes"),
    ("Boolean value of Tensor with more than one value", "not-one-entry"),
    ("cannot be converted to Scalar", "not-one-entry"),
    ("only one element tensors can be converted", "not-one-entry"),
    ("Dimension out of range", "dimension"),
    ("is out of bounds for dimension", "index"),
    ("index out of range", "index"),
    ("singular", "singular"),
)


class Backward(NamedTuple):
    """What a backward call was given, and the node it failed at."""

    outputs: tuple[Any, ...] = ()
    seeds: tuple[Any, ...] = ()
    inputs: tuple[Any, ...] = ()
    node: Any = None
    node_id: int | None = None


def reason_of(
    error: BaseException, observer: Observer, call: Backward | None = None
) -> Json | None:
    """The facts, or ``None`` if it is no error that is known here; ``call``: the one it came from."""
    if not isinstance(error, RuntimeError | TypeError | ValueError | IndexError):
        return None
    told = error.args[0] if error.args and type(error.args[0]) is str else ""
    message = told[:_MAX_MESSAGE]
    kind = next((kind for words, kind in _KINDS if words in message), None)
    if kind is None:
        return None
    reason: Json = {"kind": kind, "function": "", "node": None, "names": [], "shapes": [],
                    "dtypes": [], "version_saved": None, "version_now": None}  # fmt: skip
    failed = observer.failed
    if call is not None:
        _of_call(reason, message, observer, call)
    elif failed is not None and failed.error == id(error):
        reason["function"] = failed.name
        for name, shape, dtype in failed.tensors:
            _add(reason, name, shape, dtype)
        if kind == "leaf-in-place" and failed.base is not None:
            _add_tensor(reason, failed.base(), observer, at=1)
    return reason


def _of_call(reason: Json, message: str, observer: Observer, call: Backward) -> None:
    reason["node"] = call.node_id
    if call.node is not None:
        reason["function"] = name_of(call.node)
    tensors = call.outputs
    match reason["kind"]:
        case "modified":
            tensors = _modified(reason, message, observer, call.node)
        case "unused":
            found = _INDEX.search(message)
            tensors = call.inputs[int(found[1]) : int(found[1]) + 1] if found else call.inputs
        case "no-requires-grad":
            tensors = tuple(x for x in call.inputs if is_tensor(x) and not requires_grad(x))
        case "seed-shape":
            pairs = zip(call.seeds, call.outputs, strict=False)
            tensors = next((p for p in pairs if _unlike(*p)), ())
        case "invalid-gradient":
            tensors = ()
            for shape in _SHAPE.findall(message)[:2]:
                _add(reason, "", _dims(shape), "")
    for tensor in tensors:
        _add_tensor(reason, tensor, observer)


def _unlike(seed: Any, output: Any) -> bool:
    return is_tensor(seed) and is_tensor(output) and shape_of(seed) != shape_of(output)


def _add_tensor(reason: Json, tensor: Any, observer: Observer, at: int | None = None) -> None:
    if not is_tensor(tensor):
        return
    names = observer.tensors.names_of(tensor)
    dtype = str(dtype_of(tensor)).removeprefix("torch.")
    _add(reason, names[0] if names else "", shape_of(tensor), dtype, at)


def _add(reason: Json, name: str, shape: Iterable[int], dtype: str, at: int | None = None) -> None:
    at = len(reason["names"]) if at is None else at
    reason["names"].insert(at, name)
    reason["shapes"].insert(at, dims_of(shape))
    reason["dtypes"].insert(at, dtype)


def _dims(text: str) -> list[int]:
    return [int(d) for d in text.split(",") if d.strip()]


def _modified(reason: Json, message: str, observer: Observer, node: Any) -> tuple[Any, ...]:
    """The tensor that a node had saved and that has changed since: it has the versions of the message."""
    found = _MODIFIED.search(message)
    if found is None:
        return ()
    shape, now, saved = _dims(found[1]), int(found[4]), int(found[5])
    reason["version_saved"], reason["version_now"] = saved, now
    for tensor, version in _saved_by(node, observer) if node is not None else ():
        if (version_of(tensor), version) == (now, saved) and list(shape_of(tensor)) == shape:
            return (tensor,)
    _add(reason, "", shape, "")
    return ()


def _saved_by(node: Any, observer: Observer) -> Iterable[tuple[Any, int]]:
    """The tensors that a node may have saved, with their versions then: its inputs and its outputs."""
    number = number_of(node)
    operation = observer.operation_of(number)
    for found in operation.inputs if operation is not None else ():
        tensor = found.ref() if found.ref is not None else None
        if tensor is not None:
            yield tensor, found.version
    for tensor in observer.tensors.once_of_node(number):
        yield tensor, 0
