"""The live graph as plain data: its nodes with what they saved, and the edges where it was cut."""
# Torch's nodes have no other way to be asked for what they saved.
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

from tutor.runner.explained import MAX_EDGES, MAX_NODES
from tutor.runner.worker.brief import brief
from tutor.runner.worker.names import (
    dims_of,
    grad_fn_of,
    is_tensor,
    name_of,
    output_nr,
    quietly,
    requires_grad,
    retains_grad,
    shape_of,
    version_of,
)
from tutor.runner.worker.saved import MAX_ATTRIBUTES, readers, text_of
from tutor.runner.worker.slots import SAVED_AS, constants
from tutor.runner.worker.tensors import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tutor.runner.worker.observe import Observer, Operation
    from tutor.runner.worker.tensors import Cut, Input, Known, Place

Json = dict[str, Any]

_ROOM: Final = 15_000
_MAX_TEXT: Final = 100
_SIMPLE: Final = (bool, int, float, str, type(None))
_PythonNode: Final[Any] = torch.autograd.function.BackwardCFunction
_Edge: Final[Any] = torch.autograd.graph.GradientEdge
_view_as: Final[Callable[[Any, Any], Any]] = torch._C.TensorBase.view_as
_enable_grad: Final = torch.enable_grad


class Reached:
    """A live node: it can be hooked, and it knows where its gradients go (target's id, output)."""

    __slots__ = ("leaf", "node", "targets")

    def __init__(self, node: Any, leaf: Any = None) -> None:
        self.node = node
        self.leaf = leaf
        self.targets: list[tuple[int, int] | None] = []


