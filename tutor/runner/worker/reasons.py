"""Why torch refused: the facts behind an error, from its message and the live tensors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tutor.runner.worker.names import dtype_of, is_tensor, name_of, shape_of, version_of
from tutor.runner.worker.tensors import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.runner.worker.observe import Observer

Json = dict[str, Any]

_MODIFIED: Final = re.compile(
    r"modified by an inplace operation: \[[\w.]+ \[([\d, ]*)\]\]"
    r"(?:, which is output (\d+) of (\w+),)? is at version (\d+); expected version (\d+) instead"
)
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
    ("One of the differentiated Tensors does not require grad", "no-history"),
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
    ("dtype", "dtypes"),
    ("singular", "singular"),
)


def reason_of(
    error: BaseException,
    observer: Observer,
    *,
    node: Any = None,
    node_id: int | None = None,
    outputs: Iterable[Any] = (),
    form: Json | None = None,
) -> Json | None:
    """The facts, or ``None`` if it is no error that is known here.

    ``node`` is the one that a backward call failed at, ``outputs`` are what that call started from, and
    ``form`` is the call.
    """
    if not isinstance(error, RuntimeError | TypeError | ValueError):
        return None
    message = str.__str__(error.args[0]) if error.args and type(error.args[0]) is str else ""
    kind = next((kind for words, kind in _KINDS if words in message), None)
    if kind is None:
        return None
    reason: Json = {"kind": kind, "function": "", "node": node_id, "names": [], "shapes": [],
              "dtypes": [], "version_saved": None, "version_now": None}  # fmt: skip
    tensors: list[Any] = []
    if node is not None:
        reason["function"] = name_of(node)
    failed = observer.failed
    if kind == "modified":
        tensors = _modified(reason, message, observer, node)
    elif form is not None:
        tensors = [output for output in outputs if is_tensor(output)]
    elif failed is not None and failed.error == id(error):
        reason["function"] = failed.name
        for name, shape, dtype in failed.tensors:
            _add(reason, name, shape, dtype)
    for tensor in tensors:
        names = observer.tensors.names_of(tensor)
        dtype = str(dtype_of(tensor)).removeprefix("torch.")
        _add(reason, names[0] if names else "", shape_of(tensor), dtype)
    if kind == "seed-shape":
        for shape in _SHAPE.findall(message):
            reason["shapes"].append(_dims(shape))
        reason["shapes"] = reason["shapes"][-2:]
    return reason


def _add(reason: Json, name: str, shape: Iterable[int], dtype: str) -> None:
    reason["names"].append(name)
    reason["shapes"].append([int(d) for d in shape])
    reason["dtypes"].append(dtype)


def _dims(text: str) -> list[int]:
    return [int(d) for d in text.split(",") if d.strip()]


def _modified(reason: Json, message: str, observer: Observer, node: Any) -> list[Any]:
    """The tensor that a node had saved and that has changed since: it has the versions of the message."""
    found = _MODIFIED.search(message)
    if found is None:
        return []
    shape, now, saved = _dims(found[1]), int(found[4]), int(found[5])
    reason["version_saved"], reason["version_now"] = saved, now
    for tensor, version in _saved_by(node, observer) if node is not None else ():
        if (version_of(tensor), version) == (now, saved) and list(shape_of(tensor)) == shape:
            return [tensor]
    reason["names"], reason["shapes"], reason["dtypes"] = [""], [shape], [""]
    return []


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