class Builder:
    """Nodes and edges of everything that was reached so far."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._ids: dict[Any, int] = {}
        self._nodes: list[Json] = []
        self._edges: list[list[Any]] = []
        self._roots: dict[int, None] = {}
        #: Where names come from at the end: a node's sequence number, or what is known of a tensor.
        self._named_by: dict[int, int | Known] = {}
        #: Tensors without history that nodes have saved, by node and name.
        self._saved_by: dict[tuple[int, str], Known] = {}
        self._room = _ROOM
        self.truncated = False

    # -- reaching -----------------------------------------------------------------------------------

    def reach(self, starts: Iterable[Any], *, roots: bool) -> tuple[list[int], dict[int, Reached]]:
        """Take in all that is behind tensors (or gradient edges): their ids, and every live node.

        ``roots``: they are what backward starts from.
        """
        ids: list[int] = []
        reached: dict[int, Reached] = {}
        with quietly():
            for start in starts:
                id_ = self._start(start, reached)
                if id_ is not None:
                    ids.append(id_)
                    if roots:
                        self._roots[id_] = None
        return ids, reached

    def _start(self, start: Any, reached: dict[int, Reached]) -> int | None:
        if isinstance(start, _Edge):
            first, cuts = self._walk_live(start.node, reached)
            self._show_behind(cuts, dict(reached))
            return first
        if not is_tensor(start):
            return None
        if not requires_grad(start):
            return self._start_from_constant(start)
        first, cuts = self._walk_live(_node_of(start), reached)
        self._show_behind(cuts, dict(reached))
        return first

    def _start_from_constant(self, start: Any) -> int | None:
        known = self._observer.tensors.know(start)
        key = ("constant", known.number, version_of(start))
        id_ = self._constant(key, known, None, brief(start))
        if id_ is not None and known.cut is not None:
            self._show_behind(self._sources(id_, known.cut), {})
        return id_

    def _show_behind(self, cuts: list[Any], behind: dict[int, Reached]) -> None:
        """What was cut off is shown too, though backward never gets there."""
        while cuts:
            constant, slot, reason, tensor = cuts.pop()
            id_, more = self._walk_live(_node_of(tensor), behind)
            cuts += more
            if id_ is not None:
                self._edge(constant, id_, slot, reason, output_nr(tensor))

    def _walk_live(self, start: Any, reached: dict[int, Reached]) -> tuple[int | None, list[Any]]:
        """The id of a node, with all behind it taken in; and the cuts that were met on the way."""
        cuts: list[Any] = []
        pending = [start]
        while pending:
            node = pending.pop()
            id_, new = self._take(node)
            if id_ is None or id_ in reached:
                continue
            leaf = _variable(node)
            found = reached[id_] = Reached(node, leaf)
            if leaf is not None:
                continue
            following = node.next_functions
            if new:
                cuts += self._cut_edges(id_, node, following)
            for slot, (target, output) in enumerate(following):
                target_id = None if target is None else self._take(target, look=False)[0]
                found.targets.append(None if target_id is None else (target_id, output))
                if target_id is not None and new:
                    self._edge(id_, target_id, slot, None, output)
            pending += [target for target, _ in reversed(following) if target is not None]
        return self._ids.get(self._key(start)), cuts

    def _key(self, node: Any) -> Any:
        leaf = _variable(node)
        if leaf is not None:
            return "leaf", self._observer.tensors.know(leaf).number
        return "node", number_of(node)

    def _take(self, node: Any, *, look: bool = True) -> tuple[int | None, bool]:
        """The id of a node, and whether it is looked at for the first time."""
        key = self._key(node)
        id_ = self._ids.get(key)
        if id_ is None:
            leaf = _variable(node)
            id_ = self._add(key, _leaf_form(leaf) if leaf is not None else _node_form(node))
            if id_ is None:
                return None, False
            self._named_by[id_] = (
                self._observer.tensors.know(leaf) if leaf is not None else number_of(node)
            )
            self._nodes[id_]["unseen"] = leaf is None
        form = self._nodes[id_]
        new = bool(look and form.get("unseen"))
        if new:
            form["unseen"] = False
            self._look(form, node)
        return id_, new

    def _add(self, key: Any, form: Json) -> int | None:
        if len(self._nodes) >= MAX_NODES:
            self.truncated = True
            return None
        id_ = self._ids[key] = len(self._nodes)
        self._nodes.append({"id": id_, **_EMPTY, "saved": [], "attributes": {}, **form})
        return id_

    def _edge(self, source: int, target: int, slot: int, cut: str | None, output: int) -> None:
        edge = [source, target, slot, cut, output]
        if len(self._edges) >= MAX_EDGES:
            self.truncated = True
        elif cut is None or not any(e[:2] == edge[:2] and e[2:4] == edge[2:4] for e in self._edges):
            self._edges.append(edge)

    def unused(self, root: int, input_: int) -> None:
        """The gradient of ``input_`` was asked for, and ``root`` was not made of it."""
        self._edge(root, input_, 0, "unused", 0)

    # -- what a node knows --------------------------------------------------------------------------

    def _look(self, form: Json, node: Any) -> None:
        """Values and saved tensors; only where reading them calls nothing of the program's."""
        number = number_of(node)
        operation = self._observer.operation_of(number)
        if operation is not None:
            form["section"], form["line"] = operation.place
            if not operation.hooked:
                self._saved(form, node)
        form["value"] = self._value_of(number, max(1, len(node._input_metadata)))

    def _value_of(self, number: int, outputs: int) -> Json | None:
        """The forward value of a node's first output that has one."""
        values = (self._observer.values.get((number, output)) for output in range(outputs))
        return self._afford(next((value for value in values if value is not None), None))

    def _saved(self, form: Json, node: Any) -> None:
        for name, read in readers(node):
            try:
                value = read()
            except Exception:  # noqa: BLE001 - freed, or changed in place since: the walk says which
                form["saved"].append([name, None, None])
                continue
            if is_tensor(value):
                names = self._observer.tensors.names_of(value)
                shown = self._afford(brief(value))
                form["saved"].append([name, shown, names[0] if names else None])
                self._observer.seen(value)
                if not requires_grad(value):
                    self._saved_by[form["id"], name] = self._observer.tensors.know(value)
            elif value is not None and len(form["attributes"]) < MAX_ATTRIBUTES:
                form["attributes"][name] = text_of(value)

    def _afford(self, value: Json | None) -> Json | None:
        if value is not None:
            self._room -= 2 + len(value.get("entries", ()))
        if self._room < 0:
            self.truncated = True
            return None
        return value

    # -- where it was cut ---------------------------------------------------------------------------

    def _cut_edges(self, id_: int, node: Any, following: Any) -> list[Any]:
        number = number_of(node)
        operation = self._observer.operation_of(number)
        cuts: list[Any] = []
        for slot, found in constants(operation, following):
            constant, cut = (
                self._constant_at(number, slot, found, operation)
                if found is not None
                else self._saved_constant(id_, number, slot, operation)
            )
            if constant is None:
                continue
            self._edge(id_, constant, slot, cut.reason if cut else _why(found), 0)
            if cut is not None:
                cuts += self._sources(constant, cut)
        return cuts

    def _sources(self, constant: int, cut: Cut) -> list[Any]:
        """The edges from a constant to what it was made of: from, slot, why, the tensor there."""
        sources = enumerate(self._observer.behind(cut))
        return [(constant, place, cut.reason, tensor) for place, tensor in sources]

    def _saved_constant(
        self, id_: int, number: int, slot: int, operation: Operation | None
    ) -> tuple[int | None, Cut | None]:
        """A constant that only the node itself knows, if it has saved it."""
        place = operation.place if operation is not None else ("", 0)
        form = self._nodes[id_]
        name = dict(enumerate(SAVED_AS.get(form["function"], ()))).get(slot)
        value = next((value for saved, value, _ in form["saved"] if saved == name), None)
        known = self._saved_by.get((id_, name)) if name else None
        if known is not None:
            return self._constant(("constant", known.number, 0), known, place, value), known.cut
        return self._constant(("none", number, slot), None, place, value), None

    def _constant_at(
        self, number: int, slot: int, found: Input, operation: Operation | None
    ) -> tuple[int | None, Cut | None]:
        place = operation.place if operation is not None else ("", 0)
        if found.known is None:
            return self._constant(("number", number, slot), None, place, found.value), found.cut
        key = ("constant", found.known.number, found.version)
        return self._constant(key, found.known, None, found.value), found.cut

    def _constant(
        self, key: Any, known: Known | None, place: Place | None, value: Json | None
    ) -> int | None:
        id_ = self._ids.get(key)
        if id_ is None:
            section, line = place or ("", 0)  # of a tensor that is known: in the end
            tensor = known.ref() if known is not None else None
            shape = dims_of(shape_of(tensor)) if tensor is not None else None
            if shape is None and value is not None:
                shape = value.get("shape", [])
            id_ = self._add(key, {
                "kind": "constant", "section": section, "line": line, "shape": shape,
                "value": self._afford(value),
            })  # fmt: skip
            if id_ is not None and known is not None:
                self._named_by[id_] = known
        return id_

    # -- the end ------------------------------------------------------------------------------------

    def targets(self) -> set[int]:
        """The nodes that live edges lead to."""
        return {target for _, target, _, cut, _ in self._edges if cut is None}

    def function(self, id_: int) -> str:
        return str(self._nodes[id_]["function"])

    def form(self, roots: Iterable[int] | None = None) -> Json:
        for id_, source in self._named_by.items():
            self._nodes[id_]["names"] = self._names(source)
            self._nodes[id_]["retains_grad"] = self._retains(source)
            if not isinstance(source, int) and source.place[0]:
                self._nodes[id_]["section"], self._nodes[id_]["line"] = source.place
            elif isinstance(source, int) and self._nodes[id_]["value"] is None:
                self._nodes[id_]["value"] = self._value_of(source, 1)
        for node in self._nodes:
            node.pop("unseen", None)
        return {
            "nodes": self._nodes,
            "edges": self._edges,
            "roots": list(self._roots if roots is None else roots),
            "truncated": self.truncated or self._observer.truncated,
        }

    def _names(self, source: int | Known) -> list[str]:
        if not isinstance(source, int):
            return self._observer.tensors.shown(source.names)
        return self._observer.tensors.names_of_node(source)

    def _retains(self, source: int | Known) -> bool:
        tensors = self._observer.tensors.of_node(source) if isinstance(source, int) else ()
        return any(retains_grad(tensor) for tensor in tensors)


_EMPTY: Final[Json] = {
    "function": "", "names": [], "section": "", "line": 0, "shape": None, "value": None,
    "custom": None, "retains_grad": False,
}  # fmt: skip


def _leaf_form(leaf: Any) -> Json:
    return {
        "kind": "leaf",
        "function": "AccumulateGrad",
        "shape": dims_of(shape_of(leaf)),
        "value": brief(leaf),
    }


def _node_form(node: Any) -> Json:
    custom = None
    if issubclass(type(node), _PythonNode):
        custom = type(node).__name__.removesuffix("Backward")[:_MAX_TEXT]
    metadata = node._input_metadata
    shape = dims_of(metadata[0].shape) if metadata else None
    return {
        "kind": "operation", "function": name_of(node), "custom": custom, "shape": shape,
    }  # fmt: skip


def _node_of(tensor: Any) -> Any:
    """The node behind a tensor that requires grad: for a leaf the one that accumulates."""
    node = grad_fn_of(tensor)
    if node is None:
        with _enable_grad():
            return grad_fn_of(_view_as(tensor, tensor)).next_functions[0][0]
    return node


def _variable(node: Any) -> Any:
    """The leaf that a node accumulates into; ``None`` for other nodes."""
    return node.variable if type(node).__name__ == "AccumulateGrad" else None


def _why(found: Input | None) -> str:
    """Why a constant without a history of its own carries no gradient."""
    if found is not None and found.known is not None and not found.floating:
        return "integer"
    return "no_requires_grad"
